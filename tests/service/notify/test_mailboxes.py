"""Mailboxes: what is told when, how it is stopped over HTTP, and what the outbox shows."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import aiohttp
import grpc
import pytest
from noegletal.v1 import notification_pb2
from noegletal.v1 import subscription_service_pb2 as api

from services.notify import mailing
from tests.service.notify import running
from tests.service.notify.receiver import until
from tests.service.notify.running import (
    DELIVERED,
    EXHAUSTED,
    MAIL,
    RECEIPT,
    STANDING_CHANGED,
    Notify,
    assessed,
    by_file,
    changed,
)

WEDNESDAY, EVENING = "2026-11-25T10:00:00+00:00", "2026-11-25T18:00:00+00:00"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def notify(tmp_path: Path) -> AsyncIterator[Notify]:
    async with running.running(tmp_path, mail_outbox_dir=tmp_path / "outbox") as service:
        running.at(service, WEDNESDAY)
        yield service


def _mails(folder: Path) -> list[Any]:
    return [message_from_bytes(f.read_bytes(), policy=default) for f in sorted((folder / "outbox").glob("*.eml"))]


def _link(folder: Path) -> str:
    """The link in the header of the first mail, read as a mail program does: by its characters."""
    first = min((folder / "outbox").glob("*.eml"), key=lambda f: f.stat().st_mtime_ns)
    found = re.search(rb"^List-Unsubscribe: <(\S+)>\r?$", first.read_bytes(), re.M)
    assert found
    return found[1].decode()


async def _http(method: str, url: str, **given: Any) -> tuple[int, str, Any]:
    async with aiohttp.ClientSession() as session, session.request(method, url, **given) as answer:
        return answer.status, await answer.text(), answer.headers


async def test_a_receipt_is_told_at_once_in_the_mailboxs_language(notify: Notify, tmp_path: Path) -> None:
    danish, english = await notify.mailbox(), await notify.mailbox("bob@example.com", language="en")
    await notify.deliver("submission-assessed", assessed())
    for endpoint_id in (danish, english):
        await until(lambda e=endpoint_id: notify.ended(e, DELIVERED))  # type: ignore[misc]
    listed = await notify.call("ListEndpoints", api.ListEndpointsRequest())

    subjects = {m["To"]: m["Subject"] for m in _mails(tmp_path)}
    assert subjects == {
        "anna@example.com": "Afdeling H4567 2024: 1 nøgletal er med, 1 er ikke",
        "bob@example.com": "Unit H4567 2024: 1 key figure is in, 1 not",
    }
    told = {(e.url, e.channel, e.language) for e in listed.endpoints}
    assert told == {("mailto:anna@example.com", MAIL, "da"), ("mailto:bob@example.com", MAIL, "en")}


async def test_what_follows_within_minutes_is_told_together(notify: Notify, tmp_path: Path) -> None:
    endpoint_id = await notify.mailbox()
    for number in range(4):
        event = assessed(submission=f"s-{number}")
        event.unit_id = f"afd-{number}"
        for _ in range(2):  # each twice
            await notify.deliver("submission-assessed", event, id=f"e-{number}")
    await until(lambda: notify.ended(endpoint_id, DELIVERED))
    running.at(notify, "2026-11-25T10:16:00+00:00")
    found = await until(lambda: running.outcomes(notify, endpoint_id, [DELIVERED, DELIVERED]))

    assert [d.seq for d in found] == [1, 2]
    [second] = [m for m in _mails(tmp_path) if "afd-0" not in m["Subject"]]
    assert "3 svar på det, I har sendt." in second.get_body(("plain",)).get_content()
    listed = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))
    assert [running.conforming(e.payload)["type"] for e in listed.events] == ["noegletal.receipt", "noegletal.digest"]


async def test_nobody_is_disturbed_in_the_evening_but_who_waits_for_an_answer(notify: Notify) -> None:
    endpoint_id = await notify.mailbox()
    running.at(notify, EVENING)
    await notify.deliver("submission-assessed", assessed())
    await notify.deliver("submission-assessed", by_file(assessed(submission="s-2")))
    found = await until(lambda: running.outcomes(notify, endpoint_id, [0, DELIVERED]))

    assert found[0].next_attempt_at.ToJsonString() == "2026-11-26T06:00:00Z"
    running.at(notify, "2026-11-26T06:00:01+00:00")
    await until(lambda: notify.ended(endpoint_id, DELIVERED))


async def test_a_months_standings_come_in_one_mail_and_a_quiet_month_in_none(notify: Notify, tmp_path: Path) -> None:
    endpoint_id = await notify.mailbox()
    running.at(notify, "2026-10-05T10:00:00+00:00")
    for number in range(3):
        event = changed()
        event.unit_id = f"afd-{number}"
        if number == 1:
            event.explanations[0].priced.per_year_e4 = -1_840_000_000
        for _ in range(2):
            await notify.deliver("standing-changed", event, id=f"e-{number}")
    running.at(notify, "2026-11-02T05:59:00+00:00")  # the first working day of November, a minute to seven
    assert await notify.service.read(lambda c: mailing.mail_store.is_due(c, notify.service.clock())) is False
    running.at(notify, "2026-11-02T06:00:01+00:00")
    [digest] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
    running.at(notify, "2026-12-01T09:00:00+00:00")
    quiet_month = await notify.service.read(lambda c: mailing.mail_store.is_due(c, notify.service.clock()))

    assert (digest.kind, digest.seq) == (notification_pb2.NOTIFICATION_KIND_DIGEST, 1)
    [event] = (await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))).events
    data = running.conforming(event.payload)["data"]
    assert (data["items"][0]["type"], data["items"][0]["unit_id"]) == ("noegletal.standing-changed", "afd-1")
    assert (data["month"], data["items_in_all"], data["seq"]) == ("2026-10", 3, 1)
    [mail] = _mails(tmp_path)
    assert mail["Subject"] == "Afdeling afd-1 2024: placeringen er ændret – og 2 mere"
    assert "3 nyheder i jeres nøgletal i oktober 2026." in mail.get_body(("plain",)).get_content()
    assert quiet_month is False


async def test_a_digest_is_one_even_when_telling_it_is_cut_short(
    notify: Notify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_id = await notify.mailbox()
    told, cuts = mailing._make_due_together, [OSError("cut"), OSError("cut")]

    def cut(*given: Any) -> None:
        told(*given)
        if cuts:
            raise cuts.pop()

    monkeypatch.setattr(mailing, "_make_due_together", cut)
    running.at(notify, "2026-10-05T10:00:00+00:00")
    await notify.deliver("standing-changed", changed())
    running.at(notify, "2026-11-02T09:00:00+00:00")
    found = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert (len(found), len(_mails(tmp_path)), cuts) == (1, 1, [])


async def test_who_asks_for_it_is_told_of_standings_at_once(notify: Notify) -> None:
    endpoint_id = await notify.mailbox(at_once=True)
    await notify.deliver("standing-changed", changed())

    [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
    assert delivery.kind == STANDING_CHANGED


async def test_one_click_stops_the_message_it_came_with_and_no_other(notify: Notify, tmp_path: Path) -> None:
    made = await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=MAIL, url="mailto:a@example.com"))
    endpoint_id = made.endpoint.endpoint_id
    await notify.subscribe(endpoint_id, kind=RECEIPT)
    kept = await notify.subscribe(endpoint_id, kind=STANDING_CHANGED)
    await notify.deliver("submission-assessed", by_file(assessed()))
    await until(lambda: notify.ended(endpoint_id, DELIVERED))
    await notify.deliver("submission-assessed", assessed(submission="s-2"))  # waits for others
    link = _link(tmp_path)

    shown = await _http("GET", link)
    assert len((await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions) == 2
    for _ in range(2):  # a repeat does no more
        status, text, headers = await _http("POST", link, data=ONE_CLICK)
        assert (status, "Det er gjort" in text) == (200, True)
    left = (await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions
    running.at(notify, "2026-11-25T11:00:00+00:00")
    await notify.deliver("submission-assessed", by_file(assessed(submission="s-3")))

    assert [s.subscription_id for s in left] == [kept]
    assert len(await notify.deliveries(endpoint_id)) == 1
    assert shown[0] == 200
    assert shown[1].index("Stop netop denne besked") < shown[1].index("Afmeld alt")
    assert "Intet er stoppet endnu" in shown[1]
    assert headers["cache-control"] == "no-store"
    assert headers["content-security-policy"].startswith("default-src 'none'")


async def test_everything_can_be_stopped_and_what_waited_is_visibly_given_up(notify: Notify, tmp_path: Path) -> None:
    endpoint_id = await notify.mailbox(language="en")
    other, _ = await notify.endpoint()
    await notify.deliver("submission-assessed", by_file(assessed()))
    await until(lambda: notify.ended(endpoint_id, DELIVERED))
    running.at(notify, EVENING)
    await notify.deliver("submission-assessed", assessed(submission="s-2"))  # waits for the morning
    await notify.deliver("standing-changed", changed())  # waits for the month's end

    status, text, _ = await _http("POST", f"{_link(tmp_path)}?what=everything")
    found = await notify.deliveries(endpoint_id)
    left = (await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions
    running.at(notify, "2026-12-01T09:00:00+00:00")
    waiting = await notify.service.read(lambda c: mailing.mail_store.is_due(c, notify.service.clock()))

    assert (status, "No more mails come to this address." in text) == (200, True)
    assert [(d.outcome, d.detail) for d in found] == [(DELIVERED, "kept in the outbox"), (EXHAUSTED, "unsubscribed")]
    assert {s.endpoint_id for s in left} == {other}
    assert waiting is False


async def test_a_link_that_is_not_ours_stops_nothing(notify: Notify, tmp_path: Path) -> None:
    endpoint_id = await notify.mailbox()
    await notify.deliver("submission-assessed", by_file(assessed()))
    await until(lambda: notify.ended(endpoint_id, DELIVERED))
    link = _link(tmp_path)

    for forged in (link[:-1] + ("A" if link[-1] != "A" else "B"), re.sub(r"unsubscribe/.", "unsubscribe/x", link)):
        assert (await _http("POST", forged, data=ONE_CLICK))[0] == 404
    assert (await _http("PUT", link))[0] == 405
    assert len((await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions) == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"url": "mailto:nobody"}, "NT-4080"),
        ({"url": "https://example.com"}, "NT-4080"),
        ({"url": "mailto:a@example.com\r\nBcc: b@example.com"}, "NT-4080"),
        ({"url": "mailto:a@example.com", "language": "fr"}, "NT-4003"),
    ],
)
async def test_a_mailbox_nothing_can_be_sent_to_is_refused(notify: Notify, given: Any, code: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError, match=code):
        await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=MAIL, **given))


async def test_without_a_way_out_there_is_no_mailbox_and_no_outbox(tmp_path: Path) -> None:
    async with running.running(tmp_path) as notify:
        with pytest.raises(grpc.aio.AioRpcError, match="NT-4081"):
            await notify.mailbox()
        assert (await _http("GET", f"http://{notify.service.http_address}/outbox"))[0] == 404


@pytest.mark.parametrize(
    "given", [{"http": "0.0.0.0:0"}, {"smtp_host": "127.0.0.1"}], ids=["everybody", "a mail server"]
)
async def test_the_outbox_is_shown_to_this_machine_alone_and_only_without_a_mail_server(
    tmp_path: Path, given: Any
) -> None:
    sending = {"mail_from": "a@example.com", "mail_links": "https://x.example.com"} if "smtp_host" in given else {}
    async with running.running(tmp_path, mail_outbox_dir=tmp_path / "outbox", **given, **sending) as notify:
        port = notify.service.http_address.rpartition(":")[2]
        assert (await _http("GET", f"http://127.0.0.1:{port}/outbox"))[0] == 404


async def test_the_outbox_shows_a_mail_as_it_looks_as_text_and_as_a_file(notify: Notify, tmp_path: Path) -> None:
    endpoint_id = await notify.mailbox(at_once=True)
    event = changed()
    event.explanations[0].after.position, event.explanations[0].after.units = 17, 63
    await notify.deliver("standing-changed", event)
    [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
    base = f"http://{notify.service.http_address}/outbox"

    listed, english = await _http("GET", base), await _http("GET", f"{base}?lang=en")
    one = await _http("GET", f"{base}/{delivery.notification_id}")
    frame = await _http("GET", f"{base}/{delivery.notification_id}/html")
    kept = await _http("GET", f"{base}/{delivery.notification_id}.eml")
    strangers = [await _http("GET", f"{base}/{name}") for name in ("..%2fnotify.db", "0" * 36, "x")]

    assert "Udbakke" in listed[1]
    assert '<th scope="col">Subject</th>' in english[1]
    assert datetime.fromisoformat(WEDNESDAY).strftime("25. nov. 2026 11.0") in listed[1]
    assert "<iframe sandbox" in one[1]
    assert "- BS03: nr. 12 → 17 af 63" in one[1]
    assert frame[2]["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert 'src="data:image/png;base64,' in frame[1]
    assert "cid:" not in frame[1]
    assert kept[1].encode() == (tmp_path / "outbox" / f"{delivery.notification_id}.eml").read_bytes()
    assert kept[2]["content-disposition"] == f'attachment; filename="{delivery.notification_id}.eml"'
    assert [s[0] for s in strangers] == [404, 404, 404]
    assert (await _http("GET", base, headers={"host": "rebound.example.com"}))[0] == 421
