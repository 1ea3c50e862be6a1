"""Records and events: what Kafka hands out, and what can be read of it, each record by itself."""

import functools
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from google.protobuf.message import DecodeError, Message

M = TypeVar("M", bound=Message)
M_co = TypeVar("M_co", bound=Message, covariant=True)


class InvalidMessage(Exception):
    """A record that can never be read. It is set aside with its bytes; it is not retried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Record(Protocol):
    """A record as Kafka hands it out."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


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


def decode(record: Record, message: type[M]) -> Event[M]:
    """Read one record. Raises InvalidMessage with a reason fit for a metric's label."""
    return reader(message)(record)


def reader(message: type[M]) -> Callable[..., Event[M]]:
    """How records that carry a message are read, one at a time. What it returns raises InvalidMessage as `decode` does.

    It takes the record, and what its value says where that has been read already.
    """
    name, parse = message.DESCRIPTOR.full_name.encode(), message.FromString

    def read(record: Record, content: Any = None) -> Event[M]:
        value, headers = record.value, dict(record.headers)
        if value is None:
            raise InvalidMessage("null-value")
        declared = headers.get("ce_type")
        if declared and declared != name:
            raise InvalidMessage("other-type")
        if content is None:
            try:
                content = parse(value)
            except DecodeError:
                raise InvalidMessage("undecodable") from None
        return Event(
            content,
            value,
            text(headers.get("ce_id") or b""),
            _time(headers.get("ce_time") or b""),
            record.topic,
            record.partition,
            record.offset,
            text(record.key or b""),
        )

    return read


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
