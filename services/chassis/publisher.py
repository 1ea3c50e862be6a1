"""Kafka's producer: idempotent, acks=all; what was handed to it is with the broker or has failed."""

import time
from collections.abc import Iterable

from confluent_kafka import KafkaError as Fault
from confluent_kafka import KafkaException, Message, Producer

SECONDS = 10.0
STEP = 0.2  # how long it waits before it looks how long it has waited
MOST_BYTES = 8 * 1024 * 1024  # of a record
# A second batch of what is published at once costs an append of its own, and the client polls without pause until it goes.
BATCH_BYTES = 7 * 1024 * 1024
SMALL_BATCH_BYTES = 1024 * 1024 - 64 * 1024  # what any topic takes, as Kafka comes
TOO_LARGE = "MSG_SIZE_TOO_LARGE"
Record = tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]


class NotPublished(Exception):
    """The broker did not take all of it; what it took comes again, with the same ids."""


class Publisher:
    """Publishes records in order. For one thread.

    compression  of batches, by Kafka's name for it
    patience     seconds after which what the broker has not taken has failed; may be shortened meanwhile
    """

    def __init__(self, bootstrap: str, compression: str) -> None:
        self._bootstrap, self._compression = bootstrap, compression
        self._producer: Producer | None = None
        self._batch_bytes = BATCH_BYTES
        self.patience = SECONDS
        self.connected = False

    def connect(self) -> None:
        """Find the broker and be known to it, so that the first record need not wait for that. Raises NotPublished."""
        if self.connected:
            return
        if self._producer is None:
            self._producer = Producer(
                {
                    "bootstrap.servers": self._bootstrap,
                    "enable.idempotence": True,
                    "acks": "all",
                    "partitioner": "murmur2_random",  # as Java and aiokafka: a key has one partition, whoever writes it
                    "delivery.report.only.error": True,  # what was taken is no longer counted in the queue
                    "compression.type": self._compression,
                    "linger.ms": 200,  # a flush does not wait for it
                    "socket.nagle.disable": True,
                    "batch.size": self._batch_bytes,
                    "message.max.bytes": MOST_BYTES,
                    "message.timeout.ms": int(SECONDS * 1000),
                    "reconnect.backoff.max.ms": 1000,
                    "log_level": 0,
                    "error_cb": lambda _: None,  # the broker being away is told by what is not delivered
                }
            )
        try:
            self._producer.list_topics(timeout=STEP)
        except KafkaException as error:
            raise NotPublished(_name(error.args[0])) from None
        self.connected = True

    def publish(self, records: Iterable[Record]) -> None:
        """Publish records; the broker has them all when this returns. Raises NotPublished."""
        producer, failed = self._producer, list[str]()
        assert producer is not None, "connect first"

        def told(fault: Fault | None, _: Message) -> None:
            if fault is not None:
                failed.append(fault.name())

        began = time.monotonic()
        try:
            for topic, key, value, headers in records:
                while True:
                    try:
                        producer.produce(topic, value, key, headers=headers, on_delivery=told)  # type: ignore[arg-type]
                        break
                    except BufferError:  # its queue is full
                        producer.poll(STEP)
                        if time.monotonic() > began + self.patience:
                            raise NotPublished("queue full") from None
            while producer.flush(STEP):
                if failed or time.monotonic() > began + self.patience:
                    break
            if TOO_LARGE in failed:  # a topic that is not as the map says takes no more than Kafka does by itself
                self._batch_bytes = SMALL_BATCH_BYTES
            if failed or len(producer):
                raise NotPublished(failed[0] if failed else "no answer")
        except KafkaException as error:
            self.let_go()
            raise NotPublished(_name(error.args[0])) from None
        except NotPublished:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Forget the producer with all that it holds; a new one begins without a past."""
        if self._producer is not None:
            self._producer.purge()
        self._producer, self.connected = None, False


def _name(fault: Fault) -> str:
    return str(fault.name())
