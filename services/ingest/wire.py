"""Protobuf on one side, what intake and registration work with on the other."""

import functools
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from google.protobuf.timestamp_pb2 import Timestamp
from noegletal.v1 import submission_pb2 as pb

from services.ingest.intake import FORGED, MOST, TEXT, Decision, Fault, first_fault, forged, place, shown
from services.ingest.registration import Unit

SUBMISSION_ID, UNIT_ID = 128, 64  # longest of each


@dataclass
class Arrival:
    """A submission at a door. `raw` is what came in; `organisation_id` is who sent it, as the credential or topic says.

    identity  organisation and the sender's own id, as the log of record has it
    place     what revisions are counted for: scheme, unit, and the month or year that the period belongs to. Two periods that
              end in one year compete for the same place in a benchmark: the later revision holds.
    """

    submission: pb.Submission
    raw: bytes
    organisation_id: str
    door: pb.Door
    source: str  # where it came in, for the log of record
    fault: Fault | None = None
    amounts: "Amounts | None" = None  # absent where there are more than there may be
    content: bytes = b""  # sha256 of what it says, whatever door it came through
    identity: tuple[str, str] = ("", "")
    place: tuple[str, str, str] = ("", "", "")

    def __post_init__(self) -> None:
        s = self.submission
        self.fault = forged(s.organisation_id, self.organisation_id)
        if len(s.amounts) <= MOST["amounts"]:
            self.amounts = Amounts.of(s)
        if self.fault is None:
            s.organisation_id = self.organisation_id
            self.fault = _fault(s, len(self.raw), self.amounts)
        self.content = sha256(s.SerializeToString(deterministic=True)).digest()
        self.identity = self.organisation_id, shown(s.submission_id, SUBMISSION_ID)
        self.place = s.scheme, s.unit_id, place(s.period_start, s.period_end)

    @property
    def forged(self) -> bool:
        """Whether it names another organisation than it came from."""
        return self.fault is not None and self.fault.code == FORGED


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


def receipt(line: Mapping[str, Any]) -> pb.Receipt:
    """The proof that a submission is in the log of record, from its line there."""
    message = pb.Receipt(
        receipt_id=line["receipt_id"],
        submission_id=line["submission_id"],
        organisation_id=line["organisation_id"],
        sha256=bytes(line["sha256"]),
        sequence=line["sequence"],
        door=line["door"],
        revision=line["revision"],
        outcome=line["outcome"],
        code=line["code"],
        received_at=_stamp(datetime.fromisoformat(line["received_at"])),
    )
    if line["code"]:
        message.parameters.update(json.loads(line["parameters"]))
    return message


@functools.lru_cache(maxsize=4096)  # what is committed together has one time
def _stamp(time: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(time)
    return stamp


@functools.lru_cache(maxsize=64)
def _written(time: datetime) -> str:
    return time.isoformat(timespec="microseconds")


def line(arrival: Arrival, decision: Decision, receipt_id: str, sequence: int, received_at: datetime) -> dict[str, Any]:
    """A submission's line in the log of record. Of a malformed one, only what can be shown stands in the columns."""
    s, clean = arrival.submission, arrival.fault is None
    return {
        "sequence": sequence,
        "receipt_id": receipt_id,
        "organisation_id": arrival.organisation_id,
        "submission_id": s.submission_id if clean else shown(s.submission_id, SUBMISSION_ID),
        "content": arrival.content,
        "scheme": s.scheme if clean else shown(s.scheme),
        "unit_id": s.unit_id if clean else shown(s.unit_id, UNIT_ID),
        "period_start": s.period_start if clean else shown(s.period_start),
        "period_end": s.period_end if clean else shown(s.period_end),
        "revision": decision.revision,
        "door": int(arrival.door),
        "source": arrival.source,
        "received_at": _written(received_at),
        "outcome": int(decision.outcome),
        "code": decision.code,
        "parameters": json.dumps(parameters(arrival), sort_keys=True, ensure_ascii=False) if decision.code else "{}",
        "raw": arrival.raw,
    }


def received(arrival: Arrival, given: pb.Receipt, unit: Unit | None) -> pb.SubmissionReceived:
    """The event downstream is a function of. The arrival is used up; of a malformed one there is what can be shown."""
    submission = arrival.submission
    amounts: pb.AmountRow | None = None
    if given.outcome == pb.RECEIPT_OUTCOME_MALFORMED:
        submission = _shown(submission)
    elif arrival.amounts is not None and (amounts := row(arrival.amounts)):
        submission.ClearField("amounts")
    message = pb.SubmissionReceived(submission=submission, receipt=given, row=amounts)
    message.submission.revision = given.revision or submission.revision
    if unit is not None:
        message.profile.CopyFrom(profile(unit))
    return message


def row(amounts: Amounts) -> pb.AmountRow | None:
    """Amounts as one row; None where one is neither a value nor a missing reason, or stands there twice."""
    names, together = amounts.names, "\n".join(amounts.names)
    if not names or not amounts.plain or not all(names) or len(set(names)) < len(names):
        return None
    if together.count("\n") >= len(names):
        return None
    packed = struct.pack(f"<{len(names)}q", *amounts.values)
    return pb.AmountRow(data_points=together, values=packed, missing=amounts.missing)


def profile(unit: Unit) -> pb.Profile:
    """A unit's attributes as registered."""
    return pb.Profile(
        unit_id=unit.unit_id,
        organisation_id=unit.organisation_id,
        holder_id=unit.holder_id,
        attributes=unit.attributes,
        version=unit.version,
        scheme=unit.scheme,
        valid_from=_stamp(unit.valid_from),
    )


def registered(unit: Unit) -> pb.UnitRegistered:
    """The event that a unit is expected to report."""
    return pb.UnitRegistered(profile=profile(unit))


def parameters(arrival: Arrival) -> Mapping[str, str]:
    """What the words of a refusal are filled with."""
    s, fault = arrival.submission, arrival.fault
    said = {
        "submission": shown(s.submission_id, SUBMISSION_ID),
        "unit": shown(s.unit_id, UNIT_ID),
        "revision": str(s.revision),
    }
    if fault is not None:
        said |= {"field": fault.field, "value": fault.value, "rule_da": fault.rule_da, "rule_en": fault.rule_en}
    return said


def _shown(s: pb.Submission) -> pb.Submission:
    """A malformed submission, small and readable whatever was sent. The log of record has it whole."""
    return pb.Submission(
        submission_id=shown(s.submission_id, SUBMISSION_ID),
        organisation_id=s.organisation_id,
        unit_id=shown(s.unit_id, UNIT_ID),
        scheme=shown(s.scheme),
        period_start=shown(s.period_start),
        period_end=shown(s.period_end),
        revision=s.revision,
        withdraw=s.withdraw,
    )


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
