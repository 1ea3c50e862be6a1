"""Row (e): what a correction costs benchmark as its state grows, without Kafka, and what the state weighs."""

import gc
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from noegletal.v1 import observations_pb2 as dense
from rich.console import Console

from services.benchmark import app as benchmark
from services.catalogue import definitions
from services.chassis import logs
from tests.performance import catalogue
from tests.performance.children import megabytes
from tests.performance.job import HOLDERS, SCHEME, Job
from tests.performance.report import Section
from tests.performance.the_job import Plan
from tests.service.delivery import Bench

UNITS, AT_ONCE, ROUNDS = (7_000, 70_000), 500, 5
PARTS = (0.1, 0.5, 1.0)
ONE, ALL = "one figure, by up to 5 %", "all figures, at random"
PERCENT, MOST = 100, 5
COLUMNS = (
    "corrections",
    "units",
    "state",
    "µs a submission",
    "× at 10 %",
    "× 7,000 units",
    "told",
    "MB per million observations",
)
NOTE = (
    f"Batches of {AT_ONCE} corrections of one period through benchmark's own handler, SQLite, publication and all; the median of "
    f"{ROUNDS}, or of fewer where they take too long. {ONE}: as a sender corrects; {ALL}: as B1 and J5 do, which turns the quarters of "
    "many others. Told: units that are told anything, a submission. Memory: what the process has grown by, full state, once the "
    "broker has all events."
)


def measure(plan: Plan, console: Console) -> list[Section]:
    """Each size in turn, filled and corrected."""
    section = Section("(e) Growth", "growth", COLUMNS, note=NOTE)
    first: dict[tuple[str, float], float] = {}
    for units in UNITS[:1] if plan.quick else UNITS:
        with ProcessPoolExecutor(1, get_context("spawn")) as own:  # what others needed here is not this one's weight
            costs, weight = own.submit(grown, units, plan.seconds / 6).result()
        for (kind, part), (cost, told) in costs.items():
            first.setdefault((kind, part), cost)
            row = [
                kind,
                f"{units:,}",
                f"{part:.0%}",
                f"{1e6 * cost:.0f}",
                f"{cost / costs[kind, PARTS[0]][0]:.2f}",
                f"{cost / first[kind, part]:.2f}",
                f"{told:.1f}",
                f"{weight:.0f}" if part == 1 else "–",
            ]
            section.rows.append(row)
            console.print(f"  {' · '.join(row)}", style="dim")
    return [section]


def grown(units: int, seconds: float) -> tuple[dict[tuple[str, float], tuple[float, float]], float]:
    """One size, see `Grown.measured`. For a process of its own."""
    logs.configure("console", "error")
    with tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        one = Grown(Job(units=units, periods=1, groups=60), Path(name))
        try:
            return one.measured(seconds)
        finally:
            one.close()


class Grown:
    """Benchmark without Kafka, filled unit by unit, and what every unit has sent it last."""

    def __init__(self, job: Job, folder: Path) -> None:
        self._job, self._rng, self._revision = job, np.random.default_rng(job.seed), 1
        files = catalogue.write(job, folder / "catalogue")
        database = f"sqlite:///{folder / 'benchmark.db'}"
        # With 0 each batch is published with it.
        settings = benchmark.Settings(
            kafka="unused", database=database, catalogue=files, publish_at_most_every_seconds=0
        )
        self._bench = Bench(benchmark.create_app(settings))
        self._names = definitions.of(SCHEME, job.year(0)).key_figures
        self._numerators, self._denominators = self._drawn(job.units)
        self._filled = 0

    def measured(self, seconds: float) -> tuple[dict[tuple[str, float], tuple[float, float]], float]:
        """Of each kind of correction at each part of the full state: seconds and units told, per submission; and megabytes per
        million observations.
        """
        found, job = {}, self._job
        self._fill(int(PARTS[0] * job.units) // 2, caught_up=True)  # what a process needs before it holds anything
        gc.collect()
        before, held = megabytes([os.getpid()], "VmRSS"), self._filled
        for part in PARTS:
            self._fill(int(part * job.units))
            for kind in (ALL, ONE):
                found[kind, part] = self._corrected(kind, seconds)
        gc.collect()
        weight = megabytes([os.getpid()], "VmRSS") - before
        return dict(sorted(found.items())), weight / ((job.units - held) * job.figures / 1e6)

    def close(self) -> None:
        """Release the database."""
        self._bench.close()

    def _fill(self, wanted: int, *, caught_up: bool = False) -> None:
        while self._filled < wanted:
            units = np.arange(self._filled, min(wanted, self._filled + 5 * AT_ONCE))
            self._bench.deliver("observations-accepted", [self._batch(units)], caught_up=caught_up)
            self._filled += len(units)

    def _corrected(self, kind: str, seconds: float) -> tuple[float, float]:
        spent, told, until = list[float](), list[float](), time.monotonic() + seconds
        while len(spent) <= ROUNDS and (len(spent) < 2 or time.monotonic() < until):
            units = self._rng.choice(self._filled, min(AT_ONCE, self._filled), replace=False)
            self._correct(kind, units)
            batch = self._batch(units)
            self._bench.published()
            began = time.perf_counter()
            self._bench.deliver("observations-accepted", [batch])
            spent.append((time.perf_counter() - began) / len(units))
            told.append(self._bench.waiting("standing-changed") / len(units))
        self._bench.published()
        return float(np.median(spent[1:])), float(np.median(told[1:]))

    def _correct(self, kind: str, units: np.ndarray) -> None:
        self._revision += 1
        if kind == ALL:
            self._numerators[:, units], self._denominators[:, units] = self._drawn(len(units))
        else:
            at = self._rng.integers(0, self._job.figures, len(units)), units
            by = self._rng.integers(-MOST, MOST + 1, len(units))
            self._numerators[at] += self._numerators[at] * by // PERCENT

    def _drawn(self, units: int) -> tuple[np.ndarray, np.ndarray]:
        shape = (self._job.figures, units)
        return self._rng.integers(10_000, 10_000_000, shape), self._rng.integers(1_000, 1_000_000, shape)

    def _batch(self, units: np.ndarray) -> dense.ObservationsAccepted:
        job, many = self._job, len(units)
        groups = ["all", *(f"group=g{n:02}" for n in range(job.groups))]
        return dense.ObservationsAccepted(
            scheme=SCHEME,
            period=job.year(0),
            method_version="bench",
            key_figures=self._names,
            unit_ids=[f"u{unit:06}" for unit in units.tolist()],
            organisations=[f"o{n:04}" for n in range(HOLDERS)],
            organisation_index=[unit % HOLDERS for unit in units.tolist()],
            holders=[f"h{n:04}" for n in range(HOLDERS)],
            holder_index=[unit % HOLDERS for unit in units.tolist()],
            peer_groups=groups,
            peer_group_count=[2] * many,
            peer_group_index=[n for unit in units.tolist() for n in (0, 1 + int(job.group[unit]))],
            revisions=[self._revision] * many,
            withdrawn=bytes(many),
            numerators=self._numerators[:, units].astype("<i8").tobytes(),
            denominators=self._denominators[:, units].astype("<i8").tobytes(),
            absences=bytes(job.figures * many),
            receipt_ids=[f"00000000-0000-5000-8000-{self._revision:04x}{unit:08x}" for unit in units.tolist()],
        )
