"""The cells of peer groups as protobuf packs them: the numbers of BenchmarkUpdated, field after field, by their numbers."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark import cell_table
from services.benchmark.cell_table import NOT_THERE
from services.benchmark.kernels.orders import HALF, Flags, Whole
from services.field_kernels import Bytes, put_head, put_low_bytes, put_number, size_of
from services.fields import LENGTH_DELIMITED, VARINT
from services.kernels import kernel, within

ABSENCES, SUMS, STATISTICS = cell_table.ABSENCES.start, cell_table.SUMS.start, cell_table.STATISTICS.start
LOWERS, UPPERS, COVERAGES = cell_table.LOWERS.start, cell_table.UPPERS.start, cell_table.COVERAGES.start
UNITS, HOLDERS = cell_table.UNITS, cell_table.HOLDERS
AWAITED, SUPPRESSION = cell_table.AWAITED, cell_table.SUPPRESSION
REASONS, STATED, ENDS = SUMS - ABSENCES, LOWERS - STATISTICS, UPPERS - LOWERS  # how many there are of each, a figure
E9 = 10**9
LONGEST = 6  # bytes of a count as a varint, with some to spare
MOST = 2 * (2 + 30) + 8 * STATED + (REASONS + 6) * LONGEST + ENDS * (16 + 2 * LONGEST)  # bytes a figure takes at most
BEYOND = 14 * 2 * LONGEST  # and what precedes the columns
QUANTILE_TYPE = 8


@within
def _counts(out: Bytes, at: int, field: int, counts: Whole) -> int:
    """Write R x C counts as one packed field; nothing where there is none."""
    size = 0
    for row in counts:
        for count in row:
            size += size_of(count)
    if size:
        at = put_head(out, at, field, size)
        for row in counts:
            for count in row:
                at = put_number(out, at, count)
    return at


@within
def _digits(out: Bytes, at: int, value: int, fewest: int) -> int:
    """Write a whole number from 0 on in at least so many digits."""
    many, rest = 1, value // 10
    while rest:
        many += 1
        rest //= 10
    many = max(many, fewest)
    for place in range(at + many - 1, at - 1, -1):
        out[place] = 48 + value % 10
        value //= 10
    return at + many


@within
def _halves(out: Bytes, at: int, upper: int, lower: int) -> int:
    """Write the whole number that two halves stand for, in digits."""
    upper, lower = upper + (lower >> HALF), lower & ((1 << HALF) - 1)
    if upper < 0:
        upper, lower = -upper, -lower
        if lower < 0:
            upper, lower = upper - 1, lower + (1 << HALF)
        out[at] = 45  # a minus sign
        at += 1
    whole, rest = upper // E9, ((upper % E9) << HALF) + lower
    whole, rest = (whole << HALF) + rest // E9, rest % E9
    if whole:
        return _digits(out, _digits(out, at, whole, 1), rest, 9)
    return _digits(out, at, rest, 1)


@within
def _sums(out: Bytes, at: int, field: int, table: Whole, first: int, is_released: Flags) -> int:
    """Write sums, each as text; an empty one where they are withheld, or a release is shown instead."""
    for f in range(len(table)):
        start = put_number(out, at, field << 3 | LENGTH_DELIMITED)
        at = start + 1
        if not table[f, SUPPRESSION] and not is_released[f]:
            at = _halves(out, at, table[f, first], table[f, first + 1])
        out[start] = at - start - 1  # below 0x80
    return at


@within
def _intervals(out: Bytes, at: int, table: Whole) -> int:
    """Write the intervals that are there."""
    many, size, coverages = 0, 0, 0
    for f in range(len(table)):
        for place in range(ENDS):
            if table[f, COVERAGES + place] != NOT_THERE:
                many += 1
                size += size_of(ENDS * f + place)
                coverages += size_of(table[f, COVERAGES + place])
    if not many:
        return at
    for field in (31, 32, 33, 34):
        at = put_head(out, at, field, size if field == 31 else (coverages if field == 34 else 8 * many))
        for f in range(len(table)):
            for place in range(ENDS):
                if table[f, COVERAGES + place] == NOT_THERE:
                    continue
                if field == 31:
                    at = put_number(out, at, ENDS * f + place)
                elif field == 34:
                    at = put_number(out, at, table[f, COVERAGES + place])
                else:
                    at = put_low_bytes(out, at, table[f, (LOWERS if field == 32 else UPPERS) + place], 8)
    return at


@within
def _statistics(out: Bytes, at: int, table: Whole) -> int:
    """Write the statistics, and which of them are there."""
    at = put_head(out, at, 13, 8 * STATED * len(table))
    for f in range(len(table)):
        for place in range(STATED):
            at = put_low_bytes(out, at, table[f, STATISTICS + place], 8)
    at = put_head(out, at, 14, len(table))
    doubles = table.view(np.float64)
    for f in range(len(table)):
        shown = 0
        for place in range(STATED):
            if not np.isnan(doubles[f, STATISTICS + place]):
                shown |= 1 << place
        out[at + f] = shown
    return at + len(table)


@kernel("void(int64[:, :, ::1], boolean[:, ::1], boolean[:, ::1], uint8[::1], int64[::1])")
def pack(tables: NDArray[np.int64], changed: Flags, is_released: Flags, out: Bytes, ends: Whole) -> None:
    """Write the fields 9 to 34 of some groups, one group after another; `ends`: where each ends.

    tables                 G x F x 53, as cell_columns.Columns
    changed, is_released   G x F: whether a figure differs from the vintage before, and whether it shows a release
    out                    G x (F x MOST + BEYOND) at least
    """
    at = 0
    for g in range(len(tables)):
        table = tables[g]
        at = _counts(out, at, 9, table[:, UNITS : UNITS + 1])
        at = _counts(out, at, 10, table[:, HOLDERS : HOLDERS + 1])
        at = _sums(out, at, 11, table, SUMS, is_released[g])
        at = _sums(out, at, 12, table, SUMS + 2, is_released[g])
        at = _statistics(out, at, table)
        at = _counts(out, at, 15, table[:, SUPPRESSION : SUPPRESSION + 1])
        rows = np.flatnonzero(changed[g])
        at = _counts(out, at, 16, rows.reshape(len(rows), 1))
        at = put_number(out, put_number(out, at, 17 << 3 | VARINT), QUANTILE_TYPE)
        at = _counts(out, at, 18, table[:, ABSENCES : ABSENCES + REASONS])
        at = _counts(out, at, 30, table[:, AWAITED : AWAITED + 1])
        at = _intervals(out, at, table)
        ends[g] = at
