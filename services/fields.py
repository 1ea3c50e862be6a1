"""Fields as they travel, written one after another: a message that is set field by field costs several times as much."""

import functools
from collections.abc import Iterable

VARINT, LENGTH_DELIMITED = 0, 2  # wire types
LOW_BITS, MORE = 0x7F, 0x80


def field(field_number: int, content: bytes) -> bytes:
    """A field of bytes, of text or of a message; nothing where it is empty.

    >>> field(1, b"ab").hex(" "), field(1, b"")
    ('0a 02 61 62', b'')
    """
    return head(field_number, len(content)) + content if content else b""


def number(field_number: int, value: int) -> bytes:
    """A whole number from 0 on; nothing for 0.

    >>> number(10, 3).hex(" "), number(10, 0)
    ('50 03', b'')
    """
    return _varint(field_number << 3 | VARINT) + _varint(value) if value else b""


def counted(field_number: int, values: Iterable[int]) -> bytes:
    """Whole numbers from 0 on, packed; nothing where there is none.

    >>> counted(13, [3, 0]).hex(" ")
    '6a 02 03 00'
    """
    return field(field_number, b"".join(map(_varint, values)))


@functools.lru_cache(maxsize=4096)
def head(field_number: int, length: int) -> bytes:
    """What precedes a field of so many bytes."""
    return _varint(field_number << 3 | LENGTH_DELIMITED) + _varint(length)


@functools.lru_cache(maxsize=4096)
def _varint(value: int) -> bytes:
    """A whole number from 0 on, seven bits a byte, the lowest first.

    >>> _varint(0).hex(), _varint(300).hex()
    ('00', 'ac02')
    """
    made = bytearray()
    while value > LOW_BITS:
        made.append(value & LOW_BITS | MORE)
        value >>= 7
    made.append(value)
    return bytes(made)
