"""Numbers in, numbers out; the sums are done by hand."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.benchmark import statistics
from services.benchmark.standing import Population, Reading, place, quartile
from services.benchmark.statistics import DECILE_TIER, MEDIAN, MEDIAN_TIER, P10, Q1, QUARTILE_TIER


@pytest.mark.parametrize(
    ("n", "twentieths", "kind", "lower", "upper", "part", "of"),
    [
        (6, MEDIAN, 8, 2, 3, 30, 60),  # (19*10+20)/60 = 3.5: halfway from the third to the fourth
        (11, Q1, 8, 2, 3, 10, 60),  # (34*5+20)/60 = 3 1/6
        (29, P10, 8, 3 - 1, 4 - 1, 16, 60),  # (88*2+20)/60 = 3 16/60
        (1, MEDIAN, 8, 0, 0, 0, 60),
        (5, MEDIAN, 7, 2, 3, 0, 20),  # the third of five
        (4, Q1, 7, 0, 1, 15, 20),  # 1 + 3*5/20 = 1.75
    ],
)
def test_where_a_quantile_lies(n: int, twentieths: int, kind: int, lower: int, upper: int, part: int, of: int) -> None:
    assert statistics.weights(n, twentieths, kind)[2:] == (part, of)  # type: ignore[arg-type]
    assert statistics.weights(n, twentieths, kind)[0] == lower  # type: ignore[arg-type]
    assert statistics.weights(n, twentieths, kind)[1] == min(upper, n - 1)  # type: ignore[arg-type]


@given(st.lists(st.integers(1, 10**6), min_size=1), st.sampled_from((7, 8)))
def test_where_the_quantiles_of_many_lie_is_where_each_lies(counts: list[int], kind: Literal[7, 8]) -> None:
    lower, upper, parts, of = statistics.all_weights(np.array(counts), kind)
    for row, n in enumerate(counts):
        for q, twentieths in enumerate(statistics.QUANTILES):
            found = lower[row, q], upper[row, q], parts[row, q], of
            assert found == statistics.weights(n, twentieths, kind)


def test_the_median_of_three_shares() -> None:
    assert statistics.quantile([(1, 4), (1, 2), (3, 4)], MEDIAN) == (1, 2)


def test_ratios_that_floats_cannot_tell_apart_are_told_apart() -> None:
    big = 2**52
    numerators, denominators = np.array([big + 1, big, 2 * (big // 2)]), np.array([big + 2, big + 1, big + 1])
    assert numerators[0] / denominators[0] == numerators[1] / denominators[1]

    assert statistics.codes(numerators, denominators).tolist() == [1, 0, 0]


def test_equal_ratios_of_different_pairs_share_a_code() -> None:
    assert statistics.codes(np.array([1, 2, 3, 1]), np.array([2, 4, 6, 3])).tolist() == [1, 1, 1, 0]


def test_sums_pass_64_bits() -> None:
    assert statistics.totals(np.full((1, 5000), 2**53 - 1)) == [5000 * (2**53 - 1)]
    assert statistics.totals(np.array([[-5, 3], [0, 0]])) == [-2, 0]


@pytest.mark.parametrize(
    ("tier", "units", "holders", "met"),
    [
        (MEDIAN_TIER, 6, 5, True),
        (MEDIAN_TIER, 5, 5, False),
        (MEDIAN_TIER, 6, 4, False),
        (MEDIAN_TIER, 60, 4, False),
        (QUARTILE_TIER, 11, 8, True),
        (QUARTILE_TIER, 10, 8, False),
        (QUARTILE_TIER, 11, 7, False),
        (DECILE_TIER, 29, 10, True),
        (DECILE_TIER, 28, 10, False),
        (DECILE_TIER, 29, 9, False),
    ],
)
def test_tiers(tier: statistics.Tier, units: int, holders: int, met: bool) -> None:
    assert tier.met(units, holders) is met


@pytest.mark.parametrize(
    ("better", "position", "percentile_e4", "quarter"),
    [
        ("higher", 9, 291_667, 2),  # three worse, one level of twelve: (2*3+1)/24
        ("lower", 4, 708_333, 3),  # eight worse
        ("none", 4, 291_667, 2),  # fourth lowest, not turned
    ],
)
def test_a_place(better: str, position: int, percentile_e4: int, quarter: int) -> None:
    population = Population.of(np.arange(12), [(n, 12) for n in range(12)], holders=12)

    found = place(3, population, Reading(True, better), (3, 12))  # type: ignore[arg-type]

    assert (found.position, found.percentile_e4, found.quartile) == (position, percentile_e4, quarter)
    assert found.gap_e9 == -208_333_333  # 3/12 - 5.5/12


def test_level_units_share_position_and_percentile() -> None:
    population = Population.of(np.array([0, 1, 1, 1, 2, 2]), [(0, 1), (1, 2), (1, 1)], holders=6)

    found = place(1, population, Reading(True, "higher"), (1, 2))

    assert (found.position, found.percentile_e4, found.quartile) == (3, 416_667, 0)


def test_a_figure_that_asks_for_more_units_says_neither_quartile_nor_gap() -> None:
    population = Population.of(np.arange(12), [(n, 12) for n in range(12)], holders=12)

    found = place(3, population, Reading(True, "higher", fewest=13), (3, 12))

    assert (found.position, found.quartile, found.gap_e9) == (9, 0, None)


def test_every_quarter_includes_its_lower_end() -> None:
    assert [quartile(worse, 2, 8) for worse in (0, 1, 3, 5, 6)] == [1, 2, 3, 4, 4]
