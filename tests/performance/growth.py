"""Row (e): what a correction costs benchmark as its state grows, in this process without Kafka, and what the state weighs."""

import gc
import os
import tempfile
import time
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
COLUMNS = ("units", "state", "µs a submission", "× at 10 %", "× 7,000 units", "MB per million observations")
NOTE = (
    f"Batches of {AT_ONCE} corrections of one period through benchmark's own handler, SQLite, publication and all; the median of "
    f"{ROUNDS}, or of fewer where they take too long. Memory: what the process has grown by, full state, once the broker has all events."
)


def measure(plan: Plan, console: Console) -> list[Section]:
    """Each size in turn, filled and corrected."""
    section = Section("(e) Growth", "growth", COLUMNS, note=NOTE)
    logs.configure("console", "error")
    first: dict[float, float] = {}
    for units in UNITS[:1] if plan.quick else UNITS:
        job = Job(units=units, periods=1, groups=60)
        with tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
            costs, weight = _grown(job, Path(name), plan.seconds / 3)
        for part, cost in costs.items():
            first.setdefault(part, cost)
            mb = f"{weight:.0f}" if part == 1 else "–"
            row = [
                f"{units:,}",
                f"{part:.0%}",
                f"{1e6 * cost:.0f}",
                f"{cost / costs[PARTS[0]]:.2f}",
                f"{cost / first[part]:.2f}",
                mb,
            ]
            section.rows.append(row)
            console.print(f"  {' · '.join(row)}", style="dim")
    return [section]


def _grown(job: Job, folder: Path, seconds: float) -> tuple[dict[float, float], float]:
    """Seconds per submission at each part of the full state, and megabytes per million observations."""
    files = catalogue.write(job, folder / "catalogue")
    settings = benchmark.Settings(kafka="unused", database=f"sqlite:///{folder / 'benchmark.db'}", catalogue=files)
    bench = Bench(benchmark.create_app(settings))
    rng, costs = np.random.default_rng(job.seed), {}
    names = definitions.of(SCHEME, job.year(0)).key_figures
    revision = 1
    try:
        filled = int(PARTS[0] * job.units) // 2  # what a process needs before it holds anything is not the state's
        bench.deliver("observations-accepted", [_batch(job, names, np.arange(filled), 1, rng)])
        gc.collect()
        before, held = megabytes([os.getpid()], "VmRSS"), filled
        for part in PARTS:
            wanted = int(part * job.units)
            while filled < wanted:
                units = np.arange(filled, min(wanted, filled + 5 * AT_ONCE))
                bench.deliver("observations-accepted", [_batch(job, names, units, 1, rng)], caught_up=False)
                filled += len(units)
            spent: list[float] = []
            until = time.monotonic() + seconds
            while len(spent) <= ROUNDS and (len(spent) < 2 or time.monotonic() < until):
                revision += 1
                batch = _batch(job, names, rng.choice(filled, min(AT_ONCE, filled), replace=False), revision, rng)
                began = time.perf_counter()
                bench.deliver("observations-accepted", [batch])
                spent.append((time.perf_counter() - began) / len(batch.unit_ids))
                bench.published()
            costs[part] = float(np.median(spent[1:]))
        gc.collect()
        weight = (megabytes([os.getpid()], "VmRSS") - before) / ((job.units - held) * job.figures / 1e6)
    finally:
        bench.close()
    return costs, weight


def _batch(
    job: Job, names: tuple[str, ...], units: np.ndarray, revision: int, rng: np.random.Generator
) -> dense.ObservationsAccepted:
    shape = (job.figures, len(units))
    groups = ["all", *(f"group=g{n:02}" for n in range(job.groups))]
    index = [n for unit in units.tolist() for n in (0, 1 + int(job.group[unit]))]
    return dense.ObservationsAccepted(
        scheme=SCHEME,
        period=job.year(0),
        method_version="bench",
        key_figures=names,
        unit_ids=[f"u{unit:06}" for unit in units.tolist()],
        organisations=[f"o{n:04}" for n in range(HOLDERS)],
        organisation_index=[unit % HOLDERS for unit in units.tolist()],
        holders=[f"h{n:04}" for n in range(HOLDERS)],
        holder_index=[unit % HOLDERS for unit in units.tolist()],
        peer_groups=groups,
        peer_group_count=[2] * len(units),
        peer_group_index=index,
        revisions=[revision] * len(units),
        withdrawn=bytes(len(units)),
        numerators=rng.integers(10_000, 10_000_000, shape).astype("<i8").tobytes(),
        denominators=rng.integers(1_000, 1_000_000, shape).astype("<i8").tobytes(),
        absences=bytes(job.figures * len(units)),
        receipt_ids=[f"00000000-0000-5000-8000-{revision:04x}{unit:08x}" for unit in units.tolist()],
    )
