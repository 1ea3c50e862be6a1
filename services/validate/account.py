"""What of one submission stands, and as the bytes that are kept of it. Pure."""

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from services.validate.packed import Packed

# Revision, number of the list of data points, whether it was withdrawn; then how many bytes each of seven texts, the amounts and
# the event take, which follow in this order.
_HEAD = struct.Struct("<Qq?9I")


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
    amounts: Mapping[str, int]
    event: bytes | None = None


def written(one: Accepted, number: Callable[[tuple[str, ...]], int]) -> bytes:
    """An account, but for its unit. `number`: of a list of data points."""
    packed = one.amounts if isinstance(one.amounts, Packed) else Packed.of(one.amounts, sorted(one.amounts))
    texts = [text.encode() for text in one[1:8]]
    parts = [*texts, packed.content, one.event or b""]
    return b"".join((_HEAD.pack(one.revision, number(packed.names), one.withdrawn, *map(len, parts)), *parts))


def read(unit_id: str, content: bytes, begins: int, names: Callable[[int], tuple[str, ...]]) -> Accepted:
    """The account that begins at a byte, with a month's submission. `names`: the list of data points of a number."""
    revision, number, withdrawn, *sizes = _HEAD.unpack_from(content, begins)
    at, parts = begins + _HEAD.size, []
    for size in sizes:
        parts.append(content[at : at + size])
        at += size
    *texts, amounts, event = parts
    scheme, period, receipt_id, organisation_id, kind, first, last = (text.decode() for text in texts)
    place = unit_id, scheme, period, receipt_id, organisation_id, kind, first, last
    return Accepted(*place, revision, withdrawn, Packed(names(number), amounts), event or None)
