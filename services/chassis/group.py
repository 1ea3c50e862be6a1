"""Kafka's consumer, as a member of the service's group: what it takes, where it begins, what waits. Used from one thread."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from ctypes import byref, c_int, c_int64
from typing import Any, NamedTuple

import numpy as np

from services.chassis import librdkafka, taking
from services.chassis.config import ServiceSettings
from services.chassis.librdkafka import ASSIGN, CONSUMER, REBALANCED, calls, check
from services.chassis.offsets import Partition
from services.chassis.records import Records
from services.column import Whole

SECONDS = 5.0  # how long the broker may take for an answer
LOOK_SECONDS = 0.5  # how long one look whether it is there takes; a service that is to stop waits for it
MOST_BYTES = 4 * 1024 * 1024  # of a partition at once, and about as many of a batch
HELD_KIB = 32 * 1024  # of records fetched ahead
LOST, NOT_MADE_YET = "_AUTO_OFFSET_RESET", "UNKNOWN_TOPIC_OR_PART"
FIRST, END = -2, -1  # offsets that are looked up
Away = librdkafka.Failed  # what is raised while the broker is away


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
        self._held = list[Partition]()  # back, until what waits in others has come
        self._given, self._taken, self._broken = given, taken, list[BaseException]()
        self._assigned = False  # since partitions were given
        self._messages = np.empty(self._most, dtype=np.int64)  # by address
        self._rebalanced = REBALANCED(self._on_rebalance)  # held on to: the client has no more than its address
        configuration = librdkafka.configuration(_told(settings, group, dead_letters))
        calls["conf_set_rebalance_cb"](configuration, self._rebalanced)
        self._client = librdkafka.client(CONSUMER, configuration)
        self._queue = calls["queue_get_consumer"](self._client)
        self._do("subscribe", [(topic, -1, 0) for topic in topics])

    def _do(self, call: str, partitions: Iterable[tuple[str, int, int]], *more: int) -> list[librdkafka.Told]:
        """Have Kafka's client do something with partitions, at offsets; what it says of each. Raises `Away`."""
        given = librdkafka.Partitions(partitions)
        check(calls[call](self._client, given.list, *more))
        return librdkafka.told(given.list)

    def _on_rebalance(self, _: int, what: int, partitions: Any, __: object) -> None:
        """Called while something is taken, or at the end. What goes wrong is raised from there: C cannot raise it."""
        try:
            if what == ASSIGN:
                self._assigned = False
                each = [(one.topic, one.partition) for one in librdkafka.told(partitions)]
                self._given(each)
                if not self._assigned:  # the service is to stop meanwhile: nothing is read, and the group goes on
                    calls["assign"](self._client, partitions)
            else:
                try:
                    self._taken()
                finally:
                    calls["assign"](self._client, None)
        except BaseException as error:  # noqa: BLE001
            self._broken.append(error)

    def _raise(self) -> None:
        if self._broken:
            raise self._broken.pop()

    def look(self) -> None:
        """Raise `Away` unless the broker answers."""
        librdkafka.look(self._client, int(1000 * LOOK_SECONDS))

    def take(self, *, wait: bool = True) -> tuple[Records, bool]:
        """What has come, at once; waits for something if there is nothing, unless told not to. Second: whether it had to."""
        count = self._some(0)
        waited = wait and not count
        if waited and (first := calls["consumer_poll"](self._client, int(1000 * self._wait))):
            self._messages[0] = first
            count = 1 + self._some(1)
        messages = self._messages[:count]
        rows = taking.rows(messages)
        if count:
            each = int(rows[:, taking.VALUE_BYTES].sum()) // count
            self._at_once = min(self._most, MOST_BYTES // (each + 1) + 1)
        self._hold_nothing()
        sound = rows[:, taking.ERROR].astype(np.int32) == 0
        if not sound.all():
            self._note(rows[~sound])
            for message in messages[~sound].tolist():
                calls["message_destroy"](message)
            messages, rows = messages[sound], rows[sound]
        names = {at: calls["topic_name"](at).decode() for at in np.unique(rows[:, taking.TOPIC]).tolist()}
        found = taking.records(messages, rows, names)
        self._raise()
        return found, waited

    def _some(self, after: int) -> int:
        """Take messages that are there, to lie behind so many."""
        room = self._messages[after : self._at_once]
        return int(calls["consume_batch_queue"](self._queue, 0, room.ctypes.data, len(room)))

    def begin(self, positions: Mapping[Partition, int], extents: Mapping[Partition, Extent]) -> None:
        """Read these partitions and no others, each from its position; it is lost where its log does not have that.

        The first fetch may go out without some of them, and the broker holds on to one in which nothing waits: where something
        waits in some, the others are asked for once that has come. None from "the beginning": that takes an answer each.
        """
        self._hold_nothing()  # given again before anything was taken
        waiting = {p for p, (_, end) in extents.items() if end > positions[p]}
        self._held = [p for p in positions if p not in waiting] if waiting else []
        for partition in self._held:  # what the client never heard of cannot be held back
            self._last(partition)
        self._do("pause_partitions", [(*p, 0) for p in self._held])
        self._do("assign", [(*p, at) for p, at in positions.items()])
        self._assigned = True

    def _hold_nothing(self) -> None:
        """Ask for what was held back."""
        if self._held:
            self._do("resume_partitions", [(*p, 0) for p in self._held])
            self._held = []

    def extents(self, partitions: Iterable[Partition]) -> dict[Partition, Extent]:
        """What the logs of partitions hold; without those of which the broker does not know just now. Raises `Away`."""
        wanted = list(partitions)
        firsts, ends = (self._of_all(wanted, special) for special in (FIRST, END))
        return {p: Extent(first, ends[p]) for p, first in firsts.items() if p in ends}

    def _of_all(self, partitions: Sequence[Partition], special: int) -> dict[Partition, int]:
        asked = [(*p, special) for p in partitions]
        found = self._do("offsets_for_times", asked, int(1000 * SECONDS)) if asked else []
        return {(p.topic, p.partition): p.offset for p in found if not p.error and p.offset >= 0}

    def waiting(self, partition: Partition, offset: int) -> int:
        """How many records of a partition are known to wait behind an offset."""
        return max(0, self._last(partition) - offset - 1)

    def _last(self, partition: Partition) -> int:
        """The offset after the last record of a partition that is known; below 0 if nothing is."""
        topic, number = partition
        first, last = c_int64(), c_int64(-1)
        check(calls["get_watermark_offsets"](self._client, topic.encode(), number, byref(first), byref(last)))
        return last.value

    def pause(self, partition: Partition) -> None:
        """Take nothing more of a partition."""
        self._do("pause_partitions", [(*partition, 0)])

    def tell(self, positions: Mapping[Partition, int]) -> None:
        """Let the group know how far we are, for lag tools. Raises `Away`, or says nothing of what fails later."""
        self._do("commit", [(*p, at) for p, at in positions.items()], 1)

    def leave(self) -> None:
        """Leave the group."""
        calls["consumer_close"](self._client)
        calls["queue_destroy"](self._queue)
        calls["destroy"](self._client)
        self._raise()

    def _note(self, rows: Whole) -> None:
        """Note what is wrong instead of a record."""
        for error, topic, partition in rows[:, [taking.ERROR, taking.TOPIC, taking.PARTITION]].tolist():
            name = librdkafka.name_of(c_int(error).value)
            if name == LOST:
                self.lost.add((calls["topic_name"](topic).decode(), c_int(partition).value))
            elif name != NOT_MADE_YET:  # a topic that is not made yet is looked for again
                self.faults.append(name)


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
    }
