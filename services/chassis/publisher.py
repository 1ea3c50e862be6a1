"""Kafka's producer, in a thread of its own: idempotent, acks=all; what was handed to it is with the broker or has failed."""

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka import KafkaError as Fault
from confluent_kafka import KafkaException, Message, Producer

SECONDS = 10.0  # after which what the broker has not taken has failed
STEP = 0.2  # how long the thread waits before it looks whether it is to stop
MOST_BYTES = 8 * 1024 * 1024
Record = tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]


class NotPublished(Exception):
    """The broker did not take all of it; what it took comes again, with the same ids."""


class Publisher:
    """Publishes records in order. Its thread is the only one that touches the producer."""

    def __init__(self, bootstrap: str, name: str) -> None:
        self._bootstrap = bootstrap
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"{name}-publisher")
        self._producer: Producer | None = None
        self._stopping = False
        self.connected = False

    async def connect(self) -> None:
        """Find the broker and be known to it, so that the first record need not wait for that. Raises NotPublished."""
        if not self.connected:
            await self._in_thread(self._connect)

    async def publish(self, records: Iterable[Record]) -> None:
        """Publish records; the broker has them all when this returns. Raises NotPublished."""
        await self._in_thread(lambda: self._publish(records))

    async def close(self) -> None:
        """Let go of the broker."""
        self._stopping = True
        await self._in_thread(self._let_go)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connect(self) -> None:
        if self._producer is None:
            self._producer = Producer(
                {
                    "bootstrap.servers": self._bootstrap,
                    "enable.idempotence": True,
                    "acks": "all",
                    "partitioner": "murmur2_random",  # as Java and aiokafka: a key has one partition, whoever writes it
                    "linger.ms": 5,  # a flush does not wait for it
                    "batch.size": 1024 * 1024,
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

    def _publish(self, records: Iterable[Record]) -> None:
        producer, failed = self._producer, list[str]()
        assert producer is not None, "connect first"

        def told(fault: Fault | None, _: Message) -> None:
            if fault is not None:
                failed.append(fault.name())

        try:
            for topic, key, value, headers in records:
                while True:
                    try:
                        producer.produce(topic, value, key, headers=headers, on_delivery=told)  # type: ignore[arg-type]
                        break
                    except BufferError:  # its queue is full
                        producer.poll(STEP)
                        self._unless_stopping()
            deadline = time.monotonic() + SECONDS + 1
            while producer.flush(STEP):
                self._unless_stopping()
                if failed or time.monotonic() > deadline:
                    break
            if failed or len(producer):
                raise NotPublished(failed[0] if failed else "no answer")
        except KafkaException as error:
            self._let_go()
            raise NotPublished(_name(error.args[0])) from None
        except NotPublished:
            self._let_go()
            raise

    def _unless_stopping(self) -> None:
        if self._stopping:
            raise NotPublished("stopping")

    def _let_go(self) -> None:
        """Forget the producer with all that it holds; a new one begins without a past."""
        if self._producer is not None:
            self._producer.purge()
        self._producer, self.connected = None, False


def _name(fault: Fault) -> str:
    return str(fault.name())
