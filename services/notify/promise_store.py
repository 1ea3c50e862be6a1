"""How many messages each subscription that follows by a preset has brought in its newest month."""

import sqlalchemy as sa

from services.chassis.database import upsert
from services.chassis.outbox import Transaction
from services.notify.store import metadata

promise = sa.Table(
    "promise",
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, nullable=False),  # such as 2026-11; what came before it no longer counts
    sa.Column("messages", sa.Integer, nullable=False),
)


def counted(tx: Transaction, subscription_id: str, month: str) -> int:
    """Messages of a month. Nobody else counts for the subscription until the transaction ends.

    A month before the newest counts as that: clocks may differ by moments.
    """
    mine = promise.c.subscription_id == subscription_id
    fresh = {"subscription_id": subscription_id, "month": month, "messages": 0}
    tx.connection.execute(upsert(tx.connection, promise).values(fresh).on_conflict_do_nothing())
    tx.connection.execute(sa.update(promise).where(mine, promise.c.month < month).values(month=month, messages=0))
    chosen = sa.select(promise.c.messages).where(mine).with_for_update()
    return int(tx.connection.execute(chosen).scalar_one())


def count(tx: Transaction, subscription_id: str) -> None:
    """Count one more message."""
    mine = promise.c.subscription_id == subscription_id
    tx.connection.execute(sa.update(promise).where(mine).values(messages=promise.c.messages + 1))


def forget(tx: Transaction, subscription_id: str) -> None:
    """A subscription is gone."""
    tx.connection.execute(sa.delete(promise).where(promise.c.subscription_id == subscription_id))
