"""Protobuf on one side, messages on the other."""

from datetime import datetime

from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import notification_pb2 as pb

from services.notify import mail_facts
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
    kind = pb.NOTIFICATION_KIND_RECEIPT
    return Due(event.receipt.organisation_id, kind, event_id, figures, facts, assessed, mail_facts.answer(event))


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
    kind = pb.NOTIFICATION_KIND_STANDING_CHANGED
    return Due(event.organisation_id, kind, event_id, figures, facts, moved, mail_facts.moved(event))


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
