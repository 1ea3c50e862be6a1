"""How likely each count of a binomial distribution is, and the fewest neighbouring counts that are likely enough."""

import numpy as np
from numpy.typing import NDArray

from services.kernels import kernel

Shares = NDArray[np.float64]


@kernel("void(int64, int64, int64, int64, float64[::1])")
def add_up(n: int, p: int, first: int, mode: int, sums: Shares) -> None:
    """Add up how likely the counts from `first` on are, of n that each are counted with p twentieths; shares of all in `sums`.

    sums    one longer than there are counts, and 0 first. Worked out from the likeliest, the mode, so that nothing grows.
    """
    q, weights = 20 - p, sums[1:]
    last = first + len(weights) - 1
    weights[mode - first] = 1.0
    for k in range(mode, last):
        weights[k + 1 - first] = weights[k - first] * (((n - k) * p) / ((k + 1) * q))
    for k in range(mode - 1, first - 1, -1):
        weights[k - first] = weights[k + 1 - first] * (((k + 1) * q) / ((n - k) * p))
    sums[0] = 0.0
    for at in range(1, len(sums)):
        sums[at] += sums[at - 1]
    sums /= sums[-1]


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
