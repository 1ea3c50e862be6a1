"""Intervals of cells of random histories against the oracle, and what a figure is awaited of."""

import functools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import cells, spans, update_wire
from services.benchmark.publication import Updated
from services.benchmark.spans import Span, Spans
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from tests import oracle, oracle_intervals
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import BETTER, FIGURES

READINGS = tuple(Reading(True, better) for better in BETTER)  # type: ignore[arg-type]
GROUPS = ("all", "type=A", "band=1")
interval = functools.cache(oracle_intervals.interval)
final = functools.cache(oracle_intervals.final)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_intervals_of_cells_are_the_oracles_whatever_the_order(seed: int) -> None:
    records = histories.history(seed, length=120)
    state = PeriodState(FIGURES)
    for batch in histories.shuffled(records, seed):
        histories.apply(state, batch)
    for group in GROUPS:
        for cell in cells.of_group(state.freeze(), group, READINGS).cells:
            values = sorted(Fraction(*pair) for pair in oracle.observations(records, group, cell.key_figure).values())
            absences = oracle.absences(records, group, cell.key_figure)
            assert cell.awaited == len(values) + sum(absences[n] for n in (0, 1, 5, 6, 7))
            sure = {q: interval(len(values), Fraction(q, 20)) for q in cell.quantiles}
            assert _ends(cell.intervals) == {q: _at(values, *found[:2]) for q, found in sure.items() if found}
            assert {q: s.coverage_e4 for q, s in cell.intervals.items()} == {
                q: int(found[2] * 10_000) for q, found in sure.items() if found
            }
            ends = {q: final(len(values), cell.awaited, Fraction(q, 20)) for q in cell.quantiles}
            shown = {q: _at(values, *found) for q, found in ends.items() if found != (None, None)}
            assert _ends(cell.final) == (shown if cell.awaited > len(values) else {})


def _ends(found: Spans) -> dict[int, tuple[float | None, float | None]]:
    return {q: (span.lower, span.upper) for q, span in found.items()}


def _at(values: list[Fraction], lower: int | None, upper: int | None) -> tuple[float | None, float | None]:
    low, high = (None if rank is None else float(values[rank - 1]) for rank in (lower, upper))
    return low, high


@pytest.mark.parametrize(
    ("absences", "awaited"),
    [
        ((0,) * 9, 10),
        ((3, 0, 0, 0, 0, 0, 0, 0, 0), 13),  # absent
        ((0, 1, 0, 0, 0, 0, 2, 4, 0), 17),  # blank, held, refused
        ((0, 0, 1, 2, 3, 0, 0, 0, 4), 10),  # not required, undefined, excluded, withdrawn
    ],
)
def test_a_figure_is_awaited_of_whoever_may_still_send_it(absences: tuple[int, ...], awaited: int) -> None:
    assert spans.awaited(np.array(10), np.array(absences)) == awaited


def test_what_travels_is_what_was_computed() -> None:
    records = histories.history(8, length=140)
    state = PeriodState(FIGURES)
    histories.apply(state, records)
    view = state.freeze()
    group = cells.of_group(view, "all", READINGS)
    message = update_wire.updates("s", "2024", view, [Updated(group, ())])[0].message()
    assert list(message.awaited) == [cell.awaited for cell in group.cells]
    read = list(
        zip(
            message.interval_places,
            message.interval_lowers,
            message.interval_uppers,
            message.interval_coverages_e4,
            strict=True,
        )
    )
    assert len(read) == sum(len(cell.intervals) + len(cell.final) for cell in group.cells) > 0
    place, lower, upper, coverage = next(r for r in read if r[0] == 2)  # the first figure's median
    assert group.cells[0].intervals[10] == Span(lower, upper, coverage)
    assert place // 10 == 0
