"""What cells say, read off sorted groups: ratio of the sums, quantiles, ends of intervals, as the nearest floats."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark import cell_table
from services.benchmark.addresses import order_at
from services.benchmark.cell_table import Q
from services.benchmark.kernels import exact
from services.benchmark.kernels.orders import CUBE, FLAGS, HALF, LINE, TABLE, WHOLE, Flags, Whole
from services.kernels import kernel, within

SUPPRESSION, SUMS, STATISTICS = cell_table.SUPPRESSION, cell_table.SUMS.start, cell_table.STATISTICS.start
LOWERS, UPPERS, COVERAGES = cell_table.LOWERS.start, cell_table.UPPERS.start, cell_table.COVERAGES.start
EXACT = 2.0**52  # below it, sums and products of whole numbers are doubles, so that a quotient is rounded once
POOLED = Q  # among what is in doubt: the ratio of the sums, after the quantiles


@within
def _pool(table: Whole, doubles: NDArray[np.float64], sums: Whole) -> bool:
    """Fill in sums, their lower halves below 2^HALF, and their ratio; whether that is left to whole numbers."""
    for half in (0, 2):
        table[SUMS + half] = sums[half] + (sums[half + 1] >> HALF)
        table[SUMS + half + 1] = sums[half + 1] & ((1 << HALF) - 1)
    n, d = table[SUMS], table[SUMS + 2]
    if max(abs(n), abs(d)) >= 1 << (52 - HALF):
        return True
    doubles[STATISTICS] = ((n << HALF) + table[SUMS + 1]) / ((d << HALF) + table[SUMS + 3])
    return False


@kernel(
    f"void({LINE}, {LINE}, {LINE}, {LINE}, {WHOLE}, {WHOLE}, int64, {WHOLE}, {CUBE}, {WHOLE}, {WHOLE}, {FLAGS}, {WHOLE},"
    f" {TABLE})"
)
def read(
    orders: Whole,
    sizes: Whole,
    groups: Whole,
    rows: Whole,
    ranks: Whole,
    parts: Whole,
    of: int,
    coverages: Whole,
    sums: NDArray[np.int64],
    numerators: Whole,
    denominators: Whole,
    is_pooled: Flags,
    table: Whole,
    doubtful: Flags,
) -> None:
    """Fill in the statistics of R cells that are shown.

    orders, sizes               (G,) addresses of the groups' columns in order, by figure, and how many members they have
    sums                        of each figure, G x F x 4
    groups, rows                (R,) groups and figures; ranks, parts, coverages: R rows of plans.Plans
    numerators, denominators    of all units, by figure; is_pooled: (F,) whether the ratio of the sums says anything
    table                       R x 53, filled in: cell_columns.Columns of figures that say nothing yet
    doubtful                    R x (Q + 1), told: which quantiles are left to whole numbers, and whether the ratio of the sums is
    """
    doubles = table.view(np.float64)
    for k in range(len(rows)):
        g, f, cell, stated = groups[k], rows[k], table[k], doubles[k]
        row, n, d = order_at(orders[g], len(numerators), sizes[g])[f], numerators[f], denominators[f]
        cell[SUPPRESSION] = 0
        doubtful[k, POOLED] = _pool(cell, stated, sums[g, f])
        if not is_pooled[f]:
            doubtful[k, POOLED], stated[STATISTICS] = False, np.nan
        for q in range(Q):
            if ranks[k, q] < 0:
                continue
            low, high, part = row[ranks[k, q]], row[ranks[k, Q + q]], parts[k, q]
            if part == 0:
                stated[STATISTICS + 1 + q] = n[low] / d[low]
                continue
            widest = max(abs(n[low]) * float(d[high]), abs(n[high]) * float(d[low]), float(d[low]) * d[high]) * of
            if widest < EXACT:
                between = n[low] * d[high] * (of - part) + n[high] * d[low] * part
                stated[STATISTICS + 1 + q] = between / (d[low] * d[high] * of)
            else:
                nearest, is_sure = exact.between(n[low], d[low], n[high], d[high], part, of)
                stated[STATISTICS + 1 + q], doubtful[k, q] = nearest, not is_sure
        for place in range(2 * Q):
            lower, upper = ranks[k, 2 * Q + place], ranks[k, 4 * Q + place]
            if lower >= 0:
                stated[LOWERS + place] = n[row[lower]] / d[row[lower]]
            if upper >= 0:
                stated[UPPERS + place] = n[row[upper]] / d[row[upper]]
            cell[COVERAGES + place] = coverages[k, place]
