"""What a kernel reads of a group in order, against fractions: the largest figures there are, and those next to where doubles end."""

from fractions import Fraction
from typing import Literal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import cells, ordering, statistics
from services.benchmark.batch import Batch
from services.benchmark.kernels import statistics as kernel
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from services.benchmark.statistics import QUANTILES, TIER_OF

FIGURES = ("rent", "heat")
READINGS = (Reading(True, "higher"), Reading(True, "lower", mean_meaningful=False))
LARGEST = 2**53 - 1
Pair = tuple[int, int]

near = st.one_of(
    *(st.integers(2**power - 3, min(LARGEST, 2**power + 3)) for power in (20, 23, 25, 26, 46, 47, 51, 52, 53))
)
above = st.one_of(st.integers(-3, 3), st.integers(-LARGEST, LARGEST), near, near.map(int.__neg__))
below = st.one_of(st.integers(1, 3), st.integers(1, LARGEST), near)
figure = st.one_of(st.none(), st.tuples(above, below), st.tuples(above, below))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(figure, figure), max_size=12),
    st.lists(st.tuples(figure, figure), min_size=1, max_size=4),
    st.integers(1, 11),
    st.sampled_from((7, 8)),
)
def test_what_is_read_is_the_nearest_float(
    drawn: list[tuple[Pair | None, Pair | None]],
    again: list[tuple[Pair | None, Pair | None]],
    times: int,
    quantile_type: Literal[7, 8],
) -> None:
    sent = drawn + again * times
    view = _state(sent).freeze()
    found = cells.of_group(view, "all", READINGS, quantile_type)
    for row, cell in enumerate(found.cells):
        pairs = [unit[row] for unit in sent]
        has = sorted((pair for pair in pairs if pair is not None), key=lambda pair: Fraction(*pair))
        assert (cell.units, cell.holders) == (len(has), len(has))
        assert sum(cell.absences) == len(sent) - len(has)
        if len(has) < 6:
            assert (cell.pooled, cell.numerator_sum, cell.quantiles) == (None, None, {})
            continue
        n, d = (sum(some) for some in zip(*has, strict=True))
        assert (cell.numerator_sum, cell.denominator_sum) == (n, d)
        assert cell.pooled == (n / d if READINGS[row].mean_meaningful else None)
        shown = [p for p in QUANTILES if TIER_OF[p].met(len(has), len(has))]
        exact = {p: Fraction(*statistics.quantile(has, p, quantile_type)) for p in shown}
        assert cell.quantiles == {p: value.numerator / value.denominator for p, value in exact.items()}
        ends = {end for span in cell.intervals.values() for end in (span.lower, span.upper)} - {None}
        assert ends <= {n / d for n, d in has}


def test_sums_beyond_64_bits_are_left_to_whole_numbers() -> None:
    largest = _state([((LARGEST, LARGEST), (-LARGEST, LARGEST))] * 5000).freeze()
    [members] = ordering.of(largest, ["all"])
    assert members.total(0) == (5000 * LARGEST, 5000 * LARGEST)
    first, second = cells.of_group(largest, "all", READINGS).cells
    assert (first.numerator_sum, second.numerator_sum) == (5000 * LARGEST, -5000 * LARGEST)
    assert (first.pooled, second.pooled) == (1.0, None)
    assert kernel.EXACT == 2**52


def _state(sent: list[tuple[Pair | None, Pair | None]]) -> PeriodState:
    """One unit of one holder each; nothing where there is no figure."""
    shape, units = (len(FIGURES), len(sent)), [f"u{n}" for n in range(len(sent))]

    def matrix(part: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        return np.array([[pair[part] if pair else 0 for pair in unit] for unit in sent], np.int64).reshape(-1, 2).T

    state = PeriodState(FIGURES)
    state.apply(
        Batch(
            method_version="test",
            key_figures=FIGURES,
            unit_ids=units,
            organisations=units,
            holders=units,
            groups=[("all",)] * len(units),
            revisions=[1] * len(units),
            withdrawn=[False] * len(units),
            numerators=matrix(0).reshape(shape),
            denominators=matrix(1).reshape(shape),
            absences=np.array([[0 if pair else 4 for pair in unit] for unit in sent], np.uint8).reshape(-1, 2).T,
        )
    )
    return state
