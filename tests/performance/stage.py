"""The real Kafka that everything is measured on: its topics, what is put there and when it becomes visible."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.structs import TopicPartition as Place

from deploy import topics
from deploy.local_kafka import LocalKafka
from tests.performance.options import IN, OUT, PASSED

OURS = "benchmark-updated"
BETWEEN = ("observations-accepted", "submission-assessed", "standing-changed", PASSED)
PARTITIONS, SECONDS = 4, 60.0


@dataclass
class Held:
    """Records that are in the topic and that nobody sees yet."""

    producer: Producer
    count: int

    def release(self) -> float:
        """Make them all visible at once; returns when, in seconds since the epoch."""
        began = time.time()
        self.producer.commit_transaction(SECONDS)
        return began


class Stage:
    """One broker with the product's topics and one for the others' outputs, of which the broker says when a record came.

    most   partitions of the product's topics at most; absent: as the map says
    """

    def __init__(self, most: int | None = None) -> None:
        self._kafka, self._most = LocalKafka(), most
        self._producer: Producer | None = None
        self._asking: Consumer | None = None
        self._partitions: dict[str, list[int]] = {}

    def __enter__(self) -> Self:
        self._kafka.start()
        topics.apply(self.bootstrap, most=self._most)
        admin = AdminClient({"bootstrap.servers": self.bootstrap, "log_level": 2})
        config = {"message.timestamp.type": "LogAppendTime"}
        made = admin.create_topics(
            [NewTopic(name, self._most or PARTITIONS, 1, config=config) for name in (PASSED, OUT)]
        )
        for one in made.values():
            one.result(SECONDS)
        self._alter({OURS: config, IN: {"retention.ms": "-1"}})
        self.hold(
            [(b"first", None, [])], OUT
        ).release()  # a broker's first transaction is slow; nobody watches for such a record
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._asking is not None:
            self._asking.close()
        self._producer = self._asking = None
        self._kafka.stop()

    @property
    def bootstrap(self) -> str:
        """Address for whoever takes part."""
        return self._kafka.bootstrap

    def _alter(self, wanted: dict[str, dict[str, str]]) -> None:
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap.split(","))
        try:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, n, configs=c) for n, c in wanted.items()])
        finally:
            admin.close()

    def hold(self, records: Iterable[tuple[bytes, bytes | None, list[tuple[str, bytes]]]], topic: str = IN) -> Held:
        """Write records into a topic in one open transaction: whoever reads what is committed sees none of them yet."""
        if self._producer is None:
            self._producer = Producer(
                {
                    "bootstrap.servers": self.bootstrap,
                    "log_level": 2,
                    "transactional.id": "bench",
                    "transaction.timeout.ms": 900_000,
                    "partitioner": "murmur2_random",
                    "linger.ms": 20,
                    "batch.size": 131_072,
                    "queue.buffering.max.messages": 1_000_000,
                    "queue.buffering.max.kbytes": 2_000_000,
                }
            )
            self._producer.init_transactions(SECONDS)
        self._producer.begin_transaction()
        count = 0
        for count, (key, value, headers) in enumerate(records, start=1):
            self._producer.produce(topic, value=value, key=key, headers=headers)
            if count % 1000 == 0:
                self._producer.poll(0)
        left = self._producer.flush(SECONDS)
        assert not left, f"{left} records did not reach Kafka within {SECONDS:.0f} s"
        return Held(self._producer, count)

    def ends(self, topic: str) -> list[TopicPartition]:
        """Where each partition of a topic now ends."""
        if self._asking is None:
            self._asking = Consumer({"bootstrap.servers": self.bootstrap, "group.id": "bench-ends", "log_level": 2})
        if topic not in self._partitions:
            self._partitions[topic] = sorted(self._asking.list_topics(topic, SECONDS).topics[topic].partitions)
        places = [TopicPartition(topic, partition) for partition in self._partitions[topic]]
        return [TopicPartition(p.topic, p.partition, _end(self._asking, p)) for p in places]

    def count(self, topic: str) -> int:
        """How many records a topic holds or has held, the marks of transactions included."""
        return sum(place.offset for place in self.ends(topic))

    def empty(self, names: Sequence[str] = (IN, OUT, *BETWEEN)) -> None:
        """Drop what topics hold, so that the next one begins with nothing."""
        wanted = {Place(p.topic, p.partition): p.offset for name in names for p in self.ends(name) if p.offset}
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap.split(","))
        try:
            admin.delete_records(wanted) if wanted else None
        finally:
            admin.close()


def _end(consumer: Consumer, place: TopicPartition) -> int:
    """Where a partition ends; a topic just made may have no leader yet."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return int(consumer.get_watermark_offsets(place, SECONDS)[1])
        except KafkaException:
            if time.monotonic() > deadline:
                raise
            threading.Event().wait(0.1)
