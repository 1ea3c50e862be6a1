"""Records and events: what Kafka hands out, and what can be read of it, each record by itself."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from google.protobuf.message import DecodeError, Message

M_co = TypeVar("M_co", bound=Message, covariant=True)


class InvalidMessage(Exception):
    """A record that can never be read. It is set aside with its bytes; it is not retried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Record(Protocol):
    """A record as Kafka hands it out."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Event(Generic[M_co]):
    """A record that could be read. `time` is absent where the sender gave none; `raw` is the message's bytes."""

    message: M_co
    raw: bytes
    id: str
    time: datetime | None
    topic: str
    partition: int
    offset: int
    key: str


def decode(record: Record, message: type[Message]) -> Event[Message]:
    """Read one record. Raises InvalidMessage with a reason fit for a metric's label."""
    if record.value is None:
        raise InvalidMessage("null-value")
    headers = {name: value or b"" for name, value in record.headers}
    declared = text(headers.get("ce_type", b""))
    if declared and declared != message.DESCRIPTOR.full_name:
        raise InvalidMessage("other-type")
    try:
        content = message.FromString(record.value)
    except DecodeError:
        raise InvalidMessage("undecodable") from None
    return Event(
        message=content,
        raw=record.value,
        id=text(headers.get("ce_id", b"")),
        time=_time(headers.get("ce_time", b"")),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=text(record.key or b""),
    )


def text(raw: bytes) -> str:
    """Header or key bytes as text, whatever they are."""
    return raw.decode("utf-8", "backslashreplace")


def _time(raw: bytes) -> datetime | None:
    with contextlib.suppress(ValueError):
        time = datetime.fromisoformat(text(raw))
        return time if time.tzinfo else None
    return None
