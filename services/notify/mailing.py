"""Mail, from what falls due to one attempt: what is told at once, what waits for others, and when nobody is disturbed."""

import asyncio
import json
import secrets
from datetime import datetime
from typing import Any

import grpc
from noegletal.v1 import notification_pb2 as pb

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import Refusal
from services.chassis.service import Service
from services.notify import digest, gathering, letter, links, mail_message, mail_store, quiet, store
from services.notify.answers import Attempt
from services.notify.gathering import Gathered
from services.notify.mail_channels import OutboxFolder, Post, SmtpPost
from services.notify.mail_message import Attachment
from services.notify.mail_settings import FETCH_SECONDS, MailSettings
from services.notify.mail_store import Gathering, Mailbox
from services.notify.matching import Match
from services.notify.payload import Due, payload
from services.notify.store import Claimed
from services.notify.wording import LANGUAGES, plain
from services.notify.workbooks import Away, Workbooks

LOOK_SECONDS = 0.5  # how often it is looked for what has waited long enough
FIGURES_SHOWN = 20
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
            return Attempt(False, "mail is not set up")
        recipient = mail_message.address(claimed.url)
        try:
            attached = await self._marked(claimed, box)
        except Away:
            return Attempt(False, "marked workbook not fetched")
        mail = await asyncio.to_thread(self._composed, claimed, box, recipient, attached)
        sent = {"notification_id": claimed.notification_id, "sender": self._settings.sender.address}
        return await self._post.send(mail, recipient=recipient, **sent)

    async def _marked(self, claimed: Claimed, box: Mailbox) -> Attachment | None:
        """The workbook to be corrected, if it can be had. Raises Away while it is worth trying again."""
        file = json.loads(claimed.body)["data"]["mail"].get("file")
        if not file or self._workbooks is None:
            return None
        try:
            return await self._workbooks.marked(claimed.organisation_id, file, box.language)
        except Away:
            if claimed.attempt < FETCHES:
                raise
            return None  # the mail does not wait for ever: it says how the workbook is had

    def _composed(self, claimed: Claimed, box: Mailbox, recipient: str, attached: Attachment | None) -> bytes:
        base = self._settings.mail_links or f"http://{self._service.http_address}"
        named = json.loads(claimed.body)["data"]["mail"].get("file")
        said = letter.WORDS[box.language]["attached" if attached else "file"]
        mail = mail_message.composed(
            letter.written(claimed.body, box.language),
            notification_id=claimed.notification_id,
            sender=self._settings.sender,
            recipient=recipient,
            links=links.links(base, claimed.notification_id, box.secret),
            at=datetime.fromisoformat(json.loads(claimed.body)["timestamp"]),
            notes=[said] if named else [],
            attachments=[attached] if attached else [],
        )
        return mail_message.as_sent(mail)

    def _tell(self, tx: Transaction) -> None:
        for gathered in mail_store.take(tx):
            _make_due_together(tx, gathered)


def make_due(tx: Transaction, due: Due, match: Match, box: Mailbox) -> None:
    """Put a message in line for a mailbox, or have it wait there: for the month's end, or for others of its kind."""
    endpoint_id = match.endpoint_id
    if mail_store.is_gathered(tx.connection, endpoint_id, due.event_id):
        return
    seq, disabled = 0, False
    month = quiet.month_of(tx.now) if due.kind in gathering.MONTHLY and not box.at_once else ""
    awaited = bool(due.mail.get("awaited"))
    told_at = mail_store.last_told(tx.connection, endpoint_id, gathering.kinds_with(due.kind))
    waits = gathering.waits_until(tx.now, told_at=told_at, awaited=awaited)
    tell_at = quiet.digest_opens(month) if month else waits
    if tell_at is None:
        seq, disabled = store.next_seq(tx, endpoint_id)
    body = _body(due, match, seq=seq, at=tx.now)
    if tell_at is None:
        _add(tx, endpoint_id, due.event_id, seq, due.kind, body, disabled=disabled)
    else:
        about = (due.kind, gathering.topic(due.kind, body), body, gathering.worth(body))
        one = Gathered(due.event_id, store.instant(tx.now), *about)
        mail_store.gather(tx, endpoint_id, one, tell_at=tell_at, month=month)


def not_before(body: str, at: datetime) -> datetime:
    """When a mail whose turn comes at `at` may go out: not in quiet hours, unless somebody waits for it."""
    return at if json.loads(body)["data"]["mail"].get("awaited") else quiet.opens(at)


def _make_due_together(tx: Transaction, gathered: Gathering) -> None:
    endpoint_id, messages = gathered.endpoint_id, gathered.messages
    alone = len(messages) == 1 and not gathered.month
    cause = (endpoint_id, gathered.month) if gathered.month else (endpoint_id, gathered.kind, gathered.tell_at)
    event_id = messages[0].event_id if alone else deterministic_id("gathered", *cause)
    seq, disabled = store.next_seq(tx, endpoint_id)
    said = {"organisation_id": gathered.organisation_id, "event_id": event_id, "month": gathered.month}
    body = digest.together(messages, seq=seq, at=_written(tx.now), **said)
    kind = int(pb.NOTIFICATION_KIND_DIGEST) if gathered.month else max(one.kind for one in messages)
    _add(tx, endpoint_id, event_id, seq, kind, body, disabled=disabled)


def _add(tx: Transaction, endpoint_id: str, event_id: str, seq: int, kind: int, body: str, *, disabled: bool) -> None:
    where = {"event_id": event_id, "endpoint_id": endpoint_id}
    store.add_delivery(tx, **where, seq=seq, kind=kind, body=body, disabled=disabled)
    mail_store.put_off(tx, **where, until=not_before(body, tx.now))


def _body(due: Due, match: Match, *, seq: int, at: datetime) -> str:
    """The payload of a message with what mail alone carries: figures with places and what they cost, dearest first."""
    content = json.loads(payload(due, match, seq=seq, at=_written(at)))
    figures = [f for f in due.mail.get("figures", []) if match.follows(f["key_figure"])]
    figures.sort(key=lambda f: (f["worth"] is None, -abs(f["worth"] or 0)))
    content["data"]["subscription_ids"] = list(match.subscription_ids)
    content["data"]["mail"] = {**due.mail, "figures": figures[:FIGURES_SHOWN]}
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _unusable(code: str, **parameters: str) -> Refusal:
    return Refusal(code, grpc.StatusCode.INVALID_ARGUMENT, **parameters)
