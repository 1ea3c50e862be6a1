"""Row (d): benchmark and validate built again from Kafka's log after their databases are gone, and started again from a snapshot."""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from deploy.topics import ALONE
from services.cli.processes import READY_SECONDS, Process
from tests.performance import contest, contestants, watching
from tests.performance.children import ROOT
from tests.performance.report import Section
from tests.performance.stage import BETWEEN, Stage
from tests.performance.the_job import Plan

STARTS = 5
COLUMNS = ("what", "submissions", "observations", "seconds", "× raw limit", "of which starting")
NOTE = (
    "B1 is in Kafka and in the databases. Databases gone: from being ready (partitions assigned, nothing read; looked at every 10 ms) "
    f"until everything is published again. Warm: from starting the process until it is ready, less the median of {STARTS} starts with "
    "nothing. Each as often as there are runs, the median told. Raw limit: its own SQLite log read into a new state, likewise."
)


def measure(plan: Plan, console: Console) -> list[Section]:
    """All of it, once."""
    section = Section("(d) Rebuild from the log, restart from a snapshot", "rebuild", COLUMNS, note=NOTE)
    material = contest.Material.of(plan.job)
    with Stage(ALONE) as stage, tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        raw = _raw(stage, material, Path(name) / "raw", plan)
        section.rows.append(_row("raw limit from its log", plan, raw, raw, 0.0))
        stage.empty()
        ours = contestants.OursTwo(plan.job)
        (Path(name) / "ours").mkdir()
        try:
            _ours(stage, material, ours, Path(name) / "ours", plan, section, raw, console)
        finally:
            ours.stop()
    return [section]


def _ours(
    stage: Stage,
    material: contest.Material,
    ours: contestants.OursTwo,
    folder: Path,
    plan: Plan,
    section: Section,
    raw: float,
    console: Console,
) -> None:
    ours.start(stage, folder)
    for process in ours.processes:
        _ready(process)
    benchmark = next(process for process in ours.processes if process.name == "benchmark")
    empty = statistics.median(_started(benchmark) for _ in range(STARTS))
    _done(stage, material, ours, 3 * plan.seconds, begin=lambda: stage.hold(material.records[: plan.job.b1]).release())
    console.print("  benchmark, warm restart…", style="dim")
    warm = statistics.median(_started(benchmark) for _ in range(plan.runs)) - empty
    section.rows.append(_row("benchmark, warm restart", plan, max(0.0, warm), raw, empty))
    for what, services in (
        ("benchmark, database gone", ("benchmark",)),
        ("validate and benchmark, databases gone", ("validate", "benchmark")),
    ):
        console.print(f"  {what}…", style="dim")
        chosen = [process for process in ours.processes if process.name in services]
        took = sorted(_again(stage, material, ours, chosen, 3 * plan.seconds) for _ in range(plan.runs))
        seconds, starting = took[len(took) // 2]
        section.rows.append(_row(what, plan, seconds, raw, starting))


def _again(
    stage: Stage, material: contest.Material, ours: contestants.OursTwo, chosen: Sequence[Process], seconds: float
) -> tuple[float, float]:
    """Seconds services that were stopped and whose databases are gone need, from the first being ready until all is published
    again; and before, until it is ready.
    """
    for process in chosen:
        process.stop()
        for file in process.folder.glob("*.db*"):
            file.unlink()
    if len(chosen) > 1:
        stage.empty(BETWEEN)
    starting = list[float]()

    def begin() -> float:
        began = time.time()
        for process in chosen:
            process.start()
        _until(lambda: any(process.ready() for process in chosen), chosen[0].name)
        starting.append(time.time() - began)
        return time.time()

    return _done(stage, material, ours, seconds, begin=begin), starting[0]


def _started(process: Process) -> float:
    """Seconds a process needs from its start until it is ready, stopped before."""
    process.stop()
    began = time.time()
    process.start()
    return _ready(process, began)


def _done(
    stage: Stage, material: contest.Material, ours: contestants.OursTwo, seconds: float, begin: Callable[[], float]
) -> float:
    """From `begin` until everything of B1 is published and right."""
    watch = watching.Watch(stage.bootstrap, ours.out)
    try:
        watch.begin(stage.ends(ours.out))
        began = begin()
        last = material.job.b1
        lap = contest.until(ours, watch, material.after[last], (0, last), began, seconds)
    finally:
        watch.close()
    if not lap.done:
        raise TimeoutError(f"{lap.wrong}, {lap.submissions:,} submissions were published")
    return lap.seconds


def _ready(process: Process, began: float | None = None) -> float:
    """From starting it until it is ready."""
    began = began or time.time()
    _until(process.ready, process.name)
    return time.time() - began


def _until(is_ready: Callable[[], bool], name: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} was not ready within {READY_SECONDS:.0f} s")
        threading.Event().wait(0.01)


def _raw(stage: Stage, material: contest.Material, folder: Path, plan: Plan) -> float:
    """Seconds the bare loop needs to read its own log into a new state."""
    folder.mkdir()
    raw = contestants.raw()
    watch = watching.Watch(stage.bootstrap, raw.out)
    try:
        watch.begin(stage.ends(raw.out))
        raw.start(stage, folder)
        last = material.job.b1
        began = stage.hold(material.records[:last]).release()
        lap = contest.until(raw, watch, material.after[last], (0, last), began, plan.seconds)
        assert lap.done, lap.wrong
    finally:
        watch.close()
        raw.stop()
    command = [sys.executable, "-m", raw.module, "--folder", str(folder), "--rebuild"]
    took = []
    for _ in range(plan.runs):
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=plan.seconds, check=True)
        took.append(float(json.loads(said.stdout)["seconds"]))
    return statistics.median(took)


def _row(what: str, plan: Plan, seconds: float, raw: float, starting: float) -> list[str]:
    job = plan.job
    ratio = f"{seconds / raw:.1f}"
    return [
        what,
        f"{job.b1:,}",
        f"{job.b1 * job.figures:,}",
        f"{seconds:.2f}",
        ratio,
        f"{starting:.2f} s left out" if starting else "–",
    ]
