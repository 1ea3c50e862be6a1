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
from tests.performance.stage import Stage
from tests.performance.the_job import Plan

STARTS = 5
COLUMNS = ("what", "submissions", "observations", "seconds", "× raw limit", "of which starting")
NOTE = (
    "B1 is in Kafka and in the databases. Ours: from starting the process until everything is published again (warm: until it is "
    "ready), less what the same process needs to start with nothing, the median of STARTS; each as often as there are runs, the "
    "median told. Raw limit: its own SQLite log read into a new state, the median of as many."
).replace("STARTS", str(STARTS))


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
    empty = {process.name: statistics.median(_started(process) for _ in range(STARTS)) for process in ours.processes}
    _done(stage, material, ours, 3 * plan.seconds, begin=lambda: stage.hold(material.records[: plan.job.b1]).release())
    for what, services, gone in (
        ("benchmark, warm restart", ("benchmark",), False),
        ("benchmark, database gone", ("benchmark",), True),
        ("validate and benchmark, databases gone", ("validate", "benchmark"), True),
    ):
        console.print(f"  {what}…", style="dim")
        chosen = [process for process in ours.processes if process.name in services]
        starting = max(empty[name] for name in services)
        took = [_again(stage, material, ours, chosen, gone=gone, seconds=3 * plan.seconds) for _ in range(plan.runs)]
        section.rows.append(_row(what, plan, max(0.0, statistics.median(took) - starting), raw, starting))


def _again(
    stage: Stage,
    material: contest.Material,
    ours: contestants.OursTwo,
    chosen: Sequence[Process],
    *,
    gone: bool,
    seconds: float,
) -> float:
    """Seconds until services that were stopped are where they were, without their databases or with them."""
    if not gone:
        return _started(chosen[0])
    for process in chosen:
        process.stop()
        for file in process.folder.glob("*.db*"):
            file.unlink()
    if len(chosen) > 1:
        stage.empty(("observations-accepted", "submission-assessed", "standing-changed"))

    def begin() -> float:
        began = time.time()
        for process in chosen:
            process.start()
        return began

    return _done(stage, material, ours, seconds, begin=begin)


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
    deadline = time.monotonic() + READY_SECONDS
    while not process.ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{process.name} was not ready within {READY_SECONDS:.0f} s")
        threading.Event().wait(0.01)
    return time.time() - began


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
