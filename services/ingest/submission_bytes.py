"""Submission as the bytes of the contract, taken apart in many at once, its amounts written as a row. Pure.

Only what is written as protobuf writes it deterministically, breaks no rule of `intake` but perhaps one of its dates, and has no
confirmations is PLAIN: each field at most once, in order of numbers, none at its default, numbers no longer than they need be and
below 2^62, amounts that are values or missing, texts of ASCII that can be shown. Of whatever else, protobuf says what it is
(tests/unit/ingest/test_plain.py holds both to each other).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.column import Column
from services.field_kernels import Bytes, Whole, are_same, put_bytes, put_head, read_number, size_of
from services.ingest.intake import IDENTIFIERS, MOST, TEXT
from services.kernels import kernel, within
from services.pieces import Piece

Flags = NDArray[np.bool_]
SUBMISSION_ID, ORGANISATION, UNIT, ACCOUNT, NAMED, TAIL, NAMES, ROW = range(8)
SPANS = 8
REVISION, AMOUNTS, CONFIRMATIONS, WITHDRAW = 7, 8, 9, 10  # numbers of fields; those below and above are texts
LAST = 12
ROW_FIELD, NAMES_FIELD, VALUES_FIELD, MISSING_FIELD = 4, 1, 2, 3  # of SubmissionReceived, and of its row
MOST_BYTES, MOST_REVISION, MOST_AMOUNTS = MOST["bytes"], MOST["revision"], MOST["amounts"]
MOST_ROW = 32  # bytes of a row beside its names, values and missing reasons
FIRST_SHOWN, LAST_SHOWN = 0x20, 0x7E  # of ASCII
_TEXTS = ["submission_id", "organisation_id", "unit_id", "scheme"]  # fields 1 to 4
SHOWN = np.zeros((LAST + 1, 256), dtype=np.bool_)  # field number -> the bytes that may stand in it
SHOWN[:, FIRST_SHOWN : LAST_SHOWN + 1] = True
LONGEST = np.full(LAST + 1, TEXT, dtype=np.int64)
for _n, _name in enumerate(_TEXTS, 1):
    SHOWN[_n] = [byte < 128 and IDENTIFIERS[_name].fullmatch(chr(byte)) is not None for byte in range(256)]
    LONGEST[_n] = max(size for size in range(1, TEXT) if IDENTIFIERS[_name].fullmatch("a" * size))


@dataclass(frozen=True)
class Apart:
    """U submissions taken apart.

    whole   the values one behind the other
    rows    likewise the amounts of each as a row, a whole field of SubmissionReceived
    spans   U x SPANS x 2: where each part begins and ends, nothing of it where both are the same

    ACCOUNT is the fields for scheme and period, NAMED those from the unit to the period, TAIL those behind the amounts; ROW and
    NAMES are in the rows, the others in the values. NAMES are told where they are others than those of the plain one before.
    """

    whole: Bytes
    rows: Bytes
    spans: Whole

    def part(self, part: int) -> Piece:
        """One part of each."""
        return self.rows if part in (NAMES, ROW) else self.whole, self.spans[:, part]


_NONE = Apart(np.empty(0, dtype=np.uint8), np.empty(0, dtype=np.uint8), np.empty((0, SPANS, 2), dtype=np.int64))


def chosen(some: Sequence[tuple[Apart, int]]) -> Apart:
    """Some of those that were taken apart, each with its number among those it was taken apart with."""
    parts, before = list[Apart](), np.zeros((SPANS, 1), dtype=np.int64)  # how many bytes are before those of the next
    for those in ([*those] for _, those in groupby(some, lambda one: id(one[0]))):
        apart, _ = those[0]
        parts.append(Apart(apart.whole, apart.rows, apart.spans[[number for _, number in those]] + before))
        before += [[len(apart.part(part)[0])] for part in range(SPANS)]
    if len(parts) == 1:
        return parts[0]
    wholes, rows, spans = zip(*((one.whole, one.rows, one.spans) for one in (_NONE, *parts)), strict=True)
    return Apart(np.concatenate(wholes), np.concatenate(rows), np.concatenate(spans))


def apart(values: Sequence[bytes]) -> tuple[Apart, Flags, Whole]:
    """Values taken apart; which of them are PLAIN; the revisions asked for."""
    column, count = Column.of(values), len(values)
    whole, ends = column.whole, column.ends
    plain, spans = np.empty(count, dtype=np.bool_), np.zeros((count, SPANS, 2), dtype=np.int64)
    revisions, rows = np.zeros(count, dtype=np.int64), np.empty(2 * len(whole) + MOST_ROW * count, dtype=np.uint8)
    _apart(whole, ends, SHOWN, LONGEST, plain, spans, revisions, rows)
    used = spans[plain, ROW, 1].max(initial=0)
    return Apart(whole, rows[:used].copy(), spans), plain, revisions


@within
def _is_shown(whole: Bytes, begin: int, end: int, shown: Flags, longest: int) -> bool:
    """Whether there is a text, short enough and of bytes that may be shown."""
    at = begin
    while at < end and shown[whole[at]]:
        at += 1
    return at == end > begin and end - begin <= longest


@within
def _amount(
    whole: Bytes, at: int, end: int, longest: int, names: Bytes, values: Whole, missing: Bytes, used: Whole
) -> bool:
    """Put an amount behind those before it; whether it is plain."""
    if end - at < 4 or whole[at] != 0x0A:
        return False
    size, taken = read_number(whole, at + 1, end)
    at += 1 + taken
    if taken == 0 or not 0 < size <= min(longest, end - at - 2):
        return False
    put, count = used[0], used[1]
    if count:
        names[put] = 10
        put += 1
    name, kept = whole[at : at + size], names[put : put + size]
    hidden: Any = np.uint8(0)
    for k in range(size):  # to the end: many are looked at at a time
        hidden |= np.uint8(name[k] < FIRST_SHOWN) | np.uint8(name[k] > LAST_SHOWN)
        kept[k] = name[k]
    at += size
    kind = whole[at]
    value, taken = read_number(whole, at + 1, end)
    values[count], missing[count] = 0, 0
    if kind == 0x10:
        values[count] = (value >> 1) ^ -(value & 1)
    elif kind == 0x18 and 0 < value < 256:
        missing[count] = used[2] = value
    else:
        return False
    used[0], used[1] = put + size, count + 1
    return bool(hidden == 0 and taken > 0 and at + 1 + taken == end)


@within
def _fields(
    whole: Bytes,
    at: int,
    end: int,
    shown: Flags,
    longest: Whole,
    found: Whole,
    names: Bytes,
    values: Whole,
    missing: Bytes,
    used: Whole,
) -> bool:
    """Where each field begins, its content begins (of a number: the number) and it ends; whether they are plain.

    Amounts are put behind one another; `used` says how many bytes of names, how many amounts, and whether one is missing.
    """
    last, is_plain = 0, True
    found[:], used[:] = 0, 0
    while is_plain and at < end:
        field, wire = whole[at] >> 3, whole[at] & 7
        value, taken = read_number(whole, at + 1, end)
        a_number = field in (REVISION, WITHDRAW)
        if wire != (0 if a_number else 2) or field < 1 or field > LAST or field == CONFIRMATIONS or taken == 0:
            return False
        if field < last or (field == last and field != AMOUNTS):
            return False
        begin = at + 1 + taken
        if field != last:
            found[field, 0], found[field, 1] = at, value if a_number else begin
        if a_number:
            is_plain, at = 0 < value <= (MOST_REVISION if field == REVISION else 1), begin
        elif value > end - begin:
            is_plain = False
        else:
            at = begin + value
            if field != AMOUNTS:
                is_plain = _is_shown(whole, begin, at, shown[field], longest[field])
            else:
                is_plain = used[1] < MOST_AMOUNTS and _amount(
                    whole, begin, at, longest[field], names, values, missing, used
                )
        last = field
        found[field, 2] = at
    return is_plain and found[1, 2] > 0 and found[3:7, 2].min() > 0


@within
def _put_spans(found: Whole, end: int, mine: Whole) -> None:
    """Where the parts are of a submission that ends there."""
    for part in (SUBMISSION_ID, ORGANISATION, UNIT):
        mine[part, 0], mine[part, 1] = found[part + 1, 1], found[part + 1, 2]
    mine[ACCOUNT, 0], mine[NAMED, 0] = found[4, 0], found[3, 0]
    mine[ACCOUNT, 1] = mine[NAMED, 1] = found[6, 2]
    mine[TAIL, 0] = mine[TAIL, 1] = end
    for field in range(LAST, CONFIRMATIONS, -1):
        if found[field, 2]:
            mine[TAIL, 0] = found[field, 0]


@within
def _put_row(rows: Bytes, at: int, names: Bytes, values: Whole, missing: Bytes, used: Whole, mine: Whole) -> int:
    """The row, so many bytes of names and so many amounts of it used; where it ends."""
    size, count, any_missing = used[0], used[1], used[2]
    inner = 2 + size_of(size) + size + size_of(8 * count) + 8 * count  # a tag has one byte
    if any_missing:
        inner += 1 + size_of(count) + count
    mine[ROW, 0] = at
    at = put_head(rows, put_head(rows, at, ROW_FIELD, inner), NAMES_FIELD, size)
    put_bytes(rows, at, names, size)
    mine[NAMES, 0], mine[NAMES, 1] = at, at + size
    at = put_head(rows, at + size, VALUES_FIELD, 8 * count)
    put_bytes(rows, at, values.view(np.uint8), 8 * count)
    at += 8 * count
    if any_missing:
        at = put_head(rows, at, MISSING_FIELD, count)
        put_bytes(rows, at, missing, count)
        at += count
    mine[ROW, 1] = at
    return at


@kernel("void(u1[::1], i8[::1], b1[:,::1], i8[::1], b1[::1], i8[:,:,::1], i8[::1], u1[::1])")
def _apart(
    whole: Bytes, ends: Whole, shown: Flags, longest: Whole, plain: Flags, spans: Whole, revisions: Whole, rows: Bytes
) -> None:
    """`apart`; U values."""
    values, missing = np.empty(MOST_AMOUNTS, dtype=np.int64), np.empty(MOST_AMOUNTS, dtype=np.uint8)
    names, used = np.empty(MOST_BYTES, dtype=np.uint8), np.empty(3, dtype=np.int64)
    found, before = np.empty((LAST + 1, 3), dtype=np.int64), np.zeros(2, dtype=np.int64)
    begin, at = 0, 0
    for u in range(len(ends)):
        mine, end = spans[u], ends[u]
        plain[u] = end - begin <= MOST_BYTES and _fields(
            whole, begin, end, shown, longest, found, names, values, missing, used
        )
        begin = end
        if plain[u]:
            _put_spans(found, end, mine)
            revisions[u] = found[REVISION, 1]
            mine[ROW] = at
            if used[1]:
                at = _put_row(rows, at, names, values, missing, used, mine)
                if are_same(rows, mine[NAMES], before):
                    mine[NAMES] = 0
                else:
                    before[:] = mine[NAMES]
