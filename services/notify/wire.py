"""Protobuf on one side, messages on the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import submission_pb2 as submissions

from services.catalogue import definitions
from services.catalogue.sentences import E4, E9
from services.notify import editions, mail_facts, moves, receipts
from services.notify.answers import Attempt
from services.notify.kinds import Kind
from services.notify.moves import Moved
from services.notify.payload import Due
from services.notify.receipts import Assessed, Finding
from services.notify.sentences import LANGUAGES
from services.notify.steadiness import Look
from services.notify.store import Claimed
from services.notify.thresholds import Place
from services.notify.wording import About

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

STEPS = {number: name.removeprefix("STEP_").lower() for name, number in benchmark_pb2.Step.items()}


def assessed(event: assessment_pb2.SubmissionAssessed) -> Assessed:
    """What became of a submission."""
    counts = {name: sum(f.verdict == number for f in event.figures) for number, name in FIGURES.items()}
    findings = sorted(event.findings, key=lambda f: f.severity)
    return Assessed(
        unit_id=event.unit_id,
        period=event.period,
        submission_id=event.receipt.submission_id,
        revision=event.receipt.revision,
        verdict=SUBMISSIONS.get(event.verdict, ""),
        findings=[Finding(f.code, dict(f.parameters)) for f in findings],
        **counts,
    )


def answer(
    event: assessment_pb2.SubmissionAssessed,
    event_id: str,
    kind: Kind = Kind.RECEIPT,
    landed: benchmark_pb2.StandingChanged | None = None,
) -> Due:
    """A receipt, or a refusal; with where the unit landed, where that is known."""
    what = assessed(event)
    landing = moves.landing(moved(landed)) if landed else []
    facts = {
        "unit_id": event.unit_id,
        "scheme": event.scheme,
        "period": event.period,
        "submission_id": event.receipt.submission_id,
        "receipt_id": event.receipt.receipt_id,
        "door": submissions.Door.Name(event.receipt.door).removeprefix("DOOR_").lower(),
        "revision": event.receipt.revision,
        "verdict": what.verdict,
        "figures": {name: getattr(what, name) for name in FIGURES.values()},
        "codes": sorted({f.code for f in event.findings}),
    }
    if landed:
        facts["landing"] = {"vintage_before": landed.vintage_before, "vintage_after": landed.vintage_after}
    figures = [f.key_figure for f in event.figures] or [""]
    about = tuple(About(figure, event.unit_id, scheme=event.scheme) for figure in figures)
    said = receipts.said(what, kind, landing)
    mail = mail_facts.answer(event) | (mail_facts.moved([landed]) if landed else {})
    return Due(event.receipt.organisation_id, kind, event_id, said, about, facts, mail)


def standing_changed(event: benchmark_pb2.StandingChanged, event_id: str) -> Due:
    """Which standings of a unit moved, and why."""
    said = moves.standing_changed(event.unit_id, event.period, moved(event), own_submission=event.own_submission)
    facts = {
        "unit_id": event.unit_id,
        "scheme": event.scheme,
        "period": event.period,
        "own_submission": event.own_submission,
        "vintage_before": event.vintage_before,
        "vintage_after": event.vintage_after,
    }
    about = tuple(item.about for item in said.items) or (About(unit_id=event.unit_id, scheme=event.scheme),)
    mail = mail_facts.moved([event])
    return Due(event.organisation_id, Kind.STANDING_CHANGED, event_id, said, about, facts, mail)


def moved(event: benchmark_pb2.StandingChanged) -> list[Moved]:
    """The standings that moved, each with its causes."""
    return [_moved(event, one) for one in event.explanations]


def look(single: benchmark_pb2.StandingChanged, at: datetime) -> Look:
    """One standing that moved, as it is judged."""
    [one], figure = single.explanations, _figure(single.scheme, single.period, single.explanations[0].key_figure)
    factor = figure.show.factor if figure else 1
    around = single.surroundings[0] if single.surroundings else benchmark_pb2.Surroundings()
    return Look(
        vintage=single.vintage_after,
        at=at,
        before=_place(one.before, factor) if one.HasField("before") else None,
        after=_place(one.after, factor) if one.HasField("after") else None,
        reported=around.reported,
        expected=around.expected,
        to_quartile=Fraction(around.to_quartile_e9 * factor, E9) if around.HasField("to_quartile_e9") else None,
        tolerance=(figure.tolerance if figure else None) or Decimal(0),
    )


def shown_unit(scheme: str, period: str, key_figure: str) -> Mapping[str, str] | None:
    """The unit a figure is shown in, by language; None where we do not know it."""
    figure = _figure(scheme, period, key_figure)
    return {language: figure.show.unit.of(language) for language in LANGUAGES} if figure else None


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


def channel(number: int) -> str:
    """A channel's name as metrics have it."""
    return pb.Channel.Name(number).removeprefix("CHANNEL_").lower()


def kind(number: int) -> str:
    """A kind's name as metrics have it."""
    return pb.NotificationKind.Name(number).removeprefix("NOTIFICATION_KIND_").lower()


def outcome(number: int) -> str:
    """An outcome's name as metrics have it."""
    return pb.DeliveryOutcome.Name(number).removeprefix("DELIVERY_OUTCOME_").lower()


def _moved(event: benchmark_pb2.StandingChanged, one: benchmark_pb2.Explanation) -> Moved:
    figure = _figure(event.scheme, event.period, one.key_figure)
    money = None
    if figure is not None and one.HasField("priced"):
        money = definitions.of(event.scheme, event.period).data_point[figure.numerator[0]].unit
    return Moved(
        about=About(one.key_figure, event.unit_id, one.peer_group, event.scheme),
        period=event.period,
        text=dict(one.text),
        facts=_facts(one),
        quartile=one.after.quartile,
        better=figure.better if figure else "none",
        kroner=round(Fraction(one.priced.per_year_e4, E4)) if money else None,
        money={language: money.of(language) for language in LANGUAGES} if money else None,
    )


def _facts(one: benchmark_pb2.Explanation) -> Mapping[str, Any]:
    """An explanation as data: places, and the parts that changed something."""
    facts: dict[str, Any] = {"parts": _parts(one.parts)}
    for name in ("before", "after"):
        if one.HasField(name):
            standing = getattr(one, name)
            facts[name] = {n: getattr(standing, n) for n in ("position", "units", "percentile_e4", "quartile")}
    if one.peer_group_before:
        facts["peer_group_before"] = one.peer_group_before
    return facts


def _parts(parts: Sequence[benchmark_pb2.ExplanationPart]) -> list[Mapping[str, Any]]:
    return [
        {
            "step": STEPS[part.step],
            "position": part.position,
            "percentile_e4": part.percentile_e4,
            "quartile": part.quartile,
            "units": part.units,
        }
        for part in parts
        if part.units or part.position or part.percentile_e4 or part.quartile
    ]


def _place(standing: benchmark_pb2.Standing, factor: int) -> Place:
    value = Fraction(standing.numerator * factor, standing.denominator) if standing.denominator else Fraction(0)
    return Place(standing.quartile, standing.percentile_e4, value)


def _figure(scheme: str, period: str, key_figure: str) -> definitions.KeyFigure | None:
    """A key figure's definition; None where we know no such scheme, year or figure."""
    edition = editions.known(scheme, period)
    return edition.key_figure.get(key_figure) if edition else None
