"""Mailboxes and what waits to be told in them together. A message is gathered once per event and mailbox."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify import subscription_store
from services.notify.gathering import Gathered, kinds_with
from services.notify.store import EXHAUSTED, delivery, endpoint, instant, metadata, plan, put

mailbox = sa.Table(
    "mailbox",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, nullable=False),  # da or en
    sa.Column("at_once", sa.Integer, nullable=False),  # nothing waits for the month's digest
    sa.Column("secret", sa.Text, nullable=False),  # signs the links that stop messages
)
gathered = sa.Table(
    "gathered",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Integer, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),  # what it is about
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("worth", WIDE_INTEGER),  # kroner a year; null: not priced
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("tell_at", sa.Text, nullable=False),  # empty: told, or not to be told any more
    sa.Column("month", sa.Text, nullable=False),  # of a digest, such as 2026-11; empty: follows a first message
    sa.Index("gathered_due", "tell_at", "at"),
)
mail_link = sa.Table(
    "mail_link",  # of mails whose deliveries are forgotten: what their links stop
    metadata,
    sa.Column("notification_id", sa.Text, primary_key=True),
    sa.Column("endpoint_id", sa.Text, nullable=False, index=True),
    sa.Column("body", sa.Text, nullable=False),  # JSON: of the payload, subjects and subscriptions alone
    sa.Column("at", sa.Text, nullable=False, index=True),  # when the delivery was forgotten
)


def _due(now: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return (gathered.c.tell_at != "") & (gathered.c.tell_at <= now)


_MAILBOX = Statement(sa.select(mailbox).where(mailbox.c.endpoint_id == sa.bindparam("which")))
_GATHERED = Statement(
    sa.select(gathered.c.kind).where(
        gathered.c.endpoint_id == sa.bindparam("which"), gathered.c.event_id == sa.bindparam("event")
    )
)
_IS_DUE = Statement(sa.select(gathered.c.kind).where(_due(sa.bindparam("now"))).limit(1))
_LAST_TOLD = Statement(
    sa.select(sa.func.max(delivery.c.created_at)).where(
        delivery.c.endpoint_id == sa.bindparam("which"),
        delivery.c.kind.in_([sa.bindparam("one"), sa.bindparam("other")]),
    )
)
LINKS_KEPT = timedelta(days=730)  # beyond the delivery: as long as anybody may press a button in an old mail
UNSUBSCRIBED = "unsubscribed"
GIVEN_UP = {"outcome": EXHAUSTED, "detail": UNSUBSCRIBED, "next_attempt_at": "", "in_hand": 0}


@dataclass(frozen=True)
class Mailbox:
    """An address people read, in their language. `at_once`: nothing waits for the month's digest."""

    endpoint_id: str
    language: str
    at_once: bool
    secret: str


@dataclass(frozen=True)
class Gathering:
    """What is told in one mail. `month`: of a digest."""

    endpoint_id: str
    organisation_id: str
    kind: int
    month: str
    tell_at: str
    messages: Sequence[Gathered]


def add_mailbox(tx: Transaction, kept: Mailbox) -> None:
    """Keep what an endpoint for mail has beyond any other."""
    tx.connection.execute(mailbox.insert().values(**{**vars(kept), "at_once": int(kept.at_once)}))


def mailbox_of(connection: sa.Connection, endpoint_id: str) -> Mailbox | None:
    """The mailbox of an endpoint; None: it is not for mail."""
    return mailboxes(connection, [endpoint_id]).get(endpoint_id)


def mailboxes(connection: sa.Connection, endpoint_ids: Iterable[str]) -> dict[str, Mailbox]:
    """The mailboxes among endpoints, by endpoint."""
    found = (row for one in endpoint_ids for row in _MAILBOX.rows(connection, which=one))
    return {name: Mailbox(name, language, bool(at_once), secret) for name, language, at_once, secret in found}


def delivery_of(connection: sa.Connection, notification_id: str) -> sa.Row[Any] | None:
    """A delivery; None where there is none."""
    return connection.execute(sa.select(delivery).where(delivery.c.notification_id == notification_id)).first()


def linked(connection: sa.Connection, notification_id: str) -> sa.Row[Any] | None:
    """The endpoint and body of a mail, by which its links stop it, its delivery forgotten or not; None: no such mail."""
    kept = sa.select(mail_link).where(mail_link.c.notification_id == notification_id)
    return delivery_of(connection, notification_id) or connection.execute(kept).first()


def keep_links(tx: Transaction, endpoint_id: str, notification_ids: Sequence[str]) -> None:
    """Keep what the links of mails stop, while their deliveries are forgotten; nothing where the endpoint is not for mail."""
    if mailbox_of(tx.connection, endpoint_id) is None:
        return
    chosen = sa.select(delivery).where(delivery.c.notification_id.in_(notification_ids))
    for row in tx.connection.execute(chosen).all():
        data = json.loads(row.body)["data"]
        words = {language: {"subject": said["subject"]} for language, said in data["words"].items()}
        body = json.dumps({"data": {"words": words, "subscription_ids": data["subscription_ids"]}})
        kept = {"notification_id": row.notification_id, "endpoint_id": endpoint_id, "body": body, "at": instant(tx.now)}
        tx.connection.execute(mail_link.insert(), kept)


