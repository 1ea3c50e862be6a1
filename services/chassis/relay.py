"""The way out: publishes what the outbox holds, in order, and takes it out once the broker has it."""

import asyncio
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from services.chassis.config import ServiceSettings
from services.chassis.database import Database
from services.chassis.logs import Log
from services.chassis.metrics import Metrics
from services.chassis.outbox import outbox, unpack_headers

AT_ONCE = 1000
BACK_OFF_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5)
MAX_REQUEST = 8 * 1024 * 1024


class Relay:
    """Publishes the outbox with an idempotent producer, acks=all. A repeat after a crash carries the same ids."""

    def __init__(self, settings: ServiceSettings, database: Database, metrics: Metrics, log: Log) -> None:
        self._settings, self._database, self._metrics, self._log = settings, database, metrics, log
        self._producer: AIOKafkaProducer | None = None
        self._due = asyncio.Event()
        self._due.set()
        self.pending = 0  # events in the outbox when last looked at

    def wake(self) -> None:
        """Tell the relay, from the event loop, that the outbox has grown."""
        self._due.set()

    async def run(self) -> None:
        """Publish until cancelled."""
        failures = 0
        while True:
            try:
                await self._connected()  # also before there is anything: a fresh producer's first record is slow
                await self._due.wait()
                self._due.clear()
                while await self._publish_next():
                    failures = 0
            except (KafkaError, OSError) as error:
                self._metrics.count(self._metrics.relay_failures)
                await self._note_pending()
                self._log.warning("outbox waits for Kafka", error=type(error).__name__, failures=failures)
                await asyncio.sleep(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
                failures += 1
                self._due.set()

    async def close(self) -> None:
        """Publish what is left if the broker answers, then let go of it."""
        if self._producer is not None:
            try:
                while await asyncio.wait_for(self._publish_next(), self._settings.stop_grace_seconds):
                    pass
                await self._producer.stop()
            except (KafkaError, OSError, TimeoutError):
                self._log.warning("outbox kept for the next start", pending=self.pending)

    async def _publish_next(self) -> int:
        rows = await self._database.in_thread(lambda: self._database.read(_oldest))
        if rows:
            producer = await self._connected()
            sent = [
                await producer.send(r.topic, value=r.value, key=r.key, headers=unpack_headers(r.headers)) for r in rows
            ]
            await asyncio.gather(*sent)
            await self._database.in_thread(lambda: self._forget([r.id for r in rows]))
            for row in rows:
                self._metrics.count(self._metrics.published, row.topic)
        if len(rows) == AT_ONCE:
            await self._note_pending()
        else:
            self.pending = 0
            self._metrics.set(self._metrics.outbox_pending, 0)
        return len(rows)

    async def _note_pending(self) -> None:
        self.pending = await self._database.in_thread(lambda: self._database.read(_size))
        self._metrics.set(self._metrics.outbox_pending, self.pending)

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._settings.kafka,
                acks="all",
                enable_idempotence=True,
                linger_ms=0,
                max_batch_size=131072,
                max_request_size=MAX_REQUEST,
                request_timeout_ms=10_000,
            )
            try:
                await producer.start()
                self._producer = producer
            finally:  # also when cancelled half-way
                if self._producer is None:
                    await producer.stop()
        return self._producer

    def _forget(self, ids: Sequence[int]) -> None:
        with self._database.begin() as connection:
            connection.execute(sa.delete(outbox).where(outbox.c.id == sa.bindparam("sent")), [{"sent": i} for i in ids])


def _oldest(connection: sa.Connection) -> Sequence[sa.Row[Any]]:
    return connection.execute(sa.select(outbox).order_by(outbox.c.id).limit(AT_ONCE)).all()


def _size(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one())
