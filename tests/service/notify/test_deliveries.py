"""Events become deliveries: signed, once per endpoint, tried again, given up visibly."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks
from noegletal.v1 import subscription_service_pb2 as api

from services.notify import delivering, delivery_store, endpoint_store, line_store, notices, store
from services.notify.matching import Match
from services.notify.schedule import Room
from tests.service.notify import running
from tests.service.notify.receiver import Gate, receiving, status, until
from tests.service.notify.running import DELIVERED, EXHAUSTED, FAILED, Notify, assessed, changed


async def test_every_event_is_told_once_signed_and_recorded(tmp_path: Path) -> None:
    events = running.every_example()
    whose = sorted({m.receipt.organisation_id if t == "submission-assessed" else m.organisation_id for t, m in events})  # type: ignore[attr-defined]
    async with running.running(tmp_path) as notify, receiving() as hook:
        ends = {o: await notify.endpoint(hook.url, o) for o in whose if o}
        for _ in range(2):  # every example delivered twice
            for number, (topic, message) in enumerate(events):
                await notify.deliver(topic, message, id=f"event-{number}")
        for organisation, (endpoint_id, secret) in ends.items():
            found = await until(lambda e=endpoint_id, o=organisation: notify.ended(e, DELIVERED, o))  # type: ignore[misc]
            assert [d.seq for d in found] == list(range(1, len(found) + 1))
            mine = {
                g.id: g.verified(secret)
                for g in hook.got
                if json.loads(g.body)["data"]["organisation_id"] == organisation
            }
            assert set(mine) == {d.notification_id for d in found}
            assert sorted(p["data"]["seq"] for p in mine.values()) == [d.seq for d in found]
        told = await notify.announced()

    assert len({g.id for g in hook.got}) == len(hook.got) == len(told)
    assert {t.message.notification_id for t in told} == {g.id for g in hook.got}  # type: ignore[union-attr]
    assert {t.message.outcome for t in told} == {DELIVERED}  # type: ignore[union-attr]
    assert len({t.id for t in told}) == len(told)


async def test_the_payload_says_what_happened_and_no_amount(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving() as hook:
        _, secret = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed(), id="ev-1")
        got = (await until(lambda: hook.got))[0]
    payload = got.verified(secret)

    assert payload["type"] == "noegletal.receipt"
    assert payload["data"]["figures"] == {"accepted": 1, "held": 0, "refused": 1, "missing": 0}
    assert "NT-2003 BS03.numerator: (ikke vist) er negativt." in payload["data"]["words"]["da"]["text"]
    assert "38173" not in got.body
    assert "472" not in json.dumps(payload["data"]["words"])
    with pytest.raises(standardwebhooks.webhooks.WebhookVerificationError):
        standardwebhooks.Webhook("whsec_" + "A" * 40).verify(got.body, got.headers)


async def test_a_failure_is_tried_again_under_the_same_id(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving(status(500), status(302), status(204)) as hook:
        endpoint_id, secret = await notify.endpoint(hook.url)
        await notify.deliver("standing-changed", changed(), id="ev-1")
        [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
        told = [t.message for t in await notify.announced()]

    assert (delivery.attempts, delivery.detail) == (3, "HTTP 204")
    assert delivery.notification_id == str(uuid.uuid5(uuid.NAMESPACE_URL, f"noegletal:notification/ev-1/{endpoint_id}"))
    assert {g.id for g in hook.got} == {delivery.notification_id}
    assert len({g.body for g in hook.got}) == 1
    assert all(g.verified(secret) for g in hook.got)
    assert [(t.attempt, t.outcome, t.detail) for t in told] == [  # type: ignore[union-attr]
        (1, FAILED, "HTTP 500"),
        (2, FAILED, "HTTP 302"),
        (3, DELIVERED, "HTTP 204"),
    ]


async def test_after_the_last_attempt_it_is_visibly_exhausted_and_can_be_asked_for_again(tmp_path: Path) -> None:
    bad = [status(500)] * 4
    async with running.running(tmp_path) as notify, receiving(*bad, status(204)) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        [delivery] = await until(lambda: notify.ended(endpoint_id, EXHAUSTED))
        assert (delivery.attempts, delivery.HasField("next_attempt_at")) == (4, False)

        await notify.call("Redeliver", api.RedeliverRequest(notification_id=delivery.notification_id))
        [again] = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert (again.notification_id, again.seq, again.attempts) == (delivery.notification_id, 1, 5)
    assert {g.id for g in hook.got} == {delivery.notification_id}


@pytest.mark.parametrize("answer", [status(410), status(500, webhook_delivery="disable")], ids=["410", "disable"])
async def test_a_receiver_that_is_gone_is_left_alone_and_everything_due_is_visible(tmp_path: Path, answer: Any) -> None:
    async with running.running(tmp_path) as notify, receiving(answer) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        await until(lambda: notify.ended(endpoint_id, EXHAUSTED))
        await notify.deliver("submission-assessed", assessed(submission="s-2"))
        found = await until(lambda: notify.ended(endpoint_id, EXHAUSTED))
        listed = await notify.call("ListEndpoints", api.ListEndpointsRequest())

    assert [(d.seq, d.attempts, d.detail) for d in found][1:] == [(2, 0, "endpoint disabled")]
    assert [e.disabled for e in listed.endpoints] == [True]
    assert len(hook.got) == 1


async def test_what_waited_for_a_receiver_that_is_gone_is_given_up(tmp_path: Path) -> None:
    answers = (status(500), status(500), status(410))
    async with running.running(tmp_path, retry_seconds=(0, 600)) as notify, receiving(*answers) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        for number in range(3):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
            await until(lambda n=number: len(hook.got) == n + 1)  # type: ignore[misc]
        found = await until(lambda: notify.ended(endpoint_id, EXHAUSTED))

    assert sorted(d.detail for d in found) == ["HTTP 410", "endpoint disabled", "endpoint disabled"]


async def test_a_receiver_can_refuse_one_message_for_good(tmp_path: Path) -> None:
    answers = (status(500, webhook_delivery="abort-message"), status(204))
    async with running.running(tmp_path) as notify, receiving(*answers) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        await until(lambda: notify.ended(endpoint_id, EXHAUSTED))
        await notify.deliver("submission-assessed", assessed(submission="s-2"))
        await until(lambda: len(hook.got) == 2)
        found = await until(lambda: _outcomes(notify, endpoint_id, [EXHAUSTED, DELIVERED]))

    assert [d.attempts for d in found] == [1, 1]


async def test_a_receiver_that_asks_for_time_gets_it_from_every_message(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify, receiving(status(429, retry_after="600")) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        [first] = await until(lambda: notify.ended(endpoint_id, FAILED))
        await notify.deliver("submission-assessed", assessed(submission="s-2"))
        async with receiving() as other:  # a message to somebody else goes out, so this one was looked at
            await notify.endpoint(other.url, "org-b")
            await notify.deliver("submission-assessed", assessed("org-b"))
            await until(lambda: other.got)
        found = await notify.deliveries(endpoint_id)

    assert first.next_attempt_at.seconds - first.created_at.seconds >= 599
    assert [d.attempts for d in found] == [1, 0]
    assert len(hook.got) == 1


async def test_a_database_that_was_away_for_a_moment_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, failures = delivering.Deliveries._record, [OSError("away"), OSError("away")]

    def away(*given: Any) -> None:
        if failures:
            raise failures.pop()
        recorded(*given)

    monkeypatch.setattr(delivering.Deliveries, "_record", away)
    async with running.running(tmp_path) as notify, receiving() as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed())
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        await notify.deliver("submission-assessed", assessed(submission="s-2"))
        found = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert [d.attempts for d in found] == [1, 1]
    assert len(hook.got) == 2


async def test_what_was_under_way_when_the_receiver_went_is_not_tried_again(tmp_path: Path) -> None:
    gate = Gate()
    answers = (status(204), gate.then(status(500)), status(410))
    async with running.running(tmp_path) as notify, receiving(*answers) as hook:
        endpoint_id, _ = await notify.endpoint(hook.url)
        for number in range(3):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
            await until(lambda n=number: len(hook.got) == n + 1)  # type: ignore[misc]
            await until(lambda n=number: _recorded(notify, {0: 1, 1: 1, 2: 2}[n]))  # type: ignore[misc]
        gate.open()
        await until(lambda: _recorded(notify, 3))
        found = await notify.deliveries(endpoint_id)

    assert [(d.outcome, d.detail) for d in found] == [
        (DELIVERED, "HTTP 204"),
        (EXHAUSTED, "HTTP 500"),
        (EXHAUSTED, "HTTP 410"),
    ]
    assert not any(d.HasField("next_attempt_at") for d in found)


async def test_whoever_took_over_has_the_last_word(tmp_path: Path) -> None:
    notify = Notify(running.settings(tmp_path))
    at = {"endpoint_id": "ep-1", "organisation_id": "org-a", "channel": 2, "url": "", "proven": 1}

    def work(tx: Any) -> list[Any]:
        endpoint_store.add(tx, **at)
        due = notices.test("org-a", "ep-1", "ev-1", signed=True)
        line_store.put(tx, [line_store.line(due, Match("ep-1", ()))])
        [late], [sooner] = (store.claim(tx, {}, Room(10), 0) for _ in range(2))
        said = {"outcome": EXHAUSTED, "detail": "late", "next_attempt_at": None}
        kept = [
            delivery_store.settle(tx, late, **said),
            delivery_store.settle(tx, sooner, **{**said, "detail": "in time"}),
        ]  # type: ignore[arg-type]
        found = delivery_store.found(tx.connection, late.notification_id)
        return [late.attempt, sooner.attempt, *kept, found.detail]  # type: ignore[union-attr]

    assert notify.service.transact(work, cause="test") == [1, 2, False, True, "in time"]
    notify.bench.close()


async def test_events_that_cannot_be_known_again_are_set_aside(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify:
        nobody, silent = assessed(organisation=""), assessed()
        silent.ClearField("verdict")
        applied = [await notify.deliver("submission-assessed", m) for m in (nobody, silent)]

    assert [list(a.reasons.values()) for a in applied] == [["unusable"], ["unusable"]]


async def _recorded(notify: Notify, attempts: int) -> bool:
    return len(await notify.announced()) == attempts


async def _outcomes(notify: Notify, endpoint_id: str, expected: list[int]) -> list[Any] | None:
    found = await notify.deliveries(endpoint_id)
    return found if [d.outcome for d in found] == expected else None