def prune(tx: Transaction, before: datetime, most: int) -> int:
    """Forget what gathered before a time and is told, and links that are older than anybody presses; returns how many."""
    c = gathered.c
    old = sa.select(c.endpoint_id, c.event_id).where(c.tell_at == "", c.at < instant(before)).limit(most)
    told = tx.connection.execute(sa.delete(gathered).where(sa.tuple_(c.endpoint_id, c.event_id).in_(old))).rowcount
    outlived = mail_link.c.at < instant(tx.now - LINKS_KEPT)
    chosen = sa.select(mail_link.c.notification_id).where(outlived).limit(most)
    ended = tx.connection.execute(sa.delete(mail_link).where(mail_link.c.notification_id.in_(chosen))).rowcount
    return int(told + ended)


def last_told(connection: sa.Connection, endpoint_id: str, kinds: Collection[int]) -> datetime | None:
    """When the newest message of some kinds, two at most, fell due at an endpoint; None: none did yet."""
    asked = {"which": endpoint_id, "one": min(kinds), "other": max(kinds)}
    ((found,),) = _LAST_TOLD.rows(connection, **asked)
    return datetime.fromisoformat(found) if found else None


def is_gathered(connection: sa.Connection, endpoint_id: str, event_id: str) -> bool:
    """Whether an event waits, or has waited, in a mailbox."""
    return bool(_GATHERED.rows(connection, which=endpoint_id, event=event_id))


def gather(tx: Transaction, endpoint_id: str, one: Gathered, *, tell_at: datetime, month: str = "") -> None:
    """Have a message wait until it is told with others; one that waited already, until then."""
    row = {**vars(one), "endpoint_id": endpoint_id, "tell_at": instant(tell_at.astimezone(UTC)), "month": month}
    put(tx, gathered, [row], ("body", "tell_at", "month"))


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether something that waited is to be told now."""
    return bool(_IS_DUE.rows(connection, now=instant(now)))


def take(tx: Transaction) -> list[Gathering]:
    """What is to be told now, mail by mail, with what else waits to be told in one; it is told once this is durable."""
    due = (
        tx.connection.execute(sa.select(gathered.c.endpoint_id).where(_due(instant(tx.now))).distinct()).scalars().all()
    )
    chosen = sa.select(gathered, endpoint.c.organisation_id).join(
        endpoint, endpoint.c.endpoint_id == gathered.c.endpoint_id
    )
    waiting = gathered.c.endpoint_id.in_(due) & (gathered.c.tell_at != "")
    mails: dict[tuple[str, str, int], list[sa.Row[Any]]] = {}
    ordered = chosen.where(waiting).order_by(gathered.c.tell_at, gathered.c.event_id)
    for row in tx.connection.execute(ordered.with_for_update(of=gathered, skip_locked=True)):
        key = (row.endpoint_id, row.month, 0 if row.month else min(kinds_with(row.kind)))
        mails.setdefault(key, []).append(row)
    told = {key: rows for key, rows in mails.items() if rows[0].tell_at <= instant(tx.now)}
    for (endpoint_id, _, _), rows in told.items():
        mine = (gathered.c.endpoint_id == endpoint_id) & gathered.c.event_id.in_([r.event_id for r in rows])
        tx.connection.execute(sa.update(gathered).where(mine).values(tell_at=""))
    return [_gathering(key, rows) for key, rows in sorted(told.items())]


def stop(tx: Transaction, endpoint_id: str, subscription_ids: Sequence[str] | None) -> int:
    """End subscriptions of an endpoint, all where none are named, and what waits to be told by them alone; how many ended.

    What was promised before is given up visibly.
    """
    there = set(subscription_store.at_endpoint(tx.connection, endpoint_id))
    ended = there if subscription_ids is None else there & set(subscription_ids)
    for subscription_id in sorted(ended):
        subscription_store.remove(tx, subscription_id)
    left = there - ended
    for table, key, waiting, given_up in (
        (delivery, "notification_id", delivery.c.next_attempt_at != "", GIVEN_UP),
        (gathered, "event_id", gathered.c.tell_at != "", {"tell_at": ""}),
    ):
        here = table.c.endpoint_id == endpoint_id
        rows = tx.connection.execute(sa.select(table.c[key], table.c.body).where(here & waiting)).all()
        gone = [row[0] for row in rows if not left & set(json.loads(row.body)["data"]["subscription_ids"])]
        tx.connection.execute(sa.update(table).where(here & table.c[key].in_(gone)).values(given_up))
    plan(tx, {endpoint_id})
    return len(ended)


def is_stopped(connection: sa.Connection, notification_id: str) -> bool:
    """Whether whoever was to read a message has stopped it meanwhile."""
    found = delivery_of(connection, notification_id)
    return found is not None and found.detail == UNSUBSCRIBED


def forget(tx: Transaction, endpoint_id: str) -> None:
    """Forget a mailbox and what waits for it."""
    for table in (mailbox, gathered, mail_link):
        tx.connection.execute(sa.delete(table).where(table.c.endpoint_id == endpoint_id))


def _gathering(key: tuple[str, str, int], rows: Sequence[sa.Row[Any]]) -> Gathering:
    endpoint_id, month, kind = key
    messages = [Gathered(r.event_id, r.at, r.kind, r.topic, r.body, r.worth) for r in rows]
    return Gathering(endpoint_id, rows[0].organisation_id, kind, month, rows[0].tell_at, messages)
