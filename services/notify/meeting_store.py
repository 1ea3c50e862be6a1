"""An assessment and the standing it led to, while one waits for the other: so that one receipt can tell both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, insert
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify.store import instant, metadata

meeting = sa.Table(
    "meeting",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("half", sa.Text, nullable=False),  # assessed or landed
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("scheme", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("revision", WIDE_INTEGER, nullable=False),
    sa.Column("message", sa.LargeBinary, nullable=False),  # empty once it is told
    sa.Column("ripe_at", sa.Text, nullable=False),  # when it no longer waits; empty: it is told
    sa.Column("at", sa.Text, nullable=False),  # when it came
    sa.Index("meeting_place", "organisation_id", "unit_id", "scheme", "period", "revision"),
    sa.Index("meeting_ripe", "ripe_at", "at"),
)
ASSESSED, LANDED = "assessed", "landed"
WHERE = ("organisation_id", "unit_id", "scheme", "period", "revision")
_KNOWN = Statement(sa.select(meeting.c.half).where(meeting.c.event_id == sa.bindparam("event")))
_WAITING = Statement(
    sa.select(meeting.c.event_id, meeting.c.message)
    .where(*(meeting.c[name] == sa.bindparam(name) for name in WHERE))
    .where(meeting.c.half == sa.bindparam("other"), meeting.c.ripe_at != "")
    .order_by(meeting.c.event_id)
    .limit(1)
)
_TOLD = Statement(
    sa.update(meeting)
    .where(meeting.c.event_id == sa.bindparam("event"))
    .values(message=sa.literal(b"", sa.LargeBinary), ripe_at="")
)
_DUE = (meeting.c.ripe_at != "") & (meeting.c.ripe_at <= sa.bindparam("now"))
_RIPE = sa.select(meeting).where(_DUE).order_by(meeting.c.ripe_at, meeting.c.event_id).limit(sa.bindparam("most"))
_IS_RIPE = Statement(sa.select(meeting.c.half).where(_DUE).limit(1))


@dataclass(frozen=True)
class Place:
    """Where an assessment and a standing meet: they are of one revision of a unit."""

    organisation_id: str
    unit_id: str
    scheme: str
    period: str
    revision: int


@dataclass(frozen=True)
class Half:
    """An event that waits, or is told, and its bytes."""

    half: str
    event_id: str
    message: bytes


def is_known(tx: Transaction, event_id: str) -> bool:
    """Whether an event waits or was told."""
    return bool(_KNOWN.rows(tx.connection, event=event_id))


def waiting(tx: Transaction, place: Place, half: str) -> Half | None:
    """The half that waits at a place; None where none does."""
    found = _WAITING.rows(tx.connection, other=half, **vars(place))
    return next((Half(half, event_id, bytes(message)) for event_id, message in found), None)


def keep(tx: Transaction, place: Place, half: str, event_id: str, message: bytes, ripe_at: str) -> None:
    """Note a half: that it waits, or with an empty time that it is told."""
    values = {"event_id": event_id, "half": half, "message": message if ripe_at else b"", "ripe_at": ripe_at}
    insert(tx.connection, meeting, [values | vars(place) | {"at": instant(tx.now)}])


def told(tx: Transaction, event_id: str) -> None:
    """Note that a half that waited is told."""
    _TOLD.run(tx.connection, event=event_id)


def place(row: Any) -> Place:
    """Where a half waits."""
    return Place(row.organisation_id, row.unit_id, row.scheme, row.period, row.revision)


def ripe(connection: sa.Connection, now: str, most: int) -> Sequence[sa.Row[Any]]:
    """Halves that waited long enough and no other instance has in hand, the oldest first. They are ours until we commit."""
    return connection.execute(_RIPE.with_for_update(skip_locked=True), {"now": now, "most": most}).all()


def is_ripe(connection: sa.Connection, now: str) -> bool:
    """Whether any half has waited long enough."""
    return bool(_IS_RIPE.rows(connection, now=now))


def prune(tx: Transaction, before: datetime, most: int) -> int:
    """Forget halves that came before a time and are told, so many at most; returns how many."""
    old = sa.select(meeting.c.event_id).where(meeting.c.ripe_at == "", meeting.c.at < instant(before)).limit(most)
    return int(tx.connection.execute(sa.delete(meeting).where(meeting.c.event_id.in_(old))).rowcount)
