"""One transaction of a service: state, offsets read and events announced become durable together."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from google.protobuf.message import Message

from services.chassis import topics
from services.chassis.database import WIDE_INTEGER
from services.chassis.event import Event

metadata = sa.MetaData()
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", WIDE_INTEGER, primary_key=True, autoincrement=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("key", sa.LargeBinary),
    sa.Column("value", sa.LargeBinary),
    sa.Column("headers", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

Headers = Sequence[tuple[str, bytes]]


@dataclass
class Transaction:
    """What a handler gets. Nothing of it is visible to anybody before the commit."""

    connection: sa.Connection
    now: datetime  # aware, UTC; the one clock reading of this transaction
    source: str  # name of the service
    caught_up: bool = True  # nothing is known to wait behind this batch
    rows: list[Mapping[str, object]] = field(default_factory=list)
    rejected: dict[tuple[str, int, int], str] = field(default_factory=dict)
    _afterwards: list[Callable[[], None]] = field(default_factory=list)

    def announce(self, message: Message, *, key: str, id: str, subject: str = "") -> None:
        """Put an event into the outbox. `id` follows from what caused it, so that a repeat is recognisable."""
        self.announce_raw(type(message), message.SerializeToString(deterministic=True), key=key, id=id, subject=subject)

    def announce_raw(self, message: type[Message], value: bytes, *, key: str, id: str, subject: str = "") -> None:
        """Put an event into the outbox whose bytes are made already."""
        headers = cloud_event(message, id=id, source=self.source, time=self.now, subject=subject or key)
        self.put(topics.of_message(message).name, key.encode(), value, headers)

    def put(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Put a record into the outbox as it is."""
        self.rows.append({"topic": topic, "key": key, "value": value, "headers": pack_headers(headers)})

    def reject(self, event: Event[Message], reason: str) -> None:
        """Set a record aside: its bytes and headers go to the dead-letter topic with the reason."""
        self.rejected[event.topic, event.partition, event.offset] = reason

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something in the database thread once this transaction is durable; not if it fails."""
        self._afterwards.append(action)

    def flush(self) -> None:
        """Write the announced events into the outbox table. The chassis calls it before the commit."""
        if self.rows:
            self.connection.execute(outbox.insert(), self.rows)

    def committed(self) -> None:
        """Run what was to follow the commit. The chassis calls it."""
        for action in self._afterwards:
            action()


def deterministic_id(*causes: object) -> str:
    """An event id that follows from what caused the event: the same causes give the same id.

    >>> deterministic_id("a", 1) == deterministic_id("a", 1)
    True
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "noegletal:" + "/".join(str(cause) for cause in causes)))


def id_begins(*causes: object) -> bytes:
    """The first six bytes of a deterministic id, worked out without the rest: to look for one id among many.

    >>> id_begins("a", 1) == uuid.UUID(deterministic_id("a", 1)).bytes[:6]
    True
    """
    name = "noegletal:" + "/".join(str(cause) for cause in causes)
    return hashlib.sha1(uuid.NAMESPACE_URL.bytes + name.encode(), usedforsecurity=False).digest()[:6]


def cloud_event(message: type[Message], *, id: str, source: str, time: datetime, subject: str) -> Headers:
    """CloudEvents headers of the Kafka binding, binary mode. The type is the message's full name."""
    values = {
        "content-type": "application/protobuf",
        "ce_specversion": "1.0",
        "ce_id": id,
        "ce_type": message.DESCRIPTOR.full_name,
        "ce_source": f"/noegletal/{source}",
        "ce_time": time.isoformat(),
        "ce_subject": subject,
    }
    return [(name, value.encode()) for name, value in values.items()]


def pack_headers(headers: Headers) -> str:
    """Headers as text; latin-1 keeps every byte."""
    return json.dumps([[name, value.decode("latin-1")] for name, value in headers])


def unpack_headers(packed: str) -> list[tuple[str, bytes]]:
    """The headers that were packed."""
    return [(name, value.encode("latin-1")) for name, value in json.loads(packed)]
