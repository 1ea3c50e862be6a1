"""What became of a submission, as a message: counts, the first findings in words, and where the unit landed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.catalogue import codes
from services.notify import sentences
from services.notify.kinds import Kind
from services.notify.sentences import LANGUAGES, Phrase, Sentence, Spoken, plain
from services.notify.wording import Guarded, Item, Said

FINDINGS_SHOWN = 3
# Parameters of a finding that name things. Any other may hold an amount and is not said.
NAMES = frozenset(
    {"attribute", "claimed", "data_point", "days", "decimals", "end", "field", "key_figure", "known", "organisation"}
    | {"period", "revision", "rule_da", "rule_en", "scheme", "start", "submission", "unit"}
    | {"factor", "group", "other", "parts", "pct", "what", "whole"}
    | {"day_sum", "days_of_year", "method", "months", "other_end", "other_start", "table", "table_method", "use"}
)
HIDDEN = Phrase("hidden")


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

    @property
    def stopped(self) -> bool:
        """Whether something has to be put right or confirmed: what a refusal is told of."""
        return self.verdict == "refused" or bool(self.refused or self.held)


def said(event: Assessed, kind: Kind, landing: Sequence[Item] = ()) -> Said:
    """A receipt or a refusal.

    landing   where the unit now stands, by key figure; none where that is not known, or not yet.
    """
    counts = {"accepted": event.accepted, "held": event.held, "refused": event.refused, "missing": event.missing}
    named: dict[str, str | int] = {"unit": event.unit_id, "period": event.period, "submission": event.submission_id}
    opened = sum(counts.values()) - event.accepted
    filled = {**named, **counts, "revision": str(event.revision), "open": opened, "count": event.accepted}
    subject = "open" if event.verdict == "accepted" and opened else event.verdict
    what = "counts" if event.verdict == "accepted" else event.verdict
    opening: list[Sentence | Guarded] = [Phrase(f"receipt.{what}", filled)]
    opening += [Guarded(finding(f, amounts=True), finding(f)) for f in event.findings[:FINDINGS_SHOWN]]
    if len(event.findings) > FINDINGS_SHOWN:
        opening.append(Phrase("more", {"count": len(event.findings) - FINDINGS_SHOWN}))
    if landing:
        opening.append(Phrase("receipt.landing"))
    why = "why.refusal" if kind is Kind.REFUSAL else "why.receipt"
    return Said(Phrase(f"receipt.subject.{subject}", filled), Phrase(why), opening, landing)


def finding(one: Finding, *, amounts: bool = False) -> Spoken:
    """One finding as code and words. What could be an amount is not said, unless it may; the sender has it in the submission.

    >>> finding(Finding("NT-2003", {"data_point": "BS03.numerator", "value": "-3"})).text["en"]
    'NT-2003 BS03.numerator: (not shown) is negative. Correct the number.'
    """
    shown = NAMES | ({"value"} if "attribute" in one.parameters else set())  # an attribute's value is a label
    texts = {}
    for language in LANGUAGES:
        parameters = {
            name: plain(value) if amounts or name in shown else sentences.said(HIDDEN, language)
            for name, value in sorted(one.parameters.items())
        }
        texts[language] = f"{one.code} {codes.words(one.code, parameters)[language]}"
    return Spoken(texts)
