"""At which ranks the statistics of cells are read: a function of their counts alone."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.benchmark import interval_ranks, statistics
from services.benchmark.cell_table import NOT_THERE, Q
from services.benchmark.statistics import QUANTILES, TIER_OF, Whole

TIERS = np.array([(TIER_OF[q].units, TIER_OF[q].holders) for q in QUANTILES]).T


@dataclass(frozen=True)
class Plans:
    """What is read of R sorted figures; ranks count from 0, NOT_THERE stands for none. Quantiles below their tier are not read.

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
    """The plans of R cells of at least 2 units; all (R,)."""
    lower, upper, parts, whole = statistics.all_weights(units, quantile_type)
    spans = np.full((len(units), 3, 2 * Q), NOT_THERE, dtype=np.int64)
    spans[:, :, :Q] = interval_ranks.behind(units)
    waiting = np.flatnonzero(units < awaited)
    if len(waiting):
        spans[waiting, :, Q:] = interval_ranks.final(units[waiting], awaited[waiting])
    met = (units[:, None] >= TIERS[0]) & (holders[:, None] >= TIERS[1])
    twice = np.tile(met, 2)
    lowers, uppers, coverages = (np.where(twice, spans[:, part], NOT_THERE) for part in range(3))
    at = (np.where(met, ranks, NOT_THERE) for ranks in (lower, upper))
    return Plans(np.concatenate([*at, lowers, uppers], axis=1), np.where(met, parts, 0), whole, coverages)
