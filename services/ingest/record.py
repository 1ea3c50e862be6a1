"""The log of record at work: a micro-batch of arrivals goes in, each with its receipt; repeats get the receipt they had."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.chassis.outbox import deterministic_ids
from services.ingest import plain, received_wire, store, wire
from services.ingest.intake import FORGED, Outcome, decide
from services.ingest.log_line import Line
from services.ingest.wire import Arrival, Examined, Proof

if TYPE_CHECKING:
    from services.chassis.outbox import Transaction
    from services.ingest.registration import Unit


def take_in(tx: "Transaction", arrivals: Sequence[Arrival]) -> list[Proof]:
    """Record submissions and announce them; returns their receipts in order. Durable with the transaction."""
    lines, made = keep(tx, [wire.examined(arrival) for arrival in _read(arrivals)])
    return [Proof(line.code, made.get(line.sequence) or received_wire.receipt_bytes(line)) for line in lines]


def _read(arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Arrivals, the plain ones of them as such."""
    unread = [arrival.raw for arrival in arrivals if not isinstance(arrival.submission, plain.Plain)]
    if not unread:
        return arrivals
    found = iter(plain.at_once(unread))
    return [
        a._replace(submission=one)
        if not isinstance(a.submission, plain.Plain) and (one := next(found)) is not None
        else a
        for a in arrivals
    ]


def keep(tx: "Transaction", arrived: Sequence[Examined]) -> tuple[list[Line], dict[int, bytes]]:
    """Record submissions and announce them; returns their lines in the log of record, in order, and new receipts by sequence.

    Refused ones are recorded and announced too: nobody who sent something goes without an answer. A forgery is recorded,
    but not announced, and does not use up the id it names.
    """
    lines = store.lines_of(tx.connection, [one.identity[1] for one in arrived])
    memory = store.memory(tx)
    remembered = memory.of(tx, {one.place[1] for one in arrived})
    sequence, chain = store.head(tx)
    answers: list[Line] = []
    added: list[tuple[Examined, Line, Unit | None]] = []
    given: dict[tuple[str, str, str], int] = {}
    for one, id in zip(arrived, _receipt_ids(arrived), strict=True):
        earlier, place = lines.setdefault(one.identity, []), one.place
        line = next((e for e in earlier if e.content == one.content), None) if earlier else None
        if line is None:
            units, revisions = remembered[place[1]]
            unit = units.get(place[:2])
            ours = unit is not None and unit.organisation_id == one.identity[0]
            newest = given.get(place) or revisions.get(place, 0)
            other = bool(earlier) and any(e.code != FORGED for e in earlier)
            decision = decide(one.fault, one.revision, other_content=other, newest_revision=newest, registered=ours)
            line = wire.line(one, decision, sequence + 1, id.decode(), tx.now, chain)
            sequence, chain = line.sequence, line.chain
            added.append((one, line, unit if ours else None))
            earlier.append(line)
            if decision.outcome is Outcome.ACCEPTED:
                given[place] = decision.revision
        answers.append(line)
    store.append(tx, [(line, one.arrival.raw) for one, line, _ in added])
    tx.after_commit(lambda: memory.given(given))
    made = {line.sequence: received_wire.receipt_bytes(line) for _, line, _ in added}
    told = [some for some in added if some[1].code != FORGED]
    events = [received_wire.received(one, line, unit, made[line.sequence]) for one, line, unit in told]
    ids = [line.receipt_id.encode() for _, line, _ in told]
    tx.announce_all(received_wire.RECEIVED, [line.unit_id for _, line, _ in told], events, ids)
    return answers, made


def _receipt_ids(arrived: Sequence[Examined]) -> list[bytes]:
    """Follow from organisation, submission id and content: the same submission has the same receipt for ever."""
    return deterministic_ids("receipt", [(*one.identity, one.content.hex()) for one in arrived])
