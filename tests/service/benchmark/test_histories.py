"""Random histories through the service: whatever is announced is the oracle's, sums exactly, and is what is read as of then."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import release_pb2 as releases

from services.benchmark import cells, store, update_wire
from services.benchmark.book import Book
from services.benchmark.publication import Updated
from tests import moved, oracle, oracle_series
from tests.service.benchmark.histories import METHODS, PERIOD, PROTECTED, PUBLIC, SCHEME, History, steps, vintage_of
from tests.service.delivery import Announced, Bench
from tests.unit.benchmark.histories import BETTER, FIGURES

STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")


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
        for one in (e for e in moved.explanations(change) if not e.after.release_number):  # bands are tested apart
            ends = [_plain(getattr(one, end)) if one.HasField(end) else None for end in ("before", "after")]
            parts = [(p.position, p.percentile_e4, p.quartile, p.gap_to_median_e9) for p in one.parts]
            groups = one.peer_group_before or one.peer_group, one.peer_group
            explained[one.key_figure] = (*groups, *ends, parts or None)
            _sums(*ends, parts)
        if explained:
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
                message = update_wire.updates(SCHEME, PERIOD, views[vintage], [read])[0].message()
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
    assert len({vintage_of(one) for one in told}) > 2  # of 321 histories two published 7 times, the others more often
    _read_again(history.bench, told)
    history.bench.close()
