"""Protobuf on one side, messages on the other."""

from datetime import datetime
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2, submission_pb2
from noegletal.v1 import notification_pb2 as pb

from services.notify.answers import Attempt
from services.notify.payload import Due
from services.notify.store import Claimed
from services.notify.wording import LANGUAGES, Assessed, Finding, Moved

SUBMISSIONS = {
    assessment_pb2.SUBMISSION_VERDICT_ACCEPTED: "accepted",
    assessment_pb2.SUBMISSION_VERDICT_REFUSED: "refused",
    assessment_pb2.SUBMISSION_VERDICT_WITHDRAWN: "withdrawn",
}
FIGURES = {
    assessment_pb2.VERDICT_ACCEPTED: "accepted",
    assessment_pb2.VERDICT_HELD: "held",
    assessment_pb2.VERDICT_REFUSED: "refused",
    assessment_pb2.VERDICT_MISSING: "missing",
}


class Unusable(Exception):
    """An event that names nobody to tell, has no id to know it again by, or says what we have no words for."""


def receipt(event: assessment_pb2.SubmissionAssessed, event_id: str) -> Due:
    """What became of a submission. Raises Unusable."""
    verdict = SUBMISSIONS.get(event.verdict, "")
    _usable(event.receipt.organisation_id, event_id, verdict)
    counts = {name: sum(f.verdict == number for f in event.figures) for number, name in FIGURES.items()}
    findings = sorted(event.findings, key=lambda f: f.severity)
    assessed = Assessed(
        unit_id=event.unit_id,
        period=event.period,
        submission_id=event.receipt.submission_id,
        revision=event.receipt.revision,
        verdict=verdict,
        accepted=counts["accepted"],
        held=counts["held"],
        refused=counts["refused"],
        missing=counts["missing"],
        findings=[Finding(f.code, dict(f.parameters)) for f in findings],
    )
    facts = {
        "unit_id": event.unit_id,
        "scheme": event.scheme,
        "period": event.period,
        "submission_id": event.receipt.submission_id,
        "receipt_id": event.receipt.receipt_id,
        "revision": event.receipt.revision,
        "verdict": verdict,
        "figures": counts,
        "codes": sorted({f.code for f in findings}),
    }
    figures = tuple(f.key_figure for f in event.figures)
    waits = event.receipt.door == submission_pb2.DOOR_FILE
    kind = pb.NOTIFICATION_KIND_RECEIPT
    return Due(event.receipt.organisation_id, kind, event_id, figures, facts, assessed, awaited=waits)


def standing_changed(event: benchmark_pb2.StandingChanged, event_id: str) -> Due:
    """Which standings of a unit moved, and why. Raises Unusable."""
    _usable(event.organisation_id, event_id)
    sentences = [{code: e.text.get(code) or e.key_figure for code in LANGUAGES} for e in event.explanations]
    moved = Moved(event.unit_id, event.period, event.own_submission, sentences)
    facts = {
        "unit_id": event.unit_id,
        "scheme": event.scheme,
        "period": event.period,
        "own_submission": event.own_submission,
        "vintage_before": event.vintage_before,
        "vintage_after": event.vintage_after,
    }
    figures = tuple(e.key_figure for e in event.explanations)
    told = tuple(figure(e) for e in event.explanations)
    return Due(event.organisation_id, pb.NOTIFICATION_KIND_STANDING_CHANGED, event_id, figures, facts, moved, told)


def figure(moved: benchmark_pb2.Explanation) -> dict[str, Any]:
    """What a mail carries of a standing that moved: sentences, the place as its picture needs it, kroner a year."""
    after, before = moved.after, moved.before
    same_group = moved.HasField("before") and not moved.peer_group_before
    drawn = {
        "units": after.units,
        "position": after.position,
        "before": before.position if same_group else 0,
        "lower": after.band_lower_percent,
        "upper": after.band_upper_percent,
    }
    return {
        "text": {code: moved.text.get(code) or moved.key_figure for code in LANGUAGES},
        "priced": {code: text for code, text in moved.priced_text.items() if code in LANGUAGES},
        "place": drawn if moved.HasField("after") else None,
        "worth": round(moved.priced.per_year_e4 / 10_000) if moved.HasField("priced") else None,
    }


def sent(claimed: Claimed, attempt: Attempt, outcome: pb.DeliveryOutcome, at: datetime) -> pb.NotificationSent:
    """The event of one attempt. `at` is when its end was recorded."""
    message = pb.NotificationSent(
        notification_id=claimed.notification_id,
        organisation_id=claimed.organisation_id,
        endpoint_id=claimed.endpoint_id,
        kind=pb.NotificationKind.Name(claimed.kind),
        channel=pb.Channel.Name(claimed.channel),
        attempt=claimed.attempt,
        outcome=outcome,
        detail=attempt.detail,
        caused_by=claimed.event_id,
    )
    message.attempted_at.FromDatetime(at)
    return message


def _usable(*needed: str) -> None:
    if not all(needed):
        raise Unusable
