"""Endpoints and deliveries: what is due, whose turn it is, how it went. One delivery per event and endpoint."""

import functools
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, upserting
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify import schedule
from services.notify.health import OPENS_AT
from services.notify.schedule import Hand, Room

metadata = sa.MetaData()
endpoint = sa.Table(
    "endpoint",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("channel", sa.Integer, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("most_per_minute", sa.Integer, nullable=False, default=0),  # 0: as the installation has it
    sa.Column("disabled", sa.Integer, nullable=False, default=0),  # why, by the contract; 0: it is not
    sa.Column("seq", WIDE_INTEGER, nullable=False, default=0),  # of the newest delivery
    sa.Column("proven", sa.Integer, nullable=False, default=0),  # the last attempt was delivered
    sa.Column("failures", sa.Integer, nullable=False, default=0),  # in a row
    sa.Column("failing_since", sa.Text, nullable=False, default=""),  # empty: the last attempt was delivered
    sa.Column("paused_until", sa.Text, nullable=False, default=""),  # nothing is begun until then
    sa.Column("free_at", sa.Text, nullable=False, default=""),  # its rate lets the next message begin then
    sa.Column("due_at", sa.Text, nullable=False, default="", index=True),  # its first planned attempt; empty: none
)
signing_key = sa.Table(
    "signing_key",
    metadata,
    sa.Column("endpoint_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),  # counts from 1; the highest is the newest
    sa.Column("scheme", sa.Integer, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("public", sa.Text, nullable=False),  # whpk_…; empty for HMAC
    sa.Column("not_after", sa.Text, nullable=False),  # signs until then; empty: the newest
)
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("notification_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("endpoint_id", sa.Text, nullable=False),
    sa.Column("seq", WIDE_INTEGER, nullable=False),
    sa.Column("kind", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column(
        "asked_after", sa.Integer, nullable=False
    ),  # attempts made when it was last asked for: the plan's beginning
    sa.Column("outcome", sa.Integer, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("next_attempt_at", sa.Text, nullable=False),  # empty: none is planned; in hand: when it is taken up again
    sa.Column("in_hand", sa.Integer, nullable=False),
    sa.UniqueConstraint("event_id", "endpoint_id"),
    sa.UniqueConstraint("endpoint_id", "seq"),
    sa.Index("delivery_due", "endpoint_id", "next_attempt_at"),
    sa.Index("delivery_made", "endpoint_id", "created_at"),
)
IN_FORCE = (  # the keys that sign at endpoints now, newest first
    sa.select(signing_key)
    .where(signing_key.c.endpoint_id.in_(sa.bindparam("which", expanding=True)))
    .where((signing_key.c.not_after == "") | (signing_key.c.not_after > sa.bindparam("now")))
    .order_by(signing_key.c.number.desc())
)
DELIVERED, EXHAUSTED = 1, 3  # of the contract
ENDPOINT_DISABLED = "endpoint disabled"


@dataclass(frozen=True)
class Claimed:
    """A delivery in hand, with its endpoint. `attempt` counts from 1 and includes this one; `keys` are sealed, newest first.

    tried   attempts of the present plan, this one included: it begins anew when a delivery is asked for again.
    """

    notification_id: str
    event_id: str
    endpoint_id: str
    organisation_id: str
    channel: int
    url: str
    kind: int
    body: str
    attempt: int
    tried: int
    proven: bool
    made_at: datetime
    keys: tuple[str, ...] = field(default=(), repr=False)


def instant(time: datetime | None) -> str:
    """A time, in UTC, as text that sorts as times do; empty for none."""
    return time.isoformat(timespec="microseconds") if time else ""


def moment(text: str) -> datetime | None:
    """The time a text stands for; none for an empty one."""
    return datetime.fromisoformat(text) if text else None


def put(
    tx: Transaction,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    changing: tuple[str, ...] = (),
    newer: str = "",
) -> None:
    """Insert rows one after another, values as the driver takes them; what a row does not name is as the table has it.

    Where one is there, change what changes, if `newer` is named only where that is above what is there.
    """
    if rows:
        made, absent = _putting(table, changing, newer)
        made.many(tx.connection, [{**absent, **row} for row in rows])


def put_whole(
    tx: Transaction, table: sa.Table, rows: Sequence[tuple[Any, ...]], changing: tuple[str, ...], newer: str
) -> None:
    """The same of many rows that name every column, in order."""
    if rows:
        _putting(table, changing, newer)[0].many_in_order(tx.connection, table.columns.keys(), rows)


@functools.lru_cache(maxsize=64)
def _putting(table: sa.Table, changing: tuple[str, ...], newer: str) -> tuple[Statement, Mapping[str, Any]]:
    """The statement, and what stands for a column that is not named."""

    def made(kind: str) -> sa.Insert:
        inserted, key = upserting(kind, table), list(table.primary_key.columns)
        if not changing:
            return inserted.on_conflict_do_nothing(index_elements=key)
        above = table.c[newer] < inserted.excluded[newer] if newer else None
        changed = {name: inserted.excluded[name] for name in changing}
        return inserted.on_conflict_do_update(index_elements=key, set_=changed, where=above)

    return Statement(made), {c.name: getattr(c.default, "arg", None) for c in table.columns}


def placed(table: sa.Table, names: Sequence[str], where: Sequence[str]) -> sa.ColumnElement[bool]:
    """That columns of these names hold these values."""
    return sa.and_(*(table.c[name] == value for name, value in zip(names, where, strict=True)))


_PLANNED = (
    sa.select(sa.func.coalesce(sa.func.min(delivery.c.next_attempt_at), ""))
    .where(delivery.c.endpoint_id == endpoint.c.endpoint_id, delivery.c.next_attempt_at > "")
    .scalar_subquery()
)
_PLAN = Statement(sa.update(endpoint).where(endpoint.c.endpoint_id == sa.bindparam("which")).values(due_at=_PLANNED))


def plan(tx: Transaction, endpoint_ids: Collection[str]) -> None:
    """Note at endpoints when their first planned attempt is: what is due is found by that, however much waits behind it."""
    if endpoint_ids:
        _PLAN.many(tx.connection, [{"which": one} for one in sorted(endpoint_ids)])


def _waiting(now: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    c = endpoint.c
    return (c.due_at > "") & (c.due_at <= now) & (c.disabled == 0) & (c.paused_until <= now) & (c.free_at <= now)


_IS_DUE = Statement(sa.select(endpoint.c.seq).where(_waiting(sa.bindparam("now"))).limit(1))


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Whether anything is due and in nobody's hands."""
    return bool(_IS_DUE.rows(connection, now=instant(now)))


def waiting(connection: sa.Connection, now: datetime) -> dict[str, float]:
    """What waits: age of the oldest due in seconds, deliveries planned, endpoints disabled, circuits open."""
    c = endpoint.c
    first = moment(connection.execute(sa.select(sa.func.min(c.due_at)).where(_waiting(instant(now)))).scalar() or "")
    planned = sa.select(sa.func.count()).select_from(delivery).where(delivery.c.next_attempt_at > "")
    counted = sa.select(sa.func.count()).select_from(endpoint)
    disabled, spared = counted.where(c.disabled != 0), counted.where((c.disabled == 0) & (c.failures >= OPENS_AT))
    counts = {"planned": planned, "disabled": disabled, "open": spared}
    found = {name: float(connection.execute(question).scalar() or 0) for name, question in counts.items()}
    return {**found, "oldest": max(0.0, (now - first).total_seconds()) if first else 0.0}


def claim(
    tx: Transaction, hands: Mapping[str, Hand], room: Room, lease_seconds: float, most_per_minute: int = 0
) -> list[Claimed]:
    """Take deliveries that are due in hand, as many as there is room for, the longest due endpoint first.

    If we die, each is due again, under the same id, when its lease ends. `hands`: what each endpoint has under way.
    most_per_minute   of an endpoint that has no rate of its own; 0: no limit.
    """
    free, free_unproven = room.free(hands)
    if not free:
        return []
    c = endpoint.c
    full = [e for e, hand in hands.items() if hand.count >= room.at_endpoint(hand.proven)]
    quick = (c.proven == 1) & c.endpoint_id.not_in([*full, *(e for e, h in hands.items() if not h.proven)])
    open_to = quick | ((c.proven == 0) & c.endpoint_id.not_in(list(hands))) if free_unproven else quick
    order = (c.due_at, c.endpoint_id)
    chosen = sa.select(endpoint).where(_waiting(instant(tx.now)) & open_to).order_by(*order).limit(free + free_unproven)
    places = {r.endpoint_id: r for r in tx.connection.execute(chosen.with_for_update(skip_locked=True))}
    free_at = {e: moment(r.free_at) for e, r in places.items()}
    taken: list[Claimed] = []
    counts, unproven = Counter({e: hand.count for e, hand in hands.items()}), 0
    keys = signing_keys(tx.connection, places, tx.now)
    for row in _first_due(tx, places, room.per_endpoint):
        at = places[row.endpoint_id]
        rate, opens = at.most_per_minute or most_per_minute, free_at[row.endpoint_id]
        fits = counts[row.endpoint_id] < room.at_endpoint(bool(at.proven)) and (at.proven or unproven < free_unproven)
        if len(taken) < free and fits and not (rate and opens and opens > tx.now):
            taken.append(claimed(row, at, keys.get(row.endpoint_id, ())))
            counts[row.endpoint_id] += 1
            unproven += not at.proven
            if rate:
                free_at[row.endpoint_id] = schedule.free_again(opens, tx.now, rate)
    lease(tx, taken, tx.now + timedelta(seconds=lease_seconds))
    touched = {one.endpoint_id for one in taken}
    rated = [{"which": e, "at": instant(free_at[e])} for e in touched if free_at[e] != moment(places[e].free_at)]
    if rated:
        spaced = sa.update(endpoint).where(c.endpoint_id == sa.bindparam("which")).values(free_at=sa.bindparam("at"))
        tx.connection.execute(spaced, rated)
    plan(tx, touched)
    return taken


_ONE = delivery.alias()
_DUE = (
    sa.select(_ONE.c.notification_id)
    .where(_ONE.c.endpoint_id == endpoint.c.endpoint_id)
    .where(_ONE.c.next_attempt_at > "", _ONE.c.next_attempt_at <= sa.bindparam("now"))
    .order_by(_ONE.c.next_attempt_at, _ONE.c.seq)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .correlate(endpoint)
)
FIRST_DUE = (
    sa.select(delivery)
    .select_from(endpoint.join(delivery, delivery.c.notification_id.in_(_DUE)))
    .where(endpoint.c.endpoint_id.in_(sa.bindparam("which", expanding=True)))
    .order_by(delivery.c.next_attempt_at, delivery.c.seq)
)


def _first_due(tx: Transaction, endpoint_ids: Collection[str], most: int) -> Sequence[sa.Row[Any]]:
    """The first few deliveries due at each endpoint."""
    asked = {"which": list(endpoint_ids), "now": instant(tx.now), "most": most}
    return tx.connection.execute(FIRST_DUE, asked).all() if endpoint_ids else []


LEASED = (
    sa.update(delivery)
    .where(delivery.c.notification_id == sa.bindparam("which"))
    .values(attempts=sa.bindparam("attempt"), next_attempt_at=sa.bindparam("until"), in_hand=1)
)


def lease(tx: Transaction, taken: Sequence[Claimed], until: datetime) -> None:
    """Take deliveries in hand."""
    if taken:
        rows = [{"which": one.notification_id, "attempt": one.attempt, "until": instant(until)} for one in taken]
        tx.connection.execute(LEASED, rows)


def claimed(row: Any, at: Any, keys: Sequence[Any]) -> Claimed:
    """A delivery's row and its endpoint's as what is in hand."""
    return Claimed(
        notification_id=row.notification_id,
        event_id=row.event_id,
        endpoint_id=row.endpoint_id,
        organisation_id=at.organisation_id,
        channel=at.channel,
        url=at.url,
        kind=row.kind,
        body=row.body,
        attempt=row.attempts + 1,
        tried=row.attempts + 1 - row.asked_after,
        proven=bool(at.proven),
        made_at=datetime.fromisoformat(row.created_at),
        keys=tuple(key.sealed for key in keys),
    )


def signing_keys(
    connection: sa.Connection, endpoint_ids: Collection[str], now: datetime
) -> dict[str, list[sa.Row[Any]]]:
    """The keys that sign at endpoints now, newest first."""
    found: dict[str, list[sa.Row[Any]]] = {}
    for row in connection.execute(IN_FORCE, {"which": list(endpoint_ids), "now": instant(now)}):
        found.setdefault(row.endpoint_id, []).append(row)
    return found
