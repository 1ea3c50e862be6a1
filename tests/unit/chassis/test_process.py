"""How a service's process gets on with others."""

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
