"""Putting messages in line: numbered without gaps at each endpoint, once per event and endpoint, many in a few questions."""

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify.matching import Match
from services.notify.payload import Due, payload
from services.notify.store import ENDPOINT_DISABLED, EXHAUSTED, delivery, endpoint, instant, plan


@dataclass(frozen=True)
class Line:
    """A message in line at an endpoint.

    body        what is sent, of the message's number and when it was put in line, ISO 8601
    not_before  when it may first go out; None: at once
    """

    event_id: str
    endpoint_id: str
    kind: int
    body: Callable[[int, str], str]
    not_before: datetime | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Event and endpoint: there is one message of each."""
        return self.event_id, self.endpoint_id

    @property
    def notification_id(self) -> str:
        """The id of the message, for ever the same: it follows from event and endpoint."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, "noegletal:notification/" + "/".join(self.place)))


def line(due: Due, match: Match) -> Line:
    """A message as it is sent wherever no more than its payload is."""
    return Line(due.event_id, match.endpoint_id, due.kind, lambda seq, at: payload(due, match, seq=seq, at=at))


def put(tx: Transaction, lines: Iterable[Line]) -> list[Line]:
    """Make messages due, in the order given; at a disabled endpoint they are given up, visibly. Returns the new ones.

    What is in line already, from this batch or an earlier one, adds nothing; an endpoint that is gone gets nothing.
    """
    by_place = {line.place: line for line in lines}
    in_line = known(tx, {event_id for event_id, _ in by_place})
    fresh = [line for place, line in by_place.items() if place not in in_line]
    numbers = _reserve(tx, Counter(line.endpoint_id for line in fresh))
    fresh = [line for line in fresh if line.endpoint_id in numbers]
    rows = []
    for line in fresh:
        seq, disabled = numbers[line.endpoint_id]
        numbers[line.endpoint_id] = seq + 1, disabled
        rows.append(_row(tx, line, seq, disabled=disabled))
    if rows:
        tx.connection.execute(delivery.insert(), rows)
        plan(tx, {e for e, (_, disabled) in numbers.items() if not disabled})
    return fresh


def known(tx: Transaction, event_ids: Collection[str]) -> set[tuple[str, str]]:
    """The messages of events that are in line, or were, by event and endpoint."""
    if not event_ids:
        return set()
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
        "event_id": line.event_id,
        "endpoint_id": line.endpoint_id,
        "seq": seq,
        "kind": int(line.kind),
        "body": line.body(seq, at),
        "attempts": 0,
        "asked_after": 0,
        "outcome": EXHAUSTED if disabled else 0,
        "detail": ENDPOINT_DISABLED if disabled else "",
        "created_at": instant(tx.now),
        "next_attempt_at": "" if disabled else instant((line.not_before or tx.now).astimezone(UTC)),
        "in_hand": 0,
    }
