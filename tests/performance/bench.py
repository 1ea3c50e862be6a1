"""`make bench`: ours beside the bare minimum, in one run, as ratios. Seconds long; machines are shared, so read ratios only.

1. engine   apply one correction and publish what it touches, against recomputing every cell of the period from its matrices
2. ingest   submissions acknowledged over one gRPC stream after fsynced commits, against inserting their bytes into SQLite in the
            same batch size with the same settings
3. latency  from acknowledgement to the update that a watcher sees, one submission at a time, on a real Kafka with four processes
"""

import asyncio
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from noegletal.v1 import benchmark_service_pb2 as bench
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.benchmark import cells
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState, View
from services.catalogue import definitions
from services.cli import sector_data
from services.cli.client import Client
from tests.builders import FIGURES, observations
from tests.e2e.installed import at_vintage, client, installed

UNITS, CORRECTIONS, ROUNDS, BATCH = 1000, 40, 5, 500


def main() -> None:
    """Run every part and print a table."""
    print(f"{os.cpu_count()} cores; medians of {ROUNDS} rounds; read the ratios\n")
    engine()
    asyncio.run(pipeline())


def engine() -> None:
    """Part 1."""
    state, readings = _full_state(), (Reading(True, "higher"),) * 8
    groups = ["all", *(f"type={t}" for t in range(4)), *(f"band={b}" for b in range(3))]
    rng = random.Random(1)

    def incremental(n: int) -> None:
        unit = rng.randrange(UNITS)
        state.clear_changes()
        state.apply(_batch({f"u{unit:04}": _figures(rng)}, revision=n + 2))
        view = state.freeze()
        for group in sorted(state.touched):
            cells.of_group(view, group, readings)

    def full(view: View) -> None:
        for group in groups:
            cells.of_group(view, group, readings)

    ours = _median(
        lambda r: _timed(lambda: [incremental(1 + r * CORRECTIONS + i) for i in range(CORRECTIONS)]) / CORRECTIONS
    )
    whole = _median(lambda _: _timed(lambda: full(_rebuilt().freeze())))
    _row("engine: one correction, cells published", ours, whole, "recompute from the records")


def _full_state() -> PeriodState:
    return _rebuilt()


def _rebuilt() -> PeriodState:
    rng = random.Random(0)
    state = PeriodState(definitions.of("uk-tsm", "2024").key_figures)
    state.apply(_batch({f"u{i:04}": _figures(rng) for i in range(UNITS)}, revision=1))
    return state


def _batch(units: dict[str, list[tuple[int, int]]], *, revision: int) -> object:
    from services.benchmark import wire

    groups = {u: ("all", f"type={int(u[1:]) % 4}", f"band={int(u[1:]) % 3}") for u in units}
    return wire.batch(observations(units, revision=revision, groups=groups))


def _figures(rng: random.Random) -> list[tuple[int, int]]:
    return [(rng.randrange(1000), rng.randrange(1000, 2000)) for _ in FIGURES]


async def pipeline() -> None:
    """Parts 2 and 3."""
    sector = sector_data.load()
    async with installed() as everything, client(everything) as operator:
        await operator.register(sector_data.SCHEME, sector.units)
        submissions = list(sector.submissions.values())
        rounds = [await _stream(operator, [_again(s, r) for s in submissions]) for r in range(ROUNDS)]
        ours = statistics.median(rounds)
        bare = _median(lambda _: _bare_inserts([s.SerializeToString() for s in submissions]) / len(submissions))
        _row("ingest: one submission, acknowledged", ours, bare, "bare fsynced inserts")
        vintage = len(sector.units) + ROUNDS * len(submissions)
        await at_vintage(operator, vintage)
        seen = [await _latency(operator, _again(submissions[n], 100 + n), vintage + n + 1) for n in range(30)]
    seen.sort()
    print(
        f"latency: acknowledged to seen by a watcher   median {seen[15] * 1e3:.0f} ms, worst of 30 {seen[-1] * 1e3:.0f} ms"
    )


async def _stream(operator: Client, submissions: list[pb.Submission]) -> float:
    began = time.perf_counter()
    answers = await operator.submit(submissions)
    assert all(a.receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED for a in answers)
    return (time.perf_counter() - began) / len(submissions)


async def _latency(operator: Client, submission: pb.Submission, vintage: int) -> float:
    request = bench.WatchBenchmarksRequest(scheme=sector_data.SCHEME, peer_group="all")
    stream = operator.benchmarks.WatchBenchmarks(request, metadata=operator.metadata)
    await stream.read()
    await operator.call(operator.submissions.Submit, api.SubmitRequest(submission=submission))
    began = time.perf_counter()
    while (await stream.read()).update.vintage < vintage:
        pass
    took = time.perf_counter() - began
    stream.cancel()
    return took


def _again(submission: pb.Submission, number: int) -> pb.Submission:
    copy = pb.Submission()
    copy.CopyFrom(submission)
    copy.submission_id = f"bench:{submission.unit_id}:{number}"
    return copy


def _bare_inserts(rows: list[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE log (n INTEGER PRIMARY KEY, raw BLOB)")
        began = time.perf_counter()
        for first in range(0, len(rows), BATCH):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO log (raw) VALUES (?)", [(r,) for r in rows[first : first + BATCH]])
            connection.execute("COMMIT")
        took = time.perf_counter() - began
        connection.close()
    return took


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _median(measure: Callable[[int], float]) -> float:
    return statistics.median(measure(r) for r in range(ROUNDS))


def _row(what: str, ours: float, other: float, beside: str) -> None:
    ratio = other / ours
    words = f"{ratio:.1f} × as fast as" if ratio >= 1 else f"{1 / ratio:.1f} × the time of"
    print(f"{what:<42} {ours * 1e6:9.0f} µs   {words} {beside} ({other * 1e6:.0f} µs)")


if __name__ == "__main__":
    main()
