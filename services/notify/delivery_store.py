"""Deliveries looked at and asked for again: page by page, by id, by number, or whatever is missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify.store import DELIVERED, delivery, endpoint, instant, plan

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
