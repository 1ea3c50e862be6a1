"""Protobuf on one side, messages and payloads on the other."""

import json
from dataclasses import dataclass
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import notification_pb2 as pb

from services.notify import wording
from services.notify.wording import LANGUAGES, Assessed, Finding, Message, Moved

MOST_BYTES = 20_000  # of a webhook's payload


@dataclass(frozen=True)
class Due:
    """Something an organisation is to be told, before it is known to whom."""

    organisation_id: str
    kind: pb.NotificationKind
    event_id: str
    key_figures: frozenset[str]  # it concerns; none for a submission as a whole
    data: dict[str, Any]
    words: dict[str, Message]  # language -> message


def receipt(event: assessment_pb2.SubmissionAssessed, event_id: str) -> Due:
    """What became of a submission."""
    counts = dict.fromkeys(("ACCEPTED", "HELD", "REFUSED", "MISSING"), 0)
    for figure in event.figures:
        counts[assessment_pb2.Verdict.Name(figure.verdict).removeprefix("VERDICT_")] += 1
    findings = sorted(event.findings, key=lambda f: f.severity)
    verdict = assessment_pb2.SubmissionVerdict.Name(event.verdict).removeprefix("SUBMISSION_VERDICT_").lower()
    assessed = Assessed(
        unit_id=event.unit_id,
        period=event.period,
        submission_id=event.receipt.submission_id,
        revision=event.receipt.revision,
        verdict=verdict,
        accepted=counts["ACCEPTED"],
        held=counts["HELD"],
        refused=counts["REFUSED"],
        missing=counts["MISSING"],
        findings=[Finding(f.code, dict(f.parameters)) for f in findings],
    )
    data = {
        "organisation_id": event.receipt.organisation_id,
        "unit_id": event.unit_id,
        "scheme": event.scheme,
        "period": event.period,
        "submission_id": event.receipt.submission_id,
        "receipt_id": event.receipt.receipt_id,
        "revision": event.receipt.revision,
        "verdict": verdict,
        "figures": {name.lower(): count for name, count in counts.items()},
        "codes": sorted({f.code for f in findings}),
    }
    words = {language: wording.receipt(assessed, language) for language in LANGUAGES}
    kind = pb.NOTIFICATION_KIND_RECEIPT
    return Due(
        event.receipt.organisation_id, kind, event_id, frozenset(f.key_figure for f in event.figures), data, words
    )


def standing_changed(event: benchmark_pb2.StandingChanged, event_id: str) -> Due:
    """Which standings of a unit moved, and why."""
    sentences = {language: [e.text[language] for e in event.explanations] for language in LANGUAGES}
    moved = Moved(event.unit_id, event.period, event.own_submission, sentences)
    figures = [e.key_figure for e in event.explanations]
    data = {
        "organisation_id": event.organisation_id,
        "unit_id": event.unit_id,
        "scheme": event.scheme,
        "period": event.period,
        "key_figures": figures,
        "own_submission": event.own_submission,
        "vintage_before": event.vintage_before,
        "vintage_after": event.vintage_after,
    }
    words = {language: wording.moved(moved, language) for language in LANGUAGES}
    kind = pb.NOTIFICATION_KIND_STANDING_CHANGED
    return Due(event.organisation_id, kind, event_id, frozenset(figures), data, words)


def payload(due: Due, *, subscription_id: str, seq: int, at: str) -> str:
    """A Standard Webhooks payload: type, timestamp, data; below 20 kB, its texts shortened if need be."""
    name = pb.NotificationKind.Name(due.kind).removeprefix("NOTIFICATION_KIND_").lower().replace("_", "-")
    texts = {language: {"subject": m.subject, "text": m.text} for language, m in due.words.items()}
    stop = {language: wording.stop(subscription_id, language) for language in LANGUAGES}
    data = due.data | {"seq": seq, "subscription_id": subscription_id, "words": texts, "stop": stop}
    content = {"type": f"noegletal.{name}", "timestamp": at, "data": data}
    body = json.dumps(content, ensure_ascii=False, sort_keys=True)
    if len(body.encode()) > MOST_BYTES:
        for text in texts.values():
            text["text"] = text["text"][:1000] + "…"
        body = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return body


def sent(
    *,
    notification_id: str,
    organisation_id: str,
    endpoint_id: str,
    kind: int,
    channel: int,
    attempt: int,
    outcome: pb.DeliveryOutcome,
    detail: str,
    caused_by: str,
) -> pb.NotificationSent:
    """The event of one attempt; its time is set by who announces it."""
    return pb.NotificationSent(
        notification_id=notification_id,
        organisation_id=organisation_id,
        endpoint_id=endpoint_id,
        kind=pb.NotificationKind.Name(kind),
        channel=pb.Channel.Name(channel),
        attempt=attempt,
        outcome=outcome,
        detail=detail,
        caused_by=caused_by,
    )
