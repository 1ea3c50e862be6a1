"""Subscriptions: who follows what, and where it is told."""

import sqlalchemy as sa

from services.notify.matching import Subscription
from services.notify.store import metadata

subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("endpoint_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Integer, nullable=False),  # 0: every kind
    sa.Column("key_figures", sa.Text, nullable=False),  # space-separated; empty: every key figure
)


def subscriptions(connection: sa.Connection, organisation_id: str) -> list[Subscription]:
    """An organisation's subscriptions."""
    mine = subscription.c.organisation_id == organisation_id
    rows = connection.execute(sa.select(subscription).where(mine).order_by(subscription.c.subscription_id))
    return [Subscription(r.subscription_id, r.endpoint_id, r.kind, frozenset(r.key_figures.split())) for r in rows]
