"""One contestant doing the job: started, primed, then B1 and J5 let in at once each, watched from outside until it is right."""

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.performance import watching
from tests.performance.children import megabytes
from tests.performance.job import PRIMER, Job, Record
from tests.performance.stage import Stage

PRIMED_SECONDS = 60.0


class Contestant(Protocol):
    """Who takes part. `out`: the topic its outputs go to; `durable` and `rounds` are said in words."""

    name: str
    out: str
    readings: watching.Readings
    durable: str

    def start(self, stage: Stage, folder: Path) -> None:
        """Start it on a stage; it reads submission-received from its beginning."""

    def assert_alive(self) -> None:
        """Raises Ended."""

    def process_ids(self) -> Sequence[int]:
        """Its processes."""

    def stop(self) -> None:
        """End it. May be called twice."""


@dataclass
class Lap:
    """How one part of the job went. `submissions` is how many showed when it ended; `done`: all, and right."""

    submissions: int
    seconds: float
    outputs: int
    done: bool
    wrong: str = ""


@dataclass
class Run:
    """One contestant's run. `fault`: why it could not. `told`: what each process said of its steps, if it did."""

    name: str
    b1: Lap | None = None
    j5: Lap | None = None
    megabytes: float = 0.0
    fault: str = ""
    told: list[dict[str, float]] = field(default_factory=list)


@dataclass
class Material:
    """The job's records, made once, and what must come of them."""

    job: Job
    records: list[Record]
    after: dict[int, dict[bytes, watching.Cells]]

    @classmethod
    def of(cls, job: Job) -> "Material":
        """Make it."""
        after = {end: job.outcome(end) for end in (job.b1, job.j5)}
        return cls(job, list(job.events(0, job.j5)), after)  # of the primer it is enough that it shows


def run(contestant: Contestant, stage: Stage, material: Material, *, seconds: float, j5: bool = True) -> Run:
    """Let one contestant do the job, each part within some seconds. What goes wrong is in the run, not raised."""
    result, job = Run(contestant.name), material.job
    stage.empty()
    watch = watching.Watch(stage.bootstrap, contestant.out)
    watch.begin(stage.ends(contestant.out))
    with tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        try:
            contestant.start(stage, Path(name))
            primer = _lap(contestant, stage, material, watch, (0, PRIMER), PRIMED_SECONDS)
            if not primer.done:
                result.fault = primer.wrong or f"showed nothing within {PRIMED_SECONDS:.0f} s"
                return result
            result.b1 = _lap(contestant, stage, material, watch, (PRIMER, job.b1), seconds)
            if j5 and result.b1.done:
                result.j5 = _lap(contestant, stage, material, watch, (job.b1, job.j5), seconds)
            result.megabytes = megabytes(contestant.process_ids())
        except Exception as error:  # noqa: BLE001 - a contestant that cannot is a row that says why
            result.fault = f"{type(error).__name__}: {str(error)[-400:]}"
        finally:
            watch.close()
            contestant.stop()
            result.told = [json.loads(steps.read_text()) for steps in sorted(Path(name).rglob("steps.json"))]
    return result


def _lap(
    contestant: Contestant,
    stage: Stage,
    material: Material,
    watch: watching.Watch,
    part: tuple[int, int],
    seconds: float,
) -> Lap:
    first, last = part
    held = stage.hold(material.records[first:last])
    watch.messages = 0
    began = held.release()
    return until(contestant, watch, material.after.get(last, {}), (first, last), began, seconds)


def until(
    contestant: Contestant,
    watch: watching.Watch,
    expected: dict[bytes, watching.Cells],
    part: tuple[int, int],
    began: float,
    seconds: float,
) -> Lap:
    """Watch until everything shows and is right, or the time is over, or a wrong result stays."""
    (first, last), readings, wrong, since = part, contestant.readings, "", 0.0
    deadline = time.time() + seconds
    while time.time() < deadline:
        fresh = watch.look()
        if fresh == 0:
            contestant.assert_alive()
        if not watch.newest or readings.seen(watch.newest) < last:
            continue
        wrong = watching.difference(readings.cells(watch.newest), expected)
        if not wrong:
            return Lap(last - first, watch.last / 1000 - began, watch.messages, True)
        since = time.time() if fresh or not since else since
        if time.time() - since > 5:
            break
    shown = max(0, readings.seen(watch.newest) - first) if watch.newest else 0
    return Lap(shown, time.time() - began, watch.messages, False, wrong or f"stopped after {seconds:.0f} s")


__all__ = ["Contestant", "Lap", "Material", "Run", "run", "until"]
