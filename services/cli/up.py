"""`noegletal up`: a Kafka and every service, until Ctrl-C. The one module that enters services, by their app."""

import asyncio
import os
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from noegletal.v1 import registry_service_pb2 as registry
from noegletal.v1 import submission_pb2 as pb
from pydantic import SecretStr, ValidationError

from deploy import topics
from deploy.kafka_jars import LocalKafkaError
from deploy.local_kafka import AttachedKafka, LocalKafka
from services.chassis import access, logs
from services.chassis.config import refusal
from services.chassis.service import Service
from services.cli import fences, running
from services.cli.client import Addresses, connect
from services.cli.definitions import bring
from services.cli.processes import READY_SECONDS, SERVICES, Installation, unreachable
from services.cli.running import Running
from services.cli.talk import Exit, Stop, Talk

PORTS = {"ingest": 50051, "benchmark": 50052, "notify": 50053, "validate": 50054}
DEMO_ORGANISATION = "demo"


@dataclass(frozen=True)
class Order:
    """What is to be started."""

    split: bool
    kafka: str
    data: Path | None
    database: str
    catalogue_year: int | None
    brokers: int = 1
    catalogue: str = ""
    fences: Path | None = None

    @property
    def alone(self) -> bool:
        """Whether each service is to have one instance: Kafka and databases are this installation's own."""
        return not self.kafka and not self.database and self.brokers == 1


def run(order: Order, talk: Talk) -> None:
    """Start, stay, stop. Raises Stop."""
    order = replace(order, catalogue=bring(order.catalogue))
    fences.told(order.fences)
    with tempfile.TemporaryDirectory(prefix="noegletal-up-") as temporary:
        folder = order.data or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        kafka = AttachedKafka(order.kafka) if order.kafka else LocalKafka(data=folder / "kafka", brokers=order.brokers)
        began = time.monotonic()
        try:
            with kafka:
                _tick(talk, "kafka", began)
                topics.apply(kafka.bootstrap, most=topics.ALONE if order.alone else None)
                _tick(talk, "topics", began)
                asyncio.run(_stay(order, talk, folder, kafka.bootstrap, kafka.client_bootstrap, began))
        except LocalKafkaError as error:
            raise unreachable(error) from None
        finally:
            running.forget()


async def _stay(order: Order, talk: Talk, folder: Path, bootstrap: str, clients: str, began: float) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    key_id, key, kept = access.new_key()
    operator = {"operator_key_id": key_id, "operator_key_sha256": kept.hex()}
    make = _split if order.split else _together
    started = await make(order, folder, bootstrap, operator, key)
    try:
        await started.await_ready()
        for name in SERVICES:
            _tick(talk, name, began)
        known = Running(
            **vars(started.addresses), kafka=bootstrap, key=key, http=started.http, catalogue=order.catalogue
        )
        running.write(known)
        _box(talk, known, clients, folder, await _demo_key(started.addresses, key))
        await stopping.wait()
        talk.say("stopping…")
    finally:
        await started.stop()


@dataclass
class Together:
    """Every service in this process."""

    services: dict[str, Service]

    async def await_ready(self) -> None:
        """Wait until every service can do its work."""
        deadline = time.monotonic() + READY_SECONDS
        while not all(s.ready for s in self.services.values()):
            if time.monotonic() > deadline:
                raise Stop(f"NT-9204 not ready within {READY_SECONDS:.0f} s", Exit.TIMED_OUT)
            await asyncio.sleep(0.02)

    @property
    def addresses(self) -> Addresses:
        """Where to call them."""
        return Addresses(*(self.services[n].grpc_address for n in ("ingest", "benchmark", "notify")))

    @property
    def http(self) -> dict[str, str]:
        """Where health and metrics are."""
        return {name: service.http_address for name, service in self.services.items()}

    async def stop(self) -> None:
        """End them."""
        await asyncio.gather(*(service.stop() for service in self.services.values()))


@dataclass
class Split:
    """A process per service."""

    installation: Installation

    async def await_ready(self) -> None:
        """Wait until every service can do its work."""
        await self.installation.await_ready()

    @property
    def addresses(self) -> Addresses:
        """Where to call them."""
        return self.installation.addresses

    @property
    def http(self) -> dict[str, str]:
        """Where health and metrics are."""
        return {name: process.addresses["http"] for name, process in self.installation.processes.items()}

    async def stop(self) -> None:
        """End them."""
        await asyncio.to_thread(self.installation.stop)


