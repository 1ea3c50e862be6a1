"""A running benchmark with a figure of each publicity class, operators and readers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import benchmark_service_pb2_grpc as api_grpc
from noegletal.v1 import release_pb2 as release
from noegletal.v1 import release_service_pb2 as release_api
from noegletal.v1 import release_service_pb2_grpc as release_grpc
from noegletal.v1 import submission_pb2 as submission

from services.benchmark.app import Settings, create_app
from services.chassis import access
from tests.builders import observations
from tests.service.delivery import Bench

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "protected.toml"
FIGURES = ("PUBLIC", "MEMBERS", "CONFIDENTIAL")
PERIOD = {"scheme": "haver", "period": "2024"}
KIND = release.ReleaseKind.Value


class Running:
    """A running benchmark with an operator's and readers' stubs."""

    def __init__(self, folder: Path, catalogue: str = str(CATALOGUE), catalogue_year: int | None = 2024) -> None:
        database = f"sqlite:///{folder}/b.db"
        self.service = create_app(
            Settings(
                kafka="127.0.0.1:1",
                database=database,
                catalogue=catalogue,
                catalogue_year=catalogue_year,
                stop_grace_seconds=0.2,
                snapshot_every=5,
            )
        )

    async def start(self) -> "Running":
        await self.service.start()
        self._channel = grpc.aio.insecure_channel(self.service.grpc_address)
        self.bench = await self.service.database.in_thread(lambda: Bench(self.service))
        self.benchmarks = api_grpc.BenchmarkServiceStub(self._channel)
        self.releases = release_grpc.ReleaseServiceStub(self._channel)
        self.operator = await self.key(role=submission.ROLE_OPERATOR)
        self.reader = await self.key(role=submission.ROLE_READER)
        return self

    async def stop(self) -> None:
        await self._channel.close()
        await self.service.stop()

    async def key(self, organisation: str = "", role: int = submission.ROLE_SUBMITTER) -> dict[str, Any]:
        key_id, key, kept = access.new_key()
        granted = submission.AccessGranted(key_id=key_id, secret_sha256=kept, organisation_id=organisation)
        granted.role = role  # type: ignore[assignment]
        await self.service.database.in_thread(lambda: self.bench.deliver("access-granted", [granted]))
        return {"metadata": [("authorization", f"Bearer {key}")], "timeout": 20}

    async def report(self, units: Mapping[str, int], *, revision: int = 1, withdrawn: bool = False, **to: str) -> None:
        """Let units report a ratio of so many tenths; `to` changes the message."""
        names = list(units)
        message = observations(
            {u: [9] * 3 if withdrawn else [(tenths, 10)] * 3 for u, tenths in units.items()},
            revision=revision,
            groups={u: ("all", "type=A" if int(u[1:]) % 2 else "type=B") for u in names},
            withdrawn=names if withdrawn else (),
            figures=FIGURES,
        )
        for name, value in (PERIOD | to).items():
            setattr(message, name, value)
        await self.service.database.in_thread(lambda: self.bench.deliver("observations-accepted", [message]))

    async def make(self, kind: str = "UNSPECIFIED", **asked: Any) -> release.ReleaseDecided:
        request = release_api.MakeReleaseRequest(**(PERIOD | asked), kind=KIND(f"RELEASE_KIND_{kind}"))
        return (await self.releases.MakeRelease(request, **self.operator)).release

    async def cells(self, group: str = "all", **as_of: Any) -> dict[str, pb.Cell]:
        request = api.ListBenchmarksRequest(**PERIOD, peer_group=group, as_of=api.AsOf(**as_of))
        return {c.key_figure: c for c in (await self.benchmarks.ListBenchmarks(request, **self.reader)).cells}


def units(first: int, last: int) -> dict[str, int]:
    """Units u first to u last - 1, a tenth of kr. apart by ten."""
    return {f"u{n:02}": 1000 + 10 * n for n in range(first, last)}
