"""Mail, from what falls due to one attempt: what is told at once, what waits for others, and when nobody is disturbed."""

import asyncio
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import grpc

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import Refusal
from services.chassis.service import Service
from services.notify import (
    digest,
    gathering,
    letter,
    line_store,
    links,
    mail_facts,
    mail_message,
    mail_store,
    moves,
    promises,
    promising,
    quiet,
    store,
    subscription_store,
)
from services.notify.answers import Attempt
from services.notify.kinds import ANSWERS, Kind
from services.notify.line_store import Line
from services.notify.mail_channels import OutboxFolder, Post, SmtpPost
from services.notify.mail_message import Attachment
from services.notify.mail_settings import FETCH_SECONDS, MailSettings
from services.notify.mail_store import Gathering, Mailbox
from services.notify.matching import Match
from services.notify.payload import Due, payload, written
from services.notify.sentences import LANGUAGES, in_all, plain, words
from services.notify.store import Claimed
from services.notify.wording import ITEMS_SHOWN, Item
from services.notify.workbooks import Away, Workbooks

LOOK_SECONDS = 0.5  # how often it is looked for what has waited long enough
FETCHES = 3  # attempts at a mail that wait for its marked workbook


class Mailing:
    """Mailboxes and the mails to them."""

    def __init__(self, service: Service, settings: MailSettings) -> None:
        self._service, self._settings = service, settings
        self._post: Post | None = None
        if settings.smtp_host:
            self._post = SmtpPost(settings.server)
        elif settings.outbox is not None:
            self._post = OutboxFolder(settings.outbox)
        asked = (settings.ingest, settings.operator_key, FETCH_SECONDS)
        self._workbooks = Workbooks(*asked) if settings.ingest else None

    def new_mailbox(self, request: Any, endpoint_id: str) -> Mailbox:
        """The mailbox an endpoint for mail is created with. Raises Refusal."""
        if self._post is None:
            raise Refusal("NT-4081", grpc.StatusCode.FAILED_PRECONDITION)
        language = request.language or "da"
        try:
            mail_message.address(request.url)
        except ValueError:
            raise _unusable("NT-4080", url=plain(request.url, 100)) from None
        if language not in LANGUAGES:
            raise _unusable("NT-4003", field="language", value=plain(language, 64))
        return Mailbox(endpoint_id, language, request.at_once, secrets.token_urlsafe(32))

    async def run(self) -> None:
        """Tell, until cancelled, what has waited long enough. Holidays are learnt here, not while the database waits."""
        if self._post is not None:
            await asyncio.to_thread(quiet.opens, self._service.clock())
        while True:
            if await self._service.read(lambda connection: mail_store.is_due(connection, self._service.clock())):
                await self._service.write(self._tell)
            await asyncio.sleep(LOOK_SECONDS)

    async def send(self, claimed: Claimed) -> Attempt:
        """One attempt at a delivery by mail."""
        box = await self._service.read(lambda connection: mail_store.mailbox_of(connection, claimed.endpoint_id))
        if self._post is None or box is None:
            return Attempt(False, "mail is not set up", ours=True)
        recipient = mail_message.address(claimed.url)
        try:
            attached = await self._marked(claimed, box)
        except Away:
            return Attempt(False, "marked workbook not fetched", ours=True)
        by = json.loads(claimed.body)["data"]["subscription_ids"] or await self._service.read(
            lambda connection: subscription_store.at_endpoint(connection, claimed.endpoint_id)
        )
        mail = await asyncio.to_thread(self._composed, claimed, box, recipient, attached, is_stoppable=bool(by))
        sent = {"notification_id": claimed.notification_id, "sender": self._settings.sender.address}
        return await self._post.send(mail, recipient=recipient, **sent)

    async def _marked(self, claimed: Claimed, box: Mailbox) -> Attachment | None:
        """The workbook to be corrected, if it can be had. Raises Away while it is worth trying again."""
        file = _of_mail(claimed.body).get("file")
        if not file or self._workbooks is None:
            return None
        try:
            return await self._workbooks.marked(claimed.organisation_id, file, box.language)
        except Away:
            if claimed.attempt < FETCHES:
                raise
            return None  # the mail does not wait for ever: it says how the workbook is had

    def _composed(
        self, claimed: Claimed, box: Mailbox, recipient: str, attached: Attachment | None, *, is_stoppable: bool
    ) -> bytes:
        """The mail's bytes. `is_stoppable`: whether a subscription leads to the mailbox."""
        base = self._settings.mail_links or f"http://{self._service.http_address}"
        named, content = _of_mail(claimed.body).get("file"), json.loads(claimed.body)
        subscribed = bool(content["data"]["subscription_ids"])
        buttons = links.links(base, claimed.notification_id, box.secret, subscribed=subscribed)
        note = words(box.language)("mail.attached" if attached else "mail.file")
        mail = mail_message.composed(
            letter.written(claimed.body, box.language),
            notification_id=claimed.notification_id,
            sender=self._settings.sender,
            recipient=recipient,
            links=buttons if is_stoppable else None,
            at=datetime.fromisoformat(content["timestamp"]),
            notes=[note] if named else [],
            attachments=[attached] if attached else [],
        )
        return mail_message.as_sent(mail)

    def _tell(self, tx: Transaction) -> None:
        for gathered in mail_store.take(tx):
            _make_due_together(tx, gathered)


