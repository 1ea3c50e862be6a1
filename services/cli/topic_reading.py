"""Reading topics as a consumer would, and leaving nothing behind: no group, no offset kept, no record written."""

import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from deploy.kafka_jars import LocalKafkaError
from deploy.local_kafka import AttachedKafka
from services.chassis.topics import entries
from services.cli import points, running
from services.cli.talk import Exit, Stop, coded

POLL_MS = 200
ANSWER_MS = 10_000  # for a question to Kafka
ASKED_AGAIN_SECONDS = 2.0  # without a record: does Kafka still answer
Place = Mapping[TopicPartition, int]  # an offset for each partition


@dataclass(frozen=True)
class Start:
    """Where reading begins: `newest`, `oldest`, a time, or an offset, the same in every partition."""

    at: str | datetime | int

    @classmethod
    def written(cls, text: str, language: str) -> "Start":
        """newest, oldest, or an ISO 8601 date or time, of this machine where no zone is named. Raises Stop (NT-9222)."""
        if text in ("newest", "oldest"):
            return cls(text)
        try:
            return cls(points.moment(text))
        except ValueError:
            raise Stop(coded("NT-9222", language, written=text[:40]), Exit.USAGE) from None


def address(kafka: str, language: str = "en") -> str:
    """The Kafka named, else the one of the installation that runs. Raises Stop when none answers."""
    known = kafka or running.kafka()
    try:
        AttachedKafka(known).start()
    except LocalKafkaError:
        raise Stop(coded("NT-9105", language), Exit.UNREACHABLE) from None
    return known


class Reading:
    """Partitions of some topics, read from a start. Made by `reading`."""

    def __init__(
        self,
        consumer: Any,
        bootstrap: str,
        start: Start,
        partitions: Sequence[TopicPartition],
        language: str,
        ctrl_c: threading.Event,
    ) -> None:
        self._consumer, self._bootstrap, self._language, self._ctrl_c = consumer, bootstrap, language, ctrl_c
        self.ends: Place = consumer.end_offsets(list(partitions), ANSWER_MS)
        self.begins = self._begins(start, list(partitions))
        consumer.assign(list(partitions))
        for partition, offset in self.begins.items():
            consumer.seek(partition, offset)

    def _begins(self, start: Start, partitions: list[TopicPartition]) -> Place:
        if start.at == "newest":
            return self.ends
        oldest: Place = self._consumer.beginning_offsets(partitions, ANSWER_MS)
        if isinstance(start.at, datetime):
            asked = {p: max(0, int(start.at.timestamp() * 1000)) for p in partitions}
            found = self._consumer.offsets_for_times(asked, ANSWER_MS)
            return {p: self.ends[p] if found[p] is None else found[p].offset for p in partitions}
        if isinstance(start.at, int):
            return {p: min(max(start.at, oldest[p]), self.ends[p]) for p in partitions}
        return oldest

    def records(self, seconds: float | None = None, *, to_the_end: bool = False) -> Iterator[Any]:
        """Records as they come, in the order of each partition.

        seconds     after which it ends; None: never
        to_the_end  end with the last record that was there when reading began

        Raises Stop when Kafka is away.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        heard = time.monotonic()
        while not (to_the_end and self.at_end()):
            if self._ctrl_c.is_set():
                raise KeyboardInterrupt
            batches = self._consumer.poll(POLL_MS)
            for record in (r for batch in batches.values() for r in batch):
                if not to_the_end or record.offset < self.ends[TopicPartition(record.topic, record.partition)]:
                    yield record
            if deadline is not None and time.monotonic() >= deadline:
                return
            if batches:
                heard = time.monotonic()
            elif time.monotonic() - heard > ASKED_AGAIN_SECONDS:
                address(self._bootstrap, self._language)
                heard = time.monotonic()

    def at_end(self) -> bool:
        """A compacted partition may lack its last offsets: the position tells, not the records."""
        return all(self._consumer.position(p, ANSWER_MS) >= end for p, end in self.ends.items())


@contextmanager
def reading(bootstrap: str, topics: Sequence[str], start: Start, language: str = "en") -> Iterator[Reading]:
    """Read topics. Raises Stop for a topic that the Kafka does not have (NT-9223), and when Kafka is away."""
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","), enable_auto_commit=False, allow_auto_create_topics=False
        )
        try:
            with _ctrl_c() as pressed:
                yield Reading(consumer, bootstrap, start, partitions(consumer, topics, language), language, pressed)
        finally:
            consumer.close()
    except KafkaError as error:
        address(bootstrap, language)
        raise Stop(f"NT-9204 Kafka: {type(error).__name__}", Exit.TIMED_OUT) from None


@contextmanager
def _ctrl_c() -> Iterator[threading.Event]:
    """Set when Ctrl-C is pressed: raised inside the client, an interruption may be swallowed there. A second one is raised."""
    pressed = threading.Event()

    def press(*_: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    if threading.current_thread() is not threading.main_thread():
        yield pressed
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def partitions(consumer: Any, topics: Sequence[str], language: str) -> list[TopicPartition]:
    """Every partition of some topics. Raises Stop for a topic that is not there (NT-9223)."""
    there, found = consumer.topics(), []
    for topic in topics:
        if topic not in there:
            near = ", ".join(sorted(name for name in there if name in entries())) or "-"
            raise Stop(coded("NT-9223", language, topic=topic[:80], near=near), Exit.USAGE)
        found += [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    return found
