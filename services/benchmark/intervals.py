"""How sure a quantile is, as ranks of the sorted values: of what lies behind the units, and of the value when everybody has
reported. Ranks count from 1; both follow from counts alone. Kernels settle nearly all of them, and leave here what is in doubt.

Counts of units on either side of a quantile are binomial, while reporting is incomplete hypergeometric. Floats settle what is
clear by more than they can err; anything nearer is decided in whole numbers, so every answer is the exact one.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels import binomials, hypergeometrics
from services.benchmark.kernels.binomials import TRUST
from services.benchmark.kernels.chances import CLEAR, E4, EACH_SIDE, window
from services.benchmark.statistics import MEDIAN


@dataclass(frozen=True)
class Ranks:
    """An interval between two of the sorted values, the ends inside; `coverage_e4`: how often it holds what it is about, in
    1/10,000, rounded down.

    A side is None where no value lies far enough out: the interval is open there.
    """

    lower: int | None
    upper: int | None
    coverage_e4: int


def ranks(n: int, twentieths: int) -> Ranks | None:
    """Between which two of n values a quantile of what lies behind them is, with 95 % certainty; None where n is too small.

    P(x(l) < q < x(u)) = sum of C(n,k) p^k (1-p)^(n-k) over k = l … u-1. For the median the symmetric pair with the largest l;
    else the pair with the smallest u-l, of those with the highest coverage, of those the lowest l. Ties of values make it surer.
    Source: distribution-free order-statistic intervals, real-statistics.com.

    >>> ranks(6, MEDIAN), ranks(5, MEDIAN)
    (Ranks(lower=1, upper=6, coverage_e4=9687), None)
    """
    if n < 2:
        return None
    chances = _binomial(n, twentieths)
    found = _symmetric(chances) if twentieths == MEDIAN else _narrowest(chances)
    if found is None:
        return None
    lower, upper = found
    return Ranks(lower, upper, chances.share_e4(lower, upper - 1))


def final_ranks(n: int, expected: int, twentieths: int) -> Ranks | None:
    """Between which two of n reported values a quantile of all the expected will be; None where neither side is known.

    With K = ceil(p * expected), H of the reported are among the K smallest, H ~ Hypergeometric(expected, K, n):
    l = the largest r with P(H >= r) >= .975, u = the smallest r with P(H' <= r-1) >= .975 for K-1. Where all have reported it
    is x(K) itself. It takes those that have reported as any others: coverage must be read beside it.

    >>> final_ranks(100, 100, MEDIAN)
    Ranks(lower=50, upper=50, coverage_e4=10000)
    """
    k = -(-twentieths * expected // 20)
    at_k, before_k = _hypergeometric(expected, k, n), _hypergeometric(expected, k - 1, n)
    lower = at_k.largest_start(EACH_SIDE)
    upper = before_k.smallest_end(EACH_SIDE) + 1
    left, right = (lower if lower >= 1 else None), (upper if upper <= n else None)
    if left is None and right is None:
        return None
    # Outside with what is left of each side: at_k counts fewer than l, before_k counts u or more.
    missed = [at_k.outside_e4(left, n) if left else 0, before_k.outside_e4(0, right - 1) if right else 0]
    return Ranks(left, right, E4 - sum(missed))


@dataclass(frozen=True)
class _Chances:
    """How likely each count from `lowest` to `highest` is.

    `sums` add them up as floats from the count `first` on, and leave out less than 2^-40 on either side;
    `weight` says each as a whole number, of `total`.
    """

    lowest: int
    highest: int
    first: int
    sums: NDArray[np.float64]
    weight: Callable[[int], int]
    total: Callable[[], int]
    spread: float  # standard deviation, or somewhat more

    def near(self, first: int, last: int) -> float:
        """P(first <= count <= last), nearly."""
        end = len(self.sums) - 1
        below, up_to = (min(max(count - self.first, 0), end) for count in (first, last + 1))
        return float(self.sums[up_to]) - float(self.sums[below]) if last >= first else 0.0

    def exact(self, first: int, last: int) -> int:
        """The same as a whole number, of `total`. Takes the shorter way round."""
        first, last = max(first, self.lowest), min(last, self.highest)
        if 2 * (last - first + 1) <= self.highest - self.lowest + 1:
            return sum(map(self.weight, range(first, last + 1)))
        before, after = range(self.lowest, first), range(last + 1, self.highest + 1)
        return self.total() - sum(map(self.weight, before)) - sum(map(self.weight, after))

    def reaches(self, first: int, last: int, share: tuple[int, int]) -> bool:
        """Whether P(first <= count <= last) is at least a share."""
        beyond = self.near(first, last) - share[0] / share[1]
        if abs(beyond) > CLEAR:
            return beyond > 0
        return share[1] * self.exact(first, last) >= share[0] * self.total()

    def share_e4(self, first: int, last: int) -> int:
        """P(first <= count <= last) in 1/10,000, rounded down."""
        near = self.near(first, last) * E4
        if abs(near - round(near)) > CLEAR * E4:
            return int(near)
        return E4 * self.exact(first, last) // self.total()

    def outside_e4(self, first: int, last: int) -> int:
        """P(count < first or count > last) in 1/10,000, rounded up."""
        return E4 - self.share_e4(first, last)

    def largest_start(self, share: tuple[int, int]) -> int:
        """The largest r with P(count >= r) at least a share."""
        start = int(np.searchsorted(self.sums, 1 - share[0] / share[1] + CLEAR, side="right")) - 1 + self.first
        while not self.reaches(start, self.highest, share):
            start -= 1
        return start

    def smallest_end(self, share: tuple[int, int]) -> int:
        """The smallest r with P(count <= r) at least a share."""
        end = int(np.searchsorted(self.sums, share[0] / share[1] - CLEAR)) - 1 + self.first
        while not self.reaches(self.lowest, end, share):
            end += 1
        return end


def _binomial(n: int, twentieths: int) -> _Chances:
    p, q = twentieths, 20 - twentieths
    first, mode, last = window(0, n, n * p // 20, n * p * q / 400)
    sums = np.empty(last - first + 2)
    binomials.add_up(n, p, first, mode, sums)
    spread = math.sqrt(n * p * q) / 20
    return _Chances(0, n, first, sums, lambda k: comb(n, k) * p**k * q ** (n - k), lambda: 20**n, spread)


def _hypergeometric(population: int, marked: int, drawn: int) -> _Chances:
    """How many of the marked are drawn."""
    others = population - marked
    first, mode, last = hypergeometrics.span(population, marked, drawn)
    sums = np.empty(last - first + 2)
    hypergeometrics.add_up(population, marked, drawn, first, mode, sums)
    return _Chances(
        max(0, drawn - others),
        min(marked, drawn),
        first,
        sums,
        lambda h: comb(marked, h) * comb(others, drawn - h),
        lambda: comb(population, drawn),
        math.sqrt(drawn * marked * others) / population,
    )


def _symmetric(chances: _Chances) -> tuple[int, int] | None:
    """As likely on either side: the pair covers enough where each side leaves out no more than half of the rest."""
    lower = chances.largest_start(EACH_SIDE)
    return (lower, chances.highest + 1 - lower) if lower >= 1 else None


def _narrowest(chances: _Chances) -> tuple[int, int] | None:
    n = chances.highest
    if not chances.reaches(1, n - 1, TRUST):
        return None
    least, width = 1, n - 1  # so many counts: a width that certainly covers too little comes before `least`
    guesses = [int(3.8 * chances.spread) - 3, int(4.1 * chances.spread) + 3]  # 3.92 of a normal distribution
    while least < width:
        middle = guesses.pop() if guesses else (least + width) // 2
        if not least <= middle < width:
            continue
        if _covers(chances, middle):
            width = middle
        else:
            least = middle + 1
    start = _likeliest(chances, width)
    return start, start + width


def _windows(chances: _Chances, width: int) -> tuple[int, NDArray[np.float64]]:
    """How likely so many neighbouring counts of 1 … n-1 are, nearly, by the first of them; and the first of all.

    Only those within what is added up: the likeliest are among them.
    """
    start = max(1, chances.first)
    a, b = (
        start - chances.first,
        min(chances.highest - width, chances.first + len(chances.sums) - 1 - width) - chances.first,
    )
    covered: NDArray[np.float64] = chances.sums[a + width : b + width + 1] - chances.sums[a : b + 1]
    return start, covered


def _covers(chances: _Chances, width: int) -> bool:
    """Whether some so many neighbouring counts cover enough."""
    if width >= len(chances.sums) - 1 - max(1 - chances.first, 0):
        return True  # all there is that counts, and it is known to be enough
    best = float(_windows(chances, width)[1].max()) - TRUST[0] / TRUST[1]
    if abs(best) > CLEAR:
        return best > 0
    start = _likeliest(chances, width)
    return chances.reaches(start, start + width - 1, TRUST)


def _likeliest(chances: _Chances, width: int) -> int:
    """Where so many neighbouring counts are likeliest, the first of them; of equal ones the lowest."""
    first, covered = _windows(chances, width)
    best, *others = (np.flatnonzero(covered >= covered.max() - CLEAR) + first).tolist()
    for other in others:
        apart = min(other - best, width)  # counts that only one of the two has
        if chances.exact(other + width - apart, other + width - 1) > chances.exact(best, best + apart - 1):
            best = other
    return int(best)
