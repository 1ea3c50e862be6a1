"""Subscriptions: who follows what, and where it is told."""

import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify import look_store, promise_store
from services.notify.matching import Subscription
from services.notify.store import instant, metadata
from services.notify.thresholds import Threshold

subscription = sa.Table(
    "subscription",
    metadata,
    sa.Column("subscription_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("endpoint_id", sa.Text, nullable=False),
    sa.Column("follows", sa.Text, nullable=False),  # JSON: what a Subscription names, lists sorted
    sa.Column("since", sa.Text, nullable=False),  # when it was made, or last changed what it follows
    sa.Column("paused_until", sa.Text, nullable=False, default=""),  # empty: not paused
)
# asked with nearly every transaction, so made once
_FOLLOWED = sa.select(subscription.c.follows).distinct()
_FOLLOWERS = (
    sa.select(subscription)
    .where(subscription.c.organisation_id.in_(sa.bindparam("organisations", expanding=True)))
    .where(subscription.c.paused_until <= sa.bindparam("now"))
    .order_by(subscription.c.subscription_id)
)
FOR_GOOD = "9999"  # paused until resumed: later than any time as text
LISTS = ("kinds", "key_figures", "unit_ids", "peer_groups")


def follows(one: Subscription) -> str:
    """What a subscription follows, as it is kept: the same for the same, whatever the order it was named in."""
    named: dict[str, Any] = {name: sorted(getattr(one, name)) for name in LISTS}
    if one.threshold is not None:
        limit, tolerance = one.threshold, one.threshold.tolerance
        named["threshold"] = [limit.measure, str(limit.limit), str(limit.hysteresis), str(tolerance or "")]
    named |= {"preset": one.preset, "language": one.language, "scheme": one.scheme}
    return json.dumps({name: value for name, value in named.items() if value}, sort_keys=True)


def read(row: Any) -> Subscription:
    """A subscription as it was kept."""
    named: Mapping[str, Any] = json.loads(row.follows)
    threshold = None
    if given := named.get("threshold"):
        tolerance = Decimal(given[3]) if given[3] else None
        threshold = Threshold(given[0], Decimal(given[1]), Decimal(given[2]), tolerance)
    lists: dict[str, Any] = {name: frozenset(named.get(name, ())) for name in LISTS}
    language, preset = named.get("language", "da"), named.get("preset", "")
    return Subscription(
        row.subscription_id,
        row.endpoint_id,
        **lists,
        threshold=threshold,
        scheme=named.get("scheme", ""),
        preset=preset,
        language=language,
        since=row.since,
    )


def followers(connection: sa.Connection, organisations: Collection[str], now: str) -> dict[str, list[Subscription]]:
    """Of many organisations those that have subscriptions, with all that are not paused at a time."""
    by_organisation: dict[str, list[Subscription]] = {}
    for row in connection.execute(_FOLLOWERS, {"organisations": list(organisations), "now": now}):
        by_organisation.setdefault(row.organisation_id, []).append(read(row))
    return by_organisation


def at_endpoint(connection: sa.Connection, endpoint_id: str) -> list[str]:
    """The ids of the subscriptions that lead to an endpoint."""
    mine = subscription.c.endpoint_id == endpoint_id
    return list(connection.execute(sa.select(subscription.c.subscription_id).where(mine)).scalars())


def subscriptions(connection: sa.Connection, organisation_id: str, now: str) -> list[Subscription]:
    """An organisation's subscriptions that are not paused at a time."""
    return [read(row) for row in rows(connection, organisation_id) if not row.paused_until > now]


def rows(connection: sa.Connection, organisation_id: str) -> Sequence[sa.Row[Any]]:
    """An organisation's subscriptions as they are kept, paused ones too."""
    mine = subscription.c.organisation_id == organisation_id
    return connection.execute(sa.select(subscription).where(mine).order_by(subscription.c.subscription_id)).all()


def organisations(connection: sa.Connection) -> list[str]:
    """Organisations that follow anything: whom an event that is nobody's own may have to be told."""
    chosen = sa.select(subscription.c.organisation_id).distinct().order_by(subscription.c.organisation_id)
    return list(connection.execute(chosen).scalars())


def following(connection: sa.Connection, kind: int, *, hold: bool = False) -> list[str]:
    """Organisations with a subscription that names a kind, paused ones too.

    hold   no other instance gets past here until the transaction ends, so that two do not tell the same
    """
    chosen = sa.select(subscription).order_by(subscription.c.subscription_id)
    rows = connection.execute(chosen.with_for_update() if hold else chosen)
    return sorted({row.organisation_id for row in rows if kind in read(row).kinds})


def is_followed(connection: sa.Connection, kind: int) -> bool:
    """Whether any subscription names a kind, a paused one too."""
    return any(kind in json.loads(kept).get("kinds", ()) for kept in connection.execute(_FOLLOWED).scalars())


def named(connection: sa.Connection, subscription_ids: Collection[str]) -> list[Subscription]:
    """Those of some subscriptions that are there."""
    chosen = sa.select(subscription).where(subscription.c.subscription_id.in_(subscription_ids))
    return [read(row) for row in connection.execute(chosen.order_by(subscription.c.subscription_id))]


def found(connection: sa.Connection, subscription_id: str) -> sa.Row[Any] | None:
    """One subscription; None where there is none."""
    mine = subscription.c.subscription_id == subscription_id
    return connection.execute(sa.select(subscription).where(mine)).first()


def add(tx: Transaction, organisation_id: str, one: Subscription) -> None:
    """Keep a new subscription."""
    row = {"organisation_id": organisation_id, "follows": follows(one), "since": instant(tx.now), "paused_until": ""}
    ids = {"subscription_id": one.subscription_id, "endpoint_id": one.endpoint_id}
    tx.connection.execute(subscription.insert(), row | ids)


def change(tx: Transaction, one: Subscription) -> None:
    """Follow something else, from now on, under the same id."""
    mine = subscription.c.subscription_id == one.subscription_id
    values = {"endpoint_id": one.endpoint_id, "follows": follows(one), "since": instant(tx.now)}
    tx.connection.execute(sa.update(subscription).where(mine).values(values))


def pause(tx: Transaction, subscription_id: str, until: str) -> None:
    """Tell nothing by a subscription until a time; empty: tell again."""
    mine = subscription.c.subscription_id == subscription_id
    tx.connection.execute(sa.update(subscription).where(mine).values(paused_until=until))


def remove(tx: Transaction, subscription_id: str) -> None:
    """End a subscription, and forget what was told by it."""
    look_store.forget(tx, subscription_id)
    promise_store.forget(tx, subscription_id)
    tx.connection.execute(sa.delete(subscription).where(subscription.c.subscription_id == subscription_id))
