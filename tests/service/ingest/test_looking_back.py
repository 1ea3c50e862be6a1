"""The log of record read back over gRPC: in pages, with the profile each unit then had, by operators alone."""

import hashlib
from typing import Any

import grpc
import pytest
from noegletal.v1 import log_service_pb2 as api
from noegletal.v1 import log_service_pb2_grpc as api_grpc
from noegletal.v1 import registry_service_pb2 as registry
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as submit

from services.ingest import log_rpc
from tests.service.ingest.conftest import Running, refused, submission


@pytest.fixture
async def door(running: Running) -> tuple[Any, dict[str, Any]]:
    """The log's stub, and an operator's call arguments, with three lines in the log; L1 moves in between."""
    key = {"metadata": await running.key(role=pb.ROLE_OPERATOR), "timeout": 20}

    async def send(id: str, unit: str, **changes: Any) -> None:
        made = submission(submission_id=id, unit_id=unit, organisation_id="org-a", **changes)
        await running.submissions.Submit(submit.SubmitRequest(submission=made), **key)

    await send("s1", "L1")
    moved = registry.UnitRegistration(
        unit_id="L1", organisation_id="org-a", scheme="uk-tsm", attributes={"region": "North"}
    )
    await running.registry.RegisterUnits(registry.RegisterUnitsRequest(units=[moved]), **key)
    await send("s2", "L1", comment="again")
    with pytest.raises(grpc.aio.AioRpcError):
        await send("s3", "nobody")
    return api_grpc.LogServiceStub(running.channel), key


async def test_each_line_comes_with_what_its_unit_was_then(door: tuple[Any, dict[str, Any]]) -> None:
    stub, key = door
    lines, after = [], 0
    while True:
        page = await stub.ReadLog(api.ReadLogRequest(scheme="uk-tsm", after_sequence=after, page_size=1), **key)
        lines += page.lines
        after = page.next_after_sequence
        if not after:
            break
    assert [line.receipt.sequence for line in lines] == [1, 2, 3]
    assert [(line.profile.version, line.profile.attributes["region"]) for line in lines[:2]] == [
        (1, "London"),
        (2, "North"),
    ]
    assert [line.HasField("profile") for line in lines] == [True, True, False]
    assert lines[2].receipt.outcome == pb.RECEIPT_OUTCOME_UNKNOWN_UNIT
    assert all(hashlib.sha256(line.raw).digest() == line.receipt.sha256 for line in lines)
    assert pb.Submission.FromString(lines[1].raw).comment == "again"
    other = await stub.ReadLog(api.ReadLogRequest(scheme="dk-almen"), **key)
    assert (list(other.lines), other.next_after_sequence) == ([], 0)


async def test_a_page_ends_early_when_it_grows_large(
    door: tuple[Any, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    stub, key = door
    monkeypatch.setattr(log_rpc, "PAGE_BYTES", 1)
    page = await stub.ReadLog(api.ReadLogRequest(), **key)
    assert ([line.receipt.sequence for line in page.lines], page.next_after_sequence) == ([1], 1)


async def test_every_version_of_a_profile_is_there(door: tuple[Any, dict[str, Any]]) -> None:
    stub, key = door
    first = await stub.ReadProfiles(api.ReadProfilesRequest(scheme="uk-tsm", page_size=2), **key)
    assert [(p.unit_id, p.version) for p in first.profiles] == [("L1", 1), ("L1", 2)]
    rest = await stub.ReadProfiles(api.ReadProfilesRequest(scheme="uk-tsm", page_token=first.next_page_token), **key)
    assert [(p.unit_id, p.version) for p in rest.profiles] == [("L2", 1)]
    assert rest.next_page_token == ""


async def test_accepted_lines_are_announced_again_under_their_ids(
    door: tuple[Any, dict[str, Any]], running: Running
) -> None:
    stub, key = door
    answer = await stub.Reassess(api.ReassessRequest(scheme="uk-tsm", period="2024"), **key)
    assert (answer.announced, answer.next_after_sequence) == (2, 0)
    from tests.service.delivery import Bench

    bench = await running.service.database.in_thread(lambda: Bench(running.service))
    told = list(await running.service.database.in_thread(lambda: bench.outbox("submission-received")))
    first, again = told[:2], told[-2:]
    assert [(a.id, a.key, a.value) for a in again] == [(a.id, a.key, a.value) for a in first]


async def test_operators_only(door: tuple[Any, dict[str, Any]], running: Running) -> None:
    stub, _ = door
    own = {"metadata": await running.key("org-a"), "timeout": 20}
    for call, request in (
        (stub.ReadLog, api.ReadLogRequest()),
        (stub.ReadProfiles, api.ReadProfilesRequest()),
        (stub.Reassess, api.ReassessRequest()),
    ):
        assert (await refused(call(request, **own)))[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NT-1012")
