"""Many runs of bytes made of pieces of others, one behind the other. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.column import Column
from services.field_kernels import LONGEST, Bytes, Whole, put_bytes, put_number
from services.fields import LENGTH_DELIMITED, VARINT
from services.kernels import kernel


class Joined(NamedTuple):
    """Runs of bytes, one behind the other: what each is of, by number; where each ends."""

    numbers: Whole
    content: memoryview
    ends: list[int]

    def of(self, number: int) -> bytes | None:
        """What is of a number, if anything is."""
        at = int(np.searchsorted(self.numbers, number))
        if at == len(self.numbers) or self.numbers[at] != number:
            return None
        content, _ = self.between(at, at + 1)
        return bytes(content)

    def between(self, first: int, behind: int) -> tuple[memoryview, list[int]]:
        """Some runs that follow one another, and where each ends in what they have."""
        begin, ends = self.ends[first - 1] if first else 0, self.ends[first:behind]
        return self.content[begin : ends[-1] if ends else begin], [end - begin for end in ends]

    def each(self) -> list[bytes]:
        """Every run by itself."""
        return [*Column(np.asarray(self.content), np.array(self.ends, dtype=np.int64))]


NOTHING = Joined(np.empty(0, dtype=np.int64), memoryview(b""), [])
Piece = tuple[Bytes, Whole]  # bytes; and U x 2, where in them the piece of each begins and ends


def same(content: bytes, many: int) -> Piece:
    """The same piece for each of many."""
    spans = np.zeros((many, 2), dtype=np.int64)
    spans[:, 1] = len(content)
    return np.frombuffer(bytearray(content), dtype=np.uint8), spans


def of_rows(rows: Whole, width: int) -> Whole:
    """Where, one behind the other, some rows of as many bytes are."""
    found = np.empty((len(rows), 2), dtype=np.int64)
    found[:, 0], found[:, 1] = rows * width, (rows + 1) * width
    return found


def between(ends: Whole) -> Whole:
    """Where, one behind the other, those are that end there."""
    found = np.zeros((len(ends), 2), dtype=np.int64)
    found[1:, 0], found[:, 1] = ends[:-1], ends
    return found


def chosen(contents: Sequence[bytes], which: Whole) -> Piece:
    """Each one's among several contents."""
    if not which.any():
        return same(contents[0], len(which))
    content, spans = each(contents)
    return content, spans[which]


def each(contents: Sequence[bytes]) -> Piece:
    """Each one's own content."""
    column = Column.of(contents)
    return column.whole, between(column.ends)


def heads(field: int, lengths: Whole) -> Piece:
    """What precedes a field of so many bytes; nothing where it is empty."""
    return _tagged(field << 3 | LENGTH_DELIMITED, lengths)


def within(field: int, parts: Sequence[Piece]) -> list[Piece]:
    """Of each its parts as one field; nothing where they are empty."""
    return [heads(field, size(parts)), *parts]


def numbers(field: int, values: Whole) -> Piece:
    """A whole number from 0 on of each; nothing for 0."""
    return _tagged(field << 3 | VARINT, values)


def _tagged(tag: int, values: Whole) -> Piece:
    content, ends = np.empty(2 * LONGEST * len(values), dtype=np.uint8), np.empty(len(values), dtype=np.int64)
    _put_tagged(content, ends, tag, values)
    return content, between(ends)


def joined(many: int, several: Sequence[tuple[Whole, Sequence[Piece]]], alone: Mapping[int, bytes]) -> Joined:
    """What is said of some of many, by their numbers, in their order.

    several   numbers, and the pieces of each
    """
    sizes = np.zeros(many, dtype=np.int64)
    for numbers, parts in several:
        sizes[numbers] = size(parts)
    for number, content in alone.items():
        sizes[number] = len(content)
    some = np.sort(np.concatenate([*(numbers for numbers, _ in several), np.array([*alone], dtype=np.int64)]))
    ends = np.cumsum(sizes)
    begins, out = ends - sizes, np.empty(sizes.sum(), dtype=np.uint8)
    for numbers, parts in several:
        put(out, begins[numbers], parts)
    for number, content in alone.items():
        out[begins[number] : ends[number]] = np.frombuffer(content, dtype=np.uint8)
    return Joined(some, out.data.toreadonly(), ends[some].tolist())


def replaced(many: int, before: Joined, alone: Mapping[int, bytes]) -> Joined:
    """What was joined, with other content of some, and of more. `many`: numbers there are."""
    kept = ~np.isin(before.numbers, [*alone])
    whole, spans = np.frombuffer(bytearray(before.content), dtype=np.uint8), between(np.array(before.ends, np.int64))
    return joined(many, [(before.numbers[kept], [(whole, spans[kept])])], alone)


def size(pieces: Sequence[Piece]) -> Whole:
    """U: how many bytes all pieces of each are."""
    found: Whole = sum(spans[:, 1] - spans[:, 0] for _, spans in pieces)  # type: ignore[assignment]
    return found


def put(out: Bytes, begins: Whole, pieces: Sequence[Piece]) -> None:
    """Write the pieces of each from where it is to begin."""
    at = begins.copy()
    for content, spans in pieces:
        _put(out, at, content, np.ascontiguousarray(spans))


def rows(content: Bytes, spans: Whole, width: int) -> Bytes:
    """U x width: pieces of so many bytes, and of zeros where a piece is none."""
    found = np.zeros((len(spans), width), dtype=np.uint8)
    _put(found.reshape(-1), np.arange(len(spans)) * width, content, np.ascontiguousarray(spans))
    return found


@kernel("void(u1[::1], i8[::1], i8, i8[::1])")
def _put_tagged(out: Bytes, ends: Whole, tag: int, values: Whole) -> None:
    """Write tags and numbers one behind the other, nothing for 0; where each ends."""
    at = 0
    for u in range(len(values)):
        if values[u]:
            at = put_number(out, put_number(out, at, tag), values[u])
        ends[u] = at


@kernel("void(u1[::1], i8[::1], u1[::1], i8[:,::1])")
def _put(out: Bytes, at: Whole, content: Bytes, spans: Whole) -> None:
    """Write one piece of each, and move on to where it ends."""
    for u in range(len(at)):
        begin, many = spans[u, 0], spans[u, 1] - spans[u, 0]
        put_bytes(out, at[u], content[begin:], many)
        at[u] += many
