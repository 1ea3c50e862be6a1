"""Putting messages in line: numbered without gaps at each endpoint, once per event and endpoint, many in a few questions."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from services.chassis import database
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.notify.matching import Match
from services.notify.payload import Due, payload
from services.notify.store import ENDPOINT_DISABLED, EXHAUSTED, delivery, endpoint, instant, plan

_KNOWN = Statement(sa.select(delivery.c.endpoint_id).where(delivery.c.event_id == sa.bindparam("event")))
_RESERVE = Statement(
    sa.update(endpoint)
    .where(endpoint.c.endpoint_id == sa.bindparam("which"))
    .values(seq=endpoint.c.seq + sa.bindparam("count"))
    .returning(endpoint.c.seq, endpoint.c.disabled)
)


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
        database.insert(tx.connection, delivery, rows)
        plan(tx, {e for e, (_, disabled) in numbers.items() if not disabled})
    return fresh


def known(tx: Transaction, event_ids: Iterable[str]) -> set[tuple[str, str]]:
    """The messages of events that are in line, or were, by event and endpoint."""
    return {(event_id, at) for event_id in event_ids for (at,) in _KNOWN.rows(tx.connection, event=event_id)}


def _reserve(tx: Transaction, counts: Counter[str]) -> dict[str, tuple[int, bool]]:
    """Numbers at each endpoint: the first of them, and whether it is disabled. They stand or fall with the deliveries."""
    numbers = {}
    for endpoint_id, count in sorted(counts.items()):
        for seq, disabled in _RESERVE.rows(tx.connection, which=endpoint_id, count=count):
            numbers[endpoint_id] = int(seq) - count + 1, bool(disabled)
    return numbers


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
