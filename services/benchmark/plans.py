"""At which ranks the statistics of a cell are read: a function of counts alone, worked out once for all cells of equal counts."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark import final_ranks, intervals, statistics
from services.benchmark.intervals import Ranks
from services.benchmark.ordering import Sorted
from services.benchmark.spans import Span, Spans


class Between(NamedTuple):
    """A quantile: places in the plan's ranks, and `part/of` of the way from one to the other."""

    twentieths: int
    low: int
    high: int
    part: int
    of: int


class Ends(NamedTuple):
    """An interval: places of its ends in the plan's ranks; None: open."""

    twentieths: int
    lower: int | None
    upper: int | None
    coverage_e4: int


@dataclass(frozen=True)
class Plan:
    """What is read of a sorted figure. `ranks` count from 0."""

    ranks: NDArray[np.int64]
    quantiles: tuple[Between, ...]
    intervals: tuple[Ends, ...]
    final: tuple[Ends, ...]

    def read(self, members: Sorted, row: int) -> tuple[Mapping[int, float], Spans, Spans]:
        """The quantiles, their intervals and those of the final values; each float is the one nearest to the exact value."""
        n, d = members.numerators[row, self.ranks].tolist(), members.denominators[row, self.ranks].tolist()
        ratios = [numerator / denominator for numerator, denominator in zip(n, d, strict=True)]
        found = {}
        for twentieths, low, high, part, of in self.quantiles:
            if part == 0 or low == high:
                found[twentieths] = ratios[low]
            else:
                numerator, denominator = statistics.between((n[low], d[low]), (n[high], d[high]), part, of)
                found[twentieths] = numerator / denominator
        return found, _spans(self.intervals, ratios), _spans(self.final, ratios)


@functools.lru_cache(maxsize=1 << 15)
def plan(units: int, awaited: int, quantiles: tuple[int, ...], quantile_type: Literal[7, 8]) -> Plan:
    """The plan of a cell of so many units, of which quantiles are shown; a quantile without an interval has none."""
    places: dict[int, int] = {}

    def at(rank: int) -> int:
        return places.setdefault(rank, len(places))

    def ends(ranks: Mapping[int, Ranks | None]) -> tuple[Ends, ...]:
        return tuple(
            Ends(
                twentieths,
                None if one.lower is None else at(one.lower - 1),
                None if one.upper is None else at(one.upper - 1),
                one.coverage_e4,
            )
            for twentieths, one in ranks.items()
            if one
        )

    between = []
    for twentieths in quantiles:
        lower, upper, part, of = statistics.weights(units, twentieths, quantile_type)
        between.append(Between(twentieths, at(lower), at(upper), part, of))
    sure = ends({q: intervals.ranks(units, q) for q in quantiles})
    final = ends({q: final_ranks.of(units, awaited, q) for q in quantiles}) if units < awaited else ()
    return Plan(np.array(list(places), dtype=np.int64), tuple(between), sure, final)


def _spans(some: tuple[Ends, ...], ratios: list[float]) -> Spans:
    return {
        twentieths: Span(
            None if lower is None else ratios[lower], None if upper is None else ratios[upper], coverage_e4
        )
        for twentieths, lower, upper, coverage_e4 in some
    }
