"""A real Kafka and the four services as processes, for tests."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import grpc
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import ConsumerRecord
from noegletal.v1 import benchmark_pb2
from noegletal.v1 import submission_pb2 as pb

from deploy import topics
from deploy.local_kafka import LocalKafka
from services.chassis import access
from services.cli import sector_data
from services.cli.client import Client, connect
from services.cli.processes import Installation
from services.cli.talk import Stop

T = TypeVar("T")
SECONDS = 60.0


@dataclass
class Installed:
    """Everything that runs, and the operator's key."""

    kafka: LocalKafka
    services: Installation
    key: str
    passwords: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def installed(*organisations: str) -> AsyncIterator[Installed]:
    """Start everything; organisations named get a topic of their own."""
    key_id, key, kept = access.new_key()
    passwords = {o: secrets.token_urlsafe(24) for o in organisations}
    with tempfile.TemporaryDirectory(prefix="noegletal-test-") as name, LocalKafka(data=Path(name) / "kafka") as kafka:
        topics.apply(kafka.bootstrap)
        if passwords:
            topics.add_organisations(kafka.bootstrap, passwords)
        operator = {"operator_key_id": key_id, "operator_key_sha256": kept.hex()}
        local = {"allow_private_addresses": "true", "allow_http": "true"}
        services = Installation(Path(name), kafka.bootstrap, operator=operator, **local)
        services.start()
        try:
            await services.await_ready()
            yield Installed(kafka, services, key, passwords)
        finally:
            services.stop()


async def until(question: Callable[[], Awaitable[T | None]], what: str, seconds: float = SECONDS) -> T:
    """Ask until there is an answer; a service that is just away counts as none yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answer = await question()
        except (Stop, grpc.aio.AioRpcError, OSError):
            answer = None
        if answer is not None:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


async def at_vintage(client: Client, vintage: int, period: str = "2024") -> list[benchmark_pb2.Cell]:
    """Every cell, once the period's ledger holds so many records."""

    async def ask() -> list[benchmark_pb2.Cell] | None:
        cells = await client.cells(sector_data.SCHEME, period)
        return cells if cells and cells[0].vintage == vintage else None

    return await until(ask, f"vintage {vintage}")


async def records(
    bootstrap: str, topic: str, enough: Callable[[Sequence[ConsumerRecord]], bool]
) -> list[ConsumerRecord]:
    """What a topic holds, once it is enough."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    found: list[ConsumerRecord] = []
    try:
        deadline = time.monotonic() + SECONDS
        while not enough(found) and time.monotonic() < deadline:
            for batch in (await consumer.getmany(timeout_ms=100)).values():
                found += batch
    finally:
        await consumer.stop()
    assert enough(found), f"{topic} holds {len(found)} records, not enough"
    return found


@asynccontextmanager
async def organisation_producer(everything: Installed, organisation: str) -> AsyncIterator[AIOKafkaProducer]:
    """A producer as an organisation has it: its own user, its own password, nothing else."""
    producer = AIOKafkaProducer(
        bootstrap_servers=everything.kafka.client_bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=organisation,
        sasl_plain_password=everything.passwords[organisation],
        acks="all",
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def client(everything: Installed, key: str = "") -> AbstractAsyncContextManager[Client]:
    """Channels with the operator's key, or another."""
    return connect(everything.services.addresses, key or everything.key)


def the_sector() -> tuple[list[sector_data.UnitRow], list[pb.Submission]]:
    """Units and submissions of the real sector."""
    sector = sector_data.load()
    return sector.units, list(sector.submissions.values())
