"""What becomes of a submission at the door. Pure: identifiers and dates are checked, revisions given, repeats recognised."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

IDENTIFIERS = {
    "organisation_id": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "holder_id": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "unit_id": re.compile(r"[A-Za-z0-9._/-]{1,64}"),
    "submission_id": re.compile(r"[A-Za-z0-9._:/-]{1,128}"),
    "scheme": re.compile(r"[a-z0-9-]{1,32}"),
}
RESERVED = {"dlq"}  # an organisation of that name would own the topic of dead letters
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNTS, TEXT = 2000, 2000  # most data points a submission may list; most characters of a free text


class Outcome(IntEnum):
    """What ingest did with a submission; the numbers of the contract."""

    ACCEPTED = 1
    STALE = 2
    UNKNOWN_UNIT = 3
    CONFLICT = 4
    MALFORMED = 5


CODE = {
    Outcome.STALE: "NT-1005",
    Outcome.UNKNOWN_UNIT: "NT-1006",
    Outcome.CONFLICT: "NT-1007",
    Outcome.MALFORMED: "NT-1008",
}


@dataclass(frozen=True)
class Fault:
    """A field that breaks the contract."""

    field: str
    value: str
    rule_da: str
    rule_en: str


@dataclass(frozen=True)
class Known:
    """What the log of record says of a submission's surroundings.

    same_content     the id was used for this very content
    other_content    the id was used for other content
    newest_revision  of the unit and period; 0 where there is none
    registered       the organisation has registered the unit
    """

    same_content: bool
    other_content: bool
    newest_revision: int
    registered: bool


@dataclass(frozen=True)
class Decision:
    """The outcome, and the revision given; 0 where the submission is refused."""

    outcome: Outcome
    revision: int

    @property
    def code(self) -> str:
        """The refusal's code; empty when accepted."""
        return CODE.get(self.outcome, "")


def decide(fault: Fault | None, asked_revision: int, known: Known) -> Decision:
    """What becomes of a submission that is not a repeat. Refusals are kept too."""
    if fault is not None:
        return Decision(Outcome.MALFORMED, 0)
    if known.other_content:
        return Decision(Outcome.CONFLICT, 0)
    if not known.registered:
        return Decision(Outcome.UNKNOWN_UNIT, 0)
    if asked_revision and asked_revision <= known.newest_revision:
        return Decision(Outcome.STALE, 0)
    return Decision(Outcome.ACCEPTED, asked_revision or known.newest_revision + 1)


def first_fault(
    identifiers: Mapping[str, str], dates: Mapping[str, str], texts: Mapping[str, str], amounts: int
) -> Fault | None:
    """The first field that breaks the contract: identifiers, dates, free texts, how many amounts."""
    for field, value in identifiers.items():
        pattern = IDENTIFIERS[field]
        if not pattern.fullmatch(value) or value in RESERVED:
            letters = pattern.pattern
            return Fault(field, shown(value), f"Brug {letters}.", f"Use {letters}.")
    for field, value in dates.items():
        if not DATE.fullmatch(value):
            return Fault(field, shown(value), "Skriv datoen som 2024-03-31.", "Write the date like 2024-03-31.")
    for field, value in texts.items():
        if len(value) > TEXT or not readable(value):
            rule = (f"Højst {TEXT} tegn uden styretegn.", f"At most {TEXT} characters without control characters.")
            return Fault(field, shown(value), *rule)
    if amounts > AMOUNTS:
        return Fault("amounts", str(amounts), f"Højst {AMOUNTS} datapunkter.", f"At most {AMOUNTS} data points.")
    return None


def readable(text: str) -> bool:
    """Whether a text holds only characters that can be shown; line breaks and tabs may be in it.

    >>> readable("æøå"), readable(chr(0))
    (True, False)
    """
    return all(c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") for c in text)


def shown(value: str, most: int = 40) -> str:
    """What may be repeated of a value that was refused: short, and without what cannot be shown."""
    return "".join(c if readable(c) else "�" for c in value[:most])
