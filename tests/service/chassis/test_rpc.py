"""The gRPC gate on a real server: one key, a deadline, refusals as codes with words in both languages."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api
from noegletal.v1 import submission_service_pb2_grpc as grpc_api

from services.chassis import access
from services.chassis.config import ServiceSettings
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service


class Echo(grpc_api.SubmissionServiceServicer):
    """Answers with the caller's organisation, or refuses."""

    async def GetReceipt(self, request: Any, context: Any) -> Any:
        if request.submission_id == "unknown":
            raise Refusal("NT-1099", grpc.StatusCode.NOT_FOUND, submission="unknown")
        return api.GetReceiptResponse(receipt=pb.Receipt(organisation_id=caller().acting_for(request.organisation_id)))

    async def SubmitStream(self, requests: Any, context: Any) -> AsyncIterator[Any]:
        async for request in requests:
            if request.submission.submission_id == "stop":
                raise Refusal("NT-1098", grpc.StatusCode.FAILED_PRECONDITION)
            yield api.SubmitStreamResponse(receipt=pb.Receipt(organisation_id=caller().organisation_id))


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[tuple[Any, Any, str]]:
    settings = ServiceSettings(kafka="127.0.0.1:1", database=f"sqlite:///{tmp_path}/a.db", stop_grace_seconds=0.2)
    service = Service(
        "test",
        settings,
        tables=sa.MetaData(),
        words=lambda code, p: {"da": f"{code} på dansk", "en": f"{code} {dict(p)}"},
    )
    service.rpc(grpc_api.add_SubmissionServiceServicer_to_server, Echo(), "noegletal.v1.SubmissionService")
    await service.start()
    key_id, key, kept = access.new_key()
    granted = pb.AccessGranted(key_id=key_id, secret_sha256=kept, organisation_id="org-a", role=pb.ROLE_SUBMITTER)
    await service.write(lambda tx: service.keys.keep(tx, granted))
    async with grpc.aio.insecure_channel(service.grpc_address) as channel:
        yield channel, grpc_api.SubmissionServiceStub(channel), key
    await service.stop()


def _auth(key: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {key}")]


def _details(error: grpc.aio.AioRpcError) -> tuple[str, dict[str, str]]:
    status = rpc_status.from_call(error)
    info, words = error_details_pb2.ErrorInfo(), {}
    for detail in status.details:
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
        else:
            said = error_details_pb2.LocalizedMessage()
            detail.Unpack(said)
            words[said.locale] = said.message
    return info.reason, words


async def _refused(call: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def test_the_key_says_who_calls(running: Any) -> None:
    _, stub, key = running

    answer = await stub.GetReceipt(api.GetReceiptRequest(), metadata=_auth(key), timeout=5)

    assert answer.receipt.organisation_id == "org-a"


@pytest.mark.parametrize("metadata", [[], [("authorization", "x")], [("authorization", "Bearer a.b")]])
async def test_without_a_valid_key_nothing(running: Any, metadata: list[tuple[str, str]]) -> None:
    error = await _refused(running[1].GetReceipt(api.GetReceiptRequest(), metadata=metadata, timeout=5))

    assert error.code() is grpc.StatusCode.UNAUTHENTICATED
    assert _details(error)[0] == "NT-1001"


async def test_two_keys_are_none(running: Any) -> None:
    _, stub, key = running

    error = await _refused(stub.GetReceipt(api.GetReceiptRequest(), metadata=_auth(key) * 2, timeout=5))

    assert error.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_no_deadline_is_refused(running: Any) -> None:
    _, stub, key = running

    error = await _refused(stub.GetReceipt(api.GetReceiptRequest(), metadata=_auth(key)))

    assert (error.code(), _details(error)[0]) == (grpc.StatusCode.INVALID_ARGUMENT, "NT-1003")


async def test_another_organisation_is_not_allowed(running: Any) -> None:
    _, stub, key = running

    error = await _refused(
        stub.GetReceipt(api.GetReceiptRequest(organisation_id="org-b"), metadata=_auth(key), timeout=5)
    )

    assert (error.code(), _details(error)[0]) == (grpc.StatusCode.PERMISSION_DENIED, "NT-1002")


async def test_a_refusal_carries_code_and_words(running: Any) -> None:
    _, stub, key = running

    error = await _refused(
        stub.GetReceipt(api.GetReceiptRequest(submission_id="unknown"), metadata=_auth(key), timeout=5)
    )

    assert error.code() is grpc.StatusCode.NOT_FOUND
    assert _details(error) == ("NT-1099", {"da": "NT-1099 på dansk", "en": "NT-1099 {'submission': 'unknown'}"})


async def test_streams_know_the_caller_and_can_refuse(running: Any) -> None:
    _, stub, key = running
    ids = ["a", "b", "stop"]
    stream = stub.SubmitStream(
        (api.SubmitStreamRequest(submission=pb.Submission(submission_id=i)) for i in ids), metadata=_auth(key)
    )

    assert (await stream.read()).receipt.organisation_id == "org-a"
    assert (await stream.read()).receipt.organisation_id == "org-a"
    error = await _refused(stream.read())
    assert (error.code(), _details(error)[0]) == (grpc.StatusCode.FAILED_PRECONDITION, "NT-1098")


async def test_a_message_over_the_limit_is_refused(running: Any) -> None:
    _, stub, key = running
    big = api.GetReceiptRequest(submission_id="x" * (1024 * 1024 + 1))

    error = await _refused(stub.GetReceipt(big, metadata=_auth(key), timeout=5))

    assert error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_health_needs_no_key(running: Any) -> None:
    stub = health_pb2_grpc.HealthStub(running[0])
    serving = health_pb2.HealthCheckResponse.SERVING

    async with asyncio.timeout(5):
        while (await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)).status != serving:
            await asyncio.sleep(0.01)
