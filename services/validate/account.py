"""What of one submission stands, and as the bytes that are kept of it. Pure."""

import functools
import json
import struct
from collections.abc import Callable, Iterable
from typing import NamedTuple

from services.validate.packed import Packed

# Revision, number of the list of data points, whether it was withdrawn; then how many bytes follow of each: what many accounts
# share, as JSON; receipt; organisation; amounts; event.
_HEAD = struct.Struct("<Qq?5I")


class Accepted(NamedTuple):
    """The amounts of the figures that stand in one revision. None: it was withdrawn, or nothing in it could stand.

    Of a month, the amounts in which no rule found a fault. `event`: of a month just assessed, the submission as it came.
    """

    unit_id: str
    scheme: str
    period: str
    receipt_id: str
    organisation_id: str
    kind: str
    period_start: str
    period_end: str
    revision: int
    withdrawn: bool
    amounts: Packed
    event: bytes | None = None


def written(some: Iterable[Accepted], numbered: Callable[[tuple[str, ...]], int]) -> list[bytes]:
    """Accounts, but for their units. `numbered`: the number of a list of data points."""
    found, pack, number = list[bytes](), _HEAD.pack, 0
    names: tuple[str, ...] | None = None
    for one in some:
        _, scheme, period, receipt_id, organisation_id, kind, first, last, revision, withdrawn, amounts, event = one
        if amounts.names is not names:
            names, number = amounts.names, numbered(amounts.names)
        shared, content, came = _shared(scheme, period, kind, first, last), amounts.content, event or b""
        receipt, sender = receipt_id.encode(), organisation_id.encode()
        head = pack(revision, number, withdrawn, len(shared), len(receipt), len(sender), len(content), len(came))
        found.append(b"".join((head, shared, receipt, sender, content, came)))
    return found


@functools.lru_cache(maxsize=1024)
def _shared(*texts: str) -> bytes:
    return json.dumps(texts).encode()


@functools.lru_cache(maxsize=1024)
def _texts(shared: bytes) -> tuple[str, ...]:
    return tuple(json.loads(shared))


def read(unit_id: str, content: bytes, begins: int, names: Callable[[int], tuple[str, ...]]) -> Accepted:
    """The account that begins at a byte, with a month's submission. `names`: the list of data points of a number."""
    revision, number, withdrawn, *sizes = _HEAD.unpack_from(content, begins)
    at, parts = begins + _HEAD.size, []
    for size in sizes:
        parts.append(content[at : at + size])
        at += size
    shared, receipt, sender, amounts, event = parts
    scheme, period, kind, first, last = _texts(shared)
    place = unit_id, scheme, period, receipt.decode(), sender.decode(), kind, first, last
    return Accepted(*place, revision, withdrawn, Packed(names(number), amounts), event or None)
