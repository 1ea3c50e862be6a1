"""Which key figures of a peer group show a median, when that changed, and until when each subscription was told."""

import json
from collections.abc import Sequence, Set
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify.store import metadata, put

WHERE = ("scheme", "period", "peer_group")
Where = tuple[str, str, str]


def _where() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in WHERE]


group = sa.Table(
    "peer_group",
    metadata,
    *_where(),
    sa.Column("vintage", WIDE_INTEGER, nullable=False),  # the newest seen
    sa.Column("shown", sa.Text, nullable=False),  # JSON: key figures whose median is shown
)
change = sa.Table(
    "peer_group_change",
    metadata,
    *_where(),
    sa.Column("key_figure", sa.Text, primary_key=True),
    sa.Column("vintage", WIDE_INTEGER, primary_key=True),
    sa.Column("shown", sa.Integer, nullable=False),  # 1 from here on, 0 no longer
    sa.Column("at", sa.Text, nullable=False, index=True),  # when it was noted
)
told = sa.Table(
    "peer_group_told",
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("until", sa.Text, nullable=False),  # changes noted until then are told, or came to nothing
)

_SEEN = Statement(
    sa.select(group.c.vintage, group.c.shown).where(*(group.c[name] == sa.bindparam(name) for name in WHERE))
)


def note(tx: Transaction, where: Where, vintage: int, shown: Set[str], at: str) -> None:
    """Note which medians a group shows. What is seen first is where it starts, no change; an older vintage says nothing.

    at   when it was noted, ISO 8601 UTC; empty: it is no news, and changes are not told
    """
    named = dict(zip(WHERE, where, strict=True))
    before = next(iter(_SEEN.rows(tx.connection, **named)), None)
    if before is not None and before[0] >= vintage:
        return
    values = {"vintage": vintage, "shown": json.dumps(sorted(shown))}
    put(tx, group, [named | values], tuple(values))
    if before is None or not at:
        return
    changed = sorted(shown ^ set(json.loads(before[1])))
    at_once = named | {"vintage": vintage, "at": at}
    put(tx, change, [at_once | {"key_figure": one, "shown": int(one in shown)} for one in changed])


def changes(connection: sa.Connection, until: str) -> Sequence[sa.Row[Any]]:
    """Changes noted until a time, by cell, the oldest first."""
    order = [change.c[name] for name in (*WHERE, "key_figure", "vintage")]
    return connection.execute(sa.select(change).where(change.c.at <= until).order_by(*order)).all()


def forget(tx: Transaction, before: str) -> None:
    """Drop changes noted before a time."""
    tx.connection.execute(sa.delete(change).where(change.c.at < before))


def told_until(tx: Transaction, subscription_id: str) -> str:
    """Until when a subscription was told; empty: never."""
    chosen = sa.select(told.c.until).where(told.c.subscription_id == subscription_id)
    return tx.connection.execute(chosen).scalar() or ""


def tell(tx: Transaction, subscription_id: str, until: str) -> None:
    """Note until when a subscription is told."""
    put(tx, told, [{"subscription_id": subscription_id, "until": until}], ("until",))
