"""One transaction of a service: state, offsets read and events announced become durable together."""

import hashlib
import itertools
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from google.protobuf.message import Message

from services.chassis import topics
from services.chassis.database import WIDE_INTEGER
from services.chassis.event import Event
from services.chassis.outgoing import ID_BYTES, Headers, Outgoing, Run
from services.chassis.statement import Statement

_NAMESPACE = uuid.NAMESPACE_URL.bytes + b"noegletal:"
_VARIANT = {
    digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"
}  # of RFC 9562, in a uuid's seventeenth digit
FEW = 12  # ids: for fewer, numpy takes longer than it saves
_DIGITS = [at for at in range(ID_BYTES) if at not in (8, 13, 18, 23)]
metadata = sa.MetaData()
outbox = sa.Table(
    "outgoing",
    metadata,
    sa.Column("id", WIDE_INTEGER, primary_key=True, autoincrement=True),
    sa.Column("records", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # what one transaction announced, or a part of it, packed
    sqlite_autoincrement=True,
)
_KEEP = Statement(
    sa.insert(outbox).values(records=sa.bindparam("how_many"), content=sa.bindparam("packed")).returning(outbox.c.id)
)


@dataclass
class Transaction:
    """What a handler gets. Nothing of it is visible to anybody before the commit."""

    connection: sa.Connection
    now: datetime  # aware, UTC; the one clock reading of this transaction
    source: str  # name of the service
    waiting: int = 0  # records that are known to wait behind this batch
    was_idle: bool = True  # there was nothing to do when this batch came
    outgoing: Outgoing = field(default_factory=Outgoing)
    rejected: dict[tuple[str, int, int], str] = field(default_factory=dict)
    _kinds: dict[type[Message], int] = field(default_factory=dict)
    _afterwards: list[Callable[[], None]] = field(default_factory=list)

    @property
    def caught_up(self) -> bool:
        """Whether nothing is known to wait behind this batch."""
        return not self.waiting

    def announce(self, message: Message, *, key: str, id: str, subject: str = "") -> None:
        """Put an event into the outbox. `id` follows from what caused it, so that a repeat is recognisable."""
        value = message.SerializeToString(deterministic=True)
        self.announce_raw(type(message), value, key=key, id=id, subject=subject)

    def announce_raw(self, message: type[Message], value: bytes, *, key: str, id: str, subject: str = "") -> None:
        """Put an event into the outbox whose bytes are made already."""
        raw_key = key.encode()
        self.outgoing.add([(self._kind(message), raw_key, value, id.encode(), subject.encode() or raw_key)])

    def announce_all(
        self, message: type[Message], keys: Sequence[str], values: Sequence[bytes], ids: list[bytes]
    ) -> None:
        """Put many events of a kind into the outbox, whose bytes are made already. Their keys are their subjects."""
        if values:
            raw_keys, kinds = [key.encode() for key in keys], itertools.repeat(self._kind(message), len(values))
            self.outgoing.add(zip(kinds, raw_keys, values, ids, raw_keys, strict=True))

    def announce_run(
        self,
        message: type[Message],
        keys: Sequence[bytes],
        values: bytes | memoryview,
        ends: Sequence[int],
        ids: bytes,
        within: bytes = b"",
    ) -> None:
        """Put many events of a kind into the outbox whose bytes are one behind the other, as are their ids: see Run."""
        if keys:
            self.outgoing.run(Run(self._kind(message), keys, values, ends, ids, within))

    def _kind(self, message: type[Message]) -> int:
        kind = self._kinds.get(message)
        if kind is None:
            shared = shared_headers(message, source=self.source, time=self.now)
            kind = self._kinds[message] = self.outgoing.kind(topics.of_message(message).name, shared)
        return kind

    def put(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Put a record into the outbox as it is."""
        self.outgoing.add([(self.outgoing.kind(topic, headers), key, value, None, None)])

    def reject(self, event: Event[Message], reason: str) -> None:
        """Set a record aside: its bytes and headers go to the dead-letter topic with the reason."""
        self.rejected[event.topic, event.partition, event.offset] = reason

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something in the database thread once this transaction is durable; not if it fails."""
        self._afterwards.append(action)

    def flush(self) -> list[tuple[int, bytes]]:
        """Write what is announced into the outbox, as a row or some; their ids and contents. The chassis calls it before the
        commit.
        """
        kept = list[tuple[int, bytes]]()
        for count, packed in self.outgoing.packed():
            ((id,),) = _KEEP.rows(self.connection, how_many=count, packed=packed)
            kept.append((int(id), packed))
        return kept

    def committed(self) -> None:
        """Run what was to follow the commit. The chassis calls it."""
        for action in self._afterwards:
            action()


def deterministic_id(*causes: object) -> str:
    """An event id that follows from what caused the event, a uuid5: the same causes give the same id.

    >>> deterministic_id("a", 1) == str(uuid.uuid5(uuid.NAMESPACE_URL, "noegletal:a/1"))
    True
    """
    h = _sha1(causes).hexdigest()  # written by hand: the UUID object would take three quarters of the time
    return f"{h[:8]}-{h[8:12]}-5{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:32]}"


def deterministic_ids(first: object, causes: Collection[Sequence[str]]) -> list[bytes]:
    """The ids of many events whose causes begin with the same.

    >>> deterministic_ids("a", [("b", "c"), ("d",)])[1].decode() == deterministic_id("a", "d")
    True
    """
    whole = ids_together(first, ["/".join(some) for some in causes])
    return [whole[at : at + ID_BYTES] for at in range(0, len(whole), ID_BYTES)]


def ids_together(first: object, causes: Collection[str]) -> bytes:
    """The same, one behind the other. `causes`: with a slash between two."""
    if len(causes) < FEW:
        return b"".join(deterministic_id(first, cause).encode() for cause in causes)
    begun, digests = _sha1([first, ""]), list[bytes]()
    for cause in causes:
        one = begun.copy()
        one.update(cause.encode())
        digests.append(one.digest())
    raw = np.frombuffer(bytearray().join(digests), dtype=np.uint8).reshape(-1, 20)[:, :16]
    raw[:, 6], raw[:, 8] = raw[:, 6] & 0x0F | 0x50, raw[:, 8] & 0x3F | 0x80  # version and variant of RFC 9562
    written = np.full((len(digests), ID_BYTES), ord("-"), dtype=np.uint8)
    written[:, _DIGITS] = np.frombuffer(raw.tobytes().hex().encode(), dtype=np.uint8).reshape(-1, 32)
    return written.tobytes()


def id_begins(*causes: object) -> bytes:
    """The first six bytes of a deterministic id, worked out without the rest: to look for one id among many.

    >>> id_begins("a", 1) == uuid.UUID(deterministic_id("a", 1)).bytes[:6]
    True
    """
    return bytes(_sha1(causes).digest()[:6])


def _sha1(causes: Iterable[object]) -> Any:
    return hashlib.sha1(_NAMESPACE + "/".join(map(str, causes)).encode(), usedforsecurity=False)


def shared_headers(message: type[Message], *, source: str, time: datetime) -> Headers:
    """The CloudEvents headers that all events of a type have which one transaction announces."""
    values = {
        "content-type": "application/protobuf",
        "ce_specversion": "1.0",
        "ce_type": message.DESCRIPTOR.full_name,
        "ce_source": f"/noegletal/{source}",
        "ce_time": time.isoformat(),
    }
    return [(name, value.encode()) for name, value in values.items()]
