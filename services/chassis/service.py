"""A running service: database, consumer, outbox, gRPC server, health, metrics, logs, started and stopped in order."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from google.protobuf.internal import api_implementation
from starlette.routing import BaseRoute

from services.chassis import access, logs, messaging, offsets, outbox, topics
from services.chassis.assignment import Assignment
from services.chassis.config import ServiceSettings
from services.chassis.consumer import Consumer
from services.chassis.database import Database
from services.chassis.health import Health
from services.chassis.metrics import Metrics
from services.chassis.outbox import Transaction
from services.chassis.relay import Relay
from services.chassis.rpc import Gate, Server, Words

T = TypeVar("T")
STUCK_SECONDS = 120  # a batch that takes longer means that the consume loop hangs


class Service:
    """One service of the platform. Made by its `create_app`; nothing runs until `start`."""

    def __init__(
        self,
        name: str,
        settings: ServiceSettings,
        *,
        tables: sa.MetaData,
        words: Words,
    ) -> None:
        assert api_implementation.Type() == "upb", "protobuf's bounded decoder is needed"
        self.name, self.settings = name, settings
        self.metrics, self.log, self.keys = Metrics(name), logs.of(name), access.Keys()
        self.database = Database(settings.database, name)
        self._tables = (tables, outbox.metadata, offsets.metadata, access.metadata)
        self.handlers: dict[str, tuple[topics.Topic, messaging.Handler]] = {}
        self._rollbacks: list[Callable[[], None]] = []
        self.covered: Mapping[offsets.Partition, int] = {}  # of what is kept in memory: see Host
        self._backgrounds: list[Callable[[], Awaitable[None]]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._relay = Relay(settings, self.database, self.metrics, self.log)
        self.assignment = Assignment(self.database, self._relay)
        self._starts: list[Callable[[sa.Connection], None]] = [self.keys.load, self._relay.load]
        self._server = Server(settings, Gate(self.keys, words, self.clock, self.metrics, self.log))
        self._health = Health(settings.http, self.metrics.registry, alive=self._alive, ready=self._ready)
        self._consumer = Consumer(self, self.handlers)
        self._no_more, self._at_end = threading.Event(), threading.Event()  # no more records; nothing more at all
        self._pool = ThreadPoolExecutor(2, f"{name}-kafka")  # a thread for the consumer, one for the relay
        self._threads: dict[str, asyncio.Task[None]] = {}
        self._began = time.monotonic()

    @staticmethod
    def clock() -> datetime:
        """Now, aware, UTC. The only clock of a service."""
        return datetime.now(UTC)

    def batches(
        self, topic: str, at_once: Callable[[Sequence[bytes]], Iterable[Any]] | None = None
    ) -> Callable[[messaging.Handler], messaging.Handler]:
        """Say what the service does with the records of a topic, or of the pattern of that heading. For the rest see Topic."""

        def remember(handler: Any) -> Any:
            self.handlers[topic] = (replace(topics.entries()[topic], at_once=at_once), handler)
            return handler

        return remember

    def keys_from_topic(self) -> None:
        """Learn API keys from access-granted."""
        self.batches("access-granted")(self.keys.on_access_granted)

    def rpc(self, register: Callable[[Any, Any], None], servicer: object, name: str) -> None:
        """Offer a gRPC service of the contract."""
        self._server.add(register, servicer, name)

    def pages(self, routes: Sequence[BaseRoute]) -> None:
        """Answer more over HTTP, beside health and metrics. Whoever reaches the address may ask: pages guard themselves."""
        self._health.add(routes)

    def background(self, work: Callable[[], Awaitable[None]]) -> None:
        """Have work done from start to stop; it is begun again, loudly, if it raises."""
        self._backgrounds.append(work)

    def on_start(self, prepare: Callable[[sa.Connection], None]) -> None:
        """Have something read from the database before anything else happens."""
        self._starts.append(prepare)

    def on_rollback(self, forget: Callable[[], None]) -> None:
        """Have memory brought back to what the database holds: a transaction failed, or another instance has moved on."""
        self._rollbacks.append(forget)

    def forget(self) -> None:
        """Bring memory back to what the database holds. For the database thread."""
        for forget in self._rollbacks:
            forget()

    @property
    def grpc_address(self) -> str:
        """Where the gRPC server listens, host:port."""
        return self._server.address

    @property
    def http_address(self) -> str:
        """Where health and metrics are served, host:port."""
        return self._health.address

    @property
    def ready(self) -> bool:
        """Whether the service can do its work."""
        return not any(self._ready().values())

    @property
    def outbox_full(self) -> bool:
        """Whether Kafka has been away for so long that no more may be promised."""
        return self._relay.pending >= self.settings.outbox_limit

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run work in one transaction of the database thread; durable when this returns."""
        return await self.database.in_thread(lambda: self.transact(work, cause="call"))

    async def read(self, question: Callable[[sa.Connection], T]) -> T:
        """Ask the database in its thread."""
        return await self.database.in_thread(lambda: self.database.read(question))

    def transact(
        self,
        work: Callable[[Transaction], T],
        *,
        cause: str,
        waiting: int = 0,
        was_idle: bool = True,
        worked: Callable[[], None] = lambda: None,
    ) -> T:
        """One transaction: state, offsets and outbox together. `worked` is called when only the commit is left, or nothing is.
        For the database thread.
        """
        began = time.perf_counter()
        try:
            with self.database.begin() as connection:
                transaction = Transaction(connection, self.clock(), self.name, waiting, was_idle)
                result = work(transaction)
                kept, done = transaction.flush(), self._relay.tidy(connection)
                worked()
        except BaseException:
            self.forget()
            raise
        finally:
            worked()
        self._relay.tidied(done)
        for id, content in kept:
            self._relay.committed(id, content)
        transaction.committed()
        self.metrics.observe(self.metrics.transaction, time.perf_counter() - began, cause)
        self.metrics.set(self.metrics.last_commit, self.clock().timestamp())
        return result

    def apply(
        self,
        parts: Sequence[messaging.Part],
        positions: Mapping[offsets.Partition, int | None],
        *,
        waiting: int,
        was_idle: bool,
        meanwhile: Callable[[], None] | None = None,
    ) -> Sequence[messaging.Applied]:
        """Apply records and move their offsets on, all topics in one transaction. For any thread but the database's: it does
        `meanwhile` while the commit waits for the disk.
        """
        worked = threading.Event()

        def work(transaction: Transaction) -> list[messaging.Applied]:
            return [messaging.apply(part, transaction, positions) for part in parts]

        def batch() -> list[messaging.Applied]:
            return self.transact(work, cause="batch", waiting=waiting, was_idle=was_idle, worked=worked.set)

        committed = self.database.begin_to(batch)
        if meanwhile is not None:
            worked.wait()
            meanwhile()
        outcome = committed()
        for part, applied in zip(parts, outcome, strict=True):
            messaging.count(self.metrics, part.topic.name, applied, self.clock())
        return outcome

    def prepare(self) -> None:
        """Create tables and load what the service keeps in memory. For the database thread."""
        self.database.create(*self._tables)
        self.covered = self.database.read(offsets.everything)
        for prepare in self._starts:
            self.database.read(prepare)

    async def start(self) -> None:
        """Come up: database, HTTP, gRPC, then Kafka, which may still be away. Raises OSError for a taken address."""
        await self.database.in_thread(self.prepare)
        await self.database.in_thread(self.assignment.begin)
        await self._health.start()
        await self._server.start()
        self._threads = {
            work.__name__: asyncio.create_task(self._keep_doing(work)) for work in (self._consume, self._publish)
        }
        self._tasks = [asyncio.create_task(self._keep_doing(work)) for work in (self._watch, *self._backgrounds)]
        if self.settings.addresses_file:
            addresses = {"service": self.name, "grpc": self.grpc_address, "http": self.http_address}
            await asyncio.to_thread(_write_whole, Path(self.settings.addresses_file), json.dumps(addresses))
        self.log.info("started", grpc=self.grpc_address, http=self.http_address)

    async def stop(self) -> None:
        """Go down in order: no new calls, no new records, publish what is committed, release everything."""
        await self._server.stop()
        self._no_more.set()
        await self._threads["_consume"]
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._at_end.set()
        self._relay.hurry()
        await self._threads["_publish"]
        self._pool.shutdown()
        await self._health.stop()
        await self.database.in_thread(lambda: None)
        self.database.close()
        self.log.info("stopped")

    async def _keep_doing(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do work until it ends by itself; begin it again when it raises."""
        while True:
            task = asyncio.ensure_future(work())
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                task.cancel()
                await asyncio.wait([task])
                raise
            if task.cancelled() or (error := task.exception()) is None:
                return
            self.log.error("background work failed, begun again", work=work.__qualname__, exc_info=error)
            await asyncio.sleep(1)

    async def _consume(self) -> None:
        if self.handlers:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._consumer.run, self._no_more)

    async def _publish(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, self._relay.run, self._at_end)

    async def _watch(self) -> None:
        """Keep health clients and the ready metric up to date."""
        told = None
        while True:
            if (ready := self.ready) is not told:
                self.metrics.set(self.metrics.ready, int(ready))
                await self._server.serving(ready)
                told = ready
            await asyncio.sleep(0.1)

    def _alive(self) -> Mapping[str, str]:
        idle = time.monotonic() - self._consumer.alive_at if self._consumer.busy else 0
        return {"consume-loop": f"in one batch for {idle:.0f} s" if idle > STUCK_SECONDS else ""}

    def _ready(self) -> Mapping[str, str]:
        checks = {"started": "" if self._tasks else "not started"}
        if self.handlers:
            checks["kafka"] = "" if self._consumer.assigned else "no partitions assigned yet"
            checks["consumer"] = self._consumer.failing
        if "access-granted" in self.handlers and time.monotonic() - self._began < self.settings.key_wait_seconds:
            checks["keys"] = "" if len(self.keys) else "no API key is known yet"
        return checks


def _write_whole(path: Path, content: str) -> None:
    """Write a file that a reader sees whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(content)
    partial.replace(path)
