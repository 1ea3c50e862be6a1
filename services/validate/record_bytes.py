"""SubmissionReceived as the bytes of the contract, taken apart in many records at once. Pure.

Only what is written as protobuf writes it deterministically, of a submission that was accepted, with its amounts as a row and no
confirmations, is PLAIN: each field at most once, in order of numbers, none at its default, numbers no longer than they need be,
texts that are text. Of whatever else, protobuf says what it is (tests/unit/validate/test_received.py holds both to each other).
"""

from collections.abc import Sequence

import numpy as np

from services.kernels import kernel, within
from services.validate.compiled import Bytes, Flags, Whole

UNIT, ACCOUNT, RECEIPT, RECEIPT_ID, ORGANISATION, HOLDER, ATTRIBUTES, NAMES, VALUES, MISSING = range(10)
SPANS = 10
# What a field may be: nothing, a number below 2^63 or below 2^31, text, bytes, a message, entries of a map.
NUMBER, SMALL, TEXT, BYTES, MESSAGE, ENTRIES = range(1, 7)
EVENT, SUBMISSION, TAKEN_IN, PROFILE, ROW, TIME = range(6)
ACCEPTED = 1  # RECEIPT_OUTCOME_ACCEPTED
LONGEST = 2**14  # a receipt or unit of so many bytes would need a third byte of length
FIELDS = 16  # numbers below it have a tag of one byte
KINDS = np.zeros((6, FIELDS), dtype=np.uint8)  # message -> field number -> what it may be
KINDS[EVENT, [1, 2, 3, 4]] = MESSAGE
KINDS[SUBMISSION, [1, 2, 3, 4, 5, 6, 11, 12]], KINDS[SUBMISSION, 7] = TEXT, SMALL
KINDS[TAKEN_IN, 1:10] = TEXT, TEXT, TEXT, BYTES, NUMBER, MESSAGE, SMALL, SMALL, SMALL
KINDS[PROFILE, 1:8] = TEXT, TEXT, TEXT, ENTRIES, SMALL, MESSAGE, TEXT
KINDS[ROW, 1:4] = BYTES  # the names are looked at once, not in each record
KINDS[TIME, 1:3] = NUMBER, SMALL


def apart(values: Sequence[bytes]) -> tuple[bytes, Flags, Whole, Whole]:
    """The values one behind the other; which of them are PLAIN; SPANS x 2 x U, where in it each part begins and ends, nothing of
    it where both are 0; and 2 x U, places in the log of record and revisions.

    ACCOUNT is the fields for scheme and period, ATTRIBUTES the map's entries, each with its tag; the others are contents.
    """
    whole, count = b"".join(values), len(values)
    ends = np.cumsum(np.fromiter(map(len, values), np.int64, count))
    plain, spans = np.empty(count, dtype=np.bool_), np.empty((SPANS, 2, count), dtype=np.int64)
    numbers = np.empty((2, count), dtype=np.int64)
    _apart(np.frombuffer(bytearray(whole), dtype=np.uint8), ends, KINDS, plain, spans, numbers)
    return whole, plain, spans, numbers


@within
def _varint(whole: Bytes, at: int, end: int) -> tuple[int, int]:
    """A number and how many bytes it takes: 0 where it takes more than it needs, or is 2^63 or more."""
    value, shift, begin = 0, 0, at
    while at < end and shift < 63:
        byte = np.int64(whole[at])
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, 0 if byte == 0 and at - begin > 1 else at - begin
    return 0, 0


@within
def _is_text(whole: Bytes, at: int, end: int) -> bool:
    """Whether bytes are UTF-8: none cut short, none longer than need be, no halves of pairs, nothing beyond U+10FFFF."""
    while at < end:
        first = whole[at]
        at += 1
        if first < 0x80:
            continue
        more, low, high = 1, 0x80, 0xBF  # how many follow; bounds of the next
        if first < 0xC2 or first > 0xF4:
            return False
        if first >= 0xF0:
            more = 3
            low, high = 0x90 if first == 0xF0 else 0x80, 0x8F if first == 0xF4 else 0xBF
        elif first >= 0xE0:
            more = 2
            low, high = 0xA0 if first == 0xE0 else 0x80, 0x9F if first == 0xED else 0xBF
        if at + more > end or whole[at] < low or whole[at] > high:
            return False
        for k in range(at + 1, at + more):
            if whole[k] & 0xC0 != 0x80:
                return False
        at += more
    return True


