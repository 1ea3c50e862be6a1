"""An ingest on a real SQLite, without Kafka and with a real gRPC server where a test asks for one."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from noegletal.v1 import registry_service_pb2_grpc as registry_grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2_grpc as submission_grpc

from services.chassis import access
from services.chassis.service import Service
from services.ingest import store
from services.ingest.app import Settings, create_app
from services.ingest.registration import Unit
from tests.service.delivery import Bench

SINCE = datetime(2024, 4, 1, tzinfo=UTC)


def submission(**changes: Any) -> pb.Submission:
    """A submission for unit L1 that nothing is wrong with, changed as asked."""
    usual = {
        "submission_id": "s1",
        "unit_id": "L1",
        "scheme": "uk-tsm",
        "period_start": "2023-04-01",
        "period_end": "2024-03-31",
        "amounts": [pb.Amount(data_point="BS03.numerator", value=3783)],
    }
    return pb.Submission(**(usual | changes))


def make_service(folder: Path, **settings: Any) -> Service:
    given = {"kafka": "127.0.0.1:1", "database": f"sqlite:///{folder}/ingest.db", "stop_grace_seconds": 0.2}
    return create_app(Settings(**(given | settings)))


def register(service: Service, *units: str, organisation: str = "org-a") -> None:
    rows = [Unit("uk-tsm", u, organisation, organisation, {"region": "London"}, 1, SINCE) for u in units]
    service.transact(lambda tx: store.keep_units(tx, rows), cause="test")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(make_service(tmp_path))
    register(made.service, "L1", "L2")
    yield made
    made.close()


@dataclass
class Running:
    """A running ingest with a channel to it."""

    service: Service
    channel: grpc.aio.Channel
    stopped: bool = False

    def __post_init__(self) -> None:
        self.submissions: Any = submission_grpc.SubmissionServiceStub(self.channel)
        self.registry: Any = registry_grpc.RegistryServiceStub(self.channel)

    async def stop(self) -> None:
        """Stop, once."""
        if not self.stopped:
            self.stopped = True
            await self.channel.close()
            await self.service.stop()

    async def key(self, organisation: str = "", role: int = pb.ROLE_SUBMITTER) -> list[tuple[str, str]]:
        """The metadata of a fresh key."""
        key_id, key, kept = access.new_key()
        granted = pb.AccessGranted(key_id=key_id, secret_sha256=kept, organisation_id=organisation)
        granted.role = role  # type: ignore[assignment]
        await self.service.write(lambda tx: self.service.keys.announce(tx, granted))
        return auth(key)


def auth(key: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {key}")]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts an ingest with settings; everything is stopped at the end."""
    started: list[Running] = []

    async def begin(**settings: Any) -> Running:
        service = make_service(tmp_path, **settings)
        await service.start()
        started.append(Running(service, grpc.aio.insecure_channel(service.grpc_address)))
        if len(started) == 1:
            await service.database.in_thread(lambda: register(service, "L1", "L2"))
        return started[-1]

    yield begin
    for running in started:
        await running.stop()


@pytest.fixture
async def running(start: Callable[..., Any]) -> Running:
    return await start()


async def refused(call: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    """How a call was refused: status, code, and what the code's words were filled with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status, info = rpc_status.from_call(caught.value), error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
    return caught.value.code(), info.reason, dict(info.metadata)
