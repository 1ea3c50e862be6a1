"""The services as the command line calls them: with a key, a deadline, and refusals in words."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from noegletal.v1 import benchmark_service_pb2 as bench
from noegletal.v1 import benchmark_service_pb2_grpc as bench_grpc
from noegletal.v1 import log_service_pb2_grpc as log_grpc
from noegletal.v1 import registry_service_pb2 as registry
from noegletal.v1 import registry_service_pb2_grpc as registry_grpc
from noegletal.v1 import release_service_pb2_grpc as release_grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as sending
from noegletal.v1 import submission_service_pb2_grpc as sending_grpc
from noegletal.v1 import subscription_service_pb2_grpc as subscribe_grpc

from services.catalogue import codes
from services.cli.tables import UnitRow
from services.cli.talk import Exit, Stop

SECONDS, LONG_SECONDS = 30, 180  # a page of a long list waits for whatever is being published
FILE_SECONDS = 120
SUBMISSIONS_AT_ONCE, PACK = 100, 256 * 1024  # of one message of a stream; the second in bytes
UNITS_AT_ONCE, CELLS_AT_ONCE, STANDINGS_AT_ONCE = 500, 2000, 5000
PIECE = 256 * 1024  # bytes of a file at a time
ANSWER = 64 * 1024 * 1024  # most bytes of an answer: a file's has a line for each row
EXITS = {
    grpc.StatusCode.UNAVAILABLE: Exit.UNREACHABLE,
    grpc.StatusCode.UNAUTHENTICATED: Exit.NOT_ALLOWED,
    grpc.StatusCode.PERMISSION_DENIED: Exit.NOT_ALLOWED,
    grpc.StatusCode.DEADLINE_EXCEEDED: Exit.TIMED_OUT,
    grpc.StatusCode.RESOURCE_EXHAUSTED: Exit.TIMED_OUT,
    grpc.StatusCode.FAILED_PRECONDITION: Exit.FINDINGS,
    grpc.StatusCode.ALREADY_EXISTS: Exit.FINDINGS,
}


@dataclass(frozen=True)
class Addresses:
    """Where the services listen for gRPC."""

    ingest: str
    benchmark: str
    notify: str


class Client:
    """All services with one key. Made by `connect`."""

    def __init__(self, ingest: Any, benchmark: Any, notify: Any, key: str, language: str = "en") -> None:
        self.language = language
        self.metadata = [("authorization", f"Bearer {key}")]
        self.submissions: Any = sending_grpc.SubmissionServiceStub(ingest)
        self.log: Any = log_grpc.LogServiceStub(ingest)
        self.registry: Any = registry_grpc.RegistryServiceStub(ingest)
        self.benchmarks: Any = bench_grpc.BenchmarkServiceStub(benchmark)
        self.releases: Any = release_grpc.ReleaseServiceStub(benchmark)
        self.subscriptions: Any = subscribe_grpc.SubscriptionServiceStub(notify)

    async def call(self, method: Any, request: Any, seconds: float = SECONDS) -> Any:
        """One call with a deadline. Raises Stop with the refusal's words."""
        try:
            return await method(request, metadata=self.metadata, timeout=seconds)
        except grpc.aio.AioRpcError as error:
            raise refused(error, self.language) from None

    async def register(self, scheme: str, units: Sequence[UnitRow]) -> None:
        """Register units."""
        for first in range(0, len(units), UNITS_AT_ONCE):
            some = [
                registry.UnitRegistration(
                    unit_id=u.unit_id,
                    organisation_id=u.organisation_id,
                    holder_id=u.holder_id,
                    scheme=scheme,
                    attributes=u.attributes,
                )
                for u in units[first : first + UNITS_AT_ONCE]
            ]
            await self.call(self.registry.RegisterUnits, registry.RegisterUnitsRequest(units=some))

    async def submit(self, submissions: Iterable[pb.Submission]) -> list[sending.SubmitStreamResponse]:
        """Send many on one stream; answers in order, each after its commit."""
        requests = _packed(submissions)
        try:
            answers = [answer async for answer in self.submissions.SubmitStream(requests, metadata=self.metadata)]
            return [one for answer in answers for one in (answer, *answer.more)]
        except grpc.aio.AioRpcError as error:
            raise refused(error) from None

    async def upload(self, head: sending.UploadHead, data: bytes) -> sending.UploadResponse:
        """Send a file; the answer comes after the commit."""
        pieces = (sending.UploadRequest(piece=data[n : n + PIECE]) for n in range(0, len(data), PIECE))
        requests = iter([sending.UploadRequest(head=head), *pieces])
        try:
            answer: sending.UploadResponse = await self.submissions.Upload(
                requests, metadata=self.metadata, timeout=FILE_SECONDS
            )
            return answer
        except grpc.aio.AioRpcError as error:
            raise refused(error, self.language) from None

    async def file(self, method: Any, request: Any) -> bytes:
        """A file that is streamed back."""
        try:
            answers = method(request, metadata=self.metadata, timeout=FILE_SECONDS)
            return b"".join([answer.piece async for answer in answers])
        except grpc.aio.AioRpcError as error:
            raise refused(error, self.language) from None

    async def each_page(self, method: Any, request: Any, field: str) -> AsyncIterator[Sequence[Any]]:
        """A list page by page."""
        while True:
            answer = await self.call(method, request, LONG_SECONDS)
            yield getattr(answer, field)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token

    async def pages(self, method: Any, request: Any, field: str) -> list[Any]:
        """Every page of a list."""
        return [entry async for page in self.each_page(method, request, field) for entry in page]

    def standings(self, scheme: str) -> AsyncIterator[Sequence[Any]]:
        """Every standing of a scheme, page by page: there are more of them than of anything else."""
        request = bench.ListStandingsRequest(scheme=scheme, page_size=STANDINGS_AT_ONCE)
        return self.each_page(self.benchmarks.ListStandings, request, "standings")

    async def cells(self, scheme: str, period: str = "", **asked: Any) -> list[Any]:
        """Cells of a scheme."""
        request = bench.ListBenchmarksRequest(scheme=scheme, period=period, page_size=CELLS_AT_ONCE, **asked)
        return await self.pages(self.benchmarks.ListBenchmarks, request, "cells")


