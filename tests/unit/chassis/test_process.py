"""How a service's process gets on with others."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.processes import SERVICES, Installation

AUTOGROUP = Path("/proc/self/autogroup")
SAYS = """
import os, pathlib
from services.chassis.process import give_way
give_way({to_others})
group = pathlib.Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else {to_others})
"""
USES_AGAIN = """
import resource, threading
from services.chassis.process import keep_what_is_given_back

def use():
    [b"x" * {bytes} for _ in range({blocks})]

def use_again():
    use()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        use()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)

keep_what_is_given_back()
{where}
"""


@pytest.mark.parametrize("to_others", [0, 5])
def test_a_process_gives_way_and_so_does_its_session(to_others: int) -> None:
    command = [sys.executable, "-c", SAYS.format(to_others=to_others)]
    root = Path(__file__).parents[3]
    said = subprocess.run(command, check=True, capture_output=True, text=True, start_new_session=True, cwd=root)
    own, of_session = (int(number) for number in said.stdout.split())
    assert own == of_session == to_others


def test_all_but_the_door_give_way(tmp_path: Path) -> None:
    processes = Installation(tmp_path, "unused", operator={}).processes
    assert {name: int(processes[name].settings.get("nice", "0")) > 0 for name in SERVICES} == {
        "ingest": False,
        "validate": True,
        "benchmark": True,
        "notify": True,
    }


@pytest.mark.parametrize(
    ("where", "blocks", "bytes_"),
    [
        ("use_again()", 100, 100_000),
        ("threading.Thread(target=use_again).start()", 100, 100_000),
        ("threading.Thread(target=use_again).start()", 6, 20_000_000),  # glibc gives a thread 64 MB at a time
    ],
)
def test_memory_that_is_given_back_is_used_again(where: str, blocks: int, bytes_: int) -> None:
    command = [sys.executable, "-c", USES_AGAIN.format(where=where, blocks=blocks, bytes=bytes_)]
    root = Path(__file__).parents[3]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    assert int(said.stdout) < bytes_ * blocks // 4096 or platform.libc_ver()[0] != "glibc"  # the pages of one round
