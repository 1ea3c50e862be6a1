"""Endpoints: keys that rotate, tests, circuits, endings after five days, and beginning again where it stopped."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from google.protobuf import json_format
from noegletal.v1 import subscription_service_pb2 as api
from noegletal.v1 import webhook_pb2

from services.notify.sealing import WrongKey
from tests.service.notify import receiver, running
from tests.service.notify.receiver import Got, receiving, status, until
from tests.service.notify.running import DELIVERED, EXHAUSTED, LOG, WEBHOOK, Notify, assessed, changed
from tests.service.notify.test_subscriptions import _refused

ED25519 = api.SIGNATURE_SCHEME_ED25519
NEVER = {"circuit_seconds": (), "retry_seconds": (0,)}


def _verify_ed25519(got: Got, public: str) -> Any:
    """The payload, if any v1a signature is right by the public key alone."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    content = f"{got.id}.{got.headers['webhook-timestamp']}.{got.body}".encode()
    [signed] = [s for s in got.headers["webhook-signature"].split() if s.startswith("v1a,")]
    key.verify(base64.b64decode(signed.removeprefix("v1a,")), content)
    return json.loads(got.body)


async def _signed_by(notify: Notify, scheme: int, url: str) -> Any:
    request = api.CreateEndpointRequest(channel=WEBHOOK, url=url, signature_scheme=scheme)  # type: ignore[arg-type]
    made = await notify.call("CreateEndpoint", request)
    await notify.subscribe(made.endpoint.endpoint_id)
    return made


async def _rotated(notify: Notify, endpoint_id: str, **given: Any) -> Any:
    return await notify.call("RotateSecret", api.RotateSecretRequest(endpoint_id=endpoint_id, **given))


async def _told(notify: Notify, hook: Any, message: Any) -> Got:
    count = len(hook.got)
    await notify.deliver("submission-assessed", message)
    await until(lambda: len(hook.got) > count)
    return hook.got[-1]  # type: ignore[no-any-return]