def make_due(tx: Transaction, due: Due, matches: Sequence[tuple[Match, Mailbox]]) -> None:
    """Put a message in line for mailboxes, or have it wait there: for the month's end, or for others of its kind."""
    in_line = line_store.known(tx, {due.event_id} if matches else ())
    for match, box in matches:
        told = (due.event_id, box.endpoint_id) in in_line
        if not told and not mail_store.is_gathered(tx.connection, box.endpoint_id, due.event_id):
            _make_due(tx, due, match, box)


def _make_due(tx: Transaction, due: Due, match: Match, box: Mailbox) -> None:
    month = quiet.month_of(tx.now) if due.kind in gathering.MONTHLY and not box.at_once else ""
    awaited = bool(due.mail.get("awaited"))
    told_at = mail_store.last_told(tx.connection, box.endpoint_id, gathering.kinds_with(due.kind))
    waits = gathering.waits_until(tx.now, told_at=told_at, awaited=awaited)
    tell_at, opens = quiet.digest_opens(month) if month else waits, _opens(tx.now, awaited=awaited)
    preset = "" if tell_at else promising.passed(tx, due.kind, match.subscriptions, opens)
    if tell_at is None and not preset:
        now = Line(due.event_id, box.endpoint_id, due.kind, lambda seq, at: body(due, match, box, seq, at), opens)
        line_store.put(tx, [now])
        return
    waiting = body(due, match, box, 0, tx.now.isoformat(timespec="milliseconds"))
    one = gathering.gathered(due.event_id, store.instant(tx.now), due.kind, waiting)
    if tell_at is None:
        promising.put_off(tx, box.endpoint_id, one, preset, opens)
    else:
        mail_store.gather(tx, box.endpoint_id, one, tell_at=tell_at, month=month)


def not_before(body: str, at: datetime) -> datetime:
    """When a mail whose turn comes at `at` may go out: not in quiet hours, unless somebody waits for it."""
    return _opens(at, awaited=bool(_of_mail(body).get("awaited")))


def _opens(at: datetime, *, awaited: bool) -> datetime:
    return at if awaited else quiet.opens(at).astimezone(UTC)


def _make_due_together(tx: Transaction, gathered: Gathering) -> None:
    """Put what gathered in line as one message, or where a preset's promise would be passed have it wait for the digest."""
    endpoint_id, messages = gathered.endpoint_id, gathered.messages
    by_mail = mail_store.mailbox_of(tx.connection, endpoint_id) is not None
    alone = len(messages) == 1 and not gathered.month
    cause = (endpoint_id, gathered.month) if gathered.month else (endpoint_id, gathered.kind, gathered.tell_at)
    event_id = messages[0].event_id if alone else deterministic_id("gathered", *cause)
    named = {"organisation_id": gathered.organisation_id, "event_id": event_id, "month": gathered.month}
    kind = int(Kind.DIGEST) if gathered.month else max(one.kind for one in messages)
    awaited = any(_of_mail(one.body).get("awaited") for one in messages) or not by_mail
    opens = _opens(tx.now, awaited=awaited)
    by = {id for one in messages for id in json.loads(one.body)["data"]["subscription_ids"]}
    if gathered.month and promising.had_digest(tx, endpoint_id, opens):
        for one in messages:
            promising.put_off(tx, endpoint_id, one, "", opens)
        return
    if preset := promising.passed(tx, kind, subscription_store.named(tx.connection, by), opens):
        for one in messages:
            promising.put_off(tx, endpoint_id, one, preset, opens)
        return

    def together(seq: int, at: str) -> str:
        told = digest.together(messages, seq=seq, at=at, **named)
        return promises.explained(told, messages, by_mail=by_mail) if gathered.month else told

    line_store.put(tx, [Line(event_id, endpoint_id, kind, together, opens)])


def body(due: Due, match: Match, box: Mailbox, seq: int, at: str) -> str:
    """The payload of a message, in kroner too, with what mail alone carries: figures with their places, dearest first."""
    items = due.items if due.kind in ANSWERS else sorted(due.items, key=_dearest_first)
    told = replace(due, said=replace(due.said, items=items), about=due.concerns)
    content = json.loads(payload(told, match, seq=seq, at=at, amounts=True))
    places = due.mail.get("places", {})
    figures = [_figure(item, places) for item in items if match.follows(item.about)]
    mail = {name: value for name, value in due.mail.items() if name != "places"}
    content["data"] |= {"subscription_ids": list(match.subscription_ids), "language": box.language}
    content["data"]["mail"] = mail | {"landing" if due.kind in ANSWERS else "figures": figures[:ITEMS_SHOWN]}
    return written(content)


def _dearest_first(item: Item) -> tuple[bool, bool, int]:
    """What moved before what stands where it stood, then by kroner a year; what is not priced last."""
    return moves.stands(item.facts), item.kroner is None, -abs(item.kroner or 0)


def _figure(item: Item, places: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "text": in_all(item.says),
        "priced": in_all(item.priced) if item.priced else {},
        "place": places.get(mail_facts.place_of(item.about.unit_id, item.about.key_figure)),
        "worth": item.kroner,
    }


def _of_mail(body: str) -> Mapping[str, Any]:
    """What mail alone carries; nothing where a message has none, such as a test."""
    found: Mapping[str, Any] = json.loads(body)["data"].get("mail", {})
    return found


def _unusable(code: str, **parameters: str) -> Refusal:
    return Refusal(code, grpc.StatusCode.INVALID_ARGUMENT, **parameters)