@within
def _fields(whole: Bytes, at: int, end: int, kinds: Bytes, found: Whole) -> bool:
    """Where the fields of a message are, FIELDS x 2: begin and end, or a number and 1; 0 and 0 for those not there. Whether it is
    plain.
    """
    found[:] = 0
    last = 0
    while at < end:
        field, wire = whole[at] >> 3, whole[at] & 7
        if field >= FIELDS:
            return False
        kind, again = kinds[field], field == last
        if kind == 0 or field < last or (again and kind != ENTRIES) or wire != (0 if kind <= SMALL else 2):
            return False
        value, size = _varint(whole, at + 1, end)
        if size == 0:
            return False
        begin = at + 1 + size
        if kind <= SMALL:
            if value == 0 or (kind == SMALL and value >= 2**31):
                return False
            found[field, 0], found[field, 1], at = value, 1, begin
        else:
            if value > end - begin or (value == 0 and kind < MESSAGE):
                return False
            if kind == TEXT and not _is_text(whole, begin, begin + value):
                return False
            if not again:
                found[field, 0] = at if kind == ENTRIES else begin
            at = found[field, 1] = begin + value
        last = field
    return True


@within
def _span(spans: Whole, part: int, u: int, found: Whole, field: int) -> None:
    spans[part, 0, u], spans[part, 1, u] = found[field, 0], found[field, 1]


@within
def _one(
    whole: Bytes, begin: int, end: int, kinds: Bytes, event: Whole, found: Whole, u: int, spans: Whole, numbers: Whole
) -> bool:
    """One record; whether it is plain."""
    time = np.empty_like(found)
    if not _fields(whole, begin, end, kinds[EVENT], event) or event[1:5, 1].min() == 0:
        return False
    if not _fields(whole, event[1, 0], event[1, 1], kinds[SUBMISSION], found) or found[3, 1] == 0 or found[6, 1] == 0:
        return False
    _span(spans, UNIT, u, found, 3)
    spans[ACCOUNT, 0, u], spans[ACCOUNT, 1, u] = found[3, 1], found[6, 1]
    if not _fields(whole, event[2, 0], event[2, 1], kinds[TAKEN_IN], found) or found[9, 0] != ACCEPTED:
        return False
    if found[6, 1] > 0 and not _fields(whole, found[6, 0], found[6, 1], kinds[TIME], time):
        return False
    _span(spans, RECEIPT, u, event, 2)
    _span(spans, RECEIPT_ID, u, found, 1)
    _span(spans, ORGANISATION, u, found, 3)
    numbers[0, u], numbers[1, u] = found[5, 0], found[8, 0]
    if not _fields(whole, event[3, 0], event[3, 1], kinds[PROFILE], found):
        return False
    if found[6, 1] > 0 and not _fields(whole, found[6, 0], found[6, 1], kinds[TIME], time):
        return False
    _span(spans, HOLDER, u, found, 3)
    _span(spans, ATTRIBUTES, u, found, 4)
    if not _fields(whole, event[4, 0], event[4, 1], kinds[ROW], found) or found[2, 1] == 0:
        return False
    for field in range(1, 4):
        _span(spans, NAMES - 1 + field, u, found, field)
    long = max(spans[UNIT, 1, u] - spans[UNIT, 0, u], event[2, 1] - event[2, 0])
    return bool(long < LONGEST)


@kernel("void(u1[::1], i8[::1], u1[:,::1], b1[::1], i8[:,:,::1], i8[:,::1])")
def _apart(whole: Bytes, ends: Whole, kinds: Bytes, plain: Flags, spans: Whole, numbers: Whole) -> None:
    """`apart`; U values."""
    event, found = np.empty((FIELDS, 2), dtype=np.int64), np.empty((FIELDS, 2), dtype=np.int64)
    begin = 0
    for u in range(len(ends)):
        plain[u] = _one(whole, begin, ends[u], kinds, event, found, u, spans, numbers)
        begin = ends[u]