async def _together(order: Order, folder: Path, bootstrap: str, operator: dict[str, str], key: str) -> Together:
    from services.benchmark import app as benchmark
    from services.ingest import app as ingest
    from services.notify import app as notify
    from services.validate import app as validate

    logs.configure("console", "warning")
    known: dict[str, Any] = {"catalogue": order.catalogue}
    year = known | {"catalogue_year": order.catalogue_year}
    local: dict[str, Any] = {
        "allow_private_addresses": True,
        "allow_http": True,
        "log_channel_dir": folder / "notifications",
        "secrets_key_file": folder / "secrets.key",
        "mail_outbox_dir": folder / "outbox",
    }
    parts: dict[str, tuple[Callable[[Any], Service], type[Any], dict[str, Any]]] = {
        "ingest": (ingest.create_app, ingest.Settings, known | operator),
        "validate": (validate.create_app, validate.Settings, year | {"fences": order.fences}),
        "benchmark": (benchmark.create_app, benchmark.Settings, year),
        "notify": (notify.create_app, notify.Settings, known | local),
    }
    told: dict[str, Any] = {}
    for name, (_, settings, own) in parts.items():
        shared = {"kafka": bootstrap, "database": _database(order, folder, name), "grpc": _listen(PORTS[name])}
        told[name] = _settings(settings, shared | own)
    services: dict[str, Service] = {}
    for name, (create_app, _, _) in parts.items():
        if name == "notify":
            asked = {"ingest": services["ingest"].grpc_address, "ingest_key": SecretStr(key)}
            told[name] = told[name].model_copy(update=asked)
        services[name] = create_app(told[name])
        try:
            await services[name].start()
        except OSError as error:  # somebody was quicker to take the port
            raise Stop(f"NT-9204 {name}: {error}", Exit.TIMED_OUT) from None
    return Together(services)


def _settings(settings: type[Any], given: dict[str, Any]) -> Any:
    """Settings of a service, what the environment says of mail among them. Raises Stop."""
    try:
        return settings(**given)
    except ValidationError as error:
        raise Stop(str(refusal(error)), Exit.USAGE) from None


async def _split(order: Order, folder: Path, bootstrap: str, operator: dict[str, str], key: str) -> Split:
    year = str(order.catalogue_year or "")
    installation = Installation(
        folder,
        bootstrap,
        operator=operator,
        catalogue=order.catalogue,
        catalogue_year=year,
        fences=fences.told(order.fences),
        allow_private_addresses="true",
        allow_http="true",
    )
    for name, process in installation.processes.items():
        own = {"database": _database(order, folder, name), "grpc": _listen(PORTS[name])}
        process.settings = {**process.settings, **own}
    ingest, notify = installation.processes["ingest"], installation.processes["notify"]
    known = not ingest.settings["grpc"].endswith(":0")  # else mails say how the marked file is had
    if known:
        notify.settings = {**notify.settings, "ingest": ingest.settings["grpc"], "ingest_key": key}
    installation.start()
    return Split(installation)


def _database(order: Order, folder: Path, name: str) -> str:
    return f"{order.database.rstrip('/')}/noegletal_{name}" if order.database else f"sqlite:///{folder / name}.db"


def _listen(port: int) -> str:
    """The usual port, or a free one where it is taken."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return "127.0.0.1:0"
    return f"127.0.0.1:{port}"


async def _demo_key(addresses: Addresses, operator_key: str) -> str:
    async with connect(addresses, operator_key) as client:
        request = registry.IssueKeyRequest(organisation_id=DEMO_ORGANISATION, role=pb.ROLE_SUBMITTER)
        answer = await client.call(client.registry.IssueKey, request)
    return str(answer.key)


def _mail(known: Running) -> str:
    """Where mails go: to the server that the environment names, else to the outbox page."""
    server = os.environ.get("NOEGLETAL_SMTP_HOST")
    return f"sent by {server}" if server else f"outbox http://{known.http['notify']}/outbox"


def _tick(talk: Talk, what: str, began: float) -> None:
    talk.say(f"  ✓ {what:<10} {time.monotonic() - began:5.1f} s")


def _box(talk: Talk, known: Running, clients: str, folder: Path, demo_key: str) -> None:
    lines = [
        f"ingest gRPC      {known.ingest}",
        f"benchmark gRPC   {known.benchmark}",
        f"notify gRPC      {known.notify}",
        f"Kafka            {known.kafka}   for organisations (SASL): {clients}",
        *(f"{name + ' metrics':<16} http://{address}/metrics" for name, address in known.http.items()),
        f"mail             {_mail(known)}",
        f"data             {folder}",
        f"operator key     {known.key}",
        f"key of »{DEMO_ORGANISATION}«    {demo_key}",
        "",
        "try: noegletal submit FILE.csv --units UNITS.csv · noegletal benchmarks · noegletal status",
        "Ctrl-C ends everything.",
    ]
    talk.say("\n".join(["", *(f"  {line}" for line in lines), ""]))
