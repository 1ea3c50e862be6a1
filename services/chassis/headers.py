"""Headers of records as bytes: what they are, and what CloudEvents say of many records at once. Pure.

Of each header the lengths of its name and its value, in four bytes each, then both; the value's length is ABSENT where there is
none.
"""

from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

import numpy as np

from services.column import Bytes, Column, Flags, Whole
from services.field_kernels import are_same
from services.kernels import kernel, within

Headers = Sequence[tuple[str, bytes | None]]
ABSENT = -1
LENGTHS = 8  # bytes before each name
TYPE, TIME, ID = range(3)
_LENGTHS = Struct("<ii")
_NAMES = np.zeros((3, 8), dtype=np.uint8)  # by place: how long, and what
for _n, _name in ((TYPE, b"ce_type"), (TIME, b"ce_time"), (ID, b"ce_id")):
    _NAMES[_n, 0], _NAMES[_n, 1 : 1 + len(_name)] = len(_name), list(_name)


def packed(headers: Headers) -> bytes:
    """Headers as bytes."""
    found = list[bytes]()
    for name, value in headers:
        raw = name.encode("utf-8", "surrogateescape")
        found += (_LENGTHS.pack(len(raw), ABSENT if value is None else len(value)), raw, value or b"")
    return b"".join(found)


def unpacked(raw: bytes) -> Headers:
    """What was packed; none where the name of one is no text, which must not cost the record."""
    found, at = list[tuple[str, bytes | None]](), 0
    try:
        while at < len(raw):
            name, value = _LENGTHS.unpack_from(raw, at)
            begin, at = at + LENGTHS + name, at + LENGTHS + name + max(value, 0)
            found.append((raw[begin - name : begin].decode(), None if value == ABSENT else raw[begin:at]))
    except UnicodeDecodeError:
        return ()
    return found


class Said(NamedTuple):
    """What CloudEvents say of R records.

    spans  R x 3 x 2, by TYPE, TIME and ID: where in the headers it is told; nothing where both are the same
    anew   R x 2, by TYPE and TIME: whether it is another than that of the one before
    """

    headers: Column
    spans: Whole
    anew: Flags

    def texts(self, what: int) -> list[bytes]:
        """What is told of each."""
        whole = self.headers.whole.tobytes()
        return [whole[begin:end] for begin, end in self.spans[:, what].tolist()]

    def runs(self, what: int) -> tuple[list[bytes], Whole]:
        """The types or times of records that follow one another, each once; and which of them each record has."""
        whole, anew = self.headers.whole, self.anew[:, what]
        told = [whole[begin:end].tobytes() for begin, end in self.spans[anew, what].tolist()]
        return told, np.cumsum(anew) - 1


def said(headers: Column) -> Said:
    """What the headers of many records say of them. Of a header told twice, the last is taken."""
    count = len(headers)
    spans, anew = np.empty((count, 3, 2), dtype=np.int64), np.empty((count, 2), dtype=np.bool_)
    _find(headers.whole, headers.ends, _NAMES, spans, anew)
    return Said(headers, spans, anew)


@within
def _length(raw: Bytes, at: int) -> int:
    found = np.int64(0)
    for k in range(4):
        found |= np.int64(raw[at + k]) << 8 * k
    return found if found < 2**31 else ABSENT  # type: ignore[return-value]


@kernel("void(u1[::1], i8[::1], u1[:,::1], i8[:,:,::1], b1[:,::1])")
def _find(raw: Bytes, ends: Whole, names: Bytes, spans: Whole, anew: Flags) -> None:
    """`said`; U records."""
    at = 0
    for u in range(len(ends)):
        spans[u] = 0
        while at < ends[u]:
            name, value = _length(raw, at), max(0, _length(raw, at + 4))
            at += LENGTHS
            for k in range(3):
                same = name == names[k, 0]
                for i in range(name if same else 0):
                    same &= raw[at + i] == names[k, 1 + i]
                if same:
                    spans[u, k, 0], spans[u, k, 1] = at + name, at + name + value
            at += name + value
        for k in range(2):
            anew[u, k] = u == 0 or not are_same(raw, spans[u, k], spans[u - 1, k])
