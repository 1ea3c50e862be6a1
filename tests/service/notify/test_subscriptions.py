"""The gRPC door: endpoints, subscriptions and deliveries of one's own organisation, and of no other."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from tests.service.notify import running
from tests.service.notify.receiver import receiving, until
from tests.service.notify.running import DELIVERED, LOG, RECEIPT, STANDING_CHANGED, WEBHOOK, Notify, assessed, changed

OPERATOR, READER = pb.ROLE_OPERATOR, pb.ROLE_READER


@pytest.fixture
async def notify(tmp_path: Path) -> AsyncIterator[Notify]:
    async with running.running(tmp_path) as service:
        yield service


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[Notify]:
    async with running.running(tmp_path, allow_private_addresses=False, allow_http=False) as service:
        yield service


async def _refused(call: Any) -> tuple[str, str, dict[str, str]]:
    """Status, code, and words by language of a call that must be refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    info, words = error_details_pb2.ErrorInfo(), {}
    for detail in rpc_status.from_call(caught.value).details:
        if not detail.Unpack(info):
            said = error_details_pb2.LocalizedMessage()
            detail.Unpack(said)
            words[said.locale] = said.message
    return caught.value.code().name, info.reason, words


async def test_an_endpoint_is_listed_and_its_secret_is_not(notify: Notify) -> None:
    endpoint_id, secret = await notify.endpoint("http://127.0.0.1:9/hook")

    listed = await notify.call("ListEndpoints", api.ListEndpointsRequest())

    assert [(e.endpoint_id, e.url, e.channel) for e in listed.endpoints] == [
        (endpoint_id, "http://127.0.0.1:9/hook", WEBHOOK)
    ]
    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_") not in str(listed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "ftp://8.8.8.8/",
        "http://8.8.8.8/",
        "https://",
        "https://user:word@8.8.8.8/",
        "https://8.8.8.8:99999/",
        "https://" + "x" * 300 + ".example/",
        "https://8.8.8.8/" + "x" * 2000,
        "https://[::1",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://①②⑦.⓪.⓪.①/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://[64:ff9b::7f00:1]/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
    ],
)
async def test_a_url_nothing_may_be_sent_to_is_refused_in_both_languages(strict: Notify, url: str) -> None:
    request = api.CreateEndpointRequest(channel=WEBHOOK, url=url)

    status, code, words = await _refused(strict.call("CreateEndpoint", request))

    assert (status, code) == ("INVALID_ARGUMENT", "NT-4001")
    assert words["da"].startswith("Adressen ")
    assert words["en"].startswith("The address ")
    assert not (await strict.call("ListEndpoints", api.ListEndpointsRequest())).endpoints


async def test_a_public_url_is_taken(strict: Notify) -> None:
    made = await strict.call("CreateEndpoint", api.CreateEndpointRequest(channel=WEBHOOK, url="https://8.8.8.8/hook"))

    assert made.secret.startswith("whsec_")


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (api.CreateEndpointRequest(), "channel"),
        (api.CreateEndpointRequest(channel=9), "channel"),  # type: ignore[arg-type]
        (api.CreateEndpointRequest(channel=LOG, url="https://8.8.8.8/"), "url"),
    ],
)
async def test_an_endpoint_that_makes_no_sense_is_refused(notify: Notify, request_: Any, field: str) -> None:
    status, code, words = await _refused(notify.call("CreateEndpoint", request_))

    assert (status, code) == ("INVALID_ARGUMENT", "NT-4003")
    assert field in words["da"]


async def test_an_organisation_that_could_name_another_file_gets_no_endpoint(notify: Notify) -> None:
    request = api.CreateEndpointRequest(organisation_id="../org-b", channel=LOG)

    assert (await _refused(notify.call("CreateEndpoint", request, "", OPERATOR)))[:2] == ("INVALID_ARGUMENT", "NT-4003")


async def test_a_subscription_asked_for_twice_is_one(notify: Notify) -> None:
    endpoint_id, _ = await notify.endpoint()
    first = await notify.subscribe(endpoint_id, figures=["BS05", "BS03", "BS03"])

    assert await notify.subscribe(endpoint_id, figures=["BS03", "BS05"]) == first
    listed = await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())
    assert sorted(list(s.key_figures) for s in listed.subscriptions) == [[], ["BS03", "BS05"]]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"kind": 99}, "kind"), ({"figures": ["no such"]}, "key_figures"), ({"figures": ["BS03 BS05"]}, "key_figures")],
)
async def test_a_subscription_that_would_never_fire_is_refused(notify: Notify, given: Any, field: str) -> None:
    endpoint_id, _ = await notify.endpoint()

    status, code, words = await _refused(notify.subscribe(endpoint_id, **given))

    assert (status, code) == ("INVALID_ARGUMENT", "NT-4003")
    assert field in words["en"]


