"""Processes that take part: started under the product's guard, so that none outlives the bench; ended by their own id."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cli.processes import last_words

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 15.0
LAST_LINES = 12


class Ended(Exception):
    """A process ended that was to go on. The message is its last words."""


@dataclass
class Child:
    """One process. `command` begins with an interpreter; `log` is where it says what goes wrong."""

    command: Sequence[str]
    log: Path
    settings: Mapping[str, str]
    guard: "subprocess.Popen[str] | None" = None
    process_id: int = 0

    def start(self) -> None:
        """Start it. It ends when the bench does, however that happens."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("NOEGLETAL_")}
        with self.log.open("a") as log:
            self.guard = subprocess.Popen(
                [sys.executable, "-m", "deploy.guard", *self.command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=ours | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'proto' / 'gen'}"} | dict(self.settings),
                cwd=ROOT,
                start_new_session=True,
            )
        assert self.guard.stdout is not None
        self.process_id = int(self.guard.stdout.readline())

    def assert_alive(self) -> None:
        """Raises Ended with its last words when it has."""
        if self.guard is None or self.guard.poll() is not None:
            raise Ended(last_words(self.log, LAST_LINES) or "ended without a word")

    def stop(self) -> None:
        """Ask it to end, then make it. May be called twice."""
        if self.guard is None:
            return
        assert self.guard.stdin is not None
        self.guard.stdin.close()
        try:
            self.guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.kill(self.process_id, signal.SIGKILL)
            self.guard.wait(STOP_SECONDS)
        if self.guard.stdout is not None:
            self.guard.stdout.close()
        self.guard = None


def megabytes(process_ids: Sequence[int], what: str = "VmHWM") -> float:
    """Most memory processes have had at once each, summed; `VmRSS`: what they have now. Linux; 0 elsewhere."""
    total = 0
    for process_id in process_ids:
        try:
            lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(f"{what}:"))
    return total / 1024
