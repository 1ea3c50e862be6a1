"""Endpoints one by one: added, removed, disabled and enabled again, their keys, and how they do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify import delivery_store, mail_store, subscription_store
from services.notify.health import Health
from services.notify.sealing import Seal
from services.notify.signing import SigningKey
from services.notify.store import ENDPOINT_DISABLED, EXHAUSTED, delivery, endpoint, instant, moment, signing_key

GONE, FAILING = 1, 2  # why an endpoint is disabled, of the contract
Place = sa.Row[Any]  # an endpoint's row


def add(tx: Transaction, **values: Any) -> None:
    """Keep a new endpoint."""
    tx.connection.execute(endpoint.insert(), values)


def of(connection: sa.Connection, organisation_id: str) -> Sequence[sa.Row[Any]]:
    """An organisation's endpoints."""
    mine = endpoint.c.organisation_id == organisation_id
    return connection.execute(sa.select(endpoint).where(mine).order_by(endpoint.c.endpoint_id)).all()


FOUND = sa.select(endpoint).where(endpoint.c.endpoint_id == sa.bindparam("which"))


def found(connection: sa.Connection, endpoint_id: str) -> Place | None:
    """One endpoint; None where there is none."""
    return connection.execute(FOUND, {"which": endpoint_id}).first()


def add_key(tx: Transaction, endpoint_id: str, scheme: int, key: SigningKey, sealed: str, old_until: datetime) -> None:
    """Give an endpoint a new key. The one before it signs beside it until a time; any older one signs no more."""
    c = signing_key.c
    mine = c.endpoint_id == endpoint_id
    newest = tx.connection.execute(sa.select(sa.func.max(c.number)).where(mine)).scalar() or 0
    tx.connection.execute(sa.delete(signing_key).where(mine & ((c.number < newest) | (old_until <= tx.now))))
    tx.connection.execute(sa.update(signing_key).where(mine).values(not_after=instant(old_until)))
    row = {"endpoint_id": endpoint_id, "number": newest + 1, "scheme": scheme, "sealed": sealed}
    tx.connection.execute(signing_key.insert(), {**row, "public": key.public, "not_after": ""})


def check(connection: sa.Connection, seal: Seal) -> None:
    """Refuse to begin with keys that cannot be opened. Raises WrongKey."""
    sealed = connection.execute(sa.select(signing_key.c.sealed).limit(1)).scalar()
    if sealed:
        seal.open(sealed)


def remove(tx: Transaction, endpoint_id: str) -> None:
    """Forget an endpoint with all that belongs to it. What is in hand just now leaves no trace."""
    for subscription_id in subscription_store.at_endpoint(tx.connection, endpoint_id):
        subscription_store.remove(tx, subscription_id)
    mail_store.forget(tx, endpoint_id)
    for table in (signing_key, delivery, endpoint):
        tx.connection.execute(sa.delete(table).where(table.c.endpoint_id == endpoint_id))


def health(row: sa.Row[Any]) -> Health:
    """How an endpoint does, as its row says."""
    return Health(row.failures, moment(row.failing_since), moment(row.paused_until))


NOTED = (
    sa.update(endpoint)
    .where(endpoint.c.endpoint_id == sa.bindparam("which"))
    .values({name: sa.bindparam(f"now_{name}") for name in ("proven", "failures", "failing_since", "paused_until")})
)


def note(tx: Transaction, endpoint_id: str, now: Health) -> None:
    """Keep how an endpoint does."""
    values = {
        "which": endpoint_id,
        "now_proven": int(not now.failures),
        "now_failures": now.failures,
        "now_failing_since": instant(now.failing_since),
        "now_paused_until": instant(now.paused_until),
    }
    tx.connection.execute(NOTED, values)


def disable(tx: Transaction, endpoint_id: str, why: int) -> None:
    """Send nothing more to an endpoint: what waits for it is given up, visibly."""
    mine = endpoint.c.endpoint_id == endpoint_id
    tx.connection.execute(sa.update(endpoint).where(mine).values(disabled=why, due_at=""))
    waiting = (delivery.c.endpoint_id == endpoint_id) & (delivery.c.next_attempt_at > "")
    given_up = {"outcome": EXHAUSTED, "detail": ENDPOINT_DISABLED, "next_attempt_at": "", "in_hand": 0}
    tx.connection.execute(sa.update(delivery).where(waiting).values(given_up))


def enable(tx: Transaction, endpoint_id: str, *, redeliver_missing: bool) -> int:
    """Send to an endpoint again, as to a new one. Returns how many missing messages are due now, if they were asked for."""
    fresh = {"disabled": 0, "proven": 0, "failures": 0, "failing_since": "", "paused_until": "", "free_at": ""}
    tx.connection.execute(sa.update(endpoint).where(endpoint.c.endpoint_id == endpoint_id).values(fresh))
    return delivery_store.send_again(tx, endpoint_id, missing=True) if redeliver_missing else 0