async def test_kinds_and_key_figures_decide_what_is_told(notify: Notify) -> None:
    async with receiving() as moves, receiving() as receipts:
        made = [
            (await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=WEBHOOK, url=r.url))).endpoint
            for r in (moves, receipts)
        ]
        followed = await notify.subscribe(made[0].endpoint_id, kind=STANDING_CHANGED, figures=["BS05"])
        await notify.subscribe(made[1].endpoint_id, kind=RECEIPT)
        await notify.deliver("submission-assessed", assessed())
        await notify.deliver("standing-changed", changed("org-a", "BS03"), changed("org-a", "BS03", "BS05"))
        found = await until(lambda: moves.got and receipts.got and moves.got + receipts.got)
        await until(lambda: notify.ended("", DELIVERED))
        await notify.call("Unsubscribe", api.UnsubscribeRequest(subscription_id=followed))
        await notify.deliver("standing-changed", changed("org-a", "BS05"))
        ended = await notify.deliveries()

    assert (len(moves.got), len(receipts.got), len(ended)) == (1, 1, 2)
    assert "BS03:" not in found[0].body
    assert "BS05: nr. 12" in found[0].body
    assert f"unsubscribe {followed}" in found[0].body


async def test_what_is_anothers_is_as_unknown_as_what_is_not_there(notify: Notify) -> None:
    async with receiving() as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        subscription_id = await notify.subscribe(endpoint_id)
        await notify.deliver("submission-assessed", assessed())
        [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
        asked = [
            ("Subscribe", lambda n: api.SubscribeRequest(subscription=api.Subscription(endpoint_id=n)), endpoint_id),
            ("Unsubscribe", lambda n: api.UnsubscribeRequest(subscription_id=n), subscription_id),
            ("Redeliver", lambda n: api.RedeliverRequest(notification_id=n), delivery.notification_id),
        ]
        for method, request, named in asked:
            for who in (("org-b", pb.ROLE_SUBMITTER), ("", READER)):
                if (method, who[1]) == ("Subscribe", READER):
                    continue
                theirs, nobodys = [await _refused(notify.call(method, request(n), *who)) for n in (named, "none")]
                assert theirs[:2] == nobodys[:2] == ("NOT_FOUND", "NT-4002")
                assert theirs[2]["en"].replace(named, "none") == nobodys[2]["en"]
        assert await notify.deliveries(endpoint_id, "org-b") == await notify.deliveries("", "org-b") == []
        assert len(hook.got) == 1


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("CreateEndpoint", api.CreateEndpointRequest(organisation_id="org-b", channel=LOG)),
        ("ListEndpoints", api.ListEndpointsRequest(organisation_id="org-b")),
        ("Subscribe", api.SubscribeRequest(subscription=api.Subscription(organisation_id="org-b"))),
        ("ListSubscriptions", api.ListSubscriptionsRequest(organisation_id="org-b")),
        ("ListDeliveries", api.ListDeliveriesRequest(organisation_id="org-b")),
    ],
)
async def test_only_operators_name_an_organisation(notify: Notify, method: str, request_: Any) -> None:
    assert (await _refused(notify.call(method, request_, "org-a")))[:2] == ("PERMISSION_DENIED", "NT-1002")
    assert (await _refused(notify.call(method, request_, "", READER)))[:2] == ("PERMISSION_DENIED", "NT-1002")
    if method != "Subscribe":
        await notify.call(method, request_, "", OPERATOR)


async def test_an_operator_can_send_again_and_end_for_anybody(notify: Notify) -> None:
    async with receiving() as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        subscription_id = await notify.subscribe(endpoint_id, kind=RECEIPT)
        await notify.deliver("submission-assessed", assessed())
        [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
        again = api.RedeliverRequest(notification_id=delivery.notification_id)
        await notify.call("Redeliver", again, "", OPERATOR)
        await until(lambda: len(hook.got) == 2)
        await notify.call("Unsubscribe", api.UnsubscribeRequest(subscription_id=subscription_id), "", OPERATOR)

    assert {g.id for g in hook.got} == {delivery.notification_id}


async def test_a_disabled_endpoint_is_not_sent_to_again(notify: Notify) -> None:
    from tests.service.notify.receiver import status

    async with receiving(status(410)) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        [delivery] = await until(lambda: notify.ended(endpoint_id, running.EXHAUSTED))
        again = api.RedeliverRequest(notification_id=delivery.notification_id)

        assert (await _refused(notify.call("Redeliver", again)))[:2] == ("FAILED_PRECONDITION", "NT-4005")


async def test_deliveries_are_paged_by_the_number_of_their_endpoint(notify: Notify) -> None:
    endpoint_id, _ = await notify.endpoint()
    await notify.deliver("submission-assessed", *(assessed(submission=f"s-{n}") for n in range(5)))

    assert [d.seq for d in await notify.deliveries(endpoint_id, page_size=2)] == [1, 2]
    assert [d.seq for d in await notify.deliveries(endpoint_id, after_seq=3)] == [4, 5]
    assert [d.seq for d in await notify.deliveries(page_size=2)] == [4, 5]  # of every endpoint, the newest
    assert await notify.deliveries(endpoint_id, after_seq=2**64 - 1) == []
    assert (await _refused(notify.deliveries(after_seq=1)))[:2] == ("INVALID_ARGUMENT", "NT-4003")


async def test_endpoints_are_limited(notify: Notify) -> None:
    request = api.CreateEndpointRequest(channel=LOG)
    for _ in range(50):
        await notify.call("CreateEndpoint", request)

    assert (await _refused(notify.call("CreateEndpoint", request)))[:2] == ("RESOURCE_EXHAUSTED", "NT-4004")
    await notify.call("CreateEndpoint", request, "org-b")
