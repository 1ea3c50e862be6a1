"""Protobuf on one side, what intake and registration work with on the other."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

from google.protobuf.timestamp_pb2 import Timestamp
from noegletal.v1 import submission_pb2 as pb

from services.ingest import received_bytes
from services.ingest.intake import (
    FORGED,
    MOST,
    TEXT,
    Decision,
    Fault,
    first_fault,
    forged,
    identifier_fault,
    place,
    shown,
)
from services.ingest.log_line import Line, linked
from services.ingest.plain import Plain
from services.ingest.registration import Unit

SUBMISSION_ID, UNIT_ID = 128, 64  # longest of each
Said = pb.Submission | Plain


class Arrival(NamedTuple):
    """A submission at a door. `raw` is what came in; `organisation_id` is who sent it, as the credential or topic says.

    submission  what it says, as one of protobuf's or, where it is plain, without it
    source      where it came in, for the log of record
    """

    submission: Said
    raw: bytes
    organisation_id: str
    door: pb.Door
    source: str


class Proof(NamedTuple):
    """A receipt as bytes. `code`: that of a refusal; empty when accepted."""

    code: str
    receipt: bytes


class Examined(NamedTuple):
    """A submission at a door, and what is known of it before the log of record is asked.

    content   sha256 of what it says, whatever door it came through; `sha256` is that of the bytes that came in
    identity  organisation and the sender's own id, as the log of record has it
    place     what revisions are counted for: scheme, unit, and the month or year that the period belongs to. Two periods that
              end in one year compete for the same place in a benchmark: the later revision holds.
    revision  as asked for
    amounts   absent where it is plain, or there are more than there may be
    """

    arrival: Arrival
    fault: Fault | None
    content: bytes
    sha256: bytes
    identity: tuple[str, str]
    place: tuple[str, str, str]
    period: tuple[str, str]
    revision: int
    amounts: "Amounts | None"

    @property
    def forged(self) -> bool:
        """Whether it names another organisation than it came from."""
        return self.fault is not None and self.fault.code == FORGED


def examined(arrival: Arrival) -> Examined:
    """What is known of an arrival. What it says is then as if the sender had named the organisation."""
    said, raw, organisation = arrival.submission, arrival.raw, arrival.organisation_id
    digest = sha256(raw).digest()
    if not isinstance(said, Plain):
        return _examined(arrival, said, digest)
    if not _may_send(organisation) or said.claimed not in ("", organisation):
        message = pb.Submission.FromString(raw)
        return _examined(arrival._replace(submission=message), message, digest)
    content = digest
    if not said.claimed:
        content = sha256(received_bytes.head(said.submission_id, organisation) + raw[said.unit_at :]).digest()
    identity = organisation, said.submission_id
    scheme, start, end, counted = said.account
    place = scheme, said.unit_id, counted
    return _made((arrival, None, content, digest, identity, place, (start, end), said.revision, None))


def _examined(arrival: Arrival, s: pb.Submission, digest: bytes) -> Examined:
    fault = forged(s.organisation_id, arrival.organisation_id)
    amounts = Amounts.of(s) if len(s.amounts) <= MOST["amounts"] else None
    if fault is None:
        s.organisation_id = arrival.organisation_id
        fault = _fault(s, len(arrival.raw), amounts)
    content = sha256(s.SerializeToString(deterministic=True)).digest()
    identity = arrival.organisation_id, shown(s.submission_id, SUBMISSION_ID)
    counted = s.scheme, s.unit_id, place(s.period_start, s.period_end)
    return Examined(
        arrival, fault, content, digest, identity, counted, (s.period_start, s.period_end), s.revision, amounts
    )


def by_protobuf(one: Examined) -> tuple[pb.Submission, "Amounts | None"]:
    """What an examined submission says, and its amounts, be it plain."""
    said = one.arrival.submission
    if not isinstance(said, Plain):
        return said, one.amounts
    message = pb.Submission.FromString(one.arrival.raw)
    message.organisation_id = one.arrival.organisation_id
    return message, Amounts.of(message)


_made: Callable[[Any], Examined] = partial(tuple.__new__, Examined)  # without a call of Python's for each


@functools.lru_cache(maxsize=4096)
def _may_send(organisation_id: str) -> bool:
    """Whether an organisation may be called so."""
    return identifier_fault("organisation_id", organisation_id) is None


class Amounts(NamedTuple):
    """A submission's amounts as columns, read once.

    missing     the number of the missing reason of each; empty where all are values
    unreadable  the senders' texts where they are no numbers
    plain       whether each is a value or a missing reason
    """

    names: list[str]
    values: list[int]
    missing: bytes
    unreadable: list[str]
    plain: bool

    @classmethod
    def of(cls, submission: pb.Submission) -> "Amounts":
        """Read them."""
        each = list(submission.amounts)
        names, values = [amount.data_point for amount in each], [amount.value for amount in each]
        missing, unreadable, plain = bytearray(len(each)), list[str](), True
        for n in () if all(values) else [n for n, value in enumerate(values) if not value]:
            kind = each[n].WhichOneof("content")
            if kind == "unreadable":
                unreadable.append(each[n].unreadable)
            elif kind == "missing" and 0 < each[n].missing < 256:
                missing[n] = each[n].missing
            plain = plain and (kind == "value" or missing[n] > 0)
        return cls(names, values, bytes(missing) if any(missing) else b"", unreadable, plain)


def receipt(line: Any) -> pb.Receipt:
    """The proof that a submission is in the log of record, from its line there."""
    message = pb.Receipt(
        receipt_id=line.receipt_id,
        submission_id=line.submission_id,
        organisation_id=line.organisation_id,
        sha256=bytes(line.sha256),
        sequence=line.sequence,
        door=line.door,
        revision=line.revision,
        outcome=line.outcome,
        code=line.code,
        received_at=written_at(line.received_at),
    )
    if line.code:
        message.parameters.update(json.loads(line.parameters))
    return message


def given(proof: Proof) -> pb.Receipt:
    """A receipt as protobuf has it."""
    return pb.Receipt.FromString(proof.receipt)


@functools.lru_cache(maxsize=4096)  # what is committed together has one time
def stamp(time: datetime) -> Timestamp:
    """A time as the contract writes it."""
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


@functools.lru_cache(maxsize=4096)
def written_at(text: str) -> Timestamp:
    """When a line was written, from what stands in it."""
    return stamp(datetime.fromisoformat(text))


@functools.lru_cache(maxsize=64)
def _written(time: datetime) -> str:
    return time.isoformat(timespec="microseconds")


def line(
    one: Examined, decision: Decision, sequence: int, receipt_id: str, received_at: datetime, chain: bytes
) -> Line:
    """A submission's line in the log of record. Of a malformed one, only what can be shown stands in the columns.

    chain   that of the line before
    """
    (scheme, unit_id, _), (start, end), said = one.place, one.period, "{}"
    if one.fault is not None:
        scheme, unit_id, start, end = shown(scheme), shown(unit_id, UNIT_ID), shown(start), shown(end)
    if decision.code:
        said = json.dumps(parameters(one), sort_keys=True, ensure_ascii=False)
    arrival, (outcome, revision, code) = one.arrival, decision
    what = (sequence, receipt_id, *one.identity, one.content, scheme, unit_id, start, end, revision)
    how = (int(arrival.door), arrival.source, _written(received_at), int(outcome), code, said, one.sha256)
    return linked(chain, what + how)


def profile(unit: Unit) -> pb.Profile:
    """A unit's attributes as registered."""
    return pb.Profile(
        unit_id=unit.unit_id,
        organisation_id=unit.organisation_id,
        holder_id=unit.holder_id,
        attributes=unit.attributes,
        version=unit.version,
        scheme=unit.scheme,
        valid_from=stamp(unit.valid_from),
    )


