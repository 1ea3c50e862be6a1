"""Messages in words, Danish and English. Sentences only: no amounts and no ratios leave with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.catalogue import codes

LANGUAGES = ("da", "en")
FINDINGS_SHOWN = 3
SENTENCES_SHOWN = 20
SUBJECT_LENGTH = 78  # of a mail's subject line
# Parameters of a finding that name things. Any other may hold an amount and is not said.
NAMES = frozenset(
    {"attribute", "claimed", "data_point", "days", "decimals", "end", "field", "key_figure", "known", "organisation"}
    | {"period", "revision", "rule_da", "rule_en", "scheme", "start", "submission", "unit"}
    | {"factor", "group", "other", "parts", "pct", "what", "whole"}
    | {"day_sum", "days_of_year", "method", "months", "other_end", "other_start", "table", "table_method", "use"}
)
HIDDEN = {"da": "(ikke vist)", "en": "(not shown)"}


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
    """Standings that moved. `sentences`: per key figure, language -> the explanation as the event carries it."""

    unit_id: str
    period: str
    own_submission: bool
    sentences: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Message:
    """A subject and a text in one language."""

    subject: str
    text: str


SUBJECTS = {
    "da": {
        "accepted": "Afdeling {unit} {period}: {accepted} nøgletal er med",
        "open": "Afdeling {unit} {period}: {accepted} nøgletal er med, {open} er ikke",
        "refused": "Afdeling {unit}: indberetningen er afvist",
        "withdrawn": "Afdeling {unit} {period}: trukket tilbage",
        "moved": "Afdeling {unit} {period}: placeringen er ændret",
    },
    "en": {
        "accepted": "Unit {unit} {period}: {accepted} key figures are in",
        "open": "Unit {unit} {period}: {accepted} key figures are in, {open} are not",
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
        "receipt": "I får beskeden, fordi I følger kvitteringer.",
        "own": "I får beskeden, fordi I selv har indberettet.",
        "others": "I får beskeden, fordi I har skiftet kvartil.",
    },
    "en": {
        "receipt": "You are told because you follow receipts.",
        "own": "You are told because you submitted.",
        "others": "You are told because your quarter changed.",
    },
}
STOP = {
    "da": "Stop netop denne besked: opsig abonnement {subscriptions}.",
    "en": "To stop exactly this message: unsubscribe {subscriptions}.",
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
        "open": event.held + event.refused + event.missing,
    }
    lines = [WHOLE[language].get(event.verdict, COUNTS[language]).format(**filled)]
    lines += [finding(f, language) for f in event.findings[:FINDINGS_SHOWN]]
    if len(event.findings) > FINDINGS_SHOWN:
        lines.append(MORE[language].format(count=len(event.findings) - FINDINGS_SHOWN))
    subject = "open" if event.verdict == "accepted" and filled["open"] else event.verdict
    return Message(_subject(SUBJECTS[language][subject], filled), "\n".join([*lines, WHY[language]["receipt"]]))


def finding(said: Finding, language: str) -> str:
    """One finding as code and words. What could be an amount is not said; the sender has it in the submission.

    >>> finding(Finding("NT-2003", {"data_point": "BS03.numerator", "value": "-3"}), "en")
    'NT-2003 BS03.numerator: (not shown) is negative. Correct the number.'
    """
    shown = NAMES | ({"value"} if "attribute" in said.parameters else set())  # an attribute's value is a label
    parameters = {
        name: plain(value) if name in shown else HIDDEN[language] for name, value in sorted(said.parameters.items())
    }
    return f"{said.code} {codes.words(said.code, parameters)[language]}"


def moved(event: Moved, language: str) -> Message:
    """Which standings moved and why, and why the receiver is told."""
    filled = {"unit": event.unit_id, "period": event.period}
    lines = [plain(sentence[language]) for sentence in event.sentences[:SENTENCES_SHOWN]]
    if len(event.sentences) > SENTENCES_SHOWN:
        lines.append(MORE[language].format(count=len(event.sentences) - SENTENCES_SHOWN))
    why = WHY[language]["own" if event.own_submission else "others"]
    return Message(_subject(SUBJECTS[language]["moved"], filled), "\n".join([*lines, why]))


def stop(subscription_ids: Sequence[str], language: str) -> str:
    """How to stop exactly this message: the subscriptions by which it is sent."""
    return STOP[language].format(subscriptions=", ".join(subscription_ids))


def plain(text: str, most: int = 300) -> str:
    r"""Text on one line without control characters, so that nobody's words can pass for a line of ours.

    >>> plain("a\nb\x1b[31m")
    'a b [31m'
    """
    clean = "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def _subject(pattern: str, filled: Mapping[str, object]) -> str:
    """A subject that fits a line: a long unit id is cut, never what is said about it."""
    whole = pattern.format(**filled)
    unit, spare = str(filled["unit"]), len(whole) - SUBJECT_LENGTH
    return whole if spare <= 0 else pattern.format(**{**filled, "unit": plain(unit, max(8, len(unit) - spare))})
