"""Row (c): from acknowledgement to the update that a consumer of benchmark-updated sees, at steady rates, all four services.

Submissions correct units of one period, so that each is one record. The i-th acknowledged is held against the moment at which the
i-th record shows: first in, first out.
"""

import asyncio
import bisect
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api
from rich.console import Console

from deploy.topics import ALONE
from tests.performance import lean, real_sector, watching
from tests.performance.real_sector import RealSector, Running
from tests.performance.report import Section
from tests.performance.stage import Stage
from tests.performance.the_job import Plan

RATES = (20, 200, 1000)
COLUMNS = ("submissions/s", "sent", "p50 ms", "p99 ms", "worst ms", "acknowledged p50/p99 ms", "seen", "remark")
NOTE = (
    "Open loop by one gRPC stream, an answer after each fsynced commit; acknowledged: from sending to the answer. The consumer "
    "is confluent-kafka in the bench's own process, on the same cores."
)
LEFT_SECONDS = 20.0  # how long the last ones may take
YEAR = str(real_sector.LATEST)


@dataclass
class Seen:
    """How far the period was at which time, told by a consumer in a thread of its own."""

    stage: Stage
    vintages: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Until told to stop."""
        watch = watching.Watch(self.stage.bootstrap, real_sector.OURS)
        watch.begin(self.stage.ends(real_sector.OURS))
        try:
            while not self.stopping.is_set():
                for message in watch.fresh(0.05):
                    update = lean.Updated.FromString(message.value())
                    if update.period == YEAR and (not self.vintages or update.vintage > self.vintages[-1]):
                        self.vintages.append(update.vintage)
                        self.times.append(time.time())
        finally:
            watch.close()

    def at(self, vintage: int) -> float | None:
        """When a vintage was first seen to be there; None while it is not."""
        place = bisect.bisect_left(self.vintages, vintage)
        return self.times[place] if place < len(self.vintages) else None


def measure(plan: Plan, console: Console) -> list[Section]:
    """A sector loaded, then each rate in turn."""
    sector = RealSector.invented(1000 if plan.quick else 7000, 1)
    section = Section("(c) From acknowledgement to the update a consumer sees", "latency", COLUMNS, note=NOTE)
    asyncio.run(_rates(sector, plan, section, console))
    return [section]


async def _rates(sector: RealSector, plan: Plan, section: Section, console: Console) -> None:
    with Stage(ALONE) as stage, tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        async with real_sector.running(stage, Path(name), sector) as running:
            with real_sector.watched(stage) as watch:
                began = await asyncio.to_thread(running.sent_by_topic, sector.submissions)
                sent, units = len(sector.submissions), len(sector.units)
                loaded = await asyncio.to_thread(
                    real_sector.drain, running, watch, sent, units, began, 3 * plan.seconds
                )
                assert loaded.done, f"the sector was not through within {3 * plan.seconds:.0f} s"
                vintage = watching.vintages(watch.newest)[YEAR]
            again = sector.corrections()
            for rate in RATES:
                row, vintage = await _rate(running, again, rate, 10 if plan.quick else 60, vintage)
                section.rows.append(row)
                console.print(f"  {' · '.join(row)}", style="dim")
                if row[-1]:
                    break


async def _rate(
    running: Running, again: list[pb.Submission], rate: int, seconds: float, vintage: int
) -> tuple[list[str], int]:
    seen, count = Seen(running.stage), int(rate * seconds)
    watching_ = threading.Thread(target=seen.watch, daemon=True)
    watching_.start()
    sent: list[float] = []
    acknowledged: list[float] = []
    kept = 0
    try:
        await asyncio.sleep(0.5)
        stream = running.operator.submissions.SubmitStream(
            _paced(again, rate, count, sent), metadata=running.operator.metadata
        )
        async for answer in stream:
            acknowledged.append(time.time())
            kept += answer.receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED
        deadline = time.monotonic() + LEFT_SECONDS
        while seen.at(vintage + kept) is None and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
    finally:
        seen.stopping.set()
        await asyncio.to_thread(watching_.join)
    shown = [seen.at(vintage + n + 1) for n in range(kept)]
    late = sorted(1e3 * (at - when) for at, when in zip(shown, acknowledged, strict=False) if at is not None)
    answered = sorted(1e3 * (b - a) for a, b in zip(sent, acknowledged, strict=False))
    remark = (
        "" if len(late) == count else f"{count - kept} refused, {kept - len(late)} not seen within {LEFT_SECONDS:.0f} s"
    )
    took = (acknowledged[-1] - sent[0]) if acknowledged else 0.0
    if took > 1.1 * seconds + 1:
        remark += f"; the rate was {count / took:,.0f}/s"
    numbers = [f"{_at(late, q):.1f}" for q in (0.5, 0.99, 1)]
    row = [
        str(rate),
        f"{count:,}",
        *numbers,
        f"{_at(answered, 0.5):.1f}/{_at(answered, 0.99):.1f}",
        f"{len(late):,}",
        remark,
    ]
    return row, vintage + kept


async def _paced(
    again: list[pb.Submission], rate: int, count: int, sent: list[float]
) -> AsyncIterator[api.SubmitStreamRequest]:
    """Submissions at their times, whatever has become of those before; each a little other than the one before it."""
    began = time.monotonic()
    stamp = time.time_ns()
    for n in range(count):
        if (wait := began + n / rate - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        one = real_sector.corrected(again, stamp, n)
        sent.append(time.time())
        yield api.SubmitStreamRequest(submission=one)


def _at(ordered: list[float], q: float) -> float:
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else float("nan")