def registered(unit: Unit) -> pb.UnitRegistered:
    """The event that a unit is expected to report."""
    return pb.UnitRegistered(profile=profile(unit))


def parameters(one: Examined) -> Mapping[str, str]:
    """What the words of a refusal are filled with."""
    fault = one.fault
    said = {"submission": one.identity[1], "unit": shown(one.place[1], UNIT_ID), "revision": str(one.revision)}
    if fault is not None:
        said |= {"field": fault.field, "value": fault.value, "rule_da": fault.rule_da, "rule_en": fault.rule_en}
    return said


def _fault(s: pb.Submission, size: int, amounts: Amounts | None) -> Fault | None:
    identifiers = {
        "organisation_id": s.organisation_id,
        "submission_id": s.submission_id,
        "unit_id": s.unit_id,
        "scheme": s.scheme,
    }
    counts = {
        "bytes": size,
        "revision": s.revision,
        "amounts": len(s.amounts),
        "confirmations": len(s.confirmations),
    }
    dates = {"period_start": s.period_start, "period_end": s.period_end}
    return first_fault(identifiers, dates, _texts(s, amounts), counts)


def _texts(s: pb.Submission, amounts: Amounts | None) -> Iterator[tuple[str, str]]:
    yield "comment", s.comment
    yield "source_system", s.source_system
    together = " ".join([*amounts.names, *amounts.unreadable]) if amounts else ""
    if amounts and (len(together) > TEXT or not together.isprintable()):  # else there is nothing to find in any of them
        for amount in s.amounts:
            yield "data_point", amount.data_point
            yield "unreadable", amount.unreadable
    for confirmation in s.confirmations:
        yield "confirmation", confirmation.what
        yield "reason", confirmation.reason
