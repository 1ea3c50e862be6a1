"""Where a unit stands in a cell. Pure counts of whole numbers: nothing here can round twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark import statistics
from services.benchmark.statistics import MEDIAN, MEDIAN_TIER, QUARTILE_TIER, Pair

Better = Literal["higher", "lower", "none"]
E4, E9 = 10**4, 10**9


@dataclass(frozen=True)
class Standing:
    """A unit's place.

    position        1 = best (lowest where the figure has no better); units that are level share it
    mid_rank        twice the units worse plus the units level, the unit itself among them
    percentile_e4   100 * mid_rank / (2 * units): mid rank 0-100 in 1/10,000; higher reads as better
    quartile        1-4, 4 = the best quarter; 0 below its tier
    gap_e9          value minus median in 1/1,000,000,000 of the ratio; None below the median's tier
    """

    position: int
    units: int
    mid_rank: int
    percentile_e4: int
    quartile: int
    gap_e9: int | None
    own: Pair


@dataclass(frozen=True)
class Population:
    """The ratios of a cell as sorted codes, with the pairs the codes stand for and how many holders there are."""

    ordered: NDArray[np.int64]
    pairs: Sequence[Pair]  # code -> a pair of that ratio
    holders: int

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.ordered)

    def median(self) -> Pair:
        """The type 8 median as an exact fraction."""
        lower, upper, part, of = statistics.weights(self.size, MEDIAN, 8)
        return statistics.between(self.pairs[self.ordered[lower]], self.pairs[self.ordered[upper]], part, of)

    def replaced(self, old: int, new: int) -> "Population":
        """The same cell with one ratio exchanged for another."""
        without = np.delete(self.ordered, np.searchsorted(self.ordered, old))
        return Population(np.insert(without, np.searchsorted(without, new), new), self.pairs, self.holders)


def place(code: int, population: Population, better: Better, own: Pair, *, between: bool = False) -> Standing:
    """Place a unit among a population that it belongs to. `code` is its ratio's.

    Tiers withhold quartile and gap, except `between` the ends of an explanation, where nobody is shown the standing.
    """
    below = int(np.searchsorted(population.ordered, code, side="left"))
    level = int(np.searchsorted(population.ordered, code, side="right")) - below
    above = population.size - below - level
    worse, ahead = (above, below) if better == "lower" else (below, above)
    if better == "none":
        ahead = below
    size = population.size
    gap = None
    if between or MEDIAN_TIER.met(size, population.holders):
        n, d = population.median()
        gap = statistics.rounded((own[0] * d - n * own[1]) * E9, own[1] * d)
    return Standing(
        position=1 + ahead,
        units=size,
        mid_rank=2 * worse + level,
        percentile_e4=statistics.rounded(100 * E4 * (2 * worse + level), 2 * size),
        quartile=quartile(worse, level, size) if between or QUARTILE_TIER.met(size, population.holders) else 0,
        gap_e9=gap,
        own=own,
    )


def quartile(worse: int, level: int, size: int) -> int:
    """The quarter a mid rank falls in, 4 the best; each quarter includes its lower end.

    >>> [quartile(worse, 1, 4) for worse in range(4)]
    [1, 2, 3, 4]
    """
    return min(4, 1 + 4 * (2 * worse + level) // (2 * size))


def quartiles(codes: NDArray[np.int64], ordered: NDArray[np.int64], better: Better) -> NDArray[np.int64]:
    """The quarters of many units of one population at once, by the same rule."""
    below = np.searchsorted(ordered, codes, side="left")
    up_to = np.searchsorted(ordered, codes, side="right")
    worse = len(ordered) - up_to if better == "lower" else below
    level = up_to - below
    result: NDArray[np.int64] = np.minimum(4, 1 + 4 * (2 * worse + level) // (2 * len(ordered)))
    return result
