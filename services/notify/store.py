"""Endpoints and deliveries. A delivery is due once per event and endpoint, for ever under the same id."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
from services.notify.schedule import Hand, Room

metadata = sa.MetaData()
endpoint = sa.Table(
    "endpoint",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("channel", sa.Integer, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("disabled", sa.Integer, nullable=False, default=0),
    sa.Column("seq", WIDE_INTEGER, nullable=False, default=0),  # of the newest delivery
    sa.Column("proven", sa.Integer, nullable=False, default=0),  # the last attempt was delivered
    sa.Column("paused_until", sa.Text, nullable=False, default=""),  # the receiver asked to be spared
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
    sa.Column("lease_until", sa.Text, nullable=False),  # in hand until then; empty: in nobody's
    sa.UniqueConstraint("event_id", "endpoint_id"),
    sa.UniqueConstraint("endpoint_id", "seq"),
    sa.Index("delivery_due", "next_attempt_at"),
)
EXHAUSTED = 3  # of the contract
ENDPOINT_DISABLED = "endpoint disabled"


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
    proven: bool


def instant(time: datetime) -> str:
    """A time, in UTC, as text that sorts as times do."""
    return time.isoformat(timespec="microseconds")


def known(tx: Transaction, event_id: str) -> set[str]:
    """The endpoints an event is due at already."""
    rows = tx.connection.execute(sa.select(delivery.c.endpoint_id).where(delivery.c.event_id == event_id))
    return {r.endpoint_id for r in rows}


def next_seq(tx: Transaction, endpoint_id: str) -> tuple[int, bool]:
    """The next number of an endpoint, without gaps as it stands or falls with the delivery; and whether it is disabled."""
    mine = endpoint.c.endpoint_id == endpoint_id
    tx.connection.execute(sa.update(endpoint).where(mine).values(seq=endpoint.c.seq + 1))
    row = tx.connection.execute(sa.select(endpoint.c.seq, endpoint.c.disabled).where(mine)).one()
    return int(row.seq), bool(row.disabled)


def add_delivery(
    tx: Transaction, *, event_id: str, endpoint_id: str, seq: int, kind: int, body: str, disabled: bool
) -> None:
    """Make a message due now, under an id that follows from event and endpoint; at a disabled endpoint it is given up."""
    row = {
        "notification_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"noegletal:notification/{event_id}/{endpoint_id}")),
        "event_id": event_id,
        "endpoint_id": endpoint_id,
        "seq": seq,
        "kind": kind,
        "body": body,
        "attempts": 0,
        "outcome": EXHAUSTED if disabled else 0,
        "detail": ENDPOINT_DISABLED if disabled else "",
        "created_at": instant(tx.now),
        "next_attempt_at": "" if disabled else instant(tx.now),
        "lease_until": "",
    }
    tx.connection.execute(delivery.insert(), row)


def _due(now: datetime) -> sa.ColumnElement[bool]:
    planned = (delivery.c.next_attempt_at != "") & (delivery.c.next_attempt_at <= instant(now))
    return planned & (delivery.c.lease_until <= instant(now))


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether anything is due and in nobody's hands."""
    return connection.execute(sa.select(delivery.c.seq).where(_due(now)).limit(1)).first() is not None


def claim(tx: Transaction, hands: Mapping[str, Hand], room: Room, lease_seconds: float) -> list[Claimed]:
    """Take deliveries that are due in hand, as many as there is room for.

    If we die, each is due again, under the same id, when its lease ends. `hands`: what each endpoint has under way.
    """
    free, free_unproven = room.free(hands)
    if not free:
        return []
    full = [e for e, hand in hands.items() if hand.count >= room.at_endpoint(proven=True)]
    e = endpoint.c
    open_to = (e.proven == 1) & e.endpoint_id.not_in(full)
    if free_unproven:
        open_to |= (e.proven == 0) & e.endpoint_id.not_in(list(hands))
    chosen = (
        sa.select(delivery, e.organisation_id, e.channel, e.url, e.secret, e.proven)
        .join(endpoint, e.endpoint_id == delivery.c.endpoint_id)
        .where(_due(tx.now) & open_to & (e.disabled == 0) & (e.paused_until <= instant(tx.now)))
        .order_by(delivery.c.next_attempt_at, delivery.c.seq)
        .limit(free * 4)
    )
    taken: list[Claimed] = []
    for row in tx.connection.execute(chosen).all():
        mine = sum(c.endpoint_id == row.endpoint_id for c in taken)
        mine += hands[row.endpoint_id].count if row.endpoint_id in hands else 0
        unproven = sum(not c.proven for c in taken)
        if len(taken) < free and mine < room.at_endpoint(bool(row.proven)) and (row.proven or unproven < free_unproven):
            taken += _lease(tx, row, instant(tx.now + timedelta(seconds=lease_seconds)))
    return taken


