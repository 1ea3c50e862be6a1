"""Protobuf on one side, what intake and registration work with on the other."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from noegletal.v1 import submission_pb2 as pb

from services.ingest.intake import Decision, Fault, Outcome, first_fault, shown
from services.ingest.registration import Unit


@dataclass
class Arrival:
    """A submission at a door. `raw` is what came in; `organisation_id` is who sent it, as the credential or topic says."""

    submission: pb.Submission
    raw: bytes
    organisation_id: str
    door: pb.Door
    source: str  # where it came in, for the log of record
    fault: Fault | None = None
    content: bytes = b""  # sha256 of what it says, whatever door it came through

    def __post_init__(self) -> None:
        self.submission.organisation_id = self.organisation_id
        self.content = sha256(self.submission.SerializeToString(deterministic=True)).digest()
        self.fault = _fault(self.submission)

    @property
    def identity(self) -> tuple[str, str]:
        """Organisation and the sender's own id."""
        return self.organisation_id, self.submission.submission_id

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What revisions are counted for: scheme, unit, period."""
        s = self.submission
        return s.scheme, s.unit_id, s.period_start, s.period_end


def receipt(line: Mapping[str, Any]) -> pb.Receipt:
    """The proof that a submission is in the log of record, from its line there."""
    message = pb.Receipt(
        receipt_id=line["receipt_id"],
        submission_id=line["submission_id"],
        organisation_id=line["organisation_id"],
        sha256=bytes(line["sha256"]),
        sequence=line["sequence"],
        door=pb.Door.Name(line["door"]),
        revision=line["revision"],
        outcome=f"RECEIPT_OUTCOME_{Outcome(line['outcome']).name}",
        code=line["code"],
        parameters=json.loads(line["parameters"]),
    )
    message.received_at.FromDatetime(datetime.fromisoformat(line["received_at"]))
    return message


def line(arrival: Arrival, decision: Decision, sequence: int, received_at: datetime) -> dict[str, Any]:
    """A submission's line in the log of record. Of a malformed one, only what can be shown stands in the columns."""
    s, said = arrival.submission, parameters(arrival)
    return {
        "sequence": sequence,
        "receipt_id": receipt_id(arrival),
        "organisation_id": arrival.organisation_id,
        "submission_id": shown(s.submission_id, 128),
        "content": arrival.content,
        "scheme": shown(s.scheme),
        "unit_id": shown(s.unit_id, 64),
        "period_start": shown(s.period_start),
        "period_end": shown(s.period_end),
        "revision": decision.revision,
        "door": int(arrival.door),
        "source": arrival.source,
        "received_at": received_at.isoformat(timespec="microseconds"),
        "outcome": int(decision.outcome),
        "code": decision.code,
        "parameters": json.dumps(said if decision.code else {}, sort_keys=True, ensure_ascii=False),
        "raw": arrival.raw,
    }


def receipt_id(arrival: Arrival) -> str:
    """Follows from organisation, submission id and content: the same submission has the same receipt for ever."""
    return str(
        uuid.uuid5(uuid.NAMESPACE_URL, f"noegletal:receipt/{'/'.join(arrival.identity)}/{arrival.content.hex()}")
    )


def received(arrival: Arrival, given: pb.Receipt, unit: Unit | None) -> pb.SubmissionReceived:
    """The event downstream is a function of."""
    message = pb.SubmissionReceived(submission=arrival.submission, receipt=given)
    message.submission.revision = given.revision or arrival.submission.revision
    if unit is not None:
        message.profile.CopyFrom(profile(unit))
    return message


def profile(unit: Unit) -> pb.Profile:
    """A unit's attributes as registered."""
    message = pb.Profile(
        unit_id=unit.unit_id,
        organisation_id=unit.organisation_id,
        holder_id=unit.holder_id,
        attributes=unit.attributes,
        version=unit.version,
        scheme=unit.scheme,
    )
    message.valid_from.FromDatetime(unit.valid_from)
    return message


def registered(unit: Unit) -> pb.UnitRegistered:
    """The event that a unit is expected to report."""
    return pb.UnitRegistered(profile=profile(unit))


def parameters(arrival: Arrival) -> Mapping[str, str]:
    """What the words of a refusal are filled with."""
    s, fault = arrival.submission, arrival.fault
    said = {"submission": s.submission_id, "unit": s.unit_id, "revision": str(s.revision)}
    if fault is not None:
        said |= {"field": fault.field, "value": fault.value, "rule_da": fault.rule_da, "rule_en": fault.rule_en}
    return said


def _fault(s: pb.Submission) -> Fault | None:
    identifiers = {
        "organisation_id": s.organisation_id,
        "submission_id": s.submission_id,
        "unit_id": s.unit_id,
        "scheme": s.scheme,
    }
    texts = {"comment": s.comment, "source_system": s.source_system}
    texts |= {f"amounts[{n}].data_point": a.data_point for n, a in enumerate(s.amounts)}
    texts |= {f"amounts[{n}].unreadable": a.unreadable for n, a in enumerate(s.amounts) if a.unreadable}
    texts |= {f"confirmations[{n}].reason": c.reason for n, c in enumerate(s.confirmations)}
    return first_fault(identifiers, {"period_start": s.period_start, "period_end": s.period_end}, texts, len(s.amounts))
