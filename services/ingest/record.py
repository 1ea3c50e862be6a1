"""The log of record at work: a micro-batch of arrivals goes in, each with its receipt; repeats get the receipt they had."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.chassis.outbox import deterministic_id
from services.ingest import store, wire
from services.ingest.intake import FORGED, Known, Outcome, decide
from services.ingest.wire import Arrival

if TYPE_CHECKING:
    from services.chassis.outbox import Transaction
    from services.ingest.registration import Unit


def take_in(tx: "Transaction", arrivals: Sequence[Arrival]) -> list[Any]:
    """Record submissions and announce them; returns their receipts in order. Durable with the transaction.

    Refused ones are recorded and announced too: nobody who sent something goes without an answer. A forgery is recorded,
    but not announced, and does not use up the id it names.
    """
    identities = [a.identity for a in arrivals]
    found = store.lines_of(tx.connection, [submission_id for _, submission_id in identities])
    lines = {identity: [r._asdict() for r in rows] for identity, rows in found.items()}
    memory = store.memory(tx)
    units, revisions = memory.of(tx, {a.submission.unit_id for a in arrivals})
    sequence, chain = store.head(tx)
    answers: list[dict[str, Any]] = []
    added: list[tuple[Arrival, dict[str, Any], Unit | None]] = []
    given: dict[tuple[str, str, str], int] = {}
    for arrival, identity in zip(arrivals, identities, strict=True):
        earlier = lines.setdefault(identity, [])
        line = next((e for e in earlier if e["content"] == arrival.content), None)
        if line is None:
            sequence += 1
            unit = units.get((arrival.submission.scheme, arrival.submission.unit_id))
            ours, place = unit is not None and unit.organisation_id == arrival.organisation_id, arrival.place
            newest = given.get(place) or revisions.get(place, 0)
            known = Known(False, any(e["code"] != FORGED for e in earlier), newest, ours)
            decision = decide(arrival.fault, arrival.submission.revision, known)
            line = wire.line(arrival, decision, _receipt_id(arrival), sequence, tx.now)
            added.append((arrival, line, unit if ours else None))
            earlier.append(line)
            if decision.outcome is Outcome.ACCEPTED:
                given[place] = decision.revision
        answers.append(line)
    store.append(tx, [line for _, line, _ in added], chain)
    tx.after_commit(lambda: memory.given(given))
    receipts = {line["sequence"]: wire.receipt(line) for line in answers}
    for arrival, line, unit in added:
        if line["code"] != FORGED:
            event = wire.received(arrival, receipts[line["sequence"]], unit)
            tx.announce(event, key=line["unit_id"], id=line["receipt_id"])
    return [receipts[line["sequence"]] for line in answers]


def _receipt_id(arrival: Arrival) -> str:
    """Follows from organisation, submission id and content: the same submission has the same receipt for ever."""
    return deterministic_id("receipt", *arrival.identity, arrival.content.hex())
