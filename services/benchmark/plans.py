"""At which ranks the statistics of a cell are read: a function of counts alone, worked out once for all cells of equal counts."""

import functools
from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.benchmark import final_ranks, intervals, spans, statistics
from services.benchmark.cell_table import NOT_THERE, Q
from services.benchmark.statistics import MEDIAN, QUANTILES, TIER_OF, Whole


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


def of(units: Whole, holders: Whole, awaited: Whole, quantile_type: Literal[7, 8]) -> Plans:
    """The plans of R cells, at least one; all (R,). `holders` counts to DECILE_TIER's at most: more make no difference."""
    kinds, first, at = np.unique((units << 36) + (awaited << 8) + holders, return_index=True, return_inverse=True)
    counts = list(zip(*(some[first].tolist() for some in (units, holders, awaited)), strict=True))
    spans.prepare((n, w) for n, _, w in counts)
    made = [_plan(n, h, w, quantile_type) for n, h, w in counts]
    ranks, parts, coverages = (np.array(some, dtype=np.int64)[at] for some in zip(*made, strict=True))
    assert len(made) == len(kinds)
    return Plans(ranks, parts, statistics.weights(counts[0][0], MEDIAN, quantile_type)[-1], coverages)


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