def _lease(tx: Transaction, row: Any, until: str) -> list[Claimed]:
    """Take one delivery in hand unless another instance did so first."""
    same = (delivery.c.notification_id == row.notification_id) & (delivery.c.attempts == row.attempts)
    leased = sa.update(delivery).where(same).values(attempts=row.attempts + 1, lease_until=until)
    if tx.connection.execute(leased).rowcount != 1:
        return []
    return [
        Claimed(
            row.notification_id,
            row.event_id,
            row.endpoint_id,
            row.organisation_id,
            row.channel,
            row.url,
            row.secret,
            row.kind,
            row.body,
            row.attempts + 1,
            bool(row.proven),
        )
    ]


def settle(
    tx: Transaction, claimed: Claimed, *, outcome: int, detail: str, next_attempt_at: datetime | None, delivered: bool
) -> bool:
    """Note how an attempt ended and when the next is due, if ever. False: its lease ended and a later attempt has it."""
    same = (delivery.c.notification_id == claimed.notification_id) & (delivery.c.attempts == claimed.attempt)
    values = {
        "outcome": outcome,
        "detail": detail,
        "next_attempt_at": instant(next_attempt_at) if next_attempt_at else "",
        "lease_until": "",
    }
    if tx.connection.execute(sa.update(delivery).where(same).values(values)).rowcount != 1:
        return False
    mine = endpoint.c.endpoint_id == claimed.endpoint_id
    tx.connection.execute(sa.update(endpoint).where(mine).values(proven=int(delivered)))
    return True


def pause(tx: Transaction, endpoint_id: str, until: datetime) -> None:
    """Begin nothing at an endpoint for a while."""
    mine = endpoint.c.endpoint_id == endpoint_id
    tx.connection.execute(sa.update(endpoint).where(mine).values(paused_until=instant(until)))


def disable(tx: Transaction, endpoint_id: str) -> None:
    """Send nothing more to an endpoint: what waits for it is given up, visibly."""
    tx.connection.execute(sa.update(endpoint).where(endpoint.c.endpoint_id == endpoint_id).values(disabled=1))
    waiting = (delivery.c.endpoint_id == endpoint_id) & (delivery.c.next_attempt_at != "")
    given_up = {"outcome": EXHAUSTED, "detail": ENDPOINT_DISABLED, "next_attempt_at": "", "lease_until": ""}
    tx.connection.execute(sa.update(delivery).where(waiting).values(given_up))


def is_disabled(tx: Transaction, endpoint_id: str) -> bool:
    """Whether an endpoint wants nothing any more."""
    chosen = sa.select(endpoint.c.disabled).where(endpoint.c.endpoint_id == endpoint_id)
    return bool(tx.connection.execute(chosen).scalar())


def endpoints(connection: sa.Connection, organisation_id: str) -> Sequence[sa.Row[Any]]:
    """An organisation's endpoints."""
    mine = endpoint.c.organisation_id == organisation_id
    return connection.execute(sa.select(endpoint).where(mine).order_by(endpoint.c.endpoint_id)).all()


def deliveries(
    connection: sa.Connection, organisation_id: str, *, endpoint_id: str, after_seq: int, most: int
) -> Sequence[sa.Row[Any]]:
    """An organisation's deliveries, oldest first: an endpoint's from a number on, or the newest of every endpoint."""
    chosen = sa.select(delivery).join(endpoint, endpoint.c.endpoint_id == delivery.c.endpoint_id)
    chosen = chosen.where(endpoint.c.organisation_id == organisation_id).limit(most)
    if endpoint_id:
        mine = (delivery.c.endpoint_id == endpoint_id) & (delivery.c.seq > after_seq)
        return connection.execute(chosen.where(mine).order_by(delivery.c.seq)).all()
    newest = (delivery.c.created_at.desc(), delivery.c.endpoint_id.desc(), delivery.c.seq.desc())
    return connection.execute(chosen.order_by(*newest)).all()[::-1]


def send_again(tx: Transaction, notification_id: str) -> None:
    """Make a delivery due now under its old id; one that is in hand just now stays there."""
    mine = (delivery.c.notification_id == notification_id) & (delivery.c.lease_until <= instant(tx.now))
    again = {"outcome": 0, "detail": "asked for again", "next_attempt_at": instant(tx.now), "lease_until": ""}
    tx.connection.execute(sa.update(delivery).where(mine).values(again))


def found(tx: Transaction, notification_id: str) -> sa.Row[Any] | None:
    """A delivery with its endpoint's organisation and whether it is disabled; None where there is none."""
    chosen = sa.select(delivery, endpoint.c.organisation_id, endpoint.c.disabled).join(
        endpoint, endpoint.c.endpoint_id == delivery.c.endpoint_id
    )
    return tx.connection.execute(chosen.where(delivery.c.notification_id == notification_id)).first()
