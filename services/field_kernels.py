"""Fields of protobuf within kernels: read, measured and written. Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.fields import LENGTH_DELIMITED
from services.kernels import within

Whole = NDArray[np.int64]
Bytes = NDArray[np.uint8]
LONGEST = 9  # bytes a number from 0 on takes at most


@within
def read_number(whole: Bytes, at: int, end: int) -> tuple[int, int]:
    """A number and how many bytes it takes: 0 where it takes more than it needs, or is 2^63 or more."""
    value, shift, begin = 0, 0, at
    while at < end and shift < 63:
        byte: Any = np.int64(whole[at])
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, 0 if byte == 0 and at - begin > 1 else at - begin
    return 0, 0


@within
def are_same(whole: Bytes, one: Whole, other: Whole) -> bool:
    """Whether the bytes between two places are those between two others."""
    a, b = whole[one[0] : one[1]], whole[other[0] : other[1]]
    if len(a) != len(b):
        return False
    differ: Any = np.uint8(0)
    for k in range(len(a)):  # to the end, and counted from 0: so many are compared at a time
        differ |= a[k] ^ b[k]
    return bool(differ == 0)


@within
def size_of(value: int) -> int:
    """How many bytes a number from 0 on takes."""
    size = 1
    while value > 127:
        value >>= 7
        size += 1
    return size


@within
def put_number(out: Bytes, at: int, value: int) -> int:
    """Write a number from 0 on; where it ends."""
    while value > 127:
        out[at] = value & 127 | 128
        at, value = at + 1, value >> 7
    out[at] = value
    return at + 1


@within
def put_head(out: Bytes, at: int, field: int, length: int) -> int:
    """Write what precedes a field of so many bytes; where it ends."""
    return put_number(out, put_number(out, at, field << 3 | LENGTH_DELIMITED), length)


@within
def put_bytes(out: Bytes, at: int, some: Bytes, many: int) -> None:
    """Write the first so many bytes of others."""
    there = out[at : at + many]
    for k in range(many):
        there[k] = some[k]


@within
def put_low_bytes(out: Bytes, at: int, value: int, many: int) -> int:
    """Write the lowest bytes of a number, or of the bits of a double, the very lowest first; where they end."""
    begin = np.uint64(at)  # what cannot be below 0 is written at once, not byte by byte
    for place in range(many):
        out[begin + np.uint64(place)] = value >> 8 * place
    return at + many
