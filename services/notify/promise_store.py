"""How many messages each subscription that follows by a preset has brought in its newest month."""

import sqlalchemy as sa

from services.chassis.database import upserting
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify.store import metadata

promise = sa.Table(
    "promise",
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, nullable=False),  # such as 2026-11; what came before it no longer counts
    sa.Column("messages", sa.Integer, nullable=False),
)


_MINE = promise.c.subscription_id == sa.bindparam("which")
_BEGIN = Statement(lambda kind: upserting(kind, promise).on_conflict_do_nothing())
_NEXT_MONTH = Statement(
    sa.update(promise)
    .where(_MINE, promise.c.month < sa.bindparam("this_month"))
    .values(month=sa.bindparam("this_month"), messages=0)
)
_COUNTED = Statement(sa.select(promise.c.messages).where(_MINE).with_for_update())
_COUNT = Statement(sa.update(promise).where(_MINE).values(messages=promise.c.messages + 1))


def counted(tx: Transaction, subscription_id: str, month: str) -> int:
    """Messages of a month. Nobody else counts for the subscription until the transaction ends.

    A month before the newest counts as that: clocks may differ by moments.
    """
    _BEGIN.run(tx.connection, subscription_id=subscription_id, month=month, messages=0)
    _NEXT_MONTH.run(tx.connection, which=subscription_id, this_month=month)
    ((messages,),) = _COUNTED.rows(tx.connection, which=subscription_id)
    return int(messages)


def count(tx: Transaction, subscription_id: str) -> None:
    """Count one more message."""
    _COUNT.run(tx.connection, which=subscription_id)


def forget(tx: Transaction, subscription_id: str) -> None:
    """A subscription is gone."""
    tx.connection.execute(sa.delete(promise).where(promise.c.subscription_id == subscription_id))