async def test_ed25519_needs_no_secret_at_the_receiver(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook:
        made = await _signed_by(notify, ED25519, hook.url)
        got = await _told(notify, hook, assessed())
        [listed] = (await notify.call("ListEndpoints", api.ListEndpointsRequest())).endpoints

    assert (made.secret, list(listed.public_keys)) == ("", list(made.endpoint.public_keys))
    assert listed.signature_scheme == ED25519
    assert _verify_ed25519(got, listed.public_keys[0])["type"] == "noegletal.receipt"
    assert "whsk_" not in f"{made}{listed}"


async def test_while_a_secret_rotates_both_keys_sign_and_then_one(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook:
        endpoint_id, old = await notify.endpoint(hook.url)
        new = await _rotated(notify, endpoint_id, overlap_seconds=600)
        both = await _told(notify, hook, assessed(submission="s-1"))
        assert both.verified(old) == both.verified(new.secret)
        assert new.endpoint.HasField("rotating_until")

        pair = await _rotated(notify, endpoint_id, signature_scheme=ED25519)  # the oldest of three signs no more
        mixed = await _told(notify, hook, assessed(submission="s-2"))
        assert len(mixed.headers["webhook-signature"].split()) == 2
        assert mixed.verified(new.secret) == _verify_ed25519(mixed, pair.endpoint.public_keys[0])
        with pytest.raises(standardwebhooks.webhooks.WebhookVerificationError):
            mixed.verified(old)

        last = await _rotated(notify, endpoint_id, overlap_seconds=0)
        alone = await _told(notify, hook, assessed(submission="s-3"))

    assert len(alone.headers["webhook-signature"].split()) == 1
    assert _verify_ed25519(alone, last.endpoint.public_keys[0])
    assert (pair.secret, len(last.endpoint.public_keys), last.endpoint.HasField("rotating_until")) == ("", 1, False)


async def test_an_overlap_ends_by_itself(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        new = await _rotated(notify, endpoint_id, overlap_seconds=600)
        clock = notify.service.clock
        notify.service.clock = lambda: clock() + timedelta(seconds=601)  # type: ignore[method-assign]
        got = await _told(notify, hook, assessed())

    at = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    assert got.headers["webhook-signature"] == standardwebhooks.Webhook(new.secret).sign(got.id, at, got.body)


async def test_secrets_are_sealed_at_rest_and_another_key_file_stops_the_start(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook:
        _, secret = await notify.endpoint(hook.url)
    kept = b"".join(p.read_bytes() for p in tmp_path.glob("notify.db*"))
    assert secret.removeprefix("whsec_").encode() not in kept

    (tmp_path / "secrets.key").unlink()
    with pytest.raises(WrongKey, match="NT-4052"):
        await Notify(running.settings(tmp_path)).start()
    assert not (tmp_path / "secrets.key").exists()


async def test_a_test_is_signed_like_any_other_and_its_outcome_shown(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving(status(500), status(204)) as hook:
        endpoint_id, secret = await notify.endpoint(hook.url)
        asked = api.TestEndpointRequest(endpoint_id=endpoint_id)
        failed = (await notify.call("TestEndpoint", asked)).delivery
        passed = (await notify.call("TestEndpoint", asked)).delivery

    assert [(d.outcome, d.detail, d.attempts, d.seq) for d in (failed, passed)] == [
        (EXHAUSTED, "HTTP 500", 1, 1),  # a test is tried once
        (DELIVERED, "HTTP 204", 1, 2),
    ]
    payload = hook.got[1].verified(secret)
    assert (payload["type"], payload["data"]["stop"]["da"]) == ("noegletal.test", "I har selv bedt om beskeden.")


async def test_a_test_that_hangs_is_one_at_a_time_and_does_not_hold_the_caller(tmp_path: Path) -> None:
    async with running.running(tmp_path, webhook_timeout_seconds=300) as notify, receiving(receiver.hang) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        asked = api.TestEndpointRequest(endpoint_id=endpoint_id)
        metadata = [("authorization", f"Bearer {await notify.key('org-a')}")]
        first = (await notify.stub.TestEndpoint(asked, metadata=metadata, timeout=2)).delivery

        assert (first.outcome, first.attempts) == (0, 1)
        assert (await _refused(notify.call("TestEndpoint", asked)))[:2] == ("FAILED_PRECONDITION", "NT-4050")


async def test_an_endpoint_that_fails_is_spared_told_elsewhere_and_a_test_closes_its_circuit(tmp_path: Path) -> None:
    bad, patient = [status(500)] * 5, (0, *[0.01] * 9)
    async with running.running(tmp_path, retry_seconds=patient) as notify, receiving(*bad, status(204)) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        log, _ = await notify.endpoint()
        for number in range(2):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
        await until(lambda: len(hook.got) == 5)
        await until(lambda: _notices(notify, log))
        await notify.deliver("submission-assessed", assessed(submission="s-2"))
        [spared] = [e for e in await _endpoints(notify) if e.endpoint_id == endpoint_id]
        await notify.call("TestEndpoint", api.TestEndpointRequest(endpoint_id=endpoint_id))
        found = await until(lambda: _ended_after(notify, endpoint_id, DELIVERED, 4))
        told = await _notices(notify, log)
        metrics = notify.service.metrics.registry.get_sample_value

    assert (spared.failures, spared.HasField("paused_until"), spared.disabled) == (5, True, False)
    assert [d.attempts for d in found if d.attempts == 1] == [1, 1]  # what came while it was spared, and the test
    assert [n["data"]["reason"] for n in told] == ["failing"]  # said once
    assert told[0]["data"]["words"]["da"]["text"].startswith("Siden ")
    assert told[0]["data"]["words"]["en"]["subject"] == f"Messages do not reach {endpoint_id}"
    said = {"service": "notify", "channel": "webhook", "kind": "receipt", "outcome": "delivered"}
    assert metrics("noegletal_delivery_attempts_total", said)


async def test_after_five_days_of_nothing_but_failures_it_ends_visibly_and_begins_again_from_the_gap(
    tmp_path: Path,
) -> None:
    bad = [status(500)] * 6
    async with running.running(tmp_path, **NEVER) as notify, receiving(*bad, status(204)) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        log, _ = await notify.endpoint()
        for number in range(5):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
            await until(lambda n=number: _ended_after(notify, endpoint_id, EXHAUSTED, n + 1))  # type: ignore[misc]
        clock = notify.service.clock
        notify.service.clock = lambda: clock() + timedelta(days=5)  # type: ignore[method-assign]
        await notify.deliver("submission-assessed", assessed(submission="s-5"))
        await until(lambda: _reasons(notify, log, ["failing", "hopeless"]))
        await notify.deliver("standing-changed", changed())
        assert len(hook.got) == 6  # nothing is sent there any more
        [ended] = [e for e in await _endpoints(notify) if e.endpoint_id == endpoint_id]

        enable = api.EnableEndpointRequest(endpoint_id=endpoint_id, redeliver_missing=True)
        enabled = await notify.call("EnableEndpoint", enable)
        found = await until(lambda: _ended_after(notify, endpoint_id, DELIVERED, 7))

    assert (ended.disabled, ended.disabled_reason) == (True, api.DISABLED_REASON_FAILING)
    assert (enabled.redelivered, enabled.endpoint.disabled, enabled.endpoint.failures) == (7, False, 0)
    assert [d.seq for d in found] == list(range(1, 8))
    assert sorted({json.loads(g.body)["data"]["seq"] for g in hook.got}) == list(range(1, 8))


async def test_an_endpoint_that_is_removed_leaves_nothing(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await _told(notify, hook, assessed())
        remove = api.DeleteEndpointRequest(endpoint_id=endpoint_id)
        for method, request in (
            ("DeleteEndpoint", remove),
            ("EnableEndpoint", api.EnableEndpointRequest(endpoint_id=endpoint_id)),
            ("RotateSecret", api.RotateSecretRequest(endpoint_id=endpoint_id)),
            ("TestEndpoint", api.TestEndpointRequest(endpoint_id=endpoint_id)),
            ("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id)),
            ("Redeliver", api.RedeliverRequest(endpoint_id=endpoint_id, missing=True)),
        ):
            assert (await _refused(notify.call(method, request, "org-b")))[:2] == ("NOT_FOUND", "NT-4002")
        await notify.call("DeleteEndpoint", remove)
        await notify.deliver("submission-assessed", assessed(submission="s-2"))

        assert (await _refused(notify.call("DeleteEndpoint", remove)))[:2] == ("NOT_FOUND", "NT-4002")
        assert await notify.deliveries() == await _endpoints(notify) == []
        assert not (await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions


async def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify:
        log, _ = await notify.endpoint()
        for request, code in (
            (api.RotateSecretRequest(endpoint_id=log, overlap_seconds=10_000_000), "NT-4003"),
            (api.RotateSecretRequest(endpoint_id=log, signature_scheme=9), "NT-4003"),  # type: ignore[arg-type]
            (api.RotateSecretRequest(endpoint_id=log), "NT-4051"),
            (api.CreateEndpointRequest(channel=LOG, signature_scheme=ED25519), "NT-4003"),
            (api.CreateEndpointRequest(channel=WEBHOOK, url="http://127.0.0.1/", signature_scheme=9), "NT-4003"),  # type: ignore[arg-type]
            (api.CreateEndpointRequest(channel=LOG, most_per_minute=4_000_000_000), "NT-4003"),
        ):
            method = type(request).__name__.removesuffix("Request")
            assert (await _refused(notify.call(method, request)))[1] == code


async def test_an_endpoints_rate_is_kept(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook, receiving() as other:
        request = api.CreateEndpointRequest(channel=WEBHOOK, url=hook.url, most_per_minute=1)
        slow = (await notify.call("CreateEndpoint", request)).endpoint.endpoint_id
        await notify.subscribe(slow)
        await notify.endpoint(other.url)
        await notify.deliver("submission-assessed", *(assessed(submission=f"s-{n}") for n in range(3)))
        await until(lambda: len(other.got) == 3)
        clock = notify.service.clock
        notify.service.clock = lambda: clock() + timedelta(seconds=61)  # type: ignore[method-assign]
        await until(lambda: len(hook.got) == 2)
        found = await notify.deliveries(slow)

    assert [d.attempts for d in found] == [1, 1, 0]


async def _endpoints(notify: Notify) -> list[Any]:
    return list((await notify.call("ListEndpoints", api.ListEndpointsRequest())).endpoints)


async def _notices(notify: Notify, endpoint_id: str) -> list[Any]:
    """Payloads an endpoint was sent about others that fail; each as the contract has it."""
    listed = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))
    found = [json.loads(e.payload) for e in listed.events if '"noegletal.endpoint-failing"' in e.payload]
    for one in found:
        json_format.ParseDict(one, webhook_pb2.EndpointFailingPayload())
    return found


async def _reasons(notify: Notify, endpoint_id: str, expected: list[str]) -> bool:
    return [n["data"]["reason"] for n in await _notices(notify, endpoint_id)] == expected


async def _ended_after(notify: Notify, endpoint_id: str, outcome: int, count: int) -> list[Any] | None:
    found = await notify.deliveries(endpoint_id)
    return found if len(found) == count and all(d.outcome == outcome for d in found) else None
