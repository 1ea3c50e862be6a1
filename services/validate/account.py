"""What of one submission stands, and as the bytes that are kept of it. Pure."""

import functools
import json
import struct
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from services import pieces
from services.pieces import Piece
from services.validate.compiled import Whole
from services.validate.packed import Packed

# Revision, number of the list of data points, whether it was withdrawn; then how many bytes follow of each: what many accounts
# share, as JSON; receipt; organisation; amounts; event.
_HEAD = struct.Struct("<Qq?5I")
_HEADS = np.dtype([("revision", "<u8"), ("list", "<i8"), ("withdrawn", "?"), ("sizes", "<u4", 5)])  # the same, of many


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


def written(one: Accepted, number: int) -> bytes:
    """An account, but for its unit. `number`: of its list of data points."""
    common = shared(one.scheme, one.period, one.kind, one.period_start, one.period_end)
    parts = common, one.receipt_id.encode(), one.organisation_id.encode(), one.amounts.content, one.event or b""
    return b"".join((_HEAD.pack(one.revision, number, one.withdrawn, *map(len, parts)), *parts))


def heads(revisions: Whole, number: int, parts: Sequence[Piece]) -> Piece:
    """What accounts begin with, of years that were not withdrawn. `parts`: all that follows but for the event."""
    found = np.zeros(len(revisions), dtype=_HEADS)
    found["revision"], found["list"] = revisions, number
    for n, (_, spans) in enumerate(parts):
        found["sizes"][:, n] = spans[:, 1] - spans[:, 0]
    return found.view(np.uint8).reshape(-1), pieces.of_rows(np.arange(len(found)), _HEADS.itemsize)


@functools.lru_cache(maxsize=1024)
def shared(scheme: str, period: str, kind: str, first: str, last: str) -> bytes:
    """What many accounts have in common."""
    return json.dumps([scheme, period, kind, first, last]).encode()


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
