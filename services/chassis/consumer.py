"""The consumer of a service: FastStream batches, offsets from the database, bounded back-off."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from services.chassis import messaging, offsets
from services.chassis.config import ServiceSettings
from services.chassis.database import Database
from services.chassis.event import Event, Record
from services.chassis.logs import Log
from services.chassis.metrics import Metrics
from services.chassis.outbox import Transaction
from services.chassis.topics import Topic

NOT_OURS = 2**63  # no offset reaches it
BACK_OFF_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5)
Handlers = Mapping[str, tuple[Topic, messaging.Handler]]


class Host(Protocol):
    """What a consumer needs of the service it works for."""

    name: str
    settings: ServiceSettings
    metrics: Metrics
    log: Log
    database: Database

    async def write(self, work: Callable[[Transaction], Any]) -> Any:
        """Run work in one transaction."""

    async def apply(
        self,
        records: Sequence[Record],
        topic: Topic,
        handler: messaging.Handler,
        positions: Mapping[offsets.Partition, int | None],
        *,
        caught_up: bool,
        was_idle: bool,
    ) -> messaging.Applied:
        """Apply records of one topic and move its offsets on, in one transaction."""


async def tolerant(records: tuple[Any, ...]) -> KafkaAckableMessage:
    """A batch as FastStream wants it, whatever its bytes: one bad header must not cost the batch."""
    return KafkaAckableMessage(
        body=b"", headers={}, batch_headers=[], raw_message=records, correlation_id="", consumer=None
    )


async def raw(message: KafkaAckableMessage) -> Any:
    """The records themselves; each is decoded by itself later."""
    return message.raw_message


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """Reads the topics of one service. `handlers`: heading in the map -> what the service does with its records."""

    def __init__(self, service: Host, handlers: Handlers) -> None:
        self._service, self._handlers = service, handlers
        self._settings, self._metrics, self._log = service.settings, service.metrics, service.log
        self._positions: dict[offsets.Partition, int | None] = {}
        self._owned: set[offsets.Partition] = set()  # assigned and not stopped; without a position, yet to be sought
        self._invalid = messaging.InvalidInARow(self._settings.max_invalid_in_a_row, {})
        self._broker: KafkaBroker | None = None
        self._subscriber: Any = None
        self._was_idle = True
        self.failing = ""  # why nothing moves just now; empty while all is well
        self.assigned = False
        self.busy = False
        self.alive_at = time.monotonic()

    async def start(self) -> None:
        """Join the group. Raises KafkaError or OSError while the broker is away; may then be called again."""
        broker = KafkaBroker(
            self._settings.kafka.split(","),
            logger=None,
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=self._settings.topic_discovery_ms,
        )
        self._subscriber = self._subscribe(broker)
        try:
            await broker.start()
        except (KafkaError, OSError):
            await broker.stop()
            raise
        self._broker = broker

    async def stop(self) -> None:
        """Finish the batch in hand, tell Kafka how far we are, leave the group."""
        if self._broker is not None:
            await self.tell_kafka()
            await self._broker.stop()

    async def tell_kafka(self) -> None:
        """Commit the positions to the group as well, for lag tools. The database stays the truth."""
        known = {TopicPartition(*p): position for p, position in self._positions.items() if position is not None}
        consumer = self._subscriber.consumer if self._subscriber is not None else None
        if consumer is not None and known:
            try:
                await consumer.commit(known)
            except (KafkaError, OSError) as error:
                self._log.debug("group offsets not told", error=type(error).__name__)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Others read these now; a batch in hand of them is dropped."""
        for tp in revoked:
            self._positions.pop((tp.topic, tp.partition), None)
            self._owned.discard((tp.topic, tp.partition))

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Go on where the database says, not where the group says."""
        self._metrics.count(self._metrics.rebalances)
        partitions = list(assigned)
        self._owned |= {(tp.topic, tp.partition) for tp in partitions}
        await self._position(partitions)  # what is raised here is only logged by aiokafka; see seek_lost
        self.assigned = True

    def _subscribe(self, broker: KafkaBroker) -> Any:
        patterns = [topic.pattern for topic, _ in self._handlers.values() if topic.pattern]
        names = [topic.name for topic, _ in self._handlers.values() if not topic.pattern]
        assert not (patterns and names), "a service reads topics by name or by pattern"
        subscriber: Any = broker.subscriber(
            *names,
            pattern=patterns[0] if patterns else None,
            group_id=self._service.name,
            batch=True,
            max_records=self._settings.batch_records,
            batch_timeout_ms=self._settings.batch_wait_ms,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            session_timeout_ms=self._settings.session_timeout_ms,
            fetch_max_wait_ms=self._settings.fetch_wait_ms,
            partition_assignment_strategy=(RangePartitionAssignor,),
            max_partition_fetch_bytes=8 * 1024 * 1024,
            parser=tolerant,
            decoder=raw,
            listener=self,
        )
        subscriber(self._on_records)
        subscriber.get_msg = self._next  # FastStream's own waits twice: for records, then asleep
        return subscriber

    async def _next(self, consumer: Any) -> tuple[Record, ...]:
        """What has come, at once; waits for something if there is nothing."""
        settings = self._settings
        found = await consumer.getmany(timeout_ms=0, max_records=settings.batch_records)
        self._was_idle = not found
        if not found:
            found = await consumer.getmany(timeout_ms=settings.batch_wait_ms, max_records=settings.batch_records)
        return tuple(itertools.chain.from_iterable(found.values()))

    async def _position(self, partitions: Sequence[TopicPartition]) -> None:
        """Seek each partition to the stored offset; a log shorter than that began anew and is read from its start."""
        consumer, database = self._subscriber.consumer, self._service.database
        first, last = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        wanted = {(tp.topic, tp.partition): tp for tp in partitions}
        known = await database.in_thread(lambda: database.read(lambda connection: offsets.read(connection, wanted)))
        anew = {p: first[tp] for p, tp in wanted.items() if known.get(p, 0) > last[tp]}
        if anew:
            self._log.error("log began anew, read from its start", partitions=sorted(anew))
            for topic, _ in anew:
                self._metrics.count(self._metrics.offset_resets, topic)
            await self._service.write(lambda tx: offsets.reset(tx.connection, anew))
            known |= anew
        for partition, tp in wanted.items():
            self._positions[partition] = known.get(partition)
            self._invalid.counts.pop(partition, None)
            consumer.seek(tp, max(known.get(partition, 0), first[tp]))

    async def _on_records(self, records: Any) -> None:
        self.alive_at, self.busy = time.monotonic(), True
        await self.seek_lost()
        for topic, handler in self._handlers.values():
            mine = records if len(self._handlers) == 1 else [r for r in records if r.topic == topic.name]
            await self._settle(mine, topic, handler)
        self.busy = False

    async def seek_lost(self) -> None:
        """Seek partitions whose seeking failed when they were assigned; their records come again, nothing is passed over."""
        lost = self._owned - self._positions.keys()
        if lost:
            self._log.warning("position sought again", partitions=sorted(lost))
            try:
                await self._position([TopicPartition(*partition) for partition in lost])
                self.assigned = True
            except (KafkaError, OSError, sa.exc.OperationalError, sa.exc.InterfaceError) as error:
                self._log.warning("position not found yet", error=type(error).__name__)

    async def _settle(self, records: Sequence[Record], topic: Topic, handler: messaging.Handler) -> None:
        """Apply records until they are done: what may pass is retried, a bug is narrowed down to its record."""
        failures = 0
        while fresh := self._fresh(records):
            try:
                await self._apply(fresh, topic, handler)
                return
            except offsets.Fenced as fenced:
                await self._give_way(fresh, topic, fenced)
                return
            except (sa.exc.OperationalError, sa.exc.InterfaceError, OSError) as error:
                self.failing = f"database: {type(error).__name__}"
                self._log.warning("database away", error=type(error).__name__, failures=failures)
            except Exception as bug:  # noqa: BLE001 - the one place that meets a bug: tried again, then set aside, loudly
                self._log.exception("handler failed", topic=topic.name, failures=failures, records=len(fresh))
                self._metrics.count(self._metrics.failures, topic.name)
                if failures + 1 >= messaging.TRIES:
                    await self._narrow(fresh, topic, handler, bug)
                    return
            await asyncio.sleep(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
            failures += 1

    async def _apply(self, records: Sequence[Record], topic: Topic, handler: messaging.Handler) -> None:
        load = {"caught_up": self._caught_up(records, topic), "was_idle": self._was_idle}
        applied = await self._service.apply(records, topic, handler, dict(self._positions), **load)
        self._positions |= {p: position for p, position in applied.following.items() if p in self._positions}
        self.failing = ""
        for partition in self._invalid.note(records, applied.reasons) & self._positions.keys():
            self._stop_reading(partition, topic)

    async def _narrow(
        self, records: Sequence[Record], topic: Topic, handler: messaging.Handler, bug: Exception
    ) -> None:
        """Try each record by itself; one that still fails is set aside with the bug's last line."""
        if len(records) > 1:
            for record in records:
                await self._settle([record], topic, handler)
            return
        reason = f"bug: {type(bug).__name__}"
        self._log.error(
            "record set aside", topic=records[0].topic, partition=records[0].partition, offset=records[0].offset
        )

        def set_aside(events: Sequence[Event[Any]], transaction: Transaction) -> None:
            for event in events:
                transaction.reject(event, reason)

        await self._settle(records, topic, set_aside)

    async def _give_way(self, records: Sequence[Record], topic: Topic, fenced: offsets.Fenced) -> None:
        self._metrics.count(self._metrics.fenced, topic.name)
        self._log.warning("another instance has moved on", partition=str(fenced))
        ours = {(r.topic, r.partition) for r in records} & self._positions.keys()
        await self._position([TopicPartition(*partition) for partition in ours])

    def _fresh(self, records: Sequence[Record]) -> Sequence[Record]:
        """The records that are ours and not done yet."""
        due = {p: position or 0 for p, position in self._positions.items()}
        fresh = [r for r in records if r.offset >= due.get((r.topic, r.partition), NOT_OURS)]
        if len(fresh) < len(records):
            again = sum((r.topic, r.partition) in due for r in records) - len(fresh)
            self._metrics.count(self._metrics.redeliveries, records[0].topic, by=again)
        return fresh

    def _caught_up(self, records: Sequence[Record], topic: Topic) -> bool:
        """Whether nothing is known to wait behind these records; their partitions' lag is noted."""
        consumer = self._subscriber.consumer
        last = {(r.topic, r.partition): r.offset for r in records}
        lags = {p: max(0, (consumer.highwater(TopicPartition(*p)) or 0) - offset - 1) for p, offset in last.items()}
        for (_, partition), lag in lags.items():
            self._metrics.set(self._metrics.lag, lag, topic.name, str(partition))
        return not any(lags.values())

    def _stop_reading(self, partition: offsets.Partition, topic: Topic) -> None:
        """Too many unusable records in a row: rather stop here than set everything aside. A restart reads on."""
        self._log.error(
            "partition stopped: too many unusable records in a row", topic=partition[0], partition=partition[1]
        )
        self._subscriber.consumer.pause(TopicPartition(*partition))
        del self._positions[partition]
        self._owned.discard(partition)
        self._metrics.set(self._metrics.paused, 1, topic.name)
        if not topic.pattern:
            self.failing = (
                f"{partition[0]}/{partition[1]} stopped after too many unusable records; see {topic.dead_letter}"
            )
