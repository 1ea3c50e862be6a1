"""Putting messages in line: numbered without gaps at each endpoint, once per event and endpoint, many in a few questions."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify.matching import Match
from services.notify.payload import Due, payload
from services.notify.store import ENDPOINT_DISABLED, EXHAUSTED, delivery, endpoint, instant, plan


@dataclass(frozen=True)
class Line:
    """A message in line at an endpoint: what it is about, and for whom. `amounts`: money may be said there."""

    due: Due
    match: Match
    amounts: bool = False

    @property
    def place(self) -> tuple[str, str]:
        """Event and endpoint: there is one message of each."""
        return self.due.event_id, self.match.endpoint_id

    @property
    def notification_id(self) -> str:
        """The id of the message, for ever the same: it follows from event and endpoint."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "noegletal:notification/" + "/".join(self.place)))


def put(tx: Transaction, lines: Iterable[Line]) -> list[Line]:
    """Make messages due now, in the order given; at a disabled endpoint they are given up, visibly. Returns the new ones.

    What is in line already, from this batch or an earlier one, adds nothing; an endpoint that is gone gets nothing.
    """
    by_place = {line.place: line for line in lines}
    known = _known(tx, {event_id for event_id, _ in by_place}) if by_place else set()
    fresh = [line for place, line in by_place.items() if place not in known]
    numbers = _reserve(tx, Counter(line.match.endpoint_id for line in fresh))
    fresh = [line for line in fresh if line.match.endpoint_id in numbers]
    rows = []
    for line in fresh:
        seq, disabled = numbers[line.match.endpoint_id]
        numbers[line.match.endpoint_id] = seq + 1, disabled
        rows.append(_row(tx, line, seq, disabled=disabled))
    if rows:
        tx.connection.execute(delivery.insert(), rows)
        plan(tx, {e for e, (_, disabled) in numbers.items() if not disabled})
    return fresh


def _known(tx: Transaction, event_ids: Collection[str]) -> set[tuple[str, str]]:
    chosen = sa.select(delivery.c.event_id, delivery.c.endpoint_id).where(delivery.c.event_id.in_(event_ids))
    return {(r.event_id, r.endpoint_id) for r in tx.connection.execute(chosen)}


def _reserve(tx: Transaction, counts: Counter[str]) -> dict[str, tuple[int, bool]]:
    """Numbers at each endpoint: the first of them, and whether it is disabled. They stand or fall with the deliveries."""
    if not counts:
        return {}
    c, given = endpoint.c, sa.bindparam
    taken = sa.update(endpoint).where(c.endpoint_id == given("which")).values(seq=c.seq + given("count"))
    tx.connection.execute(taken, [{"which": e, "count": n} for e, n in sorted(counts.items())])
    chosen = sa.select(c.endpoint_id, c.seq, c.disabled).where(c.endpoint_id.in_(counts))
    rows = tx.connection.execute(chosen)
    return {r.endpoint_id: (int(r.seq) - counts[r.endpoint_id] + 1, bool(r.disabled)) for r in rows}


def _row(tx: Transaction, line: Line, seq: int, *, disabled: bool) -> dict[str, Any]:
    at = tx.now.isoformat(timespec="milliseconds")
    return {
        "notification_id": line.notification_id,
        "event_id": line.due.event_id,
        "endpoint_id": line.match.endpoint_id,
        "seq": seq,
        "kind": int(line.due.kind),
        "body": payload(line.due, line.match, seq=seq, at=at, amounts=line.amounts),
        "attempts": 0,
        "asked_after": 0,
        "outcome": EXHAUSTED if disabled else 0,
        "detail": ENDPOINT_DISABLED if disabled else "",
        "created_at": instant(tx.now),
        "next_attempt_at": "" if disabled else instant(tx.now),
        "in_hand": 0,
    }
