"""How likely each count of a hypergeometric distribution is, and between which reported values a quantile will be in the end."""

import numpy as np

from services.benchmark.cell_table import NOT_THERE, Q
from services.benchmark.kernels.chances import (
    CLEAR,
    E4,
    EACH_SIDE,
    Shares,
    is_clear_e4,
    largest_start,
    to_shares,
    window,
)
from services.benchmark.kernels.orders import CUBE, LINE, TABLE, Flags, Whole
from services.benchmark.statistics import QUANTILES
from services.kernels import kernel, within


@kernel("Tuple((int64, int64, int64))(int64, int64, int64)")
def span(population: int, marked: int, drawn: int) -> tuple[int, int, int]:
    """First count, mode and last count of the marked among those drawn that are added up."""
    others, mean = population - marked, drawn * marked / population
    lowest, highest = max(0, drawn - others), min(marked, drawn)
    return window(lowest, highest, (drawn + 1) * (marked + 1) // (population + 2), mean * others / population)


@kernel("void(int64, int64, int64, int64, int64, float64[::1])")
def add_up(population: int, marked: int, drawn: int, first: int, mode: int, sums: Shares) -> None:
    """Add up how likely it is that so many of the marked are drawn, from `first` on; shares of all in `sums`.

    Worked out from the likeliest, the mode, so that nothing grows.
    """
    spare, weights = population - marked - drawn, sums[1:]
    last = first + len(weights) - 1
    weights[mode - first] = 1.0
    for h in range(mode, last):
        weights[h + 1 - first] = weights[h - first] * (((marked - h) * (drawn - h)) / ((h + 1) * (spare + h + 1)))
    for h in range(mode - 1, first - 1, -1):
        weights[h - first] = weights[h + 1 - first] * (((h + 1) * (spare + h + 1)) / ((marked - h) * (drawn - h)))
    to_shares(sums)


@within
def _up_to(sums: Shares, at: int, first: int, marked: int) -> float:
    """How likely no more than first + at are drawn of the marked but one: where one more is drawn, it may be that very one."""
    if at + 2 >= len(sums):
        return 1.0
    return float(sums[at + 1] + (sums[at + 2] - sums[at + 1]) * ((first + at + 1) / marked))


@within
def _final(n: int, expected: int, marked: int) -> tuple[int, int, int, bool]:
    """intervals.final_ranks from 0, NOT_THERE where no value lies far enough out; and whether floats settle it."""
    first, mode, last = span(expected, marked, n)
    sums = np.empty(last - first + 2)
    add_up(expected, marked, n, first, mode, sums)
    start, share = largest_start(sums), EACH_SIDE[0] / EACH_SIDE[1]
    if start < 0:
        return NOT_THERE, NOT_THERE, NOT_THERE, False
    at = start - 1
    while _up_to(sums, at, first, marked) < share - CLEAR:
        at += 1
    lower, upper, up_to = first + start, first + at + 1, _up_to(sums, at, first, marked)
    below = sums[start] if lower >= 1 else 0.0
    above = 1 - up_to if upper <= n else 0.0
    is_clear = up_to > share + CLEAR and (below == 0 or is_clear_e4(below)) and (above == 0 or is_clear_e4(above))
    if lower < 1 and upper > n:
        return NOT_THERE, NOT_THERE, NOT_THERE, is_clear
    coverage = E4 - int(np.ceil(below * E4)) - int(np.ceil(above * E4))
    return (lower - 1 if lower >= 1 else NOT_THERE), (upper - 1 if upper <= n else NOT_THERE), coverage, is_clear


@kernel(f"void({LINE}, {LINE}, {CUBE}, {TABLE})")
def intervals(units: Whole, awaited: Whole, ranks: Whole, doubtful: Flags) -> None:
    """Between which of the values that are there quantiles will be when all have reported, for C cells.

    units, awaited      (C,) how many have reported, of how many
    ranks               C x 3 x Q, told: lower, upper, from 0, and coverage in 1/10,000; NOT_THERE where open, or none
    doubtful            C x Q, told: what is left to whole numbers
    """
    for c in range(len(units)):
        for q in range(Q):
            marked = -(-QUANTILES[q] * awaited[c] // 20)
            lower, upper, coverage, is_clear = _final(units[c], awaited[c], marked)
            ranks[c, 0, q], ranks[c, 1, q], ranks[c, 2, q] = lower, upper, coverage
            doubtful[c, q] = not is_clear
