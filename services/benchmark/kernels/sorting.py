"""Units brought into the order of their exact ratios."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import compared
from services.benchmark.kernels.orders import KINDS, LINE, ORDER, WHOLE, Kinds, Order, Whole
from services.kernels import kernel, within

Bits = NDArray[np.uint64]
MANY = 256  # measured: so many and more are sorted digit by digit, fewer by comparing
DIGIT = 8  # bits
VALUES = 1 << DIGIT


@within
def _place(keys: Bits, bits: int) -> None:
    """Turn ratios, as doubles are kept, into whole numbers in the same order, but for their last bits: those hold the place."""
    sign, last = np.uint64(63), np.uint64(bits)
    for k in range(len(keys)):
        key = ~keys[k] if keys[k] >> sign else keys[k] | np.uint64(1) << sign
        keys[k] = key >> last << last | np.uint64(k)


@within
def _by_digits(keys: Bits, spare: Bits, bits: int, counts: NDArray[np.int64]) -> Bits:
    """Sort numbers that are in the order of their last bits: stably by digit after digit above them. What they are in then."""
    counts[:] = 0
    for k in range(len(keys)):
        rest = keys[k] >> np.uint64(bits)
        for digit in counts:
            digit[rest & np.uint64(VALUES - 1)] += 1
            rest >>= np.uint64(DIGIT)
    for number in range(len(counts)):
        begins, at, most = counts[number], 0, 0
        for value in range(VALUES):
            many = begins[value]
            begins[value], at, most = at, at + many, max(most, many)
        if most == len(keys):
            continue
        shift = np.uint64(bits + DIGIT * number)
        for key in keys:
            value = key >> shift & np.uint64(VALUES - 1)
            spare[begins[value]] = key
            begins[value] += 1
        keys, spare = spare, keys
    return keys


@within
def _settle(row: Order, units: int, n: Whole, d: Whole) -> None:
    """Bring columns into exact order that are in the order of their floats, or nearly."""
    for at in range(1, units):
        column, free = row[at], at
        while free:
            other = row[free - 1]
            sign = compared(n[other], d[other], n[column], d[column])
            if sign < 0 or (sign == 0 and other < column):
                break
            row[free] = other
            free -= 1
        row[free] = column


@kernel(f"void({LINE}, {WHOLE}, {WHOLE}, {KINDS}, {ORDER})")
def sort(columns: Whole, numerators: Whole, denominators: Whole, absences: Kinds, order: Order) -> None:
    """Write every figure's order of some units, F x n: those with the figure by ratio, level ones by column, then the others.

    columns   (n,) of those units, rising
    """
    many, bits = len(columns), 0
    while many >> bits:
        bits += 1
    ratios, theirs, counts = (
        np.empty(many),
        np.empty(many, np.int32),
        np.empty((-(-(64 - bits) // DIGIT), VALUES), np.int64),
    )
    written, spare = ratios.view(np.uint64), np.empty(many, np.uint64)
    for f in range(order.shape[0]):
        row, n, d, has, lack = order[f], numerators[f], denominators[f], 0, many
        for column in columns[::-1]:
            if absences[f, column] != 0:
                lack -= 1
                row[lack] = column
        for column in columns:
            if absences[f, column] == 0:
                theirs[has], ratios[has] = column, n[column] / d[column]
                has += 1
        keys = written[:has]
        _place(keys, bits)
        if has < MANY:
            keys.sort()
        else:
            keys = _by_digits(keys, spare[:has], bits, counts)
        for k in range(has):
            row[k] = theirs[keys[k] & np.uint64((1 << bits) - 1)]
        _settle(row, has, n, d)
