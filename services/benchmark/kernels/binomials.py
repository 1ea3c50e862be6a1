"""How likely each count of a binomial distribution is, and between which sorted values a quantile of what lies behind them is."""

import numpy as np

from services.benchmark.cell_table import NOT_THERE, Q
from services.benchmark.kernels.chances import CLEAR, E4, Shares, is_clear_e4, largest_start, to_shares, window
from services.benchmark.kernels.orders import CUBE, LINE, TABLE, Flags, Whole
from services.benchmark.statistics import MEDIAN, QUANTILES
from services.kernels import kernel, within

TRUST = 19, 20  # two-sided 95 %


@kernel("void(int64, int64, int64, int64, float64[::1])")
def add_up(n: int, p: int, first: int, mode: int, sums: Shares) -> None:
    """Add up how likely the counts from `first` on are, of n that each are counted with p twentieths; shares of all in `sums`.

    Worked out from the likeliest, the mode, so that nothing grows.
    """
    q, weights = 20 - p, sums[1:]
    last = first + len(weights) - 1
    weights[mode - first] = 1.0
    for k in range(mode, last):
        weights[k + 1 - first] = weights[k - first] * (((n - k) * p) / ((k + 1) * q))
    for k in range(mode - 1, first - 1, -1):
        weights[k - first] = weights[k + 1 - first] * (((k + 1) * q) / ((n - k) * p))
    to_shares(sums)


@kernel("Tuple((int64, int64))(float64[::1], int64, int64, float64, float64)")
def narrowest(sums: Shares, start: int, end: int, share: float, clear: float) -> tuple[int, int]:
    """The fewest neighbouring counts that together are at least a share, the likeliest so many: the place in `sums` where they
    begin, and how many. (-1, 0) where that is not clear by more than floats can err.

    start, end  places in `sums` between which they may lie
    """
    many, beyond, doubtful = len(sums), start, len(sums)
    for at in range(start, end + 1):
        while beyond <= end and sums[beyond] - sums[at] < share - clear:
            beyond += 1
        until = beyond
        while until <= end and sums[until] - sums[at] <= share + clear:
            doubtful = min(doubtful, until - at)
            until += 1
        if until > end:
            break
        many = min(many, until - at)
    if many == len(sums) or doubtful <= many:
        return -1, 0
    best, covered, second = start, -1.0, -1.0
    for at in range(start, end - many + 1):
        covers = sums[at + many] - sums[at]
        if covers > covered:
            best, covered, second = at, covers, covered
        elif covers > second:
            second = covers
    return (best, many) if covered - second > clear else (-1, 0)


@within
def _interval(n: int, p: int) -> tuple[int, int, int, bool]:
    """intervals.ranks of n values and p twentieths, from 0, NOT_THERE where there is none; and whether floats settle it."""
    first, mode, last = window(0, n, n * p // 20, n * p * (20 - p) / 400)
    sums = np.empty(last - first + 2)
    add_up(n, p, first, mode, sums)
    if p == MEDIAN:
        start = largest_start(sums)
        lower = first + start
        upper = n + 1 - lower
        is_there = lower >= 1
    else:
        share, start, end = TRUST[0] / TRUST[1], max(1 - first, 0), min(n, last + 1) - first
        beyond = sums[end] - sums[start] - share
        is_there = beyond > 0
        start, many = (
            narrowest(sums, start, end, share, CLEAR) if beyond > CLEAR else (-1 if beyond >= -CLEAR else start, 0)
        )
        lower = first + start
        upper = lower + many
    if start < 0 or not is_there:
        return NOT_THERE, NOT_THERE, NOT_THERE, start >= 0
    covered = sums[upper - first] - sums[lower - first]
    return lower - 1, upper - 1, int(covered * E4), is_clear_e4(covered)


@kernel(f"void({LINE}, {CUBE}, {TABLE})")
def intervals(units: Whole, ranks: Whole, doubtful: Flags) -> None:
    """Between which of n sorted values the quantiles of what lies behind them are, for C counts n of at least 2.

    ranks       C x 3 x Q, told: lower, upper, from 0, and coverage in 1/10,000; NOT_THERE where there is no interval
    doubtful    C x Q, told: what is left to whole numbers. What is clear has one answer, and that of 1 - p is its mirror image.
    """
    for c in range(len(units)):
        for q in range(Q // 2 + 1):
            lower, upper, coverage, is_clear = _interval(units[c], QUANTILES[q])
            other = Q - 1 - q
            ranks[c, 0, q], ranks[c, 1, q], ranks[c, 2, q] = lower, upper, coverage
            ranks[c, 0, other], ranks[c, 1, other], ranks[c, 2, other] = lower, upper, coverage
            if coverage != NOT_THERE:
                ranks[c, 0, other], ranks[c, 1, other] = units[c] - 1 - upper, units[c] - 1 - lower
            doubtful[c, q] = doubtful[c, other] = not is_clear
