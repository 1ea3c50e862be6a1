"""Records and events: what Kafka hands out, and what can be read of it, each record by itself."""

import functools
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from google.protobuf.message import DecodeError, Message

M = TypeVar("M", bound=Message)
M_co = TypeVar("M_co", bound=Message, covariant=True)


class InvalidMessage(Exception):
    """A record that can never be read. It is set aside with its bytes; it is not retried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Record(NamedTuple):
    """A record as Kafka hands it out."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]] = ()


class Event(NamedTuple, Generic[M_co]):
    """A record that could be read. `time` is absent where the sender gave none; `raw` is the message's bytes."""

    message: M_co
    raw: bytes
    id: str
    time: datetime | None
    topic: str
    partition: int
    offset: int
    key: str


def decode(record: Any, message: type[M]) -> Event[M]:
    """Read one record, be it another client's. Raises InvalidMessage with a reason fit for a metric's label."""
    one = Record(record.topic, record.partition, record.offset, record.key, record.value, record.headers)
    events, reasons = read([one], message)
    for reason in reasons.values():
        raise InvalidMessage(reason)
    return events[0]


def read(
    records: Sequence[Record], message: type[M], contents: Sequence[Any] | None = None
) -> tuple[list[Event[M]], dict[int, str]]:
    """Read many records that carry a message; of those that can never be read, by their place among them, why: see `decode`.

    contents   what the values say, of those where that has been read already
    """
    if not records:
        return [], {}
    name, parse = message.DESCRIPTOR.full_name.encode(), message.FromString
    *places, keys, values, headers = zip(*records, strict=True)
    said, reasons, own = list(contents or [None] * len(records)), dict[int, str](), [*map(dict, headers)]
    for n, (value, its) in enumerate(zip(values, own, strict=True)):
        if value is None:
            reasons[n] = "null-value"
        elif (declared := its.get("ce_type")) and declared != name:
            reasons[n] = "other-type"
        elif said[n] is None:
            try:
                said[n] = parse(value)
            except DecodeError:
                reasons[n] = "undecodable"
    ids, times = _texts([its.get("ce_id") or b"" for its in own]), [_time(its.get("ce_time") or b"") for its in own]
    columns = said, values, ids, times, *places, _texts([key or b"" for key in keys])
    events: list[Event[M]] = [*map(_made, zip(*columns, strict=True))]
    return [e for n, e in enumerate(events) if n not in reasons] if reasons else events, reasons


_made = partial(tuple.__new__, Event)  # of as many columns as there are fields: without a call of Python's for each


def _texts(raws: Sequence[bytes]) -> list[str]:
    try:
        return [raw.decode() for raw in raws]
    except UnicodeDecodeError:
        return [text(raw) for raw in raws]


def text(raw: bytes) -> str:
    """Header or key bytes as text, whatever they are."""
    return raw.decode("utf-8", "backslashreplace")


@functools.lru_cache(maxsize=256)  # what one transaction announced has one time
def _time(raw: bytes) -> datetime | None:
    try:
        time = datetime.fromisoformat(text(raw))
    except ValueError:
        return None
    return time if time.tzinfo else None
