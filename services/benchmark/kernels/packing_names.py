"""Whose standings moved and what surrounds them, as protobuf packs it: fields of MovedFigures before and behind its numbers."""

import numpy as np

from services.benchmark.kernels.orders import LINE, Whole
from services.field_kernels import LONGEST, Bytes, put_bytes, put_head, put_low_bytes, put_number, size_of
from services.kernels import kernel, within

KEY_FIGURES, PEER_GROUP_BEFORE, PEER_GROUP = 2, 4, 5  # fields of MovedFigures
REPORTED, EXPECTED, NEAR = 13, 14, 15
HEAD = 1 + LONGEST  # bytes what precedes a field takes at most
SAID = 2  # bytes a standing takes at most, beside its names
COUNTED = 4 * LONGEST + 8  # and what is counted of its groups


@within
def _place(known: Whole, many: int, number: int) -> int:
    """The place of a number among others that rise, or where it belongs."""
    at = 0
    while at < many and known[at] < number:
        at += 1
    return at


@within
def _take(known: Whole, many: int, numbers: Whole) -> int:
    """Take numbers in among those that are known, which rise; how many are known then."""
    for number in numbers:
        at = _place(known, many, number)
        if at == many or known[at] != number:
            for k in range(many, at, -1):
                known[k] = known[k - 1]
            known[at] = number
            many += 1
    return many


@within
def _names(out: Bytes, at: int, rows: Whole, names: Bytes, begins: Whole) -> int:
    """Write the names of key figures, a line feed between two; one stands behind each of `names`."""
    size = -1
    for row in rows:
        size += begins[row + 1] - begins[row]
    at = put_head(out, at, KEY_FIGURES, size)
    for row in rows:
        many = begins[row + 1] - begins[row]
        put_bytes(out, at, names[begins[row] :], many)
        at += many
    return at - 1


@within
def _places(out: Bytes, at: int, field: int, known: Whole, many: int, numbers: Whole) -> int:
    """Write the places of numbers among those that are known."""
    at = put_head(out, at, field, len(numbers))
    for k in range(len(numbers)):
        out[at + k] = _place(known, many, numbers[k])
    return at + len(numbers)


@within
def _counts(out: Bytes, at: int, field: int, known: Whole, counts: Whole) -> int:
    """Write what is counted of groups."""
    size = 0
    for number in known:
        size += size_of(counts[number])
    at = put_head(out, at, field, size)
    for number in known:
        at = put_number(out, at, counts[number])
    return at


@kernel(
    f"void({LINE}, {LINE}, {LINE}, {LINE}, uint8[::1], {LINE}, uint8[::1], {LINE}, {LINE}, {LINE}, {LINE},"
    f" uint8[::1], {LINE}, uint8[::1], {LINE})"
)
def pack(
    starts: Whole,
    rows: Whole,
    before: Whole,
    after: Whole,
    names: Bytes,
    name_begins: Whole,
    groups: Bytes,
    group_begins: Whole,
    reported: Whole,
    expected: Whole,
    near: Whole,
    named: Bytes,
    named_ends: Whole,
    counted: Bytes,
    counted_ends: Whole,
) -> None:
    """Write the fields 2 to 5 and the fields 13 to 15 of U units, one unit after another, and where each ends.

    starts               (U + 1,) where each unit's standings begin
    rows, before, after  (N,) key figures, and the numbers of peer groups; fewer than 256 of a unit
    names                of key figures, a line feed behind each; name_begins: where each begins, and the last one ends
    groups               peer groups as fields; group_begins likewise
    reported, expected   by number of the peer group
    near                 (N,) how far the next quartile is
    named                with room for all names and fields of N standings, N x SAID, and U x 3 x HEAD
    counted              with room for N x COUNTED and U x 3 x HEAD
    """
    known = np.empty(2 * len(rows), np.int64)
    at, behind = 0, 0
    for u in range(len(named_ends)):
        a, b = starts[u], starts[u + 1]
        many = _take(known, _take(known, 0, before[a:b]), after[a:b])
        at = _names(named, at, rows[a:b], names, name_begins)
        for number in known[:many]:
            size = group_begins[number + 1] - group_begins[number]
            put_bytes(named, at, groups[group_begins[number] :], size)
            at += size
        at = _places(named, at, PEER_GROUP_BEFORE, known, many, before[a:b])
        at = _places(named, at, PEER_GROUP, known, many, after[a:b])
        named_ends[u] = at
        behind = _counts(counted, behind, REPORTED, known[:many], reported)
        behind = _counts(counted, behind, EXPECTED, known[:many], expected)
        behind = put_head(counted, behind, NEAR, 8 * (b - a))
        for k in range(a, b):
            behind = put_low_bytes(counted, behind, near[k], 8)
        counted_ends[u] = behind
