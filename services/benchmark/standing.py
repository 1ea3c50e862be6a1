"""Where a unit stands in a cell. Pure counts of whole numbers: nothing here can round twice."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark import statistics
from services.benchmark.statistics import MEDIAN, MEDIAN_TIER, QUARTILE_TIER, Pair, Tier
from services.catalogue.numerals import rounded

Better = Literal["higher", "lower", "none"]
E4, E9 = 10**4, 10**9
WIDEST_GAP = 2**62  # so that a gap, and the difference of two, fits 64 bits


@dataclass(frozen=True)
class Standing:
    """A unit's place.

    position        1 = best (lowest where the figure has no better); units that are level share it
    mid_rank        twice the units worse plus the units level, the unit itself among them
    percentile_e4   100 * mid_rank / (2 * units): mid rank 0-100 in 1/10,000; higher reads as better
    quartile        1-4, 4 = the best quarter; 0 below its tier
    gap_e9          value minus median in 1/1,000,000,000 of the ratio; None below the median's tier, and where it is too wide
                    for 64 bits, which takes ratios above 4.6 * 10^9
    median          of the cell, exactly; None below its tier
    """

    position: int
    units: int
    mid_rank: int
    percentile_e4: int
    quartile: int
    gap_e9: int | None
    own: Pair
    median: Pair | None = None


class Reading(NamedTuple):
    """How one key figure is read, as its catalogue says.

    public          it may be shown without a release
    better          which way reads as better
    fewest          units it needs before any statistic is shown, whatever the tiers allow
    mean_meaningful whether a typical krone, the ratio of the sums, says anything
    """

    public: bool
    better: Better
    fewest: int = 0
    mean_meaningful: bool = True

    def meets(self, tier: Tier, units: int, holders: int) -> bool:
        """Whether a cell is large enough for a statistic of this figure."""
        return units >= self.fewest and tier.met(units, holders)


Readings = tuple[Reading, ...]  # one per key figure, in catalogue order


@dataclass(frozen=True, eq=False)
class ReadingColumns:
    """Readings side by side, F of them, all (F,)."""

    public: NDArray[np.bool_]
    fewest: NDArray[np.int64]
    mean_meaningful: NDArray[np.bool_]
    lower: NDArray[np.bool_]  # whether a lower ratio reads as better

    def met(self, tier: Tier, units: NDArray[np.int64], holders: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether cells are public and large enough for a statistic, (..., F)."""
        enough: NDArray[np.bool_] = (units >= np.maximum(self.fewest, tier.units)) & (holders >= tier.holders)
        return enough & self.public


@functools.lru_cache(maxsize=64)
def readings_of(readings: Readings) -> ReadingColumns:
    """Readings side by side."""
    return ReadingColumns(
        np.array([r.public for r in readings], dtype=np.bool_),
        np.array([r.fewest for r in readings], dtype=np.int64),
        np.array([r.mean_meaningful for r in readings], dtype=np.bool_),
        np.array([r.better == "lower" for r in readings], dtype=np.bool_),
    )


@dataclass(frozen=True)
class Population:
    """The ratios of a cell, counted: how many have each code or a smaller one.

    up_to     (K,) running counts, K codes; pairs: code -> a pair of that ratio; holders: how many there are
    """

    up_to: NDArray[np.int64]
    pairs: Sequence[Pair]
    holders: int

    @classmethod
    def of(cls, codes: NDArray[np.int64], pairs: Sequence[Pair], holders: int) -> "Population":
        """Count codes."""
        return cls(np.cumsum(np.bincount(codes, minlength=len(pairs))), pairs, holders)

    @property
    def size(self) -> int:
        """How many units."""
        return int(self.up_to[-1]) if len(self.up_to) else 0

    @functools.cached_property
    def median(self) -> Pair:
        """The type 8 median as an exact fraction."""
        lower, upper, part, of = statistics.weights(self.size, MEDIAN, 8)
        low, high = np.searchsorted(self.up_to, [lower, upper], side="right").tolist()
        return statistics.between(self.pairs[low], self.pairs[high], part, of)

    def replaced(self, old: int, new: int) -> "Population":
        """The same cell with one ratio exchanged for another."""
        up_to = self.up_to.copy()
        up_to[old:] -= 1
        up_to[new:] += 1
        return Population(up_to, self.pairs, self.holders)


def place(code: int, population: Population, reading: Reading, own: Pair, *, between: bool = False) -> Standing:
    """Place a unit among a population that it belongs to. `code` is its ratio's.

    Tiers withhold quartile and gap, except `between` the ends of an explanation, where nobody is shown the standing.
    """
    below = int(population.up_to[code - 1]) if code else 0
    level = int(population.up_to[code]) - below
    above = population.size - below - level
    worse, ahead = (above, below) if reading.better == "lower" else (below, above)
    if reading.better == "none":
        ahead = below
    size = population.size
    gap = median = None
    if between or reading.meets(MEDIAN_TIER, size, population.holders):
        median = n, d = population.median
        exact = rounded((own[0] * d - n * own[1]) * E9, own[1] * d)
        gap = exact if abs(exact) < WIDEST_GAP else None
    return Standing(
        position=1 + ahead,
        units=size,
        mid_rank=2 * worse + level,
        percentile_e4=rounded(100 * E4 * (2 * worse + level), 2 * size),
        quartile=quartile(worse, level, size)
        if between or reading.meets(QUARTILE_TIER, size, population.holders)
        else 0,
        gap_e9=gap,
        own=own,
        median=median,
    )


def quartile(worse: int, level: int, size: int) -> int:
    """The quarter a mid rank falls in, 4 the best; each quarter includes its lower end.

    >>> [quartile(worse, 1, 4) for worse in range(4)]
    [1, 2, 3, 4]
    """
    return min(4, 1 + 4 * (2 * worse + level) // (2 * size))
