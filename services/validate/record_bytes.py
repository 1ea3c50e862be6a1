"""SubmissionReceived as the bytes of the contract, taken apart in many records at once. Pure.

Only what is written as protobuf writes it deterministically, of a submission that was accepted, with its amounts as a row and no
confirmations, is PLAIN: each field at most once, in order of numbers, none at its default, numbers no longer than they need be,
texts that are text. Of whatever else, protobuf says what it is (tests/unit/validate/test_record_bytes.py holds both to each
other).
"""

from collections.abc import Sequence

import numpy as np

from services.column import Column
from services.field_kernels import are_same, put_head, read_number
from services.kernels import kernel, within
from services.validate.compiled import Bytes, Flags, Whole

HEAD, UNIT, ACCOUNT, RECEIPT_ID, ORGANISATION, PROFILE, NAMES, VALUES, MISSING = range(9)
SPANS = 9
RECEIPT_FIELD, UNIT_FIELD = 1, 2  # of SubmissionAssessed
# What a field may be: nothing, a number below 2^63 or below 2^31, text, bytes, a message, entries of a map.
NUMBER, SMALL, TEXT, BYTES, MESSAGE, ENTRIES = range(1, 7)
EVENT, SUBMISSION, TAKEN_IN, REGISTERED, ROW, TIME = range(6)
ACCEPTED = 1  # RECEIPT_OUTCOME_ACCEPTED
LONGEST = 2**14  # a receipt or unit of so many bytes would need a third byte of length
FIELDS = 16  # numbers below it have a tag of one byte
KINDS = np.zeros((6, FIELDS), dtype=np.uint8)  # message -> field number -> what it may be
KINDS[EVENT, [1, 2, 3, 4]] = MESSAGE
KINDS[SUBMISSION, [1, 2, 3, 4, 5, 6, 11, 12]], KINDS[SUBMISSION, 7] = TEXT, SMALL
KINDS[TAKEN_IN, 1:10] = TEXT, TEXT, TEXT, BYTES, NUMBER, MESSAGE, SMALL, SMALL, SMALL
KINDS[REGISTERED, 1:8] = TEXT, TEXT, TEXT, ENTRIES, SMALL, MESSAGE, TEXT
KINDS[ROW, 1:4] = BYTES  # the names are looked at once, not in each record
KINDS[TIME, 1:3] = NUMBER, SMALL


def apart(values: Sequence[bytes]) -> tuple[Bytes, Bytes, Flags, Whole, Whole]:
    """The values one behind the other; likewise the heads of what is said of each, its receipt and unit as fields of
    SubmissionAssessed; which of them are PLAIN; U x SPANS x 2, where in the values each part begins and ends, nothing of it where
    both are 0, but HEAD's in the heads; and U x 2, place in the log of record and revision.

    ACCOUNT is the fields for scheme and period, PROFILE those for the holder and the attributes, each with its tag; the others
    are contents. ACCOUNT and NAMES are told where they are others than those of the plain one before.
    """
    column, count = Column.of(values), len(values)
    content = column.whole
    plain, spans = np.empty(count, dtype=np.bool_), np.empty((count, SPANS, 2), dtype=np.int64)
    numbers, heads = np.empty((count, 2), dtype=np.int64), np.empty(len(content), dtype=np.uint8)
    _apart(content, column.ends, KINDS, plain, spans, numbers, heads)
    return content, heads, plain, spans, numbers


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
    """Where the fields of a message are, FIELDS x 2: begin and end, or a number and 1; 0 and 0 for those not there.

    Whether it is plain.
    """
    found[:] = 0
    last, is_plain = 0, True
    while at < end and is_plain:
        field, wire = whole[at] >> 3, whole[at] & 7
        kind = kinds[field] if field < FIELDS else 0
        again = field == last
        if kind == 0 or field < last or (again and kind != ENTRIES) or wire != (0 if kind <= SMALL else 2):
            return False
        value, size = read_number(whole, at + 1, end)
        begin, last = at + 1 + size, field
        if kind <= SMALL:
            is_plain = size > 0 and value > 0 and (kind == NUMBER or value < 2**31)
            found[field, 0], found[field, 1], at = value, 1, begin
        else:
            is_plain = size > 0 and value <= end - begin and (value > 0 or kind >= MESSAGE)
            is_plain = is_plain and (kind != TEXT or _is_text(whole, begin, begin + value))
            if not again:
                found[field, 0] = at if kind == ENTRIES else begin
            at = found[field, 1] = begin + value
    return is_plain


