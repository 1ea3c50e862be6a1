"""Mail among the kinds: what a mailbox is told of what, what its server's faults cost it, and that it is forgotten whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from noegletal.v1 import benchmark_pb2
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from services.notify import letter, mail_store, subscription_store
from tests.service.notify import running
from tests.service.notify.desk import MOVED, QUARTILE, RECEIPT, Desk, assessed, crossing, landed
from tests.service.notify.mail_server import HANG, receiving
from tests.service.notify.receiver import until
from tests.service.notify.running import DELIVERED, EXHAUSTED, Notify, changed
from tests.service.notify.test_mailboxes import ONE_CLICK, _http, _mails

MAIL, DAY = pb.CHANNEL_MAIL, "2026-11-25T10:00:00+00:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.bench.close()


def _moved() -> benchmark_pb2.StandingChanged:
    """Two figures that moved, the second of them priced and placed."""
    event = changed("org-a", "BS03", "BS05")
    event.explanations[1].priced.per_year_e4 = -1_840_000_000
    event.explanations[1].after.position, event.explanations[1].after.units = 17, 63
    return event


def _gathered(desk: Desk) -> list[Any]:
    chosen = sa.select(mail_store.gathered).order_by(mail_store.gathered.c.event_id)
    return list(desk.service.database.read(lambda c: c.execute(chosen).all()))


def _sent(desk: Desk, endpoint_id: str) -> list[str]:
    return [json.dumps(one) for one in desk.told(endpoint_id)]


def test_a_mail_says_kroner_and_places_the_dearest_figure_first(desk: Desk) -> None:
    mailbox, log = desk.follow(MOVED, channel=MAIL), desk.follow(MOVED)
    one = desk.follow(MOVED, channel=MAIL, key_figures=frozenset({"BS03"}))

    desk.deliver(("b", _moved()))

    [body] = _sent(desk, mailbox)
    shown = letter.written(body, "da")
    assert [item.lines[0].split(":")[0] for item in shown.items] == ["BS05", "BS03"]
    assert "184.000" in shown.items[0].lines[1]
    assert (shown.items[0].place is None, shown.items[1].place) == (False, None)
    assert (shown.lead, shown.rest) == ("", "")
    assert shown.why
    assert [i.lines[0].split(":")[0] for i in letter.written(_sent(desk, one)[0], "en").items] == ["BS03"]
    assert "184" not in str(desk.told(log))
    assert "mail" not in desk.told(log)[0]["data"]


def test_standings_and_quarters_wait_for_the_month_and_receipts_do_not(desk: Desk) -> None:
    waits = desk.follow(RECEIPT, MOVED, QUARTILE, channel=MAIL, at_once=False)
    at_once = desk.follow(QUARTILE, channel=MAIL)

    desk.deliver(("a", assessed()), ("b", landed(2)), ("q1", crossing(1, 2, 3)), ("q2", crossing(2, 3, 3)))
    desk.deliver(("b", landed(2)))

    assert {row.kind for row in _gathered(desk)} == {MOVED, QUARTILE}
    assert all(row.month for row in _gathered(desk))
    [quarter] = desk.told(at_once)
    assert quarter["data"]["mail"]["figures"][0]["place"]["units"] == 60
    assert desk.types(waits) == []  # its receipt still waits for the standing of its own revision


def test_what_a_receipt_says_of_the_landing_is_said_in_the_mail_once(desk: Desk) -> None:
    mailbox = desk.follow(RECEIPT, MOVED, channel=MAIL)

    desk.deliver(("a", assessed()), ("b", landed()), ("a", assessed()))

    [body] = _sent(desk, mailbox)
    shown = letter.written(body, "da")
    assert shown.lead.startswith("Indberetning s-1, revision 1: ")
    assert sum("nr. 12 → 17 af 63" in line for item in shown.items for line in item.lines) == 1
    assert any("-38173" in line for item in shown.items for line in item.lines)  # the organisation's own number


def test_a_feed_and_kinds_at_one_mailbox_come_to_one_mail(desk: Desk) -> None:
    mailbox = desk.follow(channel=MAIL)
    other = desk.follow(MOVED, channel=MAIL)

    def also(tx: Any) -> None:
        c = subscription_store.subscription.c
        tx.connection.execute(sa.update(c.endpoint_id.table).where(c.endpoint_id == other).values(endpoint_id=mailbox))

    desk.service.transact(also, cause="test")
    desk.deliver(("b", _moved()), ("b", _moved()))

    assert desk.types(mailbox) == ["standing-changed"]
    assert _gathered(desk) == []


async def _again(notify: Notify, notification_id: str, attempts: int) -> Any:
    await notify.call("Redeliver", api.RedeliverRequest(notification_id=notification_id))

    async def ended() -> Any:
        [found] = await notify.deliveries()
        return found if found.attempts == attempts and found.outcome == EXHAUSTED else None

    return await until(ended)


@pytest.mark.parametrize(
    ("answers", "disabled"), [(("550 nobody",) * 6, True), (("451 later",) * 6, False), (None, False)]
)
async def test_five_days_of_refusals_end_a_mailbox_and_five_days_without_server_do_not(
    tmp_path: Path, answers: tuple[str, ...] | None, disabled: bool
) -> None:
    async with receiving(*answers or ("250 OK",)) as server:
        port = server.port if answers else 1
        given = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "mail_from": "a@example.com"}
        given |= {"mail_links": "https://x.example.com", "retry_seconds": (0,), "circuit_seconds": ()}
        async with running.running(tmp_path, disable_after_seconds=0, **given) as notify:
            running.at(notify, DAY)
            endpoint_id = await notify.mailbox(at_once=True)
            await notify.deliver("standing-changed", changed())
            [one] = await until(lambda: notify.ended(endpoint_id, EXHAUSTED))
            for attempts in range(2, 6):
                one = await _again(notify, one.notification_id, attempts)
            [at] = (await notify.call("ListEndpoints", api.ListEndpointsRequest())).endpoints

    assert (at.disabled, at.failures) == (disabled, 5 if disabled else 0)


async def test_a_mail_stopped_while_it_is_tried_is_not_tried_again(tmp_path: Path) -> None:
    async with receiving(HANG, "250 OK") as server:
        given = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_tls": "none", "smtp_timeout_seconds": 1}
        given |= {"mail_from": "a@example.com", "mail_links": "https://x.example.com"}
        async with running.running(tmp_path, **given) as notify:
            running.at(notify, DAY)
            endpoint_id = await notify.mailbox(at_once=True)
            await notify.deliver("standing-changed", changed())

            async def tried() -> bool:
                return any(d.attempts for d in await notify.deliveries())

            await until(tried)
            await notify.service.write(lambda tx: mail_store.stop(tx, endpoint_id, None))
            ended = await until(notify.announced)
            [found] = await notify.deliveries()

    assert [t.message.outcome for t in ended] == [EXHAUSTED]  # type: ignore[attr-defined]
    assert (found.attempts, found.outcome) == (1, EXHAUSTED)


async def test_a_mailboxs_events_are_payloads_and_it_is_forgotten_with_what_waits(tmp_path: Path) -> None:
    async with running.running(tmp_path, mail_outbox_dir=tmp_path / "outbox") as notify:
        running.at(notify, DAY)
        endpoint_id = await notify.mailbox()
        await notify.deliver("submission-assessed", running.by_file(running.assessed()))
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        [event] = (await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))).events
        await notify.deliver("standing-changed", changed())
        await notify.call("DeleteEndpoint", api.DeleteEndpointRequest(endpoint_id=endpoint_id))
        kept = await notify.service.read(
            lambda c: [len(c.execute(sa.select(t)).all()) for t in (mail_store.mailbox, mail_store.gathered)]
        )

    assert "mail" not in json.loads(event.payload)["data"]
    assert running.conforming(event.payload)["data"]["language"] == "da"
    assert kept == [0, 0]


async def test_the_button_of_a_test_stops_all_that_leads_there_and_without_any_there_is_none(
    tmp_path: Path,
) -> None:
    async with running.running(tmp_path, mail_outbox_dir=tmp_path / "outbox") as notify:
        running.at(notify, DAY)
        made = await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=MAIL, url="mailto:a@example.com"))
        endpoint_id = made.endpoint.endpoint_id
        await notify.call("TestEndpoint", api.TestEndpointRequest(endpoint_id=endpoint_id))
        [alone] = _mails(tmp_path)
        await notify.subscribe(endpoint_id, kind=int(RECEIPT))
        await notify.deliver("submission-assessed", running.assessed())  # and a mail under way
        await notify.call("TestEndpoint", api.TestEndpointRequest(endpoint_id=endpoint_id))
        [test] = [m for m in _mails(tmp_path) if m["Subject"] == alone["Subject"] and m["List-Unsubscribe"]]
        link = str(test["List-Unsubscribe"]).strip("<>")

        shown = await _http("GET", link)
        before = (await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions
        status, text, _ = await _http("POST", link, data=ONE_CLICK)
        left = (await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions

    assert (alone["List-Unsubscribe"], alone["List-Unsubscribe-Post"]) == (None, None)
    written = alone.get_body(("plain",)).get_content()
    assert "Der er intet at afmelde: ingen abonnementer fører til denne adresse." in " ".join(written.split())
    assert "unsubscribe/" not in written
    assert "Stop netop denne besked" not in shown[1]
    assert "Afmeld alt" in shown[1]
    assert "Følg færre tal" not in test.get_body(("plain",)).get_content()
    assert (status, "Der kommer ikke flere mails til denne adresse." in text) == (200, True)
    assert (len(before), len(left)) == (1, 0)
