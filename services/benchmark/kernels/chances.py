"""What floats can tell of how likely counts are: where they are added up, what is clear, and shares in 1/10,000.

Chances are added up in `sums`, a place longer than there are counts: how likely fewer than each count are, 0 first and 1 last.
"""

import math

import numpy as np
from numpy.typing import NDArray

from services.kernels import kernel, within

Shares = NDArray[np.float64]
E4 = 10**4
EACH_SIDE = 39, 40  # 97.5 %
# With n units a probability errs by less than 6n * 2^-53 (n factors of up to four roundings, and n sums): less, up to a million.
CLEAR = 2.0**-30


@kernel("Tuple((int64, int64, int64))(int64, int64, int64, float64)")
def window(lowest: int, highest: int, mode: int, variance: float) -> tuple[int, int, int]:
    """First count, mode and last count of what is added up.

    Beyond t = 8 standard deviations + 30 lies less than 2 exp(-t²/2(variance + t/3)) < 2^-40 (Bernstein's bound, which Hoeffding
    showed to hold without replacement too); mode and mean are less than 2 apart.
    """
    reach = 32 + int(8 * math.sqrt(variance))
    mode = min(max(mode, lowest), highest)
    return max(lowest, mode - reach), mode, min(highest, mode + reach)


@within
def to_shares(sums: Shares) -> None:
    """Add up the weights of the counts, which stand behind the first place, as shares of all."""
    sums[0] = 0.0
    for at in range(1, len(sums)):
        sums[at] += sums[at - 1]
    sums /= sums[-1]


@within
def largest_start(sums: Shares) -> int:
    """The place of the largest count that is reached with 97.5 %; -1 where that is not clear."""
    missed, at = 1 - EACH_SIDE[0] / EACH_SIDE[1], 0
    while sums[at + 1] <= missed + CLEAR:
        at += 1
    return at if sums[at] < missed - CLEAR else -1


@within
def is_clear_e4(share: float) -> bool:
    """Whether it is clear between which 1/10,000 a share lies."""
    parts = share * E4
    return bool(abs(parts - np.rint(parts)) > CLEAR * E4)
