"""Series: no cell mixes methods, any order gives the same bytes, and the default follows from the records alone."""

import io
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import alignment, cells, moves, series_snapshot, snapshot, update_wire
from services.benchmark.method_change import MethodComparison, comparison
from services.benchmark.publication import Shown, Updated
from services.benchmark.series import NONE, PeriodSeries, UnknownMethod, oldest_first
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from services.benchmark.view import View
from tests import oracle, oracle_series
from tests.unit.benchmark import histories, method_histories
from tests.unit.benchmark.histories import BETTER, FIGURES
from tests.unit.benchmark.method_histories import METHODS, NEW, NEWEST, OLD

READINGS = tuple(Reading(True, better) for better in BETTER)  # type: ignore[arg-type]
EVERY_GROUP = ("all", "type=A", "type=B", "band=1")
seeds = st.integers(0, 2**32)
quickly = settings(max_examples=12, deadline=None)


def _series(records: list[histories.Record]) -> PeriodSeries:
    made = PeriodSeries(FIGURES)
    method_histories.apply(made, records)
    return made


def _bytes(view: View) -> list[bytes]:
    updates = [Updated(cells.of_group(view, g, READINGS), ()) for g in EVERY_GROUP]
    return [one.content for one in update_wire.updates("s", "2024", view, updates)]


def _again(a: View, b: View, records: list[histories.Record]) -> View:
    """What the book reads from the ledger: `a` by the method of `b`."""
    state = PeriodState(FIGURES)
    for record in records:
        if record[0] == "observation" and record[3]["method"] == b.method_version:
            state.apply(alignment.same_revisions(method_histories.batch([record]), a))
    state.method_version = b.method_version
    return alignment.reassessed(a, alignment.aligned(state.freeze(), a))


@quickly
@given(seeds, seeds)
def test_any_order_gives_the_same_bytes_in_every_series(seed: int, other: int) -> None:
    records = method_histories.history(seed)
    straight, mixed = _series(records), PeriodSeries(FIGURES)
    for some in histories.shuffled(records, other):
        method_histories.apply(mixed, some)

    assert mixed.vintage == straight.vintage == oracle_series.vintage(records)
    assert mixed.default == straight.default == oracle_series.default(records, METHODS)
    for method in ("", *straight.methods):
        assert _bytes(mixed.freeze(method)) == _bytes(straight.freeze(method))


@quickly
@given(seeds)
def test_a_cell_is_the_oracles_for_the_records_of_one_method(seed: int) -> None:
    records = method_histories.history(seed)
    made = _series(records)
    for method in made.methods:
        mine, view = oracle_series.series(records, method), made.freeze(method)
        for group in EVERY_GROUP:
            computed = cells.of_group(view, group, READINGS)
            assert computed.expected == oracle.expected(mine, group)
            for cell in computed.cells:
                naive = oracle.cell(mine, group, cell.key_figure)
                assert (cell.units, cell.holders, cell.pooled) == tuple(
                    naive[n] for n in ("units", "holders", "pooled")
                )
                assert cell.absences == oracle.absences(mine, group, cell.key_figure)
                assert cell.quantiles.get(10) == naive["median"]


