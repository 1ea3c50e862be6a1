"""Messages in words, Danish and English. Sentences only: no amounts and no ratios leave with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.catalogue import codes

LANGUAGES = ("da", "en")
FINDINGS_SHOWN = 3


@dataclass(frozen=True)
class Finding:
    """A finding as a message needs it."""

    code: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Assessed:
    """What became of a submission. `verdict`: accepted, refused or withdrawn; counts are of key figures."""

    unit_id: str
    period: str
    submission_id: str
    revision: int
    verdict: str
    accepted: int
    held: int
    refused: int
    missing: int
    findings: Sequence[Finding]  # gravest first


@dataclass(frozen=True)
class Moved:
    """Standings that moved. `sentences`: per language, one per key figure."""

    unit_id: str
    period: str
    own_submission: bool
    sentences: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Message:
    """A subject and a text in one language."""

    subject: str
    text: str


SUBJECTS = {
    "da": {
        "accepted": "Afdeling {unit} {period}: {accepted} nøgletal er med",
        "refused": "Afdeling {unit}: indberetningen er afvist",
        "withdrawn": "Afdeling {unit} {period}: trukket tilbage",
        "moved": "Afdeling {unit} {period}: placeringen er ændret",
    },
    "en": {
        "accepted": "Unit {unit} {period}: {accepted} key figures are in",
        "refused": "Unit {unit}: the submission is refused",
        "withdrawn": "Unit {unit} {period}: withdrawn",
        "moved": "Unit {unit} {period}: standing changed",
    },
}
COUNTS = {
    "da": "Indberetning {submission}, revision {revision}: {accepted} nøgletal er med, {held} venter på bekræftelse, "
    "{refused} er afvist, {missing} mangler.",
    "en": "Submission {submission}, revision {revision}: {accepted} key figures are in, {held} wait for confirmation, "
    "{refused} are refused, {missing} are missing.",
}
WHOLE = {
    "da": {
        "refused": "Indberetning {submission} er afvist som helhed.",
        "withdrawn": "Indberetning {submission} trækker afdelingen tilbage.",
    },
    "en": {
        "refused": "Submission {submission} is refused as a whole.",
        "withdrawn": "Submission {submission} withdraws the unit.",
    },
}
MORE = {"da": "… og {count} mere.", "en": "… and {count} more."}
WHY = {
    "da": {
        "own": "I får beskeden, fordi I selv har indberettet.",
        "others": "I får beskeden, fordi I har skiftet kvartil.",
    },
    "en": {"own": "You are told because you submitted.", "others": "You are told because your quarter changed."},
}
STOP = {
    "da": "Stop netop denne besked: opsig abonnement {subscription}.",
    "en": "To stop exactly this message: unsubscribe {subscription}.",
}


def receipt(event: Assessed, language: str) -> Message:
    """What became of a submission, with the first findings in words."""
    filled = {
        "unit": event.unit_id,
        "period": event.period,
        "submission": event.submission_id,
        "revision": event.revision,
        "accepted": event.accepted,
        "held": event.held,
        "refused": event.refused,
        "missing": event.missing,
    }
    whole = WHOLE[language].get(event.verdict)
    lines = [(whole or COUNTS[language]).format(**filled)]
    lines += [f"{f.code} {codes.words(f.code, f.parameters)[language]}" for f in event.findings[:FINDINGS_SHOWN]]
    if len(event.findings) > FINDINGS_SHOWN:
        lines.append(MORE[language].format(count=len(event.findings) - FINDINGS_SHOWN))
    return Message(SUBJECTS[language][event.verdict].format(**filled), "\n".join(lines))


def moved(event: Moved, language: str) -> Message:
    """Which standings moved and why, and why the receiver is told."""
    subject = SUBJECTS[language]["moved"].format(unit=event.unit_id, period=event.period)
    why = WHY[language]["own" if event.own_submission else "others"]
    return Message(subject, "\n".join([*event.sentences[language], why]))


def stop(subscription_id: str, language: str) -> str:
    """How to stop exactly this message."""
    return STOP[language].format(subscription=subscription_id)
