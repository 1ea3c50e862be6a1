"""At which ranks the statistics of a cell are read: a function of counts alone, worked out once for all cells of equal counts."""

import functools
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark import final_ranks, intervals, spans, statistics
from services.benchmark.statistics import MEDIAN, QUANTILES, TIER_OF, Whole

Q = len(QUANTILES)
NOT_THERE = -1
EXACT = 2.0**52  # below it, sums and products of whole numbers are doubles, so that a quotient is rounded once


@dataclass(frozen=True)
class Plans:
    """What is read of R sorted figures; ranks count from 0, NOT_THERE stands for none.

    ranks       R x 6Q: every quantile's lower and upper value, Q each; the lower ends of intervals, 2Q: of what lies behind the
                units, then of the final values; their upper ends, 2Q
    parts       R x Q: `part/of` of the way from its lower to its upper value each quantile lies
    coverages   R x 2Q, of the intervals, in 1/10,000
    """

    ranks: Whole
    parts: Whole
    of: int
    coverages: Whole


@dataclass(frozen=True)
class Read:
    """What R figures say: quantiles R x Q; ends of intervals R x 2Q. Floats are the ones nearest to the exact values, NaN where
    there is none: a quantile that is not shown, an interval that is open.
    """

    quantiles: NDArray[np.float64]
    lowers: NDArray[np.float64]
    uppers: NDArray[np.float64]


def of(units: Whole, holders: Whole, awaited: Whole, quantile_type: Literal[7, 8]) -> Plans:
    """The plans of R cells, at least one; all (R,). `holders` counts to DECILE_TIER's at most: more make no difference."""
    kinds, first, at = np.unique((units << 36) + (awaited << 8) + holders, return_index=True, return_inverse=True)
    counts = list(zip(*(some[first].tolist() for some in (units, holders, awaited)), strict=True))
    spans.prepare((n, w) for n, _, w in counts)
    made = [_plan(n, h, w, quantile_type) for n, h, w in counts]
    ranks, parts, coverages = (np.array(some, dtype=np.int64)[at] for some in zip(*made, strict=True))
    assert len(made) == len(kinds)
    return Plans(ranks, parts, statistics.weights(counts[0][0], MEDIAN, quantile_type)[-1], coverages)


def read(plans: Plans, n: Whole, d: Whole) -> Read:
    """Read the statistics of R figures. n, d: the ratios at the plans' ranks, R x 6Q; anything where there is none."""
    ratios = np.where(plans.ranks >= 0, n / np.maximum(d, 1), np.nan)
    _between(plans, n[:, : 2 * Q], d[:, : 2 * Q], ratios)
    return Read(ratios[:, :Q], ratios[:, 2 * Q : 4 * Q], ratios[:, 4 * Q :])


def _between(plans: Plans, n: Whole, d: Whole, ratios: NDArray[np.float64]) -> None:
    """Fill in the quantiles that lie between two values: at once where every number on the way is a double's, else one by one."""
    parts, of = plans.parts, plans.of
    (n1, n2), (d1, d2) = (n[:, :Q], n[:, Q:]), (d[:, :Q], d[:, Q:])
    widest = of * np.maximum(np.maximum(np.abs(n1) * (1.0 * d2), np.abs(n2) * (1.0 * d1)), d1 * (1.0 * d2))
    at_once = (parts > 0) & (widest < EXACT)
    numerators = np.where(at_once, n1 * d2 * (of - parts) + n2 * d1 * parts, 0)
    ratios[:, :Q] = np.where(at_once, numerators / np.where(at_once, d1 * d2 * of, 1), ratios[:, :Q])
    for row, q in zip(*np.nonzero((parts > 0) & ~at_once), strict=True):
        low, high = ((int(n[row, k]), int(d[row, k])) for k in (q, Q + q))
        numerator, denominator = statistics.between(low, high, int(parts[row, q]), of)
        ratios[row, q] = numerator / denominator


@functools.lru_cache(maxsize=1 << 15)
def _plan(
    units: int, holders: int, awaited: int, quantile_type: Literal[7, 8]
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Ranks, parts and coverages of a cell of so many units and holders; quantiles below their tier are not read."""
    lows, highs, parts = [NOT_THERE] * Q, [NOT_THERE] * Q, [0] * Q
    ends, coverages = [[NOT_THERE] * (2 * Q) for _ in range(2)], [NOT_THERE] * (2 * Q)
    for place, twentieths in enumerate(QUANTILES):
        if not TIER_OF[twentieths].met(units, holders):
            continue
        lows[place], highs[place], parts[place], _ = statistics.weights(units, twentieths, quantile_type)
        final = final_ranks.of(units, awaited, twentieths) if units < awaited else None
        for at, found in ((place, intervals.ranks(units, twentieths)), (Q + place, final)):
            if found is not None:
                coverages[at] = found.coverage_e4
                for end, rank in zip(ends, (found.lower, found.upper), strict=True):
                    end[at] = NOT_THERE if rank is None else rank - 1
    return (*lows, *highs, *ends[0], *ends[1]), tuple(parts), tuple(coverages)
