"""SubmissionReceived: the event everything downstream is a function of."""

import struct
from collections.abc import Sequence

from noegletal.v1 import submission_pb2 as pb

from services.fields import field
from services.ingest import received_bytes
from services.ingest.intake import shown
from services.ingest.log_line import Line
from services.ingest.plain import Plain
from services.ingest.received_bytes import Accepted
from services.ingest.registration import Unit
from services.ingest.submission_bytes import chosen
from services.ingest.wire import SUBMISSION_ID, UNIT_ID, Amounts, Examined, by_protobuf, profile, receipt, written_at

RECEIVED = pb.SubmissionReceived
MOST_KEPT = 20_000  # profiles whose bytes are kept; beyond it, begun anew


def received(one: Examined, line: Line, unit: Unit | None) -> bytes:
    """The event downstream is a function of. The submission is used up; of a malformed one there is what can be shown."""
    submission, amounts = by_protobuf(one)
    together: pb.AmountRow | None = None
    if line.outcome == pb.RECEIPT_OUTCOME_MALFORMED:
        submission = _shown(submission)
    elif amounts is not None and (together := row(amounts)):
        submission.ClearField("amounts")
    message = pb.SubmissionReceived(submission=submission, receipt=receipt(line), row=together)
    message.submission.revision = line.revision or submission.revision
    if unit is not None:
        message.profile.CopyFrom(profile(unit))
    return message.SerializeToString(deterministic=True)


def receipt_bytes(line: Line) -> bytes:
    """The receipt of a line of the log of record."""
    return receipt(line).SerializeToString(deterministic=True)


def accepted(some: Sequence[tuple[Examined, Line, Unit | None]]) -> Accepted:
    """Plain submissions that were accepted, with their lines, which are of one time, and their units."""
    plain = [one.arrival.submission for one, _, _ in some]
    lines, profiles = [line for _, line, _ in some], [_registered(unit) for _, _, unit in some if unit]
    received_at = _received_at(lines[0].received_at) if lines else b""
    return Accepted(chosen([one.apart for one in plain if isinstance(one, Plain)]), lines, received_at, profiles)


def _received_at(written: str) -> bytes:
    """When a line was written, as a field of its receipt."""
    return field(received_bytes.RECEIVED_AT, written_at(written).SerializeToString(deterministic=True))


_PROFILES: dict[tuple[str, str], tuple[Unit, bytes]] = {}  # by scheme and unit, as the unit was when last asked for


def _registered(unit: Unit) -> bytes:
    """A unit's profile as a field of the event."""
    known = _PROFILES.get((unit.scheme, unit.unit_id))
    if known is None or known[0] is not unit:
        if len(_PROFILES) > MOST_KEPT:
            _PROFILES.clear()
        made = field(received_bytes.PROFILE, profile(unit).SerializeToString(deterministic=True))
        known = _PROFILES[unit.scheme, unit.unit_id] = unit, made
    return known[1]


def row(amounts: Amounts) -> pb.AmountRow | None:
    """Amounts as one row; None where one is neither a value nor a missing reason, or stands there twice."""
    names, together = amounts.names, "\n".join(amounts.names)
    if not names or not amounts.plain or not all(names) or len(set(names)) < len(names):
        return None
    if together.count("\n") >= len(names):
        return None
    packed = struct.pack(f"<{len(names)}q", *amounts.values)
    return pb.AmountRow(data_points=together, values=packed, missing=amounts.missing)


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
