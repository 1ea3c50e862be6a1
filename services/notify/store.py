"""Endpoints, subscriptions and deliveries. A delivery is due once per event and endpoint, for ever under the same id."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction

metadata = sa.MetaData()
endpoint = sa.Table(
    "endpoint",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("channel", sa.Integer, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("disabled", sa.Integer, nullable=False),
    sa.Column("seq", WIDE_INTEGER, nullable=False),  # of the newest delivery
)
subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("endpoint_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Integer, nullable=False),  # 0: every kind
    sa.Column("key_figures", sa.Text, nullable=False),  # space-separated; empty: every key figure
)
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("notification_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("endpoint_id", sa.Text, nullable=False),
    sa.Column("seq", WIDE_INTEGER, nullable=False),
    sa.Column("kind", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Integer, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("next_attempt_at", sa.Text, nullable=False),  # empty: none is planned
    sa.UniqueConstraint("event_id", "endpoint_id"),
    sa.UniqueConstraint("endpoint_id", "seq"),
    sa.Index("delivery_due", "next_attempt_at"),
)


@dataclass(frozen=True)
class Claimed:
    """A delivery in hand, with its endpoint. `attempt` counts from 1 and includes this one."""

    notification_id: str
    event_id: str
    endpoint_id: str
    organisation_id: str
    channel: int
    url: str
    secret: str
    kind: int
    body: str
    attempt: int


def instant(time: datetime) -> str:
    """A time as text that sorts as times do."""
    return time.isoformat(timespec="microseconds")


def listeners(tx: Transaction, organisation_id: str, kind: int, key_figures: frozenset[str]) -> list[sa.Row[Any]]:
    """Enabled endpoints, each with the first subscription by which it is due a message of this kind and these figures."""
    c = subscription.c
    chosen = (
        sa.select(c.subscription_id, c.key_figures, endpoint)
        .join(endpoint, endpoint.c.endpoint_id == c.endpoint_id)
        .where((c.organisation_id == organisation_id) & c.kind.in_((0, kind)) & (endpoint.c.disabled == 0))
    )
    due: dict[str, sa.Row[Any]] = {}
    for row in tx.connection.execute(chosen.order_by(c.subscription_id)):
        followed = set(row.key_figures.split())
        if not followed or not key_figures or followed & key_figures:
            due.setdefault(row.endpoint_id, row)
    return list(due.values())


def known(tx: Transaction, event_id: str, endpoint_id: str) -> bool:
    """Whether an event is due at an endpoint already."""
    chosen = (delivery.c.event_id == event_id) & (delivery.c.endpoint_id == endpoint_id)
    return tx.connection.execute(sa.select(delivery.c.seq).where(chosen)).first() is not None


def next_seq(tx: Transaction, endpoint_id: str) -> int:
    """The next number of an endpoint; without gaps, as it stands or falls with the delivery."""
    mine = endpoint.c.endpoint_id == endpoint_id
    tx.connection.execute(sa.update(endpoint).where(mine).values(seq=endpoint.c.seq + 1))
    return int(tx.connection.execute(sa.select(endpoint.c.seq).where(mine)).scalar_one())


def add_delivery(tx: Transaction, *, event_id: str, endpoint_id: str, seq: int, kind: int, body: str) -> str:
    """Make a message due now. Returns its id, which follows from event and endpoint."""
    notification_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"noegletal:notification/{event_id}/{endpoint_id}"))
    row = {
        "notification_id": notification_id,
        "event_id": event_id,
        "endpoint_id": endpoint_id,
        "seq": seq,
        "kind": kind,
        "body": body,
        "attempts": 0,
        "outcome": 0,
        "detail": "",
        "created_at": instant(tx.now),
        "next_attempt_at": instant(tx.now),
    }
    tx.connection.execute(delivery.insert(), row)
    return notification_id


def claim(tx: Transaction, most: int, busy: dict[str, int], per_endpoint: int, lease_seconds: float) -> list[Claimed]:
    """Take deliveries that are due in hand. If we die, each is due again, under the same id, when its lease ends.

    `busy` counts what each endpoint has in hand; one that has `per_endpoint` waits, so that a slow one delays nobody.
    """
    chosen = (
        sa.select(delivery, endpoint)
        .join(endpoint, endpoint.c.endpoint_id == delivery.c.endpoint_id)
        .where((delivery.c.next_attempt_at != "") & (delivery.c.next_attempt_at <= instant(tx.now)))
        .where(
            endpoint.c.endpoint_id.not_in([e for e, n in busy.items() if n >= per_endpoint])
            & (endpoint.c.disabled == 0)
        )
        .order_by(delivery.c.next_attempt_at, delivery.c.seq)
        .limit(most)
    )
    until, taken, counts = instant(tx.now + timedelta(seconds=lease_seconds)), [], dict(busy)
    for row in tx.connection.execute(chosen).mappings().all():
        endpoint_id = row[delivery.c.endpoint_id]
        counts[endpoint_id] = counts.get(endpoint_id, 0) + 1
        if counts[endpoint_id] > per_endpoint:
            continue
        identity = row[delivery.c.notification_id]
        leased = {"attempts": row[delivery.c.attempts] + 1, "next_attempt_at": until}
        tx.connection.execute(sa.update(delivery).where(delivery.c.notification_id == identity).values(leased))
        taken.append(
            Claimed(
                identity,
                row[delivery.c.event_id],
                endpoint_id,
                row[endpoint.c.organisation_id],
                row[endpoint.c.channel],
                row[endpoint.c.url],
                row[endpoint.c.secret],
                row[delivery.c.kind],
                row[delivery.c.body],
                row[delivery.c.attempts] + 1,
            )
        )
    return taken


def settle(
    tx: Transaction, notification_id: str, *, outcome: int, detail: str, next_attempt_at: datetime | None
) -> None:
    """Note how an attempt ended and when the next one is due, if ever."""
    values = {
        "outcome": outcome,
        "detail": detail,
        "next_attempt_at": instant(next_attempt_at) if next_attempt_at else "",
    }
    tx.connection.execute(sa.update(delivery).where(delivery.c.notification_id == notification_id).values(values))


def disable(tx: Transaction, endpoint_id: str) -> None:
    """Send nothing more to an endpoint."""
    tx.connection.execute(sa.update(endpoint).where(endpoint.c.endpoint_id == endpoint_id).values(disabled=1))


def endpoints(connection: sa.Connection, organisation_id: str) -> Sequence[sa.Row[Any]]:
    """An organisation's endpoints."""
    mine = endpoint.c.organisation_id == organisation_id
    return connection.execute(sa.select(endpoint).where(mine).order_by(endpoint.c.endpoint_id)).all()


def subscriptions(connection: sa.Connection, organisation_id: str) -> Sequence[sa.Row[Any]]:
    """An organisation's subscriptions."""
    mine = subscription.c.organisation_id == organisation_id
    return connection.execute(sa.select(subscription).where(mine).order_by(subscription.c.subscription_id)).all()


def deliveries(
    organisation_id: str, *, endpoint_id: str = "", notification_id: str = "", after_seq: int = 0
) -> sa.Select[Any]:
    """A question for an organisation's deliveries, oldest first."""
    chosen = sa.select(delivery).join(endpoint, endpoint.c.endpoint_id == delivery.c.endpoint_id)
    chosen = chosen.where((endpoint.c.organisation_id == organisation_id) & (delivery.c.seq > after_seq))
    if endpoint_id:
        chosen = chosen.where(delivery.c.endpoint_id == endpoint_id)
    if notification_id:
        chosen = chosen.where(delivery.c.notification_id == notification_id)
    return chosen.order_by(delivery.c.created_at, delivery.c.endpoint_id, delivery.c.seq)
