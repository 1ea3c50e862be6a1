"""A bench for one service without Kafka: real decoding, real transaction, real handler, a real SQLite."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from google.protobuf import text_format
from google.protobuf.message import Message

from services.chassis import event, messaging, offsets, outbox, outgoing, topics
from services.chassis.records import Record, Records
from services.chassis.service import Service
from tests.builders import cloud_event

Delivered = Record


@dataclass(frozen=True)
class Announced:
    """What a service put into its outbox. `message` is absent for a dead letter."""

    topic: str
    key: str
    id: str
    message: Message | None
    value: bytes | None
    headers: dict[str, bytes]


class Bench:
    """One service on a table: deliver records, look at what it announced."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._offsets: dict[str, itertools.count[int]] = {}
        service.prepare()

    def deliver(
        self,
        heading: str,
        messages: Sequence[Message | Delivered],
        *,
        topic: str = "",
        key: str = "key",
        id: str = "",
        caught_up: bool = True,
        waiting: int = 0,
    ) -> messaging.Applied:
        """Deliver messages as one batch of a topic of the map; a pattern's needs the topic's own name."""
        entry, handler = self.service.handlers[heading]
        records = [self._record(m, topic or heading, key, id) for m in messages]

        def work(tx: outbox.Transaction) -> messaging.Applied:
            wanted = {(r.topic, r.partition) for r in records}
            positions = {p: offsets.read(tx.connection, wanted).get(p) for p in wanted}
            return messaging.apply(messaging.Part.of(entry, handler, Records.of(records)), tx, positions)

        return self.service.transact(work, cause="batch", waiting=waiting or int(not caught_up))

    def outbox(self, topic: str = "") -> list[Announced]:
        """Everything announced so far, oldest first; of one topic if asked."""
        rows = self.service.database.read(
            lambda c: c.execute(sa.select(outbox.outbox).order_by(outbox.outbox.c.id)).all()
        )
        records = [record for row in rows for record in outgoing.Packed(bytes(row.content)).whole()]
        return [_announced(*record) for record in records if topic in ("", record[0])]

    def published(self) -> None:
        """As if the broker had taken everything announced so far: nothing of it is held in memory any more."""
        relay = self.service._relay
        relay._waiting.clear()
        relay.pending = 0

    def waiting(self, topic: str) -> int:
        """How many events of a topic the broker has not taken, as far as they are held in memory."""
        held = [w.packed for w in self.service._relay._waiting if w.packed is not None]
        return sum(o.by_topic().get(topic, 0) for o in held)

    def close(self) -> None:
        """Release the database."""
        self.service.database.close()

    def _record(self, message: Message | Delivered, topic: str, key: str, id: str) -> Delivered:
        if isinstance(message, Delivered):
            return message
        offset = next(self._offsets.setdefault(topic, itertools.count()))
        headers = cloud_event(
            type(message), id=id or f"{topic}-{offset}", source="test", time=self.service.clock(), subject=key
        )
        return Delivered(topic, 0, offset, key.encode(), message.SerializeToString(deterministic=True), headers)


def _announced(topic: str, key: bytes | None, value: bytes | None, told: outgoing.Headers) -> Announced:
    headers = dict(told)
    message = None
    if not topic.endswith("-dlq") and value is not None:
        message = topics.entries()[topic].message.FromString(value)
    return Announced(topic, event.text(key or b""), headers.get("ce_id", b"").decode(), message, value, headers)


def at_work(service: Service) -> dict[type, Any]:
    """What a service does in the background, by its class, to be done by hand."""
    return {type(work.__self__): work.__self__ for work in service._backgrounds}  # type: ignore[attr-defined]


def examples(heading: str) -> dict[str, Message]:
    """The examples of a topic of the map by name, read from proto/examples."""
    folder = topics.MAP.parent / "examples" / heading
    message = topics.entries()[heading].message
    return {p.stem: text_format.Parse(p.read_text(), message()) for p in sorted(folder.glob("*.txtpb"))}
