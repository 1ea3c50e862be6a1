"""Random histories through the service: whatever is announced is the oracle's, sums exactly, and is what is read as of then.

Submissions, corrections, withdrawals, profile changes, changes of method and releases, batched and published anyhow.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import release_pb2 as releases
from noegletal.v1 import submission_pb2 as submission

from services.benchmark import cells, release_wire, releasing, store, wire
from services.benchmark.app import Settings, create_app
from services.benchmark.book import Book
from services.benchmark.publication import Updated
from services.benchmark.release_rpc import ReleaseService
from tests import oracle, oracle_series
from tests.builders import observations
from tests.service.benchmark.test_restarts import NEVER
from tests.service.delivery import Announced, Bench
from tests.unit.benchmark import method_histories
from tests.unit.benchmark.histories import BETTER, FIGURES, Record

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "histories.toml"
SCHEME, PERIOD = "historier", "2024"
METHODS = tuple(f"{method}+statistics-1" for method in method_histories.METHODS)
PUBLIC, PROTECTED = FIGURES[:2], FIGURES[2]
STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")
Step = list[Record] | str  # records of one kind, or that a release is made


def steps(seed: int, *, units: int = 22, length: int = 40) -> list[Step]:
    """A history in batches, with three releases in its second half."""
    rng = random.Random(seed)
    made: list[Step] = []
    batch: list[Record] = []
    for record in map(_as_delivered, method_histories.history(seed, units=units, length=length)):
        if batch and (_kind(record) != _kind(batch[0]) or record[1] in {r[1] for r in batch} or rng.random() < 0.3):
            made.append(batch)
            batch = []
        batch.append(record)
    made.append(batch)
    for _ in range(3):
        made.insert(rng.randrange(len(made) // 2, len(made) + 1), "release")
    return made


def _as_delivered(record: Record) -> Record:
    """The method as benchmark names it; the protected figure by small denominators, so that no holder dominates it."""
    kind, unit, number, content = record
    if kind == "registration":
        return record
    figures, pair = dict(content["figures"]), content["figures"][PROTECTED]
    if isinstance(pair, tuple):
        figures[PROTECTED] = (pair[0] % 50, 20 + pair[1] % 10)
    holder = content["holder"] if int(unit[1:]) % 5 == 0 else f"h{int(unit[1:]) % 17}"
    method = f"{content['method']}+statistics-1"
    return kind, unit, number, content | {"figures": figures, "holder": holder, "method": method}


def _kind(record: Record) -> str:
    return "" if record[0] == "registration" else record[3]["method"]


class Clock:
    """A second passes with every look."""

    def __init__(self) -> None:
        self.now = datetime(2025, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class History:
    """A benchmark service that a history happens to, and what of it has happened and been published."""

    bench: Bench
    records: list[Record] = field(default_factory=list)
    published: list[Record] = field(default_factory=list)
    told: int = 0

    @classmethod
    def begin(cls, folder: Path) -> "History":
        database = f"sqlite:///{folder}/b.db"
        service = create_app(
            Settings(
                kafka="unused",
                database=database,
                catalogue=str(CATALOGUE),
                snapshot_every=20,
                publish_at_most_every_seconds=NEVER,
            )
        )
        service.clock = Clock()  # type: ignore[method-assign]
        return cls(Bench(service))

    def take(self, step: Step, *, caught_up: bool) -> Iterator[list[Announced]]:
        """Let a step happen; gives what is announced of it, publication by publication."""
        if isinstance(step, str):
            self._release()
        elif step[0][0] == "registration":
            self.records += step
            self.bench.deliver("unit-registered", [_registered(record) for record in step], caught_up=caught_up)
        else:
            self.records += step
            self.bench.deliver("observations-accepted", [_observed(step)], caught_up=caught_up)
        everything = self.bench.outbox()
        fresh, self.told = everything[self.told :], len(everything)
        vintages = sorted({_vintage(one) for one in fresh if one.topic != "release-decided"})
        for vintage in vintages:
            yield [one for one in fresh if one.topic != "release-decided" and _vintage(one) == vintage]
            self.published = self.records[:]

    def _release(self) -> None:
        """What ReleaseService does for an operator, without the call."""
        service = self.bench.service
        book, tick = (method.__self__ for method in service._rollbacks)  # type: ignore[attr-defined]
        service.database.read(book.load)
        if (SCHEME, PERIOD) not in book.periods:
            return
        period = book.periods[SCHEME, PERIOD]
        plan = service.database.read(lambda c: releasing.draft(c, book, period, None, date(2025, 6, 1))).plan()
        decided = release_wire.decided(SCHEME, PERIOD, plan.release)
        servicer = ReleaseService(service, book, tick)
        service.transact(lambda tx: servicer._make(tx, decided, plan, decided), cause="release")

    def released(self, vintage: int) -> list[releases.ReleaseDecided]:
        """The releases that a vintage counts."""
        made = [one.message for one in self.bench.outbox("release-decided")]
        return [one for one in made if one.vintage <= vintage]  # type: ignore[union-attr, misc]


def _vintage(one: Announced) -> int:
    message: Any = one.message
    return int(message.vintage if one.topic == "benchmark-updated" else message.vintage_after)


def _registered(record: Record) -> submission.UnitRegistered:
    attributes = dict(group.split("=") for group in record[3] if group != "all")
    profile = submission.Profile(unit_id=record[1], organisation_id=record[1], version=record[2], scheme=SCHEME)
    profile.attributes.update(attributes)
    return submission.UnitRegistered(profile=profile)


def _observed(records: Sequence[Record]) -> Any:
    contents = {r[1]: r[3] for r in records}
    message = observations(
        {u: [c["figures"][f] for f in FIGURES] for u, c in contents.items()},
        groups={u: c["groups"] for u, c in contents.items()},
        holders={u: c["holder"] for u, c in contents.items()},
        withdrawn=[u for u, c in contents.items() if c["withdrawn"]],
        figures=FIGURES,
    )
    message.scheme, message.period = SCHEME, PERIOD
    message.method_version = _kind(records[0]).removesuffix("+statistics-1")
    message.revisions[:] = [r[2] for r in records]
    return message


def _naive(history: History, update: pb.BenchmarkUpdated) -> pb.BenchmarkUpdated:
    """An update with every count, sum and statistic as the oracle has it; intervals as they are."""
    naive = pb.BenchmarkUpdated()
    naive.CopyFrom(update)
    records = history.records
    naive.method_version = oracle_series.default(records, METHODS) or ""
    mine = oracle_series.series(records, naive.method_version)
    made = history.released(update.vintage)
    naive.vintage = oracle_series.vintage(records) + len(made)
    naive.reported, naive.expected = (
        len(oracle.members(mine, update.peer_group)),
        oracle.expected(mine, update.peer_group),
    )
    for name in ("units", "holders", "numerator_sums", "denominator_sums", "statistics", "suppressions", "absences"):
        naive.ClearField(name)  # type: ignore[arg-type]
    shown = bytearray()
    for figure in FIGURES:
        if figure == PROTECTED:
            cell, absences = _shown(made, update.peer_group), (0,) * 9
        else:
            cell, absences = (
                oracle.cell(mine, update.peer_group, figure),
                oracle.absences(mine, update.peer_group, figure),
            )
            cell["suppression"] = pb.SUPPRESSION_TOO_FEW if cell["pooled"] is None else pb.SUPPRESSION_UNSPECIFIED
        naive.units.append(cell["units"])
        naive.holders.append(cell["holders"])
        for name in ("numerator_sum", "denominator_sum"):
            getattr(naive, f"{name}s").append("" if cell[name] is None else str(cell[name]))
        naive.statistics.extend(float("nan") if cell[name] is None else cell[name] for name in STATISTICS)
        shown.append(sum(1 << bit for bit, name in enumerate(STATISTICS) if cell[name] is not None))
        naive.suppressions.append(cell["suppression"])
        naive.absences.extend(absences)
    naive.shown = bytes(shown)
    return naive


def _shown(made: Sequence[releases.ReleaseDecided], group: str) -> dict[str, Any]:
    """The newest release of the protected cell, unless it was ever suppressed."""
    decisions = [d for one in made for d in one.decisions if (d.key_figure, d.peer_group) == (PROTECTED, group)]
    nothing: dict[str, Any] = dict.fromkeys((*STATISTICS, "numerator_sum", "denominator_sum"))
    nothing |= {"units": 0, "holders": 0, "suppression": pb.SUPPRESSION_NOT_RELEASED}
    if any(d.outcome == releases.RELEASE_OUTCOME_SUPPRESSED for d in decisions):
        return nothing | {"suppression": pb.SUPPRESSION_TOO_FEW}
    out = [d for d in decisions if d.outcome == releases.RELEASE_OUTCOME_RELEASED]
    if not out:
        return nothing
    numbers = {name: float(text) for name in STATISTICS if (text := getattr(out[-1], name))}
    return nothing | numbers | {"units": out[-1].units, "holders": out[-1].holders, "suppression": 0}


def _told(history: History, changes: Sequence[pb.StandingChanged]) -> None:
    """Who is told of a publication, and of what, is the oracle's; parts sum to the change."""
    before, after = (oracle_series.default(some, METHODS) or "" for some in (history.published, history.records))
    mine, theirs = oracle_series.series(history.published, before), oracle_series.series(history.records, after)
    if before == after:
        expected = oracle.told(mine, theirs, PUBLIC, BETTER[:2])
    else:
        expected = oracle_series.told(mine, theirs, history.records, after, PUBLIC, BETTER[:2])
    said = {}
    for change in changes:
        explained = {}
        for one in change.explanations:
            ends = [_plain(getattr(one, end)) if one.HasField(end) else None for end in ("before", "after")]
            parts = [(p.position, p.percentile_e4, p.quartile, p.gap_to_median_e9) for p in one.parts]
            groups = one.peer_group_before or one.peer_group, one.peer_group
            explained[one.key_figure] = (*groups, *ends, parts or None)
            _sums(*ends, parts)
        said[change.unit_id] = (change.own_submission, explained)
    assert said == expected


