"""The log of record at work: a micro-batch of arrivals goes in, each with its receipt; repeats get the receipt they had."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.chassis.outbox import deterministic_ids
from services.ingest import plain, received_wire, store, wire
from services.ingest.intake import FORGED, Known, Outcome, decide
from services.ingest.wire import Arrival, Examined

if TYPE_CHECKING:
    from services.chassis.outbox import Transaction
    from services.ingest.registration import Unit


def take_in(tx: "Transaction", arrivals: Sequence[Arrival]) -> list[Any]:
    """Record submissions and announce them; returns their receipts in order. Durable with the transaction."""
    found = plain.at_once([arrival.raw for arrival in arrivals])
    read = [a._replace(submission=one) if one else a for a, one in zip(arrivals, found, strict=True)]
    lines = keep(tx, [wire.examined(arrival) for arrival in read])
    receipts = {line["sequence"]: wire.receipt(line) for line in lines}
    return [receipts[line["sequence"]] for line in lines]


def keep(tx: "Transaction", arrived: Sequence[Examined]) -> list[dict[str, Any]]:
    """Record submissions and announce them; returns their lines in the log of record, in order.

    Refused ones are recorded and announced too: nobody who sent something goes without an answer. A forgery is recorded,
    but not announced, and does not use up the id it names.
    """
    found = store.lines_of(tx.connection, [one.identity[1] for one in arrived])
    lines = {identity: [r._asdict() for r in rows] for identity, rows in found.items()}
    memory = store.memory(tx)
    units, revisions = memory.of(tx, {one.place[1] for one in arrived})
    sequence, chain = store.head(tx)
    answers: list[dict[str, Any]] = []
    added: list[tuple[Examined, dict[str, Any], Unit | None]] = []
    given: dict[tuple[str, str, str], int] = {}
    for one in arrived:
        earlier, place = lines.setdefault(one.identity, []), one.place
        line = next((e for e in earlier if e["content"] == one.content), None) if earlier else None
        if line is None:
            sequence += 1
            unit = units.get(place[:2])
            ours = unit is not None and unit.organisation_id == one.identity[0]
            newest = given.get(place) or revisions.get(place, 0)
            other = bool(earlier) and any(e["code"] != FORGED for e in earlier)
            known = Known(False, other, newest, ours)
            decision = decide(one.fault, one.revision, known)
            line = wire.line(one, decision, sequence, tx.now)
            added.append((one, line, unit if ours else None))
            earlier.append(line)
            if decision.outcome is Outcome.ACCEPTED:
                given[place] = decision.revision
        answers.append(line)
    ids = _receipt_ids([one for one, _, _ in added])
    for (_, line, _), id in zip(added, ids, strict=True):
        line["receipt_id"] = id.decode()
    store.append(tx, [line for _, line, _ in added], chain)
    tx.after_commit(lambda: memory.given(given))
    told = [(received_wire.received(one, line, unit), line) for one, line, unit in added if line["code"] != FORGED]
    keys, ids = [line["unit_id"] for _, line in told], [line["receipt_id"].encode() for _, line in told]
    tx.announce_all(received_wire.RECEIVED, keys, [event for event, _ in told], ids)
    return answers


def _receipt_ids(added: Sequence[Examined]) -> list[bytes]:
    """Follow from organisation, submission id and content: the same submission has the same receipt for ever."""
    return deterministic_ids("receipt", [(*one.identity, one.content.hex()) for one in added])
