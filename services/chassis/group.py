"""Kafka's consumer, as a member of the service's group: what it takes, where it begins, what waits. Used from one thread."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from confluent_kafka import OFFSET_BEGINNING, OFFSET_END, Consumer, KafkaError, KafkaException, Message, TopicPartition

from services.chassis.config import ServiceSettings
from services.chassis.event import Record
from services.chassis.offsets import Partition

SECONDS = 5.0  # how long the broker may take for an answer
LOOK_SECONDS = 0.5  # how long one look whether it is there takes; a service that is to stop waits for it
MOST_BYTES = 4 * 1024 * 1024  # of a partition at once, and about as many of a batch
HELD_KIB = 32 * 1024  # of records fetched ahead
Away = KafkaException  # what is raised while the broker is away


class Extent(NamedTuple):
    """What a partition's log holds: its first offset, and the one after its last record that is committed."""

    first: int
    end: int


class Member:
    """Reads topics by name, or those whose name a pattern matches.

    given  called with the partitions that are this member's from now on; it is to call `begin` before it returns
    taken  called when none is any more
    """

    def __init__(
        self,
        settings: ServiceSettings,
        group: str,
        topics: Sequence[str],
        dead_letters: Iterable[str],
        *,
        given: Callable[[list[Partition]], None],
        taken: Callable[[], None],
    ) -> None:
        self._wait, self._most = settings.batch_wait_ms / 1000, settings.batch_records
        self._at_once = self._most  # as many of the size of those taken last are a batch
        self.lost: set[Partition] = set()  # whose position the log does not have; to be begun anew
        self.faults: list[str] = []  # what else was wrong
        self._held = list[TopicPartition]()  # back, until what waits in others has come
        self._consumer = Consumer(_told(settings, group, dead_letters))
        self._consumer.subscribe(
            list(topics),
            on_assign=lambda _, partitions: given([(p.topic, p.partition) for p in partitions]),
            on_revoke=lambda _, __: taken(),
            on_lost=lambda _, __: taken(),
        )

    def look(self) -> None:
        """Raise `Away` unless the broker answers."""
        self._consumer.list_topics(timeout=LOOK_SECONDS)

    def take(self, *, wait: bool = True) -> tuple[list[Record], bool]:
        """What has come, at once; waits for something if there is nothing, unless told not to. Second: whether it had to."""
        found = self._consumer.consume(self._at_once, 0)
        waited = wait and not found
        if waited and (first := self._consumer.poll(self._wait)) is not None:
            found = [first, *self._consumer.consume(self._at_once - 1, 0)]
        if found:
            each = sum(map(len, found)) // len(found)
            self._at_once = min(self._most, MOST_BYTES // (each + 1) + 1)
        self._hold_nothing()
        return [_record(m) for m in found if m.error() is None or self._noted(m)], waited

    def begin(self, positions: Mapping[Partition, int], extents: Mapping[Partition, Extent]) -> None:
        """Read these partitions and no others, each from its position; it is lost where its log does not have that.

        The first fetch may go out without some of them, and the broker holds on to one in which nothing waits: where something
        waits in some, the others are asked for once that has come. None from "the beginning": that takes an answer each.
        """
        given = [TopicPartition(*p, at) for p, at in positions.items()]
        self._hold_nothing()  # given again before anything was taken
        waiting = {p for p, (_, end) in extents.items() if end > positions[p]}
        self._held = [p for p in given if (p.topic, p.partition) not in waiting] if waiting else []
        for partition in self._held:  # what the client never heard of cannot be held back
            self._consumer.get_watermark_offsets(partition, cached=True)
        self._consumer.pause(self._held)
        self._consumer.assign(given)

    def _hold_nothing(self) -> None:
        """Ask for what was held back."""
        if self._held:
            self._consumer.resume(self._held)
            self._held = []

    def extents(self, partitions: Iterable[Partition]) -> dict[Partition, Extent]:
        """What the logs of partitions hold; without those of which the broker does not know just now. Raises `Away`."""
        wanted = list(partitions)
        firsts, ends = (self._of_all(wanted, special) for special in (OFFSET_BEGINNING, OFFSET_END))
        return {p: Extent(first, ends[p]) for p, first in firsts.items() if p in ends}

    def _of_all(self, partitions: Sequence[Partition], special: int) -> dict[Partition, int]:
        asked = [TopicPartition(*p, special) for p in partitions]
        found = self._consumer.offsets_for_times(asked, timeout=SECONDS) if asked else []
        return {(p.topic, p.partition): p.offset for p in found if p.error is None and p.offset >= 0}

    def waiting(self, partition: Partition, offset: int) -> int:
        """How many records of a partition are known to wait behind an offset."""
        _, last = self._consumer.get_watermark_offsets(TopicPartition(*partition), cached=True)
        return max(0, last - offset - 1)

    def pause(self, partition: Partition) -> None:
        """Take nothing more of a partition."""
        self._consumer.pause([TopicPartition(*partition)])

    def tell(self, positions: Mapping[Partition, int]) -> None:
        """Let the group know how far we are, for lag tools. Raises `Away`, or says nothing of what fails later."""
        self._consumer.commit(offsets=[TopicPartition(*p, at) for p, at in positions.items()], asynchronous=True)

    def leave(self) -> None:
        """Leave the group."""
        self._consumer.close()

    def _noted(self, message: Message) -> bool:
        """Note what is wrong instead of a record."""
        error: Any = message.error()
        if error.code() == KafkaError._AUTO_OFFSET_RESET:
            self.lost.add((str(message.topic()), int(message.partition() or 0)))
        elif error.code() != KafkaError.UNKNOWN_TOPIC_OR_PART:  # a topic that is not made yet is looked for again
            self.faults.append(str(error.name()))
        return False


def _record(message: Message) -> Record:
    m: Any = message
    return _made((m.topic(), m.partition(), m.offset(), m.key(), m.value(), m.headers))


_made: Callable[[Any], Record] = partial(tuple.__new__, Record)  # without a call of Python's for each


def _told(settings: ServiceSettings, group: str, dead_letters: Iterable[str]) -> dict[str, Any]:
    return {
        "bootstrap.servers": settings.kafka,
        "group.id": group,
        "client.id": group,
        "topic.blacklist": ",".join(f"^{name}$" for name in dead_letters),
        "topic.metadata.refresh.interval.ms": settings.topic_discovery_ms,
        "partition.assignment.strategy": "range",
        "session.timeout.ms": settings.session_timeout_ms,
        "heartbeat.interval.ms": min(3000, settings.session_timeout_ms // 3),
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",  # a position that the log does not have is told, not passed over
        "isolation.level": "read_committed",
        "fetch.wait.max.ms": settings.fetch_wait_ms,
        "fetch.queue.backoff.ms": 10,
        "fetch.error.backoff.ms": 100,
        "max.partition.fetch.bytes": MOST_BYTES,
        "queued.min.messages": 10 * settings.batch_records,
        "queued.max.messages.kbytes": HELD_KIB,
        "socket.nagle.disable": True,
        "reconnect.backoff.max.ms": 1000,
        "log_level": 0,
        "error_cb": lambda _: None,  # the broker being away is seen by what does not come
    }
