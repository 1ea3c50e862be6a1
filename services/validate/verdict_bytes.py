"""The verdicts on many submissions as the bytes of the contract, written for all of them at once. Pure.

The same bytes that protobuf writes for the figures of SubmissionAssessed (tests/unit/validate/test_verdict_bytes.py holds it to
that): for each key figure the field's tag, a length, and the fields of a FigureVerdict in order of their numbers, those at their
default left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.kernels import kernel, within
from services.validate.compiled import Bytes, Flags, Whole

FIGURE, NAME, FACTORS = 0x32, 0x0A, 0x3A  # field number << 3 | wire type
VERDICT, ABSENCE, ABOVE, BELOW, AS_SENT = 0x10, 0x18, 0x20, 0x28, 0x30
LONGEST_NAME = 64  # a longer one would need a second byte of length
LONGEST_REST = 45  # bytes of a figure but for its name
MOST_TOLD = 15  # factors of a submission: each is a hexadecimal digit of what says which and in which order


@dataclass(frozen=True)
class Verdicts:
    """U submissions x F key figures.

    verdict, absence   numbers of the contract
    paired             numerator and denominator are said
    multiplied         the numerator has factors, so the raw one is said
    columns            U: numbers of columns of factors
    """

    verdict: Bytes
    absence: Bytes
    paired: Flags
    numerators: Whole
    denominators: Whole
    multiplied: Flags
    raw: Whole
    columns: Whole


class Layout:
    """The names of the key figures. Names of more than LONGEST_NAME bytes have no place in it."""

    def __init__(self, key_figures: Sequence[str]) -> None:
        names = [name.encode() for name in key_figures]
        self.fits = max(map(len, names)) <= LONGEST_NAME
        self._names = np.frombuffer(bytearray().join(names), dtype=np.uint8)
        self._ends = np.cumsum([len(name) for name in names])
        self._longest = len(self._names) + LONGEST_REST * len(names)

    def written(self, verdicts: Verdicts, order: Whole) -> tuple[Bytes, Whole, Whole]:
        """The figures of each submission, in order, as they stand in its message, one behind the other; where each one's end; and
        which factors they tell of.

        order   C x F x at most so many factors of a figure, by column: see FactorColumn
        Factors are told in the order in which figures first use them: of each submission, the hexadecimal digits of a number say
        which, each 1 more than the factor's, the first one last.
        """
        count = len(verdicts.verdict)
        content = np.empty(count * self._longest, dtype=np.uint8)
        ends, told = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
        v = verdicts
        _write(
            *(v.verdict, v.absence, v.paired, v.numerators, v.denominators, v.multiplied, v.raw, v.columns, order),
            *(self._names, self._ends, content, ends, told),
        )
        return content, ends, told


def told_factors(told: int) -> list[int]:
    """The factors that a number tells of, in order.

    >>> told_factors(0x13)
    [2, 0]
    """
    return [int(digit, 16) - 1 for digit in reversed(f"{told:x}")] if told else []


@within
def _varint(content: Bytes, at: int, tag: int, value: int) -> int:
    """A signed whole number behind its tag; where it ends."""
    content[at] = tag
    left = np.uint64((value << 1) ^ (value >> 63))
    while left >= np.uint64(128):
        at += 1
        content[at] = np.uint8(left & np.uint64(127)) | np.uint8(128)
        left >>= np.uint64(7)
    content[at + 1] = np.uint8(left)
    return at + 2


@kernel(
    "void(u1[:,::1], u1[:,::1], b1[:,::1], i8[:,::1], i8[:,::1], b1[:,::1], i8[:,::1], i8[::1], i8[:,:,::1],"
    "u1[::1], i8[::1], u1[::1], i8[::1], i8[::1])"
)
def _write(
    verdict: Bytes,
    absence: Bytes,
    paired: Flags,
    numerators: Whole,
    denominators: Whole,
    multiplied: Flags,
    raw: Whole,
    columns: Whole,
    order: Whole,
    names: Bytes,
    name_ends: Whole,
    content: Bytes,
    ends: Whole,
    told: Whole,
) -> None:
    """`Layout.written` of what stands in Verdicts; U rows."""
    places, at = np.empty(MOST_TOLD, dtype=np.int64), 0
    for u in range(len(verdict)):
        places[:], count, told[u] = -1, 0, 0
        begin = 0
        for f in range(len(name_ends)):
            head, size = at, name_ends[f] - begin
            content[at], content[at + 2], content[at + 3] = FIGURE, NAME, size
            for k in range(size):
                content[at + 4 + k] = names[begin + k]
            at, begin = at + 4 + size, name_ends[f]
            content[at], content[at + 1] = VERDICT, verdict[u, f]
            at += 2
            if absence[u, f] != 0:
                content[at], content[at + 1] = ABSENCE, absence[u, f]
                at += 2
            if paired[u, f]:
                at = _varint(content, at, ABOVE, numerators[u, f])
                at = _varint(content, at, BELOW, denominators[u, f])
            if multiplied[u, f]:
                at = _varint(content, at, AS_SENT, raw[u, f])
                used, tag = order[columns[u], f], at
                at += 2
                for number in used:
                    if number < 0:
                        break
                    if places[number] < 0:
                        places[number] = count
                        told[u] += (number + 1) << (4 * count)
                        count += 1
                    content[at] = places[number]
                    at += 1
                content[tag], content[tag + 1] = FACTORS, at - tag - 2
            content[head + 1] = at - head - 2
        ends[u] = at