def _sums(before: dict[str, Any] | None, after: dict[str, Any] | None, parts: list[tuple[int, ...]]) -> None:
    if before is None or after is None:
        assert parts == []
        return
    totals = dict(
        zip(("position", "percentile_e4", "quartile", "gap_e9"), map(sum, zip(*parts, strict=True)), strict=True)
    )
    for name in ("position", "percentile_e4"):
        assert totals[name] == after[name] - before[name]
    if before["quartile"] and after["quartile"]:
        assert totals["quartile"] == after["quartile"] - before["quartile"]
    if before["gap_e9"] is not None and after["gap_e9"] is not None and any(part[3] for part in parts):
        assert totals["gap_e9"] == after["gap_e9"] - before["gap_e9"]  # else a step was too wide for 64 bits


def _plain(one: pb.Standing) -> dict[str, Any]:
    gap = one.gap_to_median_e9 if one.HasField("gap_to_median_e9") else None
    names = ("position", "units", "percentile_e4", "quartile")
    return {name: getattr(one, name) for name in names} | {"gap_e9": gap}


def _read_again(bench: Bench, told: Sequence[Announced]) -> None:
    """Every update is what is read as of its vintage, and as of the time it was announced at, to the byte."""
    book, views = Book(None, 20), {}

    def look(connection: object) -> None:
        book.load(connection)
        period = book.periods[SCHEME, PERIOD]
        for n, one in enumerate(told):
            update: Any = one.message
            at = datetime.fromisoformat(one.headers["ce_time"].decode())
            newest = store.published(connection, SCHEME, PERIOD, at)  # type: ignore[arg-type]
            assert store.published(connection, SCHEME, PERIOD, at - timedelta(microseconds=1)) < update.vintage  # type: ignore[arg-type]
            stood = [t for t in told if t.key == one.key and t.headers["ce_time"] <= one.headers["ce_time"]][-1]
            for vintage, expected in ((update.vintage, one), (newest, stood)):
                if vintage not in views:
                    views[vintage] = book.view_at(connection, period, vintage)
                said: Any = expected.message
                read = Updated(cells.of_group(views[vintage], said.peer_group, period.readings), tuple(said.changed))
                message = wire.updated(SCHEME, PERIOD, views[vintage], read)
                message.vintage = said.vintage  # what stood at a time may be older than the newest publication
                assert message.SerializeToString(deterministic=True) == expected.value, (n, said.peer_group)

    bench.service.database.read(look)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32))
def test_at_every_step_what_is_announced_is_the_oracles_and_what_is_read_afterwards(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    rng, history = random.Random(seed), History.begin(tmp_path_factory.mktemp("history"))
    for step in steps(seed):
        for announced in history.take(step, caught_up=rng.random() < 0.7):
            for one in announced:
                if isinstance(one.message, pb.BenchmarkUpdated):
                    assert _naive(history, one.message).SerializeToString(deterministic=True) == one.value
            _told(history, [one.message for one in announced if isinstance(one.message, pb.StandingChanged)])
    told = history.bench.outbox("benchmark-updated")
    assert len({_vintage(one) for one in told}) > 10
    _read_again(history.bench, told)
    history.bench.close()
