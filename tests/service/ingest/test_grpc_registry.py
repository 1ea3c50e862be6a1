"""Units and keys by gRPC over a real server."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy as sa
from google.protobuf.timestamp_pb2 import Timestamp
from noegletal.v1 import registry_service_pb2 as api
from noegletal.v1 import submission_pb2 as pb

from services.chassis import access
from services.chassis.outbox import outbox
from services.chassis.outgoing import Packed
from services.ingest import store
from tests.service.ingest.conftest import Running, auth, make_service, refused

INVALID = (grpc.StatusCode.INVALID_ARGUMENT, "NT-1008")


def _unit(unit_id: str, **changes: Any) -> api.UnitRegistration:
    return api.UnitRegistration(
        **({"unit_id": unit_id, "scheme": "uk-tsm", "attributes": {"region": "Leeds"}} | changes)
    )


def _register(running: Running, key: Any, *units: api.UnitRegistration) -> Any:
    return running.registry.RegisterUnits(api.RegisterUnitsRequest(units=units), metadata=key, timeout=10)


def _list(running: Running, key: Any, **asked: Any) -> Any:
    return running.registry.ListUnits(api.ListUnitsRequest(**asked), metadata=key, timeout=10)


def _issue(running: Running, key: Any, **asked: Any) -> Any:
    return running.registry.IssueKey(api.IssueKeyRequest(**asked), metadata=key, timeout=10)


async def _announced(running: Running, topic: str) -> list[tuple[Any, Any]]:
    found = await running.service.read(lambda c: c.execute(sa.select(outbox.c.content).order_by(outbox.c.id)).scalars())
    told = [record for content in found for record in Packed(bytes(content)).whole()]
    return [(key, value) for name, key, value, _ in told if name == topic]


async def test_a_changed_profile_is_a_new_version_and_an_unchanged_one_is_not(running: Running) -> None:
    key = await running.key("org-a")

    first = (await _register(running, key, _unit("N2"), _unit("N1"))).profiles
    same = (await _register(running, key, _unit("N1"), _unit("N2"))).profiles
    changed = (await _register(running, key, _unit("N1", holder_id="org-h"))).profiles

    assert [(p.unit_id, p.version, p.holder_id) for p in first] == [("N2", 1, "org-a"), ("N1", 1, "org-a")]
    assert [same[1], same[0]] == list(first)
    assert [(p.version, p.holder_id) for p in changed] == [(2, "org-h")]
    events = await _announced(running, "unit-registered")
    assert [key for key, _ in events] == [b"uk-tsm/N2", b"uk-tsm/N1", b"uk-tsm/N1"]
    assert pb.UnitRegistered.FromString(events[2][1]).profile == changed[0]
    versions = sa.select(store.profile.c.version).where(store.profile.c.unit_id == "N1").order_by("version")
    assert await running.service.read(lambda c: c.execute(versions).scalars().all()) == [1, 2]


@pytest.mark.parametrize(
    "bad",
    [
        _unit("a b"),
        _unit("ok", scheme="UK"),
        _unit("ok", holder_id="a/b"),
        _unit("ok", attributes={"region": "x" * 201}),
        _unit("ok", attributes={"region": "a\x00"}),
    ],
)
async def test_all_units_are_registered_or_none(running: Running, bad: api.UnitRegistration) -> None:
    key = await running.key("org-a")

    assert (await refused(_register(running, key, _unit("N1"), bad)))[:2] == INVALID
    assert "N1" not in {p.unit_id for p in (await _list(running, key)).profiles}
    assert await _announced(running, "unit-registered") == []


@pytest.mark.parametrize("many", [1001, 35_000])
async def test_too_many_units_at_once(running: Running, many: int) -> None:
    key = await running.key("org-a")
    units = [api.UnitRegistration(unit_id=f"N{n}", scheme="uk-tsm") for n in range(many)]

    assert (await refused(_register(running, key, *units)))[:2] == INVALID


async def test_a_unit_belongs_to_one_organisation_until_an_operator_moves_it(running: Running) -> None:
    theirs, operator = await running.key("org-b"), await running.key(role=pb.ROLE_OPERATOR)

    assert (await refused(_register(running, theirs, _unit("L1"))))[:2] == (
        grpc.StatusCode.PERMISSION_DENIED,
        "NT-1014",
    )
    assert (await refused(_register(running, theirs, _unit("N1", organisation_id="org-a"))))[1] == "NT-1002"
    moved = (await _register(running, operator, _unit("L1", organisation_id="org-b"))).profiles[0]
    assert (moved.organisation_id, moved.version) == ("org-b", 2)


async def test_units_are_listed_by_page_and_only_ones_own(running: Running) -> None:
    ours, theirs, operator = (
        await running.key("org-a"),
        await running.key("org-b"),
        await running.key(role=pb.ROLE_OPERATOR),
    )
    await _register(running, ours, *(_unit(f"N{n}") for n in range(5)), _unit("N0", scheme="dk-almen"))
    await _register(running, theirs, _unit("B1"))
    listed, token = [], ""
    while True:
        page = await _list(running, ours, scheme="uk-tsm", page_size=3, page_token=token)
        listed += [p.unit_id for p in page.profiles]
        if not (token := page.next_page_token):
            break

    assert listed == ["L1", "L2", "N0", "N1", "N2", "N3", "N4"]
    assert [p.unit_id for p in (await _list(running, theirs)).profiles] == ["B1"]
    assert len((await _list(running, operator)).profiles) == 9


async def test_a_key_is_issued_works_and_is_revoked(running: Running) -> None:
    operator = await running.key(role=pb.ROLE_OPERATOR)

    issued = await _issue(running, operator, organisation_id="org-a", role=pb.ROLE_SUBMITTER)
    assert issued.key.startswith(issued.key_id + ".")
    assert len(issued.key.partition(".")[2]) >= 43
    await _list(running, auth(issued.key))
    for _ in range(2):
        asked = api.RevokeKeyRequest(key_id=issued.key_id)
        await running.registry.RevokeKey(asked, metadata=operator, timeout=10)
    assert (await refused(_list(running, auth(issued.key))))[0] is grpc.StatusCode.UNAUTHENTICATED

    secret = issued.key.partition(".")[2]
    events = await _announced(running, "access-granted")
    granted, revoked = (pb.AccessGranted.FromString(value) for _, value in events[1:3])
    assert (granted.secret_sha256, granted.revoked, revoked.revoked) == (access.hash_of(secret), False, True)
    assert all(secret.encode() not in value for _, value in events)


async def test_only_operators_handle_keys(running: Running) -> None:
    for key in (await running.key("org-a"), await running.key(role=pb.ROLE_READER)):
        assert (await refused(_issue(running, key, role=pb.ROLE_OPERATOR)))[:2] == (
            grpc.StatusCode.PERMISSION_DENIED,
            "NT-1012",
        )
        revoke = running.registry.RevokeKey(api.RevokeKeyRequest(key_id="x"), metadata=key, timeout=10)
        assert (await refused(revoke))[1] == "NT-1012"


async def test_an_unknown_key_cannot_be_revoked(running: Running) -> None:
    operator = await running.key(role=pb.ROLE_OPERATOR)

    revoke = running.registry.RevokeKey(api.RevokeKeyRequest(key_id="nothing"), metadata=operator, timeout=10)

    assert (await refused(revoke))[:2] == (grpc.StatusCode.NOT_FOUND, "NT-1013")


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"role": 99},
        {"role": pb.ROLE_SUBMITTER},
        {"role": pb.ROLE_READER, "organisation_id": "org-a"},
        {"role": pb.ROLE_SUBMITTER, "organisation_id": "dlq"},
        {"role": pb.ROLE_SUBMITTER, "organisation_id": "org/a"},
        {"role": pb.ROLE_READER, "expires_at": Timestamp(seconds=1)},
        {"role": pb.ROLE_READER, "expires_at": Timestamp(seconds=2**62)},
    ],
)
async def test_a_key_that_could_not_be_used_is_not_issued(running: Running, asked: dict[str, Any]) -> None:
    operator = await running.key(role=pb.ROLE_OPERATOR)

    assert (await refused(_issue(running, operator, **asked)))[:2] == INVALID
    assert len(await _announced(running, "access-granted")) == 1


async def test_a_key_expires(running: Running) -> None:
    operator, soon = await running.key(role=pb.ROLE_OPERATOR), Timestamp()
    soon.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    issued = await _issue(running, operator, role=pb.ROLE_READER, expires_at=soon)

    later = datetime.now(UTC) + timedelta(hours=2)
    with pytest.raises(access.Denied):
        running.service.keys.caller(issued.key, later)


async def _let_in(running: Running, key: str) -> None:
    """Wait until a key opens the door."""
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(access.Denied):
                running.service.keys.caller(key, running.service.clock())
                break
            await asyncio.sleep(0.01)
    await _list(running, auth(key))


def _operator(key_id: str = "operator") -> tuple[str, dict[str, str]]:
    _, key, kept = access.new_key(key_id)
    return key, {"operator_key_id": key_id, "operator_key_sha256": kept.hex()}


async def test_the_operator_of_the_settings_is_let_in_and_told_of_once(start: Callable[..., Any]) -> None:
    key, settings = _operator()
    first = await start(**settings)
    await _let_in(first, key)
    await first.stop()

    again = await start(**settings)
    await _let_in(again, key)
    assert len(await _announced(again, "access-granted")) == 1


async def test_a_new_secret_in_the_settings_takes_the_old_ones_place(start: Callable[..., Any]) -> None:
    old, settings = _operator()
    first = await start(**settings)
    await _let_in(first, old)
    await first.stop()
    new, settings = _operator()

    again = await start(**settings)

    await _let_in(again, new)
    assert (await refused(_list(again, auth(old))))[0] is grpc.StatusCode.UNAUTHENTICATED


def test_a_hash_that_is_none_is_refused_at_once_and_not_repeated(tmp_path: Any) -> None:
    with pytest.raises(ValueError) as caught:
        make_service(tmp_path, operator_key_id="operator", operator_key_sha256="not-a-hash")
    assert "operator_key_sha256" in str(caught.value)
