"""Exact ratios in loops: which of two is larger, and how far one is from a median, rounded once.

A ratio is a pair of whole numbers below 2^53, the denominator above 0. Ratios are ordered by their exact value, those that are
level by their column: so every unit has one place.
"""

import numpy as np
from numpy.typing import NDArray

from services.kernels import kernel, within

Ratios = NDArray[np.float64]
E9 = 1e9
FITS, TOO_WIDE = 4.611e18, 4.612e18  # 2^62 = 4.6117e18 lies between: what fits 64 bits, as a difference of two does too
# A gap in 1e-9 that is nearer to a half than ABOUT and PART of the largest ratio on the way is left to whole numbers. Both exceed
# what the roundings come to: each leaves out 2^-105 of that ratio, and the last sum, of parts below 2, leaves out 2^-53.
ABOUT, PART = 2.0**-40, 2.0**-96


@kernel("int64(int64, int64, int64, int64)")
def compared(n1: int, d1: int, n2: int, d2: int) -> int:
    """-1, 0 or 1: whether the first ratio is smaller, equal or larger.

    Floats of a division are rounded once, so a smaller ratio never has a larger one. Where they are equal the cross products
    differ by less than 2^55, so that what is left of them in 64 bits tells.
    """
    first, second = n1 / d1, n2 / d2
    if first != second:
        return -1 if first < second else 1
    apart = n1 * d2 - n2 * d1
    return -1 if apart < 0 else (1 if apart > 0 else 0)


@within
def precedes(n1: int, d1: int, column1: int, n2: int, d2: int, column2: int) -> bool:
    """Whether a ratio stands before another one that is the same double, level ones by column. See `compared`."""
    apart = n1 * d2 - n2 * d1
    return apart < 0 or (apart == 0 and column1 < column2)


@within
def _ratio(
    order: NDArray[np.int32],
    ratios: Ratios,
    numerators: NDArray[np.int64],
    denominators: NDArray[np.int64],
    at: int,
) -> float:
    """The ratio at a place of an order, as a double."""
    ratio: float = ratios[at] if len(ratios) else numerators[order[at]] / denominators[order[at]]
    return ratio


@within
def place(
    order: NDArray[np.int32],
    ratios: Ratios,
    units: int,
    numerators: NDArray[np.int64],
    denominators: NDArray[np.int64],
    n: int,
    d: int,
    column: int,
) -> int:
    """How many of the first `units` columns of an order stand before a ratio of some column.

    ratios   of the order, as doubles; none where they were not divided beforehand
    """
    low, high, own = 0, units, n / d
    while low < high:
        middle = (low + high) >> 1
        ratio = _ratio(order, ratios, numerators, denominators, middle)
        is_before = ratio < own
        if ratio == own:
            other = order[middle]
            is_before = precedes(numerators[other], denominators[other], other, n, d, column)
        if is_before:
            low = middle + 1
        else:
            high = middle
    return low


@within
def below_and_up_to(
    order: NDArray[np.int32],
    ratios: Ratios,
    units: int,
    numerators: NDArray[np.int64],
    denominators: NDArray[np.int64],
    n: int,
    d: int,
) -> tuple[int, int]:
    """How many ratios of an order are smaller than one, and how many are smaller or equal. `ratios`: as above."""
    below = place(order, ratios, units, numerators, denominators, n, d, -1)
    low, high, step, own = below, units, 1, n / d
    while low < high:  # runs of level ratios are short as a rule: look nearby first
        middle = low + step - 1 if low + step - 1 < high else (low + high) >> 1
        is_level = _ratio(order, ratios, numerators, denominators, middle) == own
        if is_level and numerators[order[middle]] * d == n * denominators[order[middle]]:
            low = middle + 1
            step *= 2
        else:
            high = middle
    return below, low


@within
def _product(a: float, b: float) -> tuple[float, float]:
    """A product and what its rounding left out, exactly (Dekker, 1971). Magnitudes far below 2^970."""
    p = a * b
    far_a, far_b = 134217729.0 * a, 134217729.0 * b
    high_a, high_b = far_a - (far_a - a), far_b - (far_b - b)
    low_a, low_b = a - high_a, b - high_b
    return p, ((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b


@within
def _sum(a: float, b: float) -> tuple[float, float]:
    """A sum and what its rounding left out, exactly (Knuth)."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


@within
def _divided(n: int, d: int) -> tuple[float, float]:
    """A ratio as the sum of two doubles, to some 2^-104 of it."""
    quotient = n / d
    p, rest = _product(quotient, float(d))
    return _sum(quotient, ((n - p) - rest) / d)


@kernel("Tuple((float64, boolean))(int64, int64, int64, int64, int64, int64)")
def between(low_n: int, low_d: int, high_n: int, high_d: int, part: int, of: int) -> tuple[float, bool]:
    """The double nearest to what lies `part/of` of the way from one ratio to another, at most 60 parts; and whether it is not in
    doubt: what roundings on the way come to leaves it the nearest.
    """
    low, low_rest = _divided(low_n, low_d)
    high, high_rest = _divided(high_n, high_d)
    left = float(of - part)
    own, own_rest = _product(low, left)
    other, other_rest = _product(high, float(part))
    total, rest = _sum(own, other)
    total, rest = _sum(total, rest + ((own_rest + other_rest) + (low_rest * left + high_rest * part)))
    quotient = total / of
    p, p_rest = _product(quotient, float(of))
    nearest, rest = _sum(quotient, (((total - p) - p_rest) + rest) / of)
    err = PART * max(abs(low), abs(high))
    return nearest, nearest + (rest - err) == nearest and nearest + (rest + err) == nearest


@kernel("Tuple((int64, int64))(int64, int64, int64, int64, int64, int64, boolean)")
def gap_e9(n: int, d: int, low_n: int, low_d: int, high_n: int, high_d: int, halfway: bool) -> tuple[int, int]:
    """How far a ratio is from a median in 1e-9, halves to even, and: 1 it fits, 0 it is too wide, -1 it is in doubt.

    The median is the lower ratio, or lies halfway to the upper one.
    """
    own, own_rest = _divided(n, d)
    middle, middle_rest = _divided(low_n, low_d)
    largest = max(abs(own), abs(middle))
    if halfway:
        high, high_rest = _divided(high_n, high_d)
        largest = max(largest, abs(high))
        middle, rest = _sum(middle, high)
        middle, middle_rest = _sum(0.5 * middle, 0.5 * (rest + middle_rest + high_rest))
    apart, rest = _sum(own, -middle)
    apart, rest = _sum(apart, rest + (own_rest - middle_rest))
    gap, left = _product(apart, E9)
    gap, left = _sum(gap, left + rest * E9)
    if abs(gap) > FITS:
        return 0, (0 if abs(gap) > TOO_WIDE else -1)
    whole = round(gap)
    left += gap - whole
    more = round(left)
    left -= more
    if abs(abs(left) - 0.5) < ABOUT + PART * E9 * largest:
        return 0, -1
    return int(whole) + int(more), 1