@quickly
@given(seeds)
def test_a_snapshot_holds_every_series(seed: int) -> None:
    records = method_histories.history(seed)
    cut = random.Random(seed).randrange(len(records))
    restored = series_snapshot.unpack(series_snapshot.pack(_series(records[:cut])), FIGURES)
    method_histories.apply(restored, records[cut // 2 :])
    straight = _series(records)

    assert (restored.vintage, restored.default) == (straight.vintage, straight.default)
    for method in straight.methods:
        assert _bytes(restored.freeze(method)) == _bytes(straight.freeze(method))


@quickly
@given(seeds)
def test_explanations_across_methods_are_the_oracles_and_sum_exactly(seed: int) -> None:
    rng = random.Random(seed)
    records = method_histories.history(seed)
    cut = rng.randrange(30, len(records))
    first, last = _series(records[:cut]), _series(records)
    method_a, method_b = rng.choice(first.methods), rng.choice(last.methods)
    b = last.freeze(method_b)
    a = alignment.aligned(first.freeze(method_a), b)
    again = None if method_a == method_b else _again(a, b, records)
    mine, theirs = oracle_series.series(records[:cut], method_a), oracle_series.series(records, method_b)
    for row, figure in enumerate(FIGURES):
        for group, group_after in (("all", "all"), ("type=A", "type=A"), ("type=A", "type=B")):
            compared = comparison(a, b, row, group, group_after, READINGS[row], again)
            for column, unit in enumerate(b.unit_ids):
                said = compared.explain(column)
                before, after, parts = oracle_series.explanation(
                    mine, theirs, records, method_b, group, figure, unit, BETTER[row], group_after
                )
                assert (_plain(said.before), _plain(said.after)) == (before, after)
                told = [(p.position, p.percentile_e4, p.quartile, p.gap_e9) for p in said.parts]
                assert told == (parts or [])
                if said.before and said.after:
                    assert sum(p.position for p in said.parts) == said.after.position - said.before.position
                    change = said.after.percentile_e4 - said.before.percentile_e4
                    assert sum(p.percentile_e4 for p in said.parts) == change
                    if said.before.quartile and said.after.quartile:
                        assert sum(p.quartile for p in said.parts) == said.after.quartile - said.before.quartile
                    gaps = said.before.gap_e9, said.after.gap_e9
                    if gaps[0] is not None and gaps[1] is not None and any(p.gap_e9 for p in said.parts):
                        assert sum(p.gap_e9 for p in said.parts) == gaps[1] - gaps[0]  # else too wide on the way


@quickly
@given(seeds)
def test_whoever_is_told_of_a_change_of_series_is_told_what_the_oracle_says(seed: int) -> None:
    records = method_histories.history(seed)
    cut = next(n for n, r in enumerate(records) if r[0] == "observation" and r[3]["method"] == NEW)
    first, last = _series(records[:cut]), _series(records)
    b = last.freeze(NEW)
    a = alignment.aligned(first.freeze(OLD), b)
    before, after = (Shown(view, READINGS, EVERY_GROUP) for view in (a, b))
    moved = moves.across_methods(before, after, alignment.resubmitted(a, b), READINGS, _again(a, b, records))
    said = {
        b.unit_ids[one.column]: (
            one.own_submission,
            {
                FIGURES[row]: (
                    e.group_before,
                    e.group_after,
                    _plain(e.before),
                    _plain(e.after),
                    [(p.position, p.percentile_e4, p.quartile, p.gap_e9) for p in e.parts] or None,
                )
                for row, e in one.explanations
            },
        )
        for one in moved
    }
    mine, theirs = oracle_series.series(records[:cut], OLD), oracle_series.series(records, NEW)
    assert said == oracle_series.told(mine, theirs, records, NEW, FIGURES, BETTER)


def _plain(standing: object) -> dict[str, object] | None:
    if standing is None:
        return None
    return {name: getattr(standing, name) for name in ("position", "units", "percentile_e4", "quartile", "gap_e9")}


def _twelve(method: str, shift: int = 0, names: range = range(12), revision: int = 1) -> list[histories.Record]:
    return [
        (
            "observation",
            f"u{n:02}",
            revision,
            {
                "holder": f"h{n}",
                "groups": ("all",),
                "withdrawn": False,
                "figures": dict.fromkeys(FIGURES, ((n * 7 + shift) % 40, 40)),
                "method": method,
            },
        )
        for n in names
    ]


def test_the_same_submissions_by_another_method_differ_by_the_method_alone() -> None:
    old = _twelve(OLD)
    new = _twelve(NEW, shift=13)
    first, last = _series(old), _series(old + new)
    a, b = first.freeze(), last.freeze()
    assert (a.method_version, b.method_version) == (OLD, NEW)
    compared = comparison(a, b, 0, "all", "all", READINGS[0], _again(a, b, old + new))
    assert isinstance(compared, MethodComparison)
    moved = 0
    for column in range(12):
        parts = compared.explain(column).parts
        assert [p.position for p in parts[1:]] == [0] * 5
        assert parts[0].units == 12
        moved += parts[0].position != 0
    assert moved


def test_a_newer_method_takes_over_when_it_has_every_unit_that_counts() -> None:
    made = _series(_twelve(OLD) + _twelve(NEW, names=range(11)))
    assert made.default == OLD
    assert made.vintage == 23
    method_histories.apply(made, _twelve(NEW, names=range(11, 12)))
    assert made.default == NEW
    method_histories.apply(made, _twelve(NEWEST, names=range(3)))
    assert made.default == NEW
    assert made.freeze(NEWEST).reported.sum() == 3
    gone = _twelve(NEW, names=range(3, 12), revision=2)
    method_histories.apply(made, [(k, u, n, c | {"withdrawn": True}) for k, u, n, c in gone])
    assert made.default == NEWEST  # what was withdrawn need not be assessed again


def test_methods_are_ordered_by_edition_and_numbers_not_by_digest() -> None:
    assert oldest_first(reversed(METHODS)) == list(METHODS)
    assert oldest_first(["b", "a"]) == ["a", "b"]


def test_before_anybody_has_reported_there_is_no_method() -> None:
    made = PeriodSeries(FIGURES)
    method_histories.apply(made, [("registration", "u1", 1, ("all",))])
    assert (made.default, made.vintage, made.freeze().expected("all")) == (NONE, 1, 1)
    method_histories.apply(made, _twelve(OLD, names=range(2)))
    assert (made.freeze().expected("all"), made.freeze(NONE).vintage) == (3, 3)
    with pytest.raises(UnknownMethod) as unknown:
        made.freeze(NEW)
    assert unknown.value.known == [OLD]


def test_a_batch_that_names_an_unknown_figure_leaves_no_series_behind() -> None:
    from dataclasses import replace

    made = PeriodSeries(FIGURES)
    with pytest.raises(ValueError):
        made.apply(replace(method_histories.batch(_twelve(OLD)), key_figures=("XX", *FIGURES[1:])))
    assert made.methods == []


def test_the_first_method_goes_on_with_what_was_known_of_the_registered() -> None:
    registrations = [("registration", unit, 1, ("all", "type=A")) for unit in ("a", "b")]
    record = next(r for r in method_histories.history(1) if r[0] == "observation" and not r[3]["withdrawn"])
    made = _series(registrations)
    before = made.freeze()
    method_histories.apply(made, [method_histories.by(record, OLD)])
    after = made.freeze()
    assert [*made.states] == [OLD]
    assert [*after.unit_ids] == ["a", "b", record[1]]
    assert before.expected("type=A") == 2
    assert not before.reported.any()
    assert [*before.unit_ids] == ["a", "b"]


def test_a_snapshot_of_another_format_is_not_read() -> None:
    packed = io.BytesIO()
    np.savez(packed, head=snapshot.text({"format": series_snapshot.FORMAT - 1}))
    with pytest.raises(ValueError, match="snapshot format"):
        series_snapshot.unpack(packed.getvalue(), FIGURES)


def test_a_snapshot_that_holds_the_registered_beside_the_methods_is_read() -> None:
    """As it was kept before the first method took their state over."""
    records = method_histories.history(7)
    made, straight = _series(records), _series(records)
    made.states = {NONE: _series([r for r in records if r[0] == "registration"]).states[NONE]} | made.states
    restored = series_snapshot.unpack(series_snapshot.pack(made), FIGURES)
    newer = method_histories.by(next(r for r in records if r[0] == "observation"), "m/2030#000+rules-11")
    for one in (restored, straight):
        method_histories.apply(one, [newer])
    assert (restored.default, restored.methods) == (straight.default, straight.methods)
    for method in straight.methods:
        assert _bytes(restored.freeze(method)) == _bytes(straight.freeze(method))
