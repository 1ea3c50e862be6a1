"""Incremental and naive agree to the byte, for any order, batching and duplication; explanations sum exactly."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import cells, snapshot, update_wire
from services.benchmark.explanation import Comparison
from services.benchmark.publication import Updated
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from services.benchmark.statistics import MEDIAN, P10, P90, Q1, Q3
from services.benchmark.view import View
from tests import oracle
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import BETTER, FIGURES

READINGS = tuple(Reading(True, better) for better in BETTER)  # type: ignore[arg-type]
EVERY_GROUP = ("all", "type=A", "type=B", "band=1")
NAMES = {"p10": P10, "q1": Q1, "median": MEDIAN, "q3": Q3, "p90": P90}
seeds = st.integers(0, 2**32)
quickly = settings(max_examples=25, deadline=None)


def _state(records: list[histories.Record]) -> PeriodState:
    state = PeriodState(FIGURES)
    histories.apply(state, records)
    return state


def _bytes(view: View) -> dict[str, bytes]:
    updated = [Updated(cells.of_group(view, g, READINGS), ()) for g in EVERY_GROUP]
    return {one.peer_group: one.content for one in update_wire.updates("s", "2024", view, updated)}


@quickly
@given(seeds, seeds)
def test_any_order_batching_and_duplication_gives_the_same_bytes(seed: int, other: int) -> None:
    records = histories.history(seed)
    straight = _state(records)
    state = PeriodState(FIGURES)
    for batch in histories.shuffled(records, other):
        histories.apply(state, batch)

    assert _bytes(state.freeze()) == _bytes(straight.freeze())
    assert state.vintage == oracle.holding(records)[2]


@quickly
@given(seeds, st.sampled_from((7, 8)))
def test_every_cell_is_the_oracles(seed: int, kind: int) -> None:
    records = histories.history(seed)
    view = _state(records).freeze()
    for group in EVERY_GROUP:
        computed = cells.of_group(view, group, READINGS, kind)  # type: ignore[arg-type]
        assert computed.reported == len(oracle.members(records, group))
        assert computed.expected == oracle.expected(records, group)
        for cell in computed.cells:
            naive = oracle.cell(records, group, cell.key_figure, kind)
            assert (cell.units, cell.holders) == (naive["units"], naive["holders"])
            assert cell.absences == oracle.absences(records, group, cell.key_figure)
            assert cell.units + sum(cell.absences) == computed.expected
            assert (cell.numerator_sum, cell.denominator_sum) == (naive["numerator_sum"], naive["denominator_sum"])
            assert cell.pooled == naive["pooled"]
            assert {n: cell.quantiles.get(q) for n, q in NAMES.items()} == {n: naive[n] for n in NAMES}


@quickly
@given(seeds)
def test_a_snapshot_taken_anywhere_goes_on_as_if_nothing_had_been(seed: int) -> None:
    records = histories.history(seed)
    cut = random.Random(seed).randrange(len(records))
    restored = snapshot.unpack(snapshot.pack(_state(records[:cut])), FIGURES)
    histories.apply(restored, records[cut // 2 :])  # the tail, and some of what the snapshot holds already

    assert _bytes(restored.freeze()) == _bytes(_state(records).freeze())
    assert restored.vintage == oracle.holding(records)[2]


@quickly
@given(seeds)
def test_explanations_are_the_oracles_and_sum_exactly(seed: int) -> None:
    records = histories.history(seed, length=110)
    cut = random.Random(seed).randrange(40, len(records))
    state = _state(records[:cut])
    a = state.freeze()
    histories.apply(state, records[cut:])
    b = state.freeze()
    explained = 0
    for row, figure in enumerate(FIGURES):
        for group, group_after in (
            ("all", "all"),
            ("type=A", "type=A"),
            ("type=A", "all"),
            ("all", "band=1"),
            ("type=A", "type=B"),
        ):
            comparison = Comparison(a, b, row, group, group_after, READINGS[row])
            for unit, column in b.index.items():
                said = comparison.explain(column)
                first, last, parts = oracle.explanation(
                    records[:cut], records, group, figure, unit, BETTER[row], group_after
                )
                assert _plain(said.before) == first
                assert _plain(said.after) == last
                mine = [(p.position, p.percentile_e4, p.quartile, p.gap_e9) for p in said.parts]
                assert mine == (parts or [])
                if said.before and said.after:
                    explained += 1
                    sums = [sum(column) for column in zip(*mine, strict=True)]
                    assert sums[0] == said.after.position - said.before.position
                    assert sums[1] == said.after.percentile_e4 - said.before.percentile_e4
                    if said.before.quartile and said.after.quartile:
                        assert sums[2] == said.after.quartile - said.before.quartile
                    if said.before.gap_e9 is not None and said.after.gap_e9 is not None:
                        on_the_way = any(
                            gap for *_, gap in mine
                        )  # else a step was too wide for 64 bits, or nothing moved
                        assert sums[3] == (said.after.gap_e9 - said.before.gap_e9 if on_the_way else 0)
    assert explained > 0


@quickly
@given(seeds)
def test_any_two_vintages_can_be_asked_also_backwards(seed: int) -> None:
    records = histories.history(seed)
    state = _state(records[:50])
    a = state.freeze()
    histories.apply(state, records[50:])
    back = Comparison(state.freeze(), a, 0, "all", "all", READINGS[0])
    for unit in a.unit_ids:
        said = back.explain(a.index[unit])
        first, last, parts = oracle.explanation(records, records[:50], "all", FIGURES[0], unit, BETTER[0])
        assert (_plain(said.before), _plain(said.after)) == (first, last)
        assert [(p.position, p.percentile_e4, p.quartile, p.gap_e9) for p in said.parts] == (parts or [])


def _plain(standing: object) -> dict[str, object] | None:
    if standing is None:
        return None
    return {name: getattr(standing, name) for name in ("position", "units", "percentile_e4", "quartile", "gap_e9")}


@pytest.mark.parametrize("until", [1, 17, 40])
def test_a_vintage_in_the_middle_of_a_batch_is_the_prefix(until: int) -> None:
    records = [r for r in histories.history(5) if r[0] == "observation"]
    state = PeriodState(FIGURES)
    state.apply(histories.batch(records), until=until)

    assert state.vintage == until
    assert _bytes(state.freeze()) == _bytes(_state(records[:until]).freeze())
