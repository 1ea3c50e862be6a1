"""Looks at units' standings, for those who follow quarters and thresholds; what was told of them; and when to look again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
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
    sa.Index("look_age", "at", *WHERE),
)
watch = sa.Table(
    "watch",
    metadata,
    *_where(),
    sa.Column("ripe_at", sa.Text, nullable=False),  # when it is to be judged; empty: when something new is known
    sa.Index("watch_ripe", "ripe_at"),
)
crossing = sa.Table(
    "crossing",  # the newest side a subscription was told, and what looks that are forgotten had come to
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    *_where(),
    sa.Column("side", sa.Integer),  # null: none was told yet
    sa.Column("told_at", sa.Text, nullable=False, default=""),
    sa.Column("start", sa.Integer),  # the side that was sure at first, and the one that was then; null: none
    sa.Column("sure", sa.Integer),
    sa.Column("vintage", WIDE_INTEGER, nullable=False, default=0),  # of the newest look that is forgotten; 0: none is
    sa.Index("crossing_where", *WHERE),
)


@dataclass(frozen=True)
class Known:
    """What is kept of a subscription and a unit's figure beside the looks. Sides: None: none.

    told          the side told last
    start, sure   what was sure at first, and after the look of `vintage`: up to that one looks are forgotten
    """

    told: int | None = None
    start: int | None = None
    sure: int | None = None
    vintage: int = 0


def keep(tx: Transaction, seen: Sequence[tuple[Sequence[str], int, str, bytes]], ripe_at: str) -> None:
    """Note looks, each once, and when their figures are to be judged: (whose and which figure, vintage, when, message)."""
    named = [dict(zip(WHERE, where, strict=True)) for where, _, _, _ in seen]
    rows = [
        one | {"vintage": vintage, "at": at, "message": message}
        for one, (_, vintage, at, message) in zip(named, seen, strict=True)
    ]
    put(tx, look, rows)
    put(tx, watch, [one | {"ripe_at": ripe_at} for one in named], ("ripe_at",))


def judge(tx: Transaction, times: Mapping[tuple[str, ...], str]) -> None:
    """Set when figures are to be judged."""
    rows = [{**dict(zip(WHERE, where, strict=True)), "ripe_at": ripe_at} for where, ripe_at in times.items()]
    put(tx, watch, rows, ("ripe_at",))


_DUE = (watch.c.ripe_at != "") & (watch.c.ripe_at <= sa.bindparam("now"))
_RIPE = (
    sa.select(*(watch.c[name] for name in WHERE))
    .where(_DUE)
    .order_by(watch.c.ripe_at, *(watch.c[name] for name in WHERE))
    .limit(sa.bindparam("most"))
)
_IS_RIPE = Statement(sa.select(watch.c.unit_id).where(_DUE).limit(1))


def ripe(connection: sa.Connection, now: str, most: int) -> list[tuple[str, ...]]:
    """Figures of units that are to be judged and no other instance has in hand, the oldest first."""
    found = connection.execute(_RIPE.with_for_update(skip_locked=True), {"now": now, "most": most})
    return [tuple(row) for row in found]


def is_ripe(connection: sa.Connection, now: str) -> bool:
    """Whether any figure of a unit is to be judged."""
    return bool(_IS_RIPE.rows(connection, now=now))


def looks(tx: Transaction, where: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """Every look at a unit's figure."""
    return tx.connection.execute(sa.select(look).where(placed(look, WHERE, where)).order_by(look.c.vintage)).all()


def known(tx: Transaction, where: Sequence[str]) -> dict[str, Known]:
    """By subscription, what is kept of a unit's figure."""
    rows = tx.connection.execute(sa.select(crossing).where(placed(crossing, WHERE, where)))
    return {r.subscription_id: Known(r.side, r.start, r.sure, r.vintage) for r in rows}


def old(connection: sa.Connection, before: str, beyond: Sequence[str], most: int) -> list[tuple[str, ...]]:
    """Looks from before a time, the oldest first, from beyond one on: each as its time and its figure."""
    place = [look.c.at, *(look.c[name] for name in WHERE)]
    chosen = sa.select(*place).distinct().where(look.c.at < before)
    chosen = chosen.where(sa.tuple_(*place) > sa.tuple_(*beyond)) if beyond else chosen
    return [tuple(row) for row in connection.execute(chosen.order_by(*place).limit(most))]


def fold(
    tx: Transaction, where: Sequence[str], vintage: int, into: Mapping[str, tuple[int | None, int | None]]
) -> None:
    """Forget a figure's looks up to a vintage. `into`: subscription -> what was sure at first and after them."""
    named = dict(zip(WHERE, where, strict=True))
    for subscription_id, (start, sure) in into.items():
        values = {"start": start, "sure": sure, "vintage": vintage}
        put(tx, crossing, [named | {"subscription_id": subscription_id} | values], tuple(values))
    here = placed(look, WHERE, where)
    tx.connection.execute(sa.delete(look).where(here & (look.c.vintage <= vintage)))
    if tx.connection.execute(sa.select(look.c.vintage).where(here).limit(1)).first() is None:
        tx.connection.execute(sa.delete(watch).where(placed(watch, WHERE, where) & (watch.c.ripe_at == "")))


def last_told(tx: Transaction, subscription_id: str) -> str:
    """When a subscription was told of a crossing last; empty: never."""
    mine = crossing.c.subscription_id == subscription_id
    return tx.connection.execute(sa.select(sa.func.max(crossing.c.told_at)).where(mine)).scalar() or ""


def tell(tx: Transaction, subscription_id: str, where: Sequence[str], side: int, at: str) -> None:
    """Note the side a subscription is told."""
    named = dict(zip(WHERE, where, strict=True))
    values = {"subscription_id": subscription_id, "side": side, "told_at": at}
    put(tx, crossing, [named | values], ("side", "told_at"))


def forget(tx: Transaction, subscription_id: str) -> None:
    """What a subscription was told no longer says anything: it follows something else, or is gone."""
    tx.connection.execute(sa.delete(crossing).where(crossing.c.subscription_id == subscription_id))