@within
def _put(spans: Whole, part: int, found: Whole, field: int) -> None:
    spans[part, 0], spans[part, 1] = found[field, 0], found[field, 1]


@within
def _timed(whole: Bytes, found: Whole, field: int, kinds: Bytes, time: Whole) -> bool:
    """Whether a time is plain, if it is there."""
    return found[field, 1] == 0 or _fields(whole, found[field, 0], found[field, 1], kinds[TIME], time)


@within
def _sent(whole: Bytes, begin: int, end: int, kinds: Bytes, found: Whole, spans: Whole) -> bool:
    """The submission: it has a unit, and a period behind it."""
    is_plain = _fields(whole, begin, end, kinds[SUBMISSION], found) and found[3, 1] > 0 and found[6, 1] > 0
    _put(spans, UNIT, found, 3)
    spans[ACCOUNT, 0], spans[ACCOUNT, 1] = found[3, 1], found[6, 1]
    return is_plain and spans[UNIT, 1] - spans[UNIT, 0] < LONGEST


@within
def _taken_in(
    whole: Bytes, begin: int, end: int, kinds: Bytes, found: Whole, time: Whole, spans: Whole, numbers: Whole
) -> bool:
    """The receipt: it was accepted."""
    is_plain = _fields(whole, begin, end, kinds[TAKEN_IN], found) and found[9, 0] == ACCEPTED
    _put(spans, RECEIPT_ID, found, 1)
    _put(spans, ORGANISATION, found, 3)
    numbers[0], numbers[1] = found[5, 0], found[8, 0]
    return is_plain and end - begin < LONGEST and _timed(whole, found, 6, kinds, time)


@within
def _registered(whole: Bytes, begin: int, end: int, kinds: Bytes, found: Whole, time: Whole, spans: Whole) -> bool:
    """The profile."""
    is_plain = _fields(whole, begin, end, kinds[REGISTERED], found)
    spans[PROFILE, 0] = max(begin, found[1, 1], found[2, 1])
    spans[PROFILE, 1] = max(spans[PROFILE, 0], found[3, 1], found[4, 1])
    return is_plain and _timed(whole, found, 6, kinds, time)


@within
def _row(whole: Bytes, begin: int, end: int, kinds: Bytes, found: Whole, spans: Whole) -> bool:
    """The amounts."""
    is_plain = _fields(whole, begin, end, kinds[ROW], found) and found[1, 1] > 0 and found[2, 1] > 0
    _put(spans, NAMES, found, 1)
    _put(spans, VALUES, found, 2)
    _put(spans, MISSING, found, 3)
    return is_plain


@within
def _copied(whole: Bytes, begin: int, end: int, field: int, heads: Bytes, at: int) -> int:
    """Bytes as a field; where they end."""
    size = end - begin
    at = put_head(heads, at, field, size)
    for k in range(size):
        heads[at + k] = whole[begin + k]
    return at + size


@kernel("void(u1[::1], i8[::1], u1[:,::1], b1[::1], i8[:,:,::1], i8[:,::1], u1[::1])")
def _apart(whole: Bytes, ends: Whole, kinds: Bytes, plain: Flags, spans: Whole, numbers: Whole, heads: Bytes) -> None:
    """`apart`; U values."""
    room = np.empty((3, FIELDS, 2), dtype=np.int64)
    event, found, time = room[0], room[1], room[2]
    begin, at, last = 0, 0, np.zeros((2, 2), dtype=np.int64)
    for u in range(len(ends)):
        mine, end = spans[u], ends[u]
        plain[u] = (
            _fields(whole, begin, end, kinds[EVENT], event)
            and event[1:5, 1].min() > 0
            and _sent(whole, event[1, 0], event[1, 1], kinds, found, mine)
            and _taken_in(whole, event[2, 0], event[2, 1], kinds, found, time, mine, numbers[u])
            and _registered(whole, event[3, 0], event[3, 1], kinds, found, time, mine)
            and _row(whole, event[4, 0], event[4, 1], kinds, found, mine)
        )
        begin = end
        if plain[u]:
            mine[HEAD, 0] = at
            at = _copied(whole, event[2, 0], event[2, 1], RECEIPT_FIELD, heads, at)
            at = mine[HEAD, 1] = _copied(whole, mine[UNIT, 0], mine[UNIT, 1], UNIT_FIELD, heads, at)
            for n, part in enumerate((ACCOUNT, NAMES)):
                if are_same(whole, mine[part], last[n]):
                    mine[part] = 0
                else:
                    last[n] = mine[part]
