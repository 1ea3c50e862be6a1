"""An assessment and the standing it led to, while one waits for the other: so that one receipt can tell both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
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


@dataclass(frozen=True)
class Place:
    """Where an assessment and a standing meet: they are of one revision of a unit."""

    organisation_id: str
    unit_id: str
    scheme: str
    period: str
    revision: int


def is_known(tx: Transaction, event_id: str) -> bool:
    """Whether an event waits or was told."""
    mine = meeting.c.event_id == event_id
    return tx.connection.execute(sa.select(meeting.c.half).where(mine)).first() is not None


def waiting(tx: Transaction, place: Place, half: str) -> Any | None:
    """The half that waits at a place; None where none does."""
    c = meeting.c
    here = (c.organisation_id == place.organisation_id) & (c.unit_id == place.unit_id) & (c.scheme == place.scheme)
    here &= (c.period == place.period) & (c.revision == place.revision) & (c.half == half) & (c.ripe_at != "")
    return tx.connection.execute(sa.select(meeting).where(here).order_by(c.event_id)).first()


def keep(tx: Transaction, place: Place, half: str, event_id: str, message: bytes, ripe_at: str) -> None:
    """Note a half: that it waits, or with an empty time that it is told."""
    values = {"event_id": event_id, "half": half, "message": message if ripe_at else b"", "ripe_at": ripe_at}
    tx.connection.execute(meeting.insert(), values | place.__dict__ | {"at": instant(tx.now)})


def told(tx: Transaction, event_id: str) -> None:
    """Note that a half that waited is told."""
    mine = meeting.c.event_id == event_id
    tx.connection.execute(sa.update(meeting).where(mine).values(message=b"", ripe_at=""))


def place(row: Any) -> Place:
    """Where a half waits."""
    return Place(row.organisation_id, row.unit_id, row.scheme, row.period, row.revision)


def ripe(connection: sa.Connection, now: str, most: int, *, lock: bool = False) -> Sequence[sa.Row[Any]]:
    """Halves that waited long enough, the oldest first. `lock`: those no other instance has in hand, until we commit."""
    due = (meeting.c.ripe_at != "") & (meeting.c.ripe_at <= now)
    chosen = sa.select(meeting).where(due).order_by(meeting.c.ripe_at, meeting.c.event_id).limit(most)
    return connection.execute(chosen.with_for_update(skip_locked=True) if lock else chosen).all()


def prune(tx: Transaction, before: datetime, most: int) -> int:
    """Forget halves that came before a time and are told, so many at most; returns how many."""
    old = sa.select(meeting.c.event_id).where(meeting.c.ripe_at == "", meeting.c.at < instant(before)).limit(most)
    return int(tx.connection.execute(sa.delete(meeting).where(meeting.c.event_id.in_(old))).rowcount)
