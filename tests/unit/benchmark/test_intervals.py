"""Intervals by rank: against fractions and brute force, and against numbers that others have published."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.benchmark import interval_ranks, intervals
from services.benchmark.cell_table import NOT_THERE, Q
from services.benchmark.intervals import Ranks
from services.benchmark.kernels import binomials, hypergeometrics
from services.benchmark.statistics import MEDIAN, P10, P90, Q1, Q3, QUANTILES, Whole
from tests import oracle_intervals as oracle

quantiles = st.sampled_from(QUANTILES)


@pytest.mark.parametrize(("twentieths", "fewest"), [(MEDIAN, 6), (Q1, 11), (Q3, 11), (P10, 29), (P90, 29)])
def test_the_smallest_number_that_has_an_interval_is_its_tier(twentieths: int, fewest: int) -> None:
    assert [n for n in range(60) if intervals.ranks(n, twentieths)] == list(range(fewest, 60))


@pytest.mark.parametrize("n", [*range(1, 16), 29, 32])
def test_every_interval_is_what_trying_every_pair_finds(n: int) -> None:
    for twentieths in QUANTILES:
        naive = oracle.interval(n, Fraction(twentieths, 20))
        found = intervals.ranks(n, twentieths)
        if naive is None:
            assert found is None
        else:
            lower, upper, covered = naive
            assert found == Ranks(lower, upper, int(covered * 10_000))


@settings(max_examples=6, deadline=None)
@given(st.integers(200, 1500), quantiles)
def test_intervals_of_many_values_cover_enough_and_none_shorter_does(n: int, twentieths: int) -> None:
    found = intervals.ranks(n, twentieths)
    assert found
    assert found.lower
    assert found.upper
    p = Fraction(twentieths, 20)
    covered = oracle.coverage(n, p, found.lower, found.upper)
    assert (covered >= Fraction(95, 100), found.coverage_e4) == (True, int(covered * 10_000))
    if twentieths == MEDIAN:
        assert oracle.coverage(n, p, found.lower + 1, found.upper - 1) < Fraction(95, 100)
    else:
        for lower in range(found.lower - 2, found.lower + 3):
            assert oracle.coverage(n, p, lower, lower + found.upper - found.lower - 1) < Fraction(95, 100)


def test_the_published_interval_of_a_median_of_ten() -> None:
    assert intervals.ranks(10, MEDIAN) == Ranks(2, 9, 9785)  # 1 - 2 * (1 + 10) / 1024


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(0, 40), quantiles)
@example(n=1, more=39, twentieths=MEDIAN)
@example(n=20, more=20, twentieths=Q1)
def test_the_interval_of_the_final_value_is_the_naive_one(n: int, more: int, twentieths: int) -> None:
    found = intervals.final_ranks(n, n + more, twentieths)
    lower, upper = oracle.final(n, n + more, Fraction(twentieths, 20))
    assert (found.lower if found else None, found.upper if found else None) == (lower, upper)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 400), st.integers(0, 900)), min_size=1, max_size=30))
@example([(2, 38), (20, 20), (7, 0), (39, 1), (3000, 4000)])
@example([(n, more) for n in range(2, 42) for more in range(40)])
def test_intervals_of_many_cells_at_once_are_what_each_is_alone(asked: list[tuple[int, int]]) -> None:
    interval_ranks.forget()
    units, awaited = np.array([(n, n + more) for n, more in asked]).T.copy()
    for _ in range(2):  # worked out, and known
        behind, final = interval_ranks.behind(units), interval_ranks.final(units, awaited)
        for row, (n, more) in enumerate(asked):
            for place, twentieths in enumerate(QUANTILES):
                assert _from_1(behind[row, :, place]) == intervals.ranks(n, twentieths)
                assert _from_1(final[row, :, place]) == intervals.final_ranks(n, n + more, twentieths)


def _from_1(found: Whole) -> Ranks | None:
    lower, upper = (None if rank == NOT_THERE else int(rank) + 1 for rank in found[:2])
    return None if found[2] == NOT_THERE else Ranks(lower, upper, int(found[2]))


@settings(max_examples=100, deadline=None)
@given(st.integers(11, 9000))
@example(11)
def test_what_a_kernel_finds_clear_is_what_the_search_in_doubt_finds(n: int) -> None:
    ranks, doubtful = np.empty((1, 3, Q), dtype=np.int64), np.empty((1, Q), dtype=np.bool_)
    binomials.intervals(np.array([n]), ranks, doubtful)
    for place in np.flatnonzero(~doubtful[0]).tolist():
        assert _from_1(ranks[0, :, place]) == intervals.ranks(n, QUANTILES[place])


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3000), st.integers(0, 6000), quantiles)
def test_the_final_value_with_one_less_marked_follows_from_the_same_chances(n: int, more: int, twentieths: int) -> None:
    """hypergeometrics reads both ends of an interval off one distribution; intervals adds up two."""
    ranks, doubtful = np.empty((1, 3, Q), dtype=np.int64), np.empty((1, Q), dtype=np.bool_)
    hypergeometrics.intervals(np.array([n]), np.array([n + more]), ranks, doubtful)
    place = QUANTILES.index(twentieths)
    if not doubtful[0, place]:
        assert _from_1(ranks[0, :, place]) == intervals.final_ranks(n, n + more, twentieths)


def test_an_interval_on_the_very_edge_is_left_to_whole_numbers() -> None:
    # Two of sixteen reported: not both are among the three smallest with 1 - 3 * 2 / (16 * 15) = 39/40, which is enough.
    ranks, doubtful = np.empty((1, 3, Q), dtype=np.int64), np.empty((1, Q), dtype=np.bool_)
    hypergeometrics.intervals(np.array([2]), np.array([16]), ranks, doubtful)
    assert doubtful[0].tolist() == [False, True, False, False, False]
    found = interval_ranks.final(np.array([2]), np.array([16]))
    assert _from_1(found[0, :, 1]) == intervals.final_ranks(2, 16, Q1) == Ranks(None, 2, 9750)


def test_a_probability_on_the_very_edge_is_decided_in_whole_numbers() -> None:
    # One of forty reported: that it is among the 39 smallest is exactly 39/40, which is enough.
    assert intervals._hypergeometric(40, 39, 1).reaches(1, 1, (39, 40))
    assert not intervals._hypergeometric(40, 38, 1).reaches(1, 1, (39, 40))


def test_what_floats_cannot_tell_is_in_doubt() -> None:
    even = np.arange(21) / 20
    assert binomials.narrowest(even, 0, 20, 0.5, 2.0**-30) == (-1, 0)  # ten reach it, if rounding allows
    assert binomials.narrowest(even, 0, 20, 0.52, 2.0**-30) == (-1, 0)  # eleven do, wherever they begin
    assert binomials.narrowest(np.append(even[:-1], 1.01), 0, 20, 0.52, 2.0**-30) == (9, 11)


@given(st.integers(1, 300), quantiles)
def test_where_everybody_has_reported_it_is_the_value_itself(n: int, twentieths: int) -> None:
    k = -(-twentieths * n // 20)
    assert intervals.final_ranks(n, n, twentieths) == Ranks(k, k, 10_000)


def test_an_open_side_where_no_value_lies_far_enough_out() -> None:
    assert intervals.final_ranks(1, 100, MEDIAN) is None
    assert intervals.final_ranks(10, 100, P10) == Ranks(None, 4, 9947)
    too_many = sum(oracle.chance(100, 9, 10, h) for h in range(4, 10))  # four of the nine smallest among ten
    assert 0.0052 < too_many < 0.0053


@pytest.mark.parametrize(("reported", "width"), [(25, 0.31), (50, 0.17), (75, 0.10), (90, 0.06)])
def test_the_final_median_of_a_hundred_is_held_and_as_narrow_as_was_measured(reported: int, width: float) -> None:
    """Widths relative to the median for costs whose logarithm is normal with a coefficient of variation of 0.35."""
    rng = random.Random(reported)
    ranks = intervals.final_ranks(reported, 100, MEDIAN)
    assert ranks
    assert ranks.lower
    assert ranks.upper
    held, widths = 0, []
    for _ in range(400):
        everybody = [rng.lognormvariate(0, 0.34) for _ in range(100)]
        known, final = sorted(everybody[:reported]), sorted(everybody)[49]
        low, high = known[ranks.lower - 1], known[ranks.upper - 1]
        held += low <= final <= high
        widths.append((high - low) / final)
    assert held >= 0.95 * 400
    assert sum(widths) / 400 == pytest.approx(width, abs=0.035)
