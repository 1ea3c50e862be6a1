"""Looks at units' standings, for those who follow quarters and thresholds; what was told of them; and when to look again."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
from services.notify.store import metadata, placed, put

WHERE = ("organisation_id", "unit_id", "scheme", "period", "key_figure")


def _where() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in WHERE]


look = sa.Table(
    "look",
    metadata,
    *_where(),
    sa.Column("vintage", WIDE_INTEGER, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),  # when it was published
    sa.Column("message", sa.LargeBinary, nullable=False),  # the StandingChanged with this one standing
)
watch = sa.Table(
    "watch",
    metadata,
    *_where(),
    sa.Column("ripe_at", sa.Text, nullable=False),  # when it is to be judged; empty: when something new is known
    sa.Index("watch_ripe", "ripe_at"),
)
crossing = sa.Table(
    "crossing",  # the newest side a subscription was told
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    *_where(),
    sa.Column("side", sa.Integer, nullable=False),
    sa.Column("told_at", sa.Text, nullable=False),
)


def keep(tx: Transaction, where: Sequence[str], vintage: int, at: str, message: bytes, ripe_at: str) -> None:
    """Note a look, once, and when the figure is to be judged."""
    named = dict(zip(WHERE, where, strict=True))
    put(tx, look, named | {"vintage": vintage, "at": at, "message": message})
    judge(tx, where, ripe_at)


def judge(tx: Transaction, where: Sequence[str], ripe_at: str) -> None:
    """Set when a figure is to be judged."""
    put(tx, watch, {**dict(zip(WHERE, where, strict=True)), "ripe_at": ripe_at}, ("ripe_at",))


def ripe(connection: sa.Connection, now: str, most: int, *, lock: bool = False) -> list[tuple[str, ...]]:
    """Figures of units that are to be judged, the oldest first. `lock`: those no other instance has in hand."""
    due = (watch.c.ripe_at != "") & (watch.c.ripe_at <= now)
    chosen = sa.select(watch).where(due).order_by(watch.c.ripe_at, *(watch.c[name] for name in WHERE)).limit(most)
    chosen = chosen.with_for_update(skip_locked=True) if lock else chosen
    return [tuple(row[:5]) for row in connection.execute(chosen)]


def looks(tx: Transaction, where: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """Every look at a unit's figure."""
    return tx.connection.execute(sa.select(look).where(placed(look, WHERE, where)).order_by(look.c.vintage)).all()


def told(tx: Transaction, subscription_id: str, where: Sequence[str]) -> int | None:
    """The side a subscription was told last; None: none yet."""
    mine = (crossing.c.subscription_id == subscription_id) & placed(crossing, WHERE, where)
    return tx.connection.execute(sa.select(crossing.c.side).where(mine)).scalar()


def last_told(tx: Transaction, subscription_id: str) -> str:
    """When a subscription was told of a crossing last; empty: never."""
    mine = crossing.c.subscription_id == subscription_id
    return tx.connection.execute(sa.select(sa.func.max(crossing.c.told_at)).where(mine)).scalar() or ""


def tell(tx: Transaction, subscription_id: str, where: Sequence[str], side: int, at: str) -> None:
    """Note the side a subscription is told."""
    named = dict(zip(WHERE, where, strict=True))
    values = {"subscription_id": subscription_id, "side": side, "told_at": at}
    put(tx, crossing, named | values, ("side", "told_at"))


def forget(tx: Transaction, subscription_id: str) -> None:
    """What a subscription was told no longer says anything: it follows something else, or is gone."""
    tx.connection.execute(sa.delete(crossing).where(crossing.c.subscription_id == subscription_id))
