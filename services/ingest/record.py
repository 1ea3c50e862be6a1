"""The log of record at work: a micro-batch of arrivals goes in, each with its receipt; repeats get the receipt they had."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.ingest import store, wire
from services.ingest.intake import FORGED, Known, Outcome, decide
from services.ingest.wire import Arrival

if TYPE_CHECKING:
    from services.chassis.outbox import Transaction


def take_in(tx: "Transaction", arrivals: Sequence[Arrival]) -> list[Any]:
    """Record submissions and announce them; returns their receipts in order. Durable with the transaction.

    Refused ones are recorded and announced too: nobody who sent something goes without an answer. A forgery is recorded,
    but not announced, and does not use up the id it names.
    """
    ids = [submission_id for _, submission_id in (a.identity for a in arrivals)]
    found = store.lines_of(tx.connection, ids)
    lines = {identity: [dict(r._mapping) for r in rows] for identity, rows in found.items()}
    units = store.units(tx.connection, [a.submission.unit_id for a in arrivals])
    revisions = store.newest_revisions(tx, [a.submission.unit_id for a in arrivals])
    sequence, chain = store.head(tx)
    receipts, added = [], []
    for arrival in arrivals:
        earlier = lines.setdefault(arrival.identity, [])
        repeat = next((line for line in earlier if line["content"] == arrival.content), None)
        if repeat is None:
            sequence += 1
            unit = units.get((arrival.submission.scheme, arrival.submission.unit_id))
            ours = unit is not None and unit.organisation_id == arrival.organisation_id
            known = Known(False, any(e["code"] != FORGED for e in earlier), revisions.get(arrival.place, 0), ours)
            decision = decide(arrival.fault, arrival.submission.revision, known)
            repeat = wire.line(arrival, decision, sequence, tx.now)
            added.append((arrival, repeat, unit if ours else None))
            earlier.append(repeat)
            if decision.outcome is Outcome.ACCEPTED:
                revisions[arrival.place] = decision.revision
        receipts.append(repeat)
    store.append(tx, [line for _, line, _ in added], chain)
    for arrival, line, unit in (a for a in added if a[1]["code"] != FORGED):
        event = wire.received(arrival, wire.receipt(line), unit)
        tx.announce(event, key=line["unit_id"], id=line["receipt_id"])
    return [wire.receipt(line) for line in receipts]
