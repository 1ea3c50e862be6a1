"""Proof that nothing was missed: messages by number, pages in both directions, and asking again for what is missing."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from noegletal.v1 import subscription_service_pb2 as api

from services.notify.kinds import Kind
from services.notify.payload import VERSION
from tests.service.notify import running
from tests.service.notify.receiver import receiving, status, until
from tests.service.notify.running import DELIVERED, EXHAUSTED, Notify, assessed
from tests.service.notify.test_subscriptions import _refused


@pytest.fixture
async def notify(tmp_path: Path) -> AsyncIterator[Notify]:
    async with running.running(tmp_path, retry_seconds=(0,), circuit_seconds=()) as service:
        yield service


async def _pages(notify: Notify, method: str, request: Any, field: str) -> list[list[int]]:
    """Numbers page by page."""
    pages = []
    while True:
        answer = await notify.call(method, request)
        pages.append([one.seq for one in getattr(answer, field)])
        if not answer.next_page_token:
            return pages
        request.page_token = answer.next_page_token


async def test_a_receiver_proves_that_it_missed_nothing_and_gets_what_it_missed(notify: Notify) -> None:
    answers = (status(204), status(500), status(500), *[status(204)] * 9)
    async with receiving(*answers) as hook:
        endpoint_id, secret = await notify.endpoint(hook.url)
        for number in range(5):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
            await until(lambda n=number: _attempted(notify, endpoint_id, n + 1))  # type: ignore[misc]
        listed = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))
        had = {g.id: g.body for g in hook.got}
        missing = api.ListDeliveriesRequest(endpoint_id=endpoint_id, missing=True)
        assert await _pages(notify, "ListDeliveries", missing, "deliveries") == [[2, 3]]

        by_gap = api.RedeliverRequest(endpoint_id=endpoint_id, missing=True)
        assert (await notify.call("Redeliver", by_gap)).redelivered == 2
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        by_range = api.RedeliverRequest(endpoint_id=endpoint_id, from_seq=4, to_seq=9)
        assert (await notify.call("Redeliver", by_range)).redelivered == 2
        await until(lambda: len(hook.got) == 9)
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        assert (await notify.call("Redeliver", by_gap)).redelivered == 0

    assert [e.seq for e in listed.events] == list(range(1, listed.last_seq + 1)) == [1, 2, 3, 4, 5]
    assert {e.notification_id: e.payload for e in listed.events} == had  # byte for byte as it was sent
    assert [e.outcome for e in listed.events] == [DELIVERED, EXHAUSTED, EXHAUSTED, DELIVERED, DELIVERED]
    assert {g.verified(secret)["data"]["seq"] for g in hook.got[5:7]} == {2, 3}
    assert {g.verified(secret)["data"]["seq"] for g in hook.got[7:]} == {4, 5}
    assert {g.id for g in hook.got} == set(had)  # duplicates carry the same id


async def test_pages_go_both_ways_and_meet_every_delivery_once(notify: Notify) -> None:
    endpoint_id, _ = await notify.endpoint()
    await notify.deliver("submission-assessed", *(assessed(submission=f"s-{n}") for n in range(5)))
    asked = {"page_size": 2}
    for where in ({"endpoint_id": endpoint_id}, {}):
        up = api.ListDeliveriesRequest(**asked, **where)  # type: ignore[arg-type]
        down = api.ListDeliveriesRequest(**asked, **where, newest_first=True)  # type: ignore[arg-type]
        assert await _pages(notify, "ListDeliveries", up, "deliveries") == [[1, 2], [3, 4], [5]]
        assert await _pages(notify, "ListDeliveries", down, "deliveries") == [[5, 4], [3, 2], [1]]
    later = api.ListDeliveriesRequest(**asked, endpoint_id=endpoint_id, after_seq=2, newest_first=True)  # type: ignore[arg-type]
    assert await _pages(notify, "ListDeliveries", later, "deliveries") == [[5, 4], [3]]
    events = api.ListEventsRequest(endpoint_id=endpoint_id, after_seq=1, page_size=3)
    assert await _pages(notify, "ListEvents", events, "events") == [[2, 3, 4], [5]]


async def test_what_makes_no_sense_is_refused(notify: Notify) -> None:
    for method, given, field in (
        ("ListDeliveries", {"page_token": "x"}, "page_token"),
        ("ListDeliveries", {"page_token": "WzEsMiwzXQ=="}, "page_token"),  # [1,2,3]
        ("ListEvents", {"page_token": "æ", "endpoint_id": "e"}, "page_token"),
        ("Redeliver", {}, "notification_id"),
        ("Redeliver", {"notification_id": "n", "endpoint_id": "e"}, "endpoint_id"),
        ("Redeliver", {"endpoint_id": "e", "from_seq": 3, "to_seq": 2}, "to_seq"),
    ):
        status, code, words = await _refused(notify.call(method, getattr(api, f"{method}Request")(**given)))

        assert (status, code) == ("INVALID_ARGUMENT", "NT-4003")
        assert field in words["en"]


async def test_asked_for_again_a_message_has_its_whole_plan_again(tmp_path: Path) -> None:
    bad = [status(500)] * 3
    given = {"retry_seconds": (0, 0.01), "circuit_seconds": ()}
    async with running.running(tmp_path, **given) as notify, receiving(*bad, status(204)) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        [first] = await until(lambda: notify.ended(endpoint_id, EXHAUSTED))
        await notify.call("Redeliver", api.RedeliverRequest(notification_id=first.notification_id))
        [second] = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert (first.attempts, second.attempts) == (2, 4)


async def test_every_payload_is_as_its_schema_and_its_contract_say(tmp_path: Path) -> None:
    events = running.every_example()
    whose = {m.receipt.organisation_id if t == "submission-assessed" else m.organisation_id for t, m in events}  # type: ignore[attr-defined]
    payloads = []
    async with running.running(tmp_path, retry_seconds=(0, 1)) as notify, receiving(status(410)) as gone:
        for organisation in sorted(whose - {""}):
            log, _ = await notify.endpoint("", organisation)
            for topic, message in events:
                await notify.deliver(topic, message)
            await notify.call("TestEndpoint", api.TestEndpointRequest(endpoint_id=log), organisation)
            listed = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=log), organisation)
            payloads += [e.payload for e in listed.events]
        watched, _ = await notify.endpoint(gone.url, "org-a")
        await notify.call("TestEndpoint", api.TestEndpointRequest(endpoint_id=watched), "org-a")
        for one in (await notify.call("ListEndpoints", api.ListEndpointsRequest())).endpoints:
            listed = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=one.endpoint_id))
            payloads += [e.payload for e in listed.events]

    seen = {running.conforming(payload)["type"] for payload in payloads}
    assert seen == {k.type for k in (Kind.RECEIPT, Kind.STANDING_CHANGED, Kind.ENDPOINT_FAILING, Kind.TEST)}


def test_every_type_of_payload_has_a_schema_and_no_schema_is_left_over() -> None:
    found = {p.name: json.loads(p.read_text("utf-8")) for p in running.SCHEMAS.glob("*.json")}

    assert set(found) == {f"{kind.type}.v{VERSION}.json" for kind in Kind}
    for schema in found.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["properties"]["type"]["const"] == schema["title"]


async def _attempted(notify: Notify, endpoint_id: str, count: int) -> bool:
    found = await notify.deliveries(endpoint_id)
    return len(found) == count and all(d.outcome for d in found)
