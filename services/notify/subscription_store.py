"""Subscriptions: who follows what, and where it is told."""

import json
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, upserting
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
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
version = sa.Table(
    "subscription_version",  # one row; none: nobody ever followed anything
    metadata,
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", WIDE_INTEGER, nullable=False),  # of the changes there were
)
_VERSION = Statement(sa.select(version.c.number))
_CHANGED = Statement(
    lambda kind: (
        upserting(kind, version)
        .values(one=1, number=1)
        .on_conflict_do_update(index_elements=["one"], set_={"number": version.c.number + 1})
    )
)
_FOLLOWED = sa.select(subscription.c.follows).distinct()
_FOLLOWERS = (
    sa.select(subscription)
    .where(subscription.c.organisation_id.in_(sa.bindparam("organisations", expanding=True)))
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
        paused_until=row.paused_until,
    )


def followers(connection: sa.Connection, organisations: Collection[str]) -> dict[str, list[Subscription]]:
    """The subscriptions of many organisations, paused ones too; of one that follows nothing, none."""
    found: dict[str, list[Subscription]] = {organisation_id: [] for organisation_id in organisations}
    for row in connection.execute(_FOLLOWERS, {"organisations": list(organisations)}) if organisations else ():
        found[row.organisation_id].append(read(row))
    return found


def current(connection: sa.Connection) -> int:
    """The version of all subscriptions together: while it is the same, so are they."""
    return next((number for (number,) in _VERSION.rows(connection)), 0)


def kinds(connection: sa.Connection) -> frozenset[int]:
    """Every kind that any subscription names, a paused one too."""
    kept = connection.execute(_FOLLOWED).scalars()
    return frozenset(kind for follows in kept for kind in json.loads(follows).get("kinds", ()))


def at_endpoint(connection: sa.Connection, endpoint_id: str) -> list[str]:
    """The ids of the subscriptions that lead to an endpoint."""
    mine = subscription.c.endpoint_id == endpoint_id
    return list(connection.execute(sa.select(subscription.c.subscription_id).where(mine)).scalars())


def subscriptions(connection: sa.Connection, organisation_id: str, now: str) -> list[Subscription]:
    """An organisation's subscriptions that are not paused at a time."""
    return [one for one in map(read, rows(connection, organisation_id)) if one.paused_until <= now]


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
    _CHANGED.run(tx.connection)


def change(tx: Transaction, one: Subscription) -> None:
    """Follow something else, from now on, under the same id."""
    mine = subscription.c.subscription_id == one.subscription_id
    values = {"endpoint_id": one.endpoint_id, "follows": follows(one), "since": instant(tx.now)}
    tx.connection.execute(sa.update(subscription).where(mine).values(values))
    _CHANGED.run(tx.connection)


def pause(tx: Transaction, subscription_id: str, until: str) -> None:
    """Tell nothing by a subscription until a time; empty: tell again."""
    mine = subscription.c.subscription_id == subscription_id
    tx.connection.execute(sa.update(subscription).where(mine).values(paused_until=until))
    _CHANGED.run(tx.connection)


def remove(tx: Transaction, subscription_id: str) -> None:
    """End a subscription, and forget what was told by it."""
    look_store.forget(tx, subscription_id)
    promise_store.forget(tx, subscription_id)
    tx.connection.execute(sa.delete(subscription).where(subscription.c.subscription_id == subscription_id))
    _CHANGED.run(tx.connection)