@asynccontextmanager
async def connect(addresses: Addresses, key: str, language: str = "en") -> AsyncIterator[Client]:
    """Channels to every service, closed at the end. Refusals speak the language."""
    async with (
        grpc.aio.insecure_channel(addresses.ingest, options=[("grpc.max_receive_message_length", ANSWER)]) as ingest,
        grpc.aio.insecure_channel(addresses.benchmark) as benchmark,
        grpc.aio.insecure_channel(addresses.notify) as notify,
    ):
        yield Client(ingest, benchmark, notify, key, language)


def refused(error: Any, language: str = "en") -> Stop:
    """A call's error as the end of a command."""
    code = EXITS.get(error.code(), Exit.USAGE)
    status = rpc_status.from_call(error)
    reason = error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Is(reason.DESCRIPTOR):
            detail.Unpack(reason)
    if reason.reason:
        return Stop(f"{reason.reason} {codes.words(reason.reason, reason.metadata)[language]}", code)
    if code is Exit.UNREACHABLE:
        said = codes.words("NT-9202", {"service": "the service", "address": "its address"})[language]
        return Stop(f"NT-9202 {said}", code)
    return Stop(f"{error.code().name}: {error.details()}", code)


def _packed(submissions: Iterable[pb.Submission]) -> Iterator[sending.SubmitStreamRequest]:
    """Many submissions a message: a message costs gRPC more than a submission costs ingest."""
    pack, size = list[pb.Submission](), 0
    for one in submissions:
        if pack and (len(pack) == SUBMISSIONS_AT_ONCE or size + one.ByteSize() > PACK):
            yield sending.SubmitStreamRequest(submission=pack[0], more=pack[1:])
            pack, size = [], 0
        pack.append(one)
        size += one.ByteSize()
    if pack:
        yield sending.SubmitStreamRequest(submission=pack[0], more=pack[1:])
