"""The log of record at work: a micro-batch of arrivals goes in, each with its receipt; repeats get the receipt they had."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from services.chassis.outbox import deterministic_ids
from services.ingest import received_wire, store, wire
from services.ingest.intake import FORGED, Outcome, decide
from services.ingest.log_line import Line
from services.ingest.plain import Plain, at_once
from services.ingest.received_bytes import Accepted
from services.ingest.registration import Unit
from services.ingest.wire import Arrival, Examined, Proof

if TYPE_CHECKING:
    from services.chassis.outbox import Transaction


def take_in(tx: "Transaction", arrivals: Sequence[Arrival]) -> list[Proof]:
    """Record submissions and announce them; returns their receipts in order. Durable with the transaction."""
    return keep(tx, [wire.examined(arrival) for arrival in _read(arrivals)]).proofs()


def _read(arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
    """Arrivals, the plain ones of them as such."""
    unread = [arrival.raw for arrival in arrivals if not isinstance(arrival.submission, Plain)]
    if not unread:
        return arrivals
    found = iter(at_once(unread))
    return [
        a._replace(submission=one) if not isinstance(a.submission, Plain) and (one := next(found)) is not None else a
        for a in arrivals
    ]


class Added(NamedTuple):
    """A submission that is new, its line in the log of record, and its unit as registered, where that is its sender's."""

    one: Examined
    line: Line
    unit: Unit | None

    @property
    def together(self) -> bool:
        """Whether it is announced together with others: it is plain and was accepted."""
        return not self.line.code and isinstance(self.one.arrival.submission, Plain)


@dataclass(frozen=True)
class Kept:
    """Submissions in the log of record: the line of each, in order; those that were accepted together."""

    lines: list[Line]
    accepted: Accepted

    def proofs(self) -> list[Proof]:
        """The receipt of each."""
        made = {
            line.sequence: receipt
            for line, receipt in zip(self.accepted.lines, self.accepted.receipts().each(), strict=True)
        }
        return [Proof(line.code, made.get(line.sequence) or received_wire.receipt_bytes(line)) for line in self.lines]


def keep(tx: "Transaction", arrived: Sequence[Examined]) -> Kept:
    """Record submissions and announce them.

    Refused ones are recorded and announced too: nobody who sent something goes without an answer. A forgery is recorded,
    but not announced, and does not use up the id it names.
    """
    lines = store.lines_of(tx.connection, [one.identity[1] for one in arrived])
    memory = store.memory(tx)
    remembered = memory.of(tx, {one.place[1] for one in arrived})
    sequence, chain = store.head(tx)
    answers: list[Line] = []
    added: list[Added] = []
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
            added.append(Added(one, line, unit if ours else None))
            earlier.append(line)
            if decision.outcome is Outcome.ACCEPTED:
                given[place] = decision.revision
        answers.append(line)
    store.append(tx, [(line, one.arrival.raw) for one, line, _ in added])
    tx.after_commit(lambda: memory.given(given))
    return Kept(answers, _announced(tx, added))


def _announced(tx: "Transaction", added: Sequence[Added]) -> Accepted:
    """Announce what was recorded, in order; returns those that were accepted together."""
    told = [one for one in added if one.line.code != FORGED]
    accepted = received_wire.accepted([one for one in told if one.together])
    events, at = accepted.events(), 0
    for together, some in groupby(told, lambda one: one.together):
        those = [*some]
        units, ids = [line.unit_id for _, line, _ in those], [line.receipt_id.encode() for _, line, _ in those]
        if together:
            content, ends = events.between(at, at + len(those))
            tx.announce_run(received_wire.RECEIVED, [unit.encode() for unit in units], content, ends, b"".join(ids))
            at += len(those)
        else:
            values = [received_wire.received(*one) for one in those]
            tx.announce_all(received_wire.RECEIVED, units, values, ids)
    return accepted


def _receipt_ids(arrived: Sequence[Examined]) -> list[bytes]:
    """Follow from organisation, submission id and content: the same submission has the same receipt for ever."""
    return deterministic_ids("receipt", [(*one.identity, one.content.hex()) for one in arrived])
