"""Row (b): the full real job through all four services as processes, in by Kafka and in by gRPC streams."""

import asyncio
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from noegletal.v1 import submission_pb2 as pb
from rich.console import Console

from deploy.topics import ALONE
from tests.performance import real_sector, watching
from tests.performance.children import megabytes
from tests.performance.real_sector import RealSector, Running
from tests.performance.report import Section
from tests.performance.stage import Stage
from tests.performance.the_job import Plan

FIGURES, STREAMS = 40, 4
CORRECTIONS = 8_000  # a quick run's; else so many times as many
COLUMNS = (
    "in by",
    "submissions",
    "acknowledged/s",
    "through/s",
    "obs/s",
    "CPU µs a submission, each service",
    "MB",
    "remark",
)
NOTE = (
    "First everybody reports, from an idle start; then corrections of one period on full state. All rules of dk-almen, five ladder levels, standings, receipts, every service durable before it passes on. Through: from the "
    "first one in until the last one's benchmarks are published. gRPC: four streams, each answer after its fsynced commit. Of each row the run with the median rate."
)


def measure(plan: Plan, console: Console) -> list[Section]:
    """Both doors, each time on a Kafka and databases of its own."""
    sector = RealSector.invented(*((1000, 1) if plan.quick else (7000, 3)))
    section = Section("(b) All four services, everything on", "ours-four", COLUMNS, note=NOTE)
    for door in ("Kafka topic", "gRPC stream"):
        laps = [asyncio.run(_through(sector, door, plan, console)) for _ in range(plan.runs)]
        stopped = [lap for lap in laps if not all(one.done for one in lap)]
        section.rows += (
            [one.row for one in stopped[0]] if stopped else [_median(some).row for some in zip(*laps, strict=True)]
        )
    return [section]


class Lap(NamedTuple):
    """One way through: submissions a second, whether all came through, and as it is told."""

    rate: float
    done: bool
    row: list[str]


def _median(laps: Sequence[Lap]) -> Lap:
    return sorted(laps)[len(laps) // 2]


async def _through(sector: RealSector, door: str, plan: Plan, console: Console) -> list[Lap]:
    with Stage(ALONE) as stage, tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        async with real_sector.running(stage, Path(name), sector) as running:
            with real_sector.watched(stage) as watch:
                first = Sent(door, sector.submissions, 0)
                again, stamp = sector.corrections(), time.time_ns()
                many = CORRECTIONS if plan.quick else 4 * CORRECTIONS
                corrections = [real_sector.corrected(again, stamp, n) for n in range(many)]
                then = Sent(f"{door}, corrections", corrections, len(first.submissions))
                laps = list[Lap]()
                for sent in (first, then):
                    laps.append(await _measured(running, watch, len(sector.units), sent, 3 * plan.seconds))
                    console.print(f"  {' · '.join(laps[-1].row)}", style="dim")
                    if not laps[-1].done:
                        break
    return laps


@dataclass(frozen=True)
class Sent:
    """What is sent by which door; how many were sent before it."""

    door: str
    submissions: list[pb.Submission]
    before: int


async def _measured(running: Running, watch: watching.Watch, units: int, sent: Sent, seconds: float) -> Lap:
    cpu, until, acknowledged = _cpu(running), sent.before + len(sent.submissions), 0.0
    if sent.door.startswith("Kafka"):
        began = await asyncio.to_thread(running.sent_by_topic, sent.submissions)
        drained = await asyncio.to_thread(real_sector.drain, running, watch, until, units, began, seconds)
    else:
        began = time.time()
        draining = asyncio.create_task(
            asyncio.to_thread(real_sector.drain, running, watch, until, units, began, seconds)
        )
        answered = await asyncio.gather(*(_stream(running, some) for some in _split(sent.submissions)))
        acknowledged = sum(answered) / (time.time() - began)
        drained = await draining
    assessed = drained.assessed - sent.before
    spent = {name: 1e6 * (after - cpu[name]) / max(assessed, 1) for name, after in _cpu(running).items()}
    each = " ".join(f"{name} {took:.0f}" for name, took in spent.items())
    ids = [process.process_id for process in running.services.processes.values()]
    rate = assessed / drained.seconds
    remark = "" if drained.done else f"stopped after {seconds:.0f} s, {assessed:,} assessed"
    said = [
        sent.door,
        f"{len(sent.submissions):,}",
        f"{acknowledged:,.0f}" if acknowledged else "–",
        f"{rate:,.0f}",
        f"{rate * FIGURES:,.0f}",
    ]
    return Lap(rate, drained.done, [*said, each, f"{megabytes(ids):.0f}", remark])


async def _stream(running: Running, submissions: list[pb.Submission]) -> int:
    answers = await running.operator.submit(submissions)
    return sum(answer.receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED for answer in answers)


def _split(submissions: list[pb.Submission]) -> list[list[pb.Submission]]:
    """By unit, so that a unit's revisions stay in order."""
    parts: list[list[pb.Submission]] = [[] for _ in range(STREAMS)]
    for one in submissions:
        parts[hash(one.unit_id) % STREAMS].append(one)
    return parts


def _cpu(running: Running) -> Mapping[str, float]:
    """Processor seconds of each service so far. Linux; 0 elsewhere."""
    return {name: cpu_seconds(process.process_id) for name, process in running.services.processes.items()}


def cpu_seconds(process_id: int) -> float:
    """Processor seconds of a process so far, user and system."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
