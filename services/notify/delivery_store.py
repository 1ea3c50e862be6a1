"""Deliveries looked at and asked for again: page by page, by id, by number, or whatever is missing."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify import mail_store
from services.notify.store import DELIVERED, Claimed, delivery, endpoint, instant, plan

NEWEST = 2**63 - 1  # no number is greater


def found(connection: sa.Connection, notification_id: str) -> sa.Row[Any] | None:
    """A delivery with its endpoint's organisation and why that is disabled; None where there is none."""
    joined = endpoint.c.endpoint_id == delivery.c.endpoint_id
    chosen = sa.select(delivery, endpoint.c.organisation_id, endpoint.c.disabled).join(endpoint, joined)
    return connection.execute(chosen.where(delivery.c.notification_id == notification_id)).first()


def under_way(connection: sa.Connection, endpoint_id: str, kind: int, now: datetime) -> bool:
    """Whether a delivery of a kind is in somebody's hands at an endpoint."""
    c = delivery.c
    mine = (c.endpoint_id == endpoint_id) & (c.next_attempt_at > instant(now)) & (c.kind == kind) & (c.in_hand == 1)
    return connection.execute(sa.select(c.seq).where(mine).limit(1)).first() is not None


def of_endpoint(
    connection: sa.Connection,
    endpoint_id: str,
    *,
    after: int,
    most: int,
    before: int = NEWEST,
    newest_first: bool = False,
    missing: bool = False,
) -> Sequence[sa.Row[Any]]:
    """An endpoint's deliveries with numbers between two, by number."""
    c = delivery.c
    mine = (c.endpoint_id == endpoint_id) & (c.seq > after) & (c.seq < before)
    mine &= (c.outcome != DELIVERED) if missing else sa.true()
    order = c.seq.desc() if newest_first else c.seq
    return connection.execute(sa.select(delivery).where(mine).order_by(order).limit(most)).all()


def of_organisation(
    connection: sa.Connection,
    organisation_id: str,
    *,
    beyond: tuple[str, str, int] | None,
    most: int,
    newest_first: bool,
    missing: bool,
) -> Sequence[sa.Row[Any]]:
    """Deliveries at every endpoint of an organisation, by time, from beyond a place (time, endpoint, number) on."""
    c = delivery.c
    place = sa.tuple_(c.created_at, c.endpoint_id, c.seq)
    its = sa.select(endpoint.c.endpoint_id).where(endpoint.c.organisation_id == organisation_id)
    mine = [c.endpoint_id.in_(its), (c.outcome != DELIVERED) if missing else sa.true()]
    if beyond:
        mine.append(place < sa.tuple_(*beyond) if newest_first else place > sa.tuple_(*beyond))
    order = [column.desc() if newest_first else column for column in (c.created_at, c.endpoint_id, c.seq)]
    return connection.execute(sa.select(delivery).where(*mine).order_by(*order).limit(most)).all()


def send_again(
    tx: Transaction,
    endpoint_id: str,
    *,
    notification_id: str = "",
    from_seq: int = 0,
    to_seq: int = NEWEST,
    missing: bool = False,
) -> int:
    """Make an endpoint's deliveries due now under their old ids, with a plan that begins anew; those in hand stay there.

    Of one id, or of every number between two, both included; `missing`: only what was not delivered. Returns how many.
    """
    c = delivery.c
    mine = (c.endpoint_id == endpoint_id) & (c.in_hand == 0) & (c.seq >= from_seq) & (c.seq <= to_seq)
    if notification_id:
        mine &= c.notification_id == notification_id
    mine &= (c.outcome != DELIVERED) if missing else sa.true()
    again = {"outcome": 0, "detail": "asked for again", "next_attempt_at": instant(tx.now), "asked_after": c.attempts}
    count = tx.connection.execute(sa.update(delivery).where(mine).values(again)).rowcount
    plan(tx, {endpoint_id})
    return int(count)


def first_kept(connection: sa.Connection, at: sa.Row[Any]) -> int:
    """The number of the oldest message that is kept at an endpoint, given its row; one above the newest: none is."""
    mine = delivery.c.endpoint_id == at.endpoint_id
    found = connection.execute(sa.select(sa.func.min(delivery.c.seq)).where(mine)).scalar()
    return int(at.seq) + 1 if found is None else int(found)


_FIRST_IS_OVER = (
    sa.select((delivery.c.created_at < sa.bindparam("before")) & (delivery.c.next_attempt_at == ""))
    .where(delivery.c.endpoint_id == endpoint.c.endpoint_id)
    .order_by(delivery.c.seq)
    .limit(1)
    .scalar_subquery()
)


def prune(tx: Transaction, before: datetime, most: int) -> int:
    """Forget messages from before a time, the lowest numbers of an endpoint first, so many at most; returns how many.

    Nothing from the first on that is still to be tried is forgotten, however old: the numbers kept have no gap.
    """
    count, c = 0, delivery.c
    ripe = sa.select(endpoint).where(_FIRST_IS_OVER).order_by(endpoint.c.endpoint_id).limit(most)
    for at in tx.connection.execute(ripe, {"before": instant(before)}).all():
        mine = sa.select(c.notification_id, c.created_at, c.next_attempt_at).where(c.endpoint_id == at.endpoint_id)
        rows = tx.connection.execute(mine.order_by(c.seq).limit(most - count).with_for_update()).all()
        over = itertools.takewhile(lambda r: r.created_at < instant(before) and not r.next_attempt_at, rows)
        gone = [row.notification_id for row in over]
        mail_store.keep_links(tx, at.endpoint_id, gone)
        tx.connection.execute(sa.delete(delivery).where(c.notification_id.in_(gone)))
        count += len(gone)
        if count >= most:
            break
    return count


_SETTLED = Statement(
    sa.update(delivery)
    .where(delivery.c.notification_id == sa.bindparam("which"), delivery.c.attempts == sa.bindparam("attempt"))
    .values(
        outcome=sa.bindparam("how"), detail=sa.bindparam("said"), next_attempt_at=sa.bindparam("following"), in_hand=0
    )
)


def settle(tx: Transaction, one: Claimed, *, outcome: int, detail: str, next_attempt_at: datetime | None) -> bool:
    """Note how an attempt ended and when the next is due, if ever. False: its lease ended and a later attempt has it."""
    which = {"which": one.notification_id, "attempt": one.attempt}
    ended = {"how": int(outcome), "said": detail, "following": instant(next_attempt_at)}
    return _SETTLED.run(tx.connection, **which, **ended) == 1
