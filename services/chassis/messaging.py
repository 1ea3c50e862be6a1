"""What becomes of the records of a topic: each decoded alone, applied in one transaction, the unreadable set aside."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from google.protobuf.message import Message

from services.chassis import offsets
from services.chassis.event import Events, Record, read
from services.chassis.metrics import Metrics
from services.chassis.outbox import Transaction
from services.chassis.outgoing import Headers
from services.chassis.topics import Topic

TRIES = 3
MANY = 200  # records: of so many at once few are asked for their headers, where their bytes say what they are
STEP = 50  # every so many-th
_PLACE = itemgetter(0, 1)
Handler = Callable[[Events[Any], Transaction], None]
Handlers = Mapping[str, tuple[Topic, Handler]]  # by heading in the map


class Part(NamedTuple):
    """What a batch holds of one topic, and what the service does with it.

    firsts, lasts   offsets of each partition's first and last record
    said            see `said`; absent until it was read
    """

    topic: Topic
    handler: Handler
    records: Sequence[Record]
    firsts: Mapping[offsets.Partition, int]
    lasts: Mapping[offsets.Partition, int]
    said: tuple[Events[Any], dict[int, str]] | None = None

    @classmethod
    def of(cls, topic: Topic, handler: Handler, records: Sequence[Record]) -> "Part":
        """What has not been read yet. Of a partition, records are in order."""
        many = len(set(map(_PLACE, records)))
        return cls(topic, handler, records, _first_offsets(records, many), _first_offsets(reversed(records), many))


@dataclass
class Applied:
    """What applying records of a topic came to: events per outcome, reasons of those set aside, each partition's next offset."""

    accepted: Events[Message]
    reasons: Mapping[tuple[str, int, int], str]
    following: Mapping[offsets.Partition, int]


def _first_offsets(records: Iterable[Record], partitions: int) -> dict[offsets.Partition, int]:
    """The offset of each partition's record that comes first; there are so many partitions."""
    found: dict[offsets.Partition, int] = {}
    for record in records:
        found.setdefault(record[:2], record.offset)
        if len(found) == partitions:
            break
    return found


def parts(records: Sequence[Record], handlers: Handlers) -> list[Part]:
    """Records by their topic's handler."""
    if len(handlers) == 1:
        ((topic, handler),) = handlers.values()
        return [Part.of(topic, handler, records)]
    of: dict[str, list[Record]] = {topic.name: [] for topic, _ in handlers.values()}
    for record in records:
        of[record.topic].append(record)
    return [Part.of(topic, handler, of[topic.name]) for topic, handler in handlers.values() if of[topic.name]]


def said(records: Sequence[Record], topic: Topic) -> tuple[Events[Any], dict[int, str]]:
    """What records of a topic say; by their place among them, why some can never be read."""
    contents = topic.at_once([r.value or b"" for r in records]) if topic.at_once else None
    return read(records, topic.message, contents, step=STEP if topic.by_bytes and len(records) >= MANY else 1)


def apply(part: Part, transaction: Transaction, positions: Mapping[offsets.Partition, int | None]) -> Applied:
    """Apply the records of one topic inside a transaction: state, outbox, dead letters and the partitions' offsets.

    positions   what each partition's offset is expected to be: the fence against an instance that was moved on.
    Raises Fenced, or whatever the handler raises; the caller rolls back.
    """
    topic, handler, records, *_, already = part
    events, unreadable = already or said(records, topic)
    for n, why in unreadable.items():
        transaction.rejected[records[n].topic, records[n].partition, records[n].offset] = why
    if events:
        handler(events, transaction)
    reasons = dict[tuple[str, int, int], str]()
    for record in records if transaction.rejected else ():
        at = record.topic, record.partition, record.offset
        if reason := transaction.rejected.get(at):
            reasons[at] = reason
            transaction.put(topic.dead_letter, record.key, record.value, dead_letter_headers(record, reason))
    following = {partition: last + 1 for partition, last in part.lasts.items()}
    offsets.advance(transaction.connection, following, positions)
    if reasons:
        events = events.chosen([(r.topic, r.partition, r.offset) not in reasons for r in events.records])
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

    def note(self, records: Sequence[Record], reasons: Mapping[tuple[str, int, int], str]) -> set[offsets.Partition]:
        """Count a committed batch; returns the partitions that have passed the limit."""
        if not reasons:
            for record in records if self.counts else ():
                self.counts.pop((record.topic, record.partition), None)
            return set()
        for record in records:
            partition = (record.topic, record.partition)
            aside = (record.topic, record.partition, record.offset) in reasons
            self.counts[partition] = self.counts.get(partition, 0) + 1 if aside else 0
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
    times = Counter(time for time in applied.accepted.times if time is not None)
    metrics.event_age.note(topic, {(now - time).total_seconds(): events for time, events in times.items()})
