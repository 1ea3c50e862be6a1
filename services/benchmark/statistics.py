"""Statistics of a cell, exact: ratios are compared as ratios, sums are whole numbers, each result is rounded once.

Quantiles are Hyndman and Fan's type 8 (median-unbiased), type 7 (Excel, NumPy's default) as the other view. Tiers follow
from the smallest number of units for which a two-sided 95 % order-statistic interval exists: median 6, quartiles 11, deciles 29.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Number = TypeVar("Number", int, Whole)
Pair = tuple[int, int]  # numerator, denominator
VERSION = "1"  # of statistics and explanation order: a change that can change a number gets the next one
P10, Q1, MEDIAN, Q3, P90 = 2, 5, 10, 15, 18  # twentieths
QUANTILES = (P10, Q1, MEDIAN, Q3, P90)


@dataclass(frozen=True)
class Tier:
    """How many units and holders a statistic needs before it is shown."""

    units: int
    holders: int

    def met(self, units: int, holders: int) -> bool:
        """Whether a cell is large enough."""
        return units >= self.units and holders >= self.holders


MEDIAN_TIER, QUARTILE_TIER, DECILE_TIER = Tier(6, 5), Tier(11, 8), Tier(29, 10)
TIER_OF = {P10: DECILE_TIER, Q1: QUARTILE_TIER, MEDIAN: MEDIAN_TIER, Q3: QUARTILE_TIER, P90: DECILE_TIER}


def order(
    ratios: NDArray[np.float64], numerators: Whole, denominators: Whole
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Sort each row by exact ratio: the order, and in that order whether each ratio is larger than the one before it.

    Shapes F x n. `ratios` are N/D rounded once, so a smaller ratio never has a larger float, and only ratios with equal floats
    need a second look; infinite, with 0 and 0, where there is none. Denominators positive, magnitudes below 2^53. The first of
    a row counts as larger.
    """
    by_ratio = np.argsort(ratios, axis=1)
    rising, doubtful = _rising(ratios, numerators, denominators, by_ratio)
    for row in np.flatnonzero(doubtful):
        pairs = list(zip(ratios[row].tolist(), numerators[row].tolist(), denominators[row].tolist(), strict=True))
        exact = sorted(range(len(pairs)), key=lambda k: (pairs[k][0], _Ratio(pairs[k][1:])))
        by_ratio[row] = exact
    if doubtful.any():
        rising, _ = _rising(ratios, numerators, denominators, by_ratio)
    return by_ratio, rising


def codes(numerators: Whole, denominators: Whole) -> NDArray[np.int64]:
    """Ratios by their order: equal codes for equal ratios, a smaller code for a smaller ratio. Exact.

    Shapes (n,) and (n,), denominators positive, all magnitudes below 2^53.
    """
    by_ratio, rising = order((numerators / denominators)[None], numerators[None], denominators[None])
    result = np.empty(len(numerators), dtype=np.int64)
    result[by_ratio[0]] = np.cumsum(rising[0]) - 1
    return result


def _rising(
    ratios: NDArray[np.float64], numerators: Whole, denominators: Whole, by_ratio: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each ratio is another one than that before it, F x n; and rows in which equal floats hide different ratios.

    The cross products of ratios with equal floats differ by less than 2^55, so what is left of them in 64 bits tells.
    """
    places = flat(by_ratio, ratios.shape[1])
    r, n, d = (values.take(places) for values in (ratios, numerators, denominators))
    rising = np.ones(r.shape, dtype=np.bool_)
    rising[:, 1:] = r[:, 1:] > r[:, :-1]
    hidden = ~rising[:, 1:] & (n[:, 1:] * d[:, :-1] != n[:, :-1] * d[:, 1:])
    rising[:, 1:] |= hidden
    return rising, hidden.any(axis=1)


class _Ratio:
    """Orders pairs by their exact ratio. Denominators are positive."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, pair: Pair) -> None:
        self.numerator, self.denominator = pair

    def __lt__(self, other: "_Ratio") -> bool:
        return self.numerator * other.denominator < other.numerator * self.denominator


def flat(places: NDArray[Any], width: int) -> NDArray[np.int64]:
    """Places in rows of a matrix, R x k, as places in all of it, laid out row by row: what `take` and `put` are quickest with."""
    found: NDArray[np.int64] = places + width * np.arange(len(places))[:, None]
    return found


def totals(values: Whole) -> list[int]:
    """Exact sums of the rows, however large: high and low halves are summed apart. Shape F x n."""
    high, low = (values >> 26).sum(axis=1), (values & (2**26 - 1)).sum(axis=1)
    return [(upper << 26) + lower for upper, lower in zip(high.tolist(), low.tolist(), strict=True)]


@functools.lru_cache(maxsize=1 << 16)
def weights(n: int, twentieths: int, quantile_type: Literal[7, 8]) -> tuple[int, int, int, int]:
    """Which two of n sorted values a quantile lies between, and how: (lower, upper, parts of upper, of how many).

    Ranks count from 0. Type 8: t = (3n+1)c + 20, j = t div 60, g = (t mod 60)/60; type 7: t = (n-1)c, j = 1 + t div 20.

    >>> weights(6, MEDIAN, 8)
    (2, 3, 30, 60)
    """
    j, part, of = _place(n, twentieths, quantile_type)
    return min(max(j, 1), n) - 1, min(max(j + 1, 1), n) - 1, part, of


def all_weights(n: Whole, quantile_type: Literal[7, 8]) -> tuple[Whole, Whole, Whole, int]:
    """The weights of every quantile of R counts of values: lower, upper and parts are R x Q."""
    j, parts, of = _place(n[:, None], np.array(QUANTILES), quantile_type)
    lower, upper = (np.clip(rank, 1, n[:, None]) - 1 for rank in (j, j + 1))
    return lower, upper, parts, of


def _place(n: Number, twentieths: Number, quantile_type: Literal[7, 8]) -> tuple[Number, Number, int]:
    """How many values lie below a quantile, and how far it is on the way to the next, in parts of how many."""
    t, of = ((3 * n + 1) * twentieths + 20, 60) if quantile_type == 8 else ((n - 1) * twentieths + 20, 20)
    return t // of, t % of, of


def quantile(ordered: Sequence[Pair], twentieths: int, quantile_type: Literal[7, 8] = 8) -> Pair:
    """A quantile of sorted ratios as an exact fraction (numerator, denominator), not reduced."""
    lower, upper, part, of = weights(len(ordered), twentieths, quantile_type)
    return between(ordered[lower], ordered[upper], part, of)


def between(lower: Pair, upper: Pair, part: int, of: int) -> Pair:
    """The point `part/of` of the way from one ratio to another, exactly.

    >>> between((1, 2), (3, 4), 30, 60)
    (300, 480)
    """
    (n1, d1), (n2, d2) = lower, upper
    if part == 0 or lower == upper:
        return lower
    return n1 * d2 * (of - part) + n2 * d1 * part, d1 * d2 * of
