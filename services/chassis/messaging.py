"""What becomes of the records of a topic: each decoded alone, applied in one transaction, the unreadable set aside."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import Message

from services.chassis import offsets
from services.chassis.event import Events, read
from services.chassis.metrics import Metrics
from services.chassis.outbox import Transaction
from services.chassis.outgoing import Headers
from services.chassis.records import TOPIC, Place, Record, Records
from services.chassis.topics import Topic

TRIES = 3
Handler = Callable[[Events[Any], Transaction], None]
Handlers = Mapping[str, tuple[Topic, Handler]]  # by heading in the map


class Part(NamedTuple):
    """What a batch holds of one topic, and what the service does with it.

    firsts, lasts   offsets of each partition's first and last record
    said            see `said`; absent until it was read
    """

    topic: Topic
    handler: Handler
    records: Records
    firsts: Mapping[offsets.Partition, int]
    lasts: Mapping[offsets.Partition, int]
    said: tuple[Events[Any], dict[int, str]] | None = None

    @classmethod
    def of(cls, topic: Topic, handler: Handler, records: Records) -> "Part":
        """What has not been read yet."""
        firsts, lasts = dict[offsets.Partition, int](), dict[offsets.Partition, int]()
        for partition, first, last in records.runs:
            firsts.setdefault(partition, first)
            lasts[partition] = last
        return cls(topic, handler, records, firsts, lasts)


@dataclass
class Applied:
    """What applying records of a topic came to: events per outcome, reasons of those set aside, each partition's next offset."""

    accepted: Events[Message]
    reasons: Mapping[Place, str]
    following: Mapping[offsets.Partition, int]


def parts(records: Records, handlers: Handlers) -> list[Part]:
    """Records by their topic's handler."""
    if len(handlers) == 1:
        ((topic, handler),) = handlers.values()
        return [Part.of(topic, handler, records)]
    names, found = np.array(records.topics), list[Part]()
    for topic, handler in handlers.values():
        its = np.isin(records.places[:, TOPIC], (names == topic.name).nonzero()[0])
        if its.any():
            found.append(Part.of(topic, handler, records.chosen(its)))
    return found


def said(records: Records, topic: Topic) -> tuple[Events[Any], dict[int, str]]:
    """What records of a topic say; by their place among them, why some can never be read."""
    return read(records, topic.message, topic.at_once(records.values) if topic.at_once else None)


def apply(part: Part, transaction: Transaction, positions: Mapping[offsets.Partition, int | None]) -> Applied:
    """Apply the records of one topic inside a transaction: state, outbox, dead letters and the partitions' offsets.

    positions   what each partition's offset is expected to be: the fence against an instance that was moved on.
    Raises Fenced, or whatever the handler raises; the caller rolls back.
    """
    topic, handler, records, *_, already = part
    events, unreadable = already or said(records, topic)
    where = [*records.where] if unreadable else []
    transaction.rejected.update({where[n]: why for n, why in unreadable.items()})
    if events:
        handler(events, transaction)
    reasons = dict[Place, str]()
    for n, at in enumerate(records.where) if transaction.rejected else ():
        if reason := transaction.rejected.get(at):
            reasons[at], record = reason, records[n]
            transaction.put(topic.dead_letter, record.key, record.value, dead_letter_headers(record, reason))
    following = {partition: last + 1 for partition, last in part.lasts.items()}
    offsets.advance(transaction.connection, following, positions)
    if reasons:
        events = events.chosen(np.array([at not in reasons for at in events.records.where], dtype=np.bool_))
    return Applied(events, reasons, following)


def dead_letter_headers(record: Record, reason: str) -> Headers:
    """The record's own headers, then why and whence it was set aside."""
    origin = {
        "dlq_reason": reason,
        "dlq_topic": record.topic,
        "dlq_partition": record.partition,
        "dlq_offset": record.offset,
    }
    return [(name, value or b"") for name, value in record.headers] + [
        (name, str(value).encode()) for name, value in origin.items()
    ]


@dataclass
class InvalidInARow:
    """Counts records set aside that follow one another in a partition; one that is applied ends the count."""

    limit: int
    counts: dict[offsets.Partition, int]

    def note(self, records: Records, reasons: Mapping[Place, str]) -> set[offsets.Partition]:
        """Count a committed batch; returns the partitions that have passed the limit."""
        if not reasons:
            for partition, *_ in records.runs if self.counts else ():
                self.counts.pop(partition, None)
            return set()
        for topic, number, offset in records.where:
            partition = topic, number
            self.counts[partition] = self.counts.get(partition, 0) + 1 if (*partition, offset) in reasons else 0
        return {partition for partition, count in self.counts.items() if count > self.limit}


def count(metrics: Metrics, topic: str, applied: Applied, now: datetime) -> None:
    """Note what a committed batch came to."""
    metrics.count(metrics.records, topic, "applied", by=len(applied.accepted))
    for reason in applied.reasons.values():
        metrics.count(metrics.records, topic, "dead-letter")
        metrics.count(metrics.dead_letters, topic, reason)
        if reason in {"null-value", "other-type", "undecodable"}:
            metrics.count(metrics.parse_failures, topic)
    metrics.observe(metrics.batch_size, len(applied.accepted) + len(applied.reasons), topic)
    ages = Counter[float]()
    for time, events in applied.accepted.sent_at:
        ages[(now - time).total_seconds()] += events
    metrics.event_age.note(topic, ages)
