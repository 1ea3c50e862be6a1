"""Row (g): microseconds per submission by step of each service, from marks in the running processes."""

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from deploy.topics import ALONE
from services.cli.processes import Process
from tests.performance import contest, contestants, real_sector
from tests.performance.children import Child
from tests.performance.real_sector import RealSector
from tests.performance.report import Section
from tests.performance.stage import Stage
from tests.performance.the_job import Plan

COLUMNS = ("service", "µs a submission, by step", "all CPU", "not measured")
NOTE = (
    "Wall time within each step's marks, marks of other steps taken out. All CPU is the process's, from its start: what the steps "
    "leave of it is the event loop, the Kafka client, gRPC and the start."
)


@dataclass
class Marked(Process):
    """A service's process with marks in it."""

    def start(self) -> None:
        """Start it."""
        self._addresses_file.unlink(missing_ok=True)
        self.addresses = {}
        told = {f"NOEGLETAL_{name.upper()}": value for name, value in self.settings.items()}
        told |= {"NOEGLETAL_ADDRESSES_FILE": str(self._addresses_file)}
        child = Child([sys.executable, "-m", "tests.performance.marked", self.name], self.log, told)
        child.start()
        self.guard, self.process_id = child.guard, child.process_id

    def row(self, submissions: int) -> list[str]:
        """What its marks say, once it has ended."""
        path = self._addresses_file.with_name(self._addresses_file.name + ".marks")
        if not path.exists():
            return [self.name, "it did not end by itself", "–", "–"]
        told = json.loads(path.read_text())
        steps = sorted(told["steps"].items(), key=lambda item: -item[1])
        said = " · ".join(f"{step} {1e6 * s / submissions:.1f}" for step, s in steps if 1e6 * s / submissions >= 0.05)
        return [self.name, said, f"{1e6 * told['cpu'] / submissions:.0f}", ", ".join(told["missing"]) or "–"]


def measure(plan: Plan, console: Console) -> list[Section]:
    """validate and benchmark on B1; all four on the real job."""
    job = Section("(g) Where the time goes: B1, minimal rules", "steps", COLUMNS, note=NOTE)
    job.rows = _b1(plan)
    console.print("  B1 is through", style="dim")
    real = Section("(g) Where the time goes: the full real job", "steps", COLUMNS, note=NOTE)
    real.rows = asyncio.run(_real(RealSector.invented(500 if plan.quick else 3000, 1), plan))
    return [job, real]


def _b1(plan: Plan) -> list[list[str]]:
    ours = MarkedTwo(plan.job)
    with Stage(ALONE) as stage:
        material = contest.Material.of(plan.job)
        run = contest.run(ours, stage, material, seconds=3 * plan.seconds, j5=False)
    if run.fault or run.b1 is None or not run.b1.done:
        return [["–", run.fault or "B1 was not through", "–", "–"]]
    return ours.rows


@dataclass
class MarkedTwo(contestants.OursTwo):
    """validate and benchmark with marks; their folder is gone when the run is, so what they say is read before."""

    process: type[Process] = Marked
    rows: list[list[str]] = field(default_factory=list)

    def stop(self) -> None:
        """End both, read their marks."""
        super().stop()
        self.rows = [p.row(self.job.b1) for p in self.processes if isinstance(p, Marked)]


async def _real(sector: RealSector, plan: Plan) -> list[list[str]]:
    with Stage(ALONE) as stage, tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        async with real_sector.running(stage, Path(name), sector, process=Marked) as running:
            with real_sector.watched(stage) as watch:
                began = await asyncio.to_thread(running.sent_by_topic, sector.submissions)
                sent, units = len(sector.submissions), len(sector.units)
                done = await asyncio.to_thread(real_sector.drain, running, watch, sent, units, began, 3 * plan.seconds)
        if not done.done:
            return [["–", f"not through within {3 * plan.seconds:.0f} s, {done.assessed:,} assessed", "–", "–"]]
        processes = running.services.processes.values()
        return [p.row(max(done.assessed, 1)) for p in processes if isinstance(p, Marked)]
