"""What becomes of a submission at the door. Pure: identifiers and dates are checked, revisions given, repeats recognised."""

import functools
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import partial
from typing import Any, NamedTuple

IDENTIFIERS = {
    "organisation_id": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "holder_id": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "unit_id": re.compile(r"[A-Za-z0-9._/-]{1,64}"),
    "submission_id": re.compile(r"[A-Za-z0-9._:/-]{1,128}"),
    "scheme": re.compile(r"[a-z0-9-]{1,32}"),
}
RESERVED = {"dlq"}  # an organisation of that name would own the topic of dead letters
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TEXT = 2000  # most characters of a free text
MOST = {"bytes": 1024 * 1024, "revision": 1_000_000, "amounts": 2000, "confirmations": 2000}
FORGED = "NT-1009"


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
    code: str = CODE[Outcome.MALFORMED]


class Decision(NamedTuple):
    """The outcome, and the revision given; 0 where the submission is refused. `code` is empty when accepted."""

    outcome: Outcome
    revision: int
    code: str


def decide(
    fault: Fault | None, asked_revision: int, *, other_content: bool, newest_revision: int, registered: bool
) -> Decision:
    """What becomes of a submission that is not a repeat. Refusals are kept too.

    other_content    the id was used for other content
    newest_revision  of the unit and period; 0 where there is none
    registered       the organisation has registered the unit
    """
    if fault is not None:
        return Decision(Outcome.MALFORMED, 0, fault.code)
    if other_content:
        return _refused(Outcome.CONFLICT)
    if not registered:
        return _refused(Outcome.UNKNOWN_UNIT)
    if asked_revision and asked_revision <= newest_revision:
        return _refused(Outcome.STALE)
    return _decided((Outcome.ACCEPTED, asked_revision or newest_revision + 1, ""))


_decided: Callable[[Any], Decision] = partial(tuple.__new__, Decision)  # without a call of Python's for each


def _refused(outcome: Outcome) -> Decision:
    return Decision(outcome, 0, CODE[outcome])


def forged(claimed: str, organisation_id: str) -> Fault | None:
    """The fault of content that names another organisation than the door it came through."""
    if claimed in ("", organisation_id):
        return None
    return Fault("organisation_id", shown(claimed), "Udelad organisationen.", "Leave the organisation out.", FORGED)


def first_fault(
    identifiers: Mapping[str, str],
    dates: Mapping[str, str],
    texts: Iterable[tuple[str, str]],
    counts: Mapping[str, int],
) -> Fault | None:
    """The first field that breaks the contract.

    counts  how many bytes, amounts and confirmations, and the revision asked for. Looked at first: `texts`, a pair of
            field and text each, is not begun where there is too much of something.
    """
    for field, count in counts.items():
        if count > MOST[field]:
            return Fault(field, str(count), f"Højst {MOST[field]}.", f"At most {MOST[field]}.")
    for field, value in identifiers.items():
        fault = identifier_fault(field, value)
        if fault is not None:
            return fault
    for field, value in dates.items():
        if not is_date(value):
            return Fault(field, shown(value), "Skriv datoen som 2024-03-31.", "Write the date like 2024-03-31.")
    for field, value in texts:
        if len(value) > TEXT or not readable(value):
            rule = (f"Højst {TEXT} tegn uden styretegn.", f"At most {TEXT} characters without control characters.")
            return Fault(field, shown(value), *rule)
    return None


@functools.lru_cache(maxsize=4096)
def place(start: str, end: str) -> str:
    """What of a unit's periods compete for one place in a benchmark, and so what revisions are counted by.

    The month of a period that is exactly one month of the calendar, else the year in which it ends.

    >>> place("2024-06-01", "2024-06-30"), place("2024-06-01", "2024-06-29"), place("2023-07-01", "2024-06-30")
    ('2024-06', '2024', '2024')
    """
    if start[:8] == end[:8] and start[8:] == "01" and DATE.fullmatch(end):
        year, month = int(end[:4]), int(end[5:7])
        if year and 1 <= month <= 12 and int(end[8:]) == monthrange(year, month)[1]:
            return end[:7]
    return end[:4]


def identifier_fault(field: str, value: str) -> Fault | None:
    """What is wrong with an identifier, if anything."""
    pattern = IDENTIFIERS[field]
    if pattern.fullmatch(value) and not (field == "organisation_id" and value in RESERVED):
        return None
    return Fault(field, shown(value), f"Brug {pattern.pattern}.", f"Use {pattern.pattern}.")


@functools.lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Whether a text is a day as the contract writes it, such as 2024-03-31."""
    try:
        return bool(DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def readable(text: str) -> bool:
    """Whether a text holds only characters that can be shown; line breaks and tabs may be in it.

    >>> readable("æøå"), readable(chr(0))
    (True, False)
    """
    return text.isprintable() or all(
        c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") for c in text
    )


def shown(value: str, most: int = 40) -> str:
    """What may be repeated of a value that was refused: short, and without what cannot be shown.

    An identifier that keeps the contract stays as it is; no other becomes one.
    """
    cut = value if len(value) <= most else value[: most - 1] + "…"
    return cut if readable(cut) else "".join(c if readable(c) else "�" for c in cut)


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names in a sentence, the first few of them.

    >>> listed(["a", "b", "c"], 2)
    'a, b, …'
    """
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


def meant(suggestion: str, *, named: bool = False) -> dict[str, str]:
    """What may have been meant, as words to be filled in; nothing is asked where nothing is likely.

    >>> meant("1.234,5")["rule_meant_da"], meant("afd-2", named=True)["rule_meant_en"], meant("")["rule_meant_da"]
    ('Mener I 1.234,5? ', 'Did you mean "afd-2"? ', '')
    """
    da, en = (f"»{suggestion}«", f'"{suggestion}"') if named else (suggestion, suggestion)
    asked = {"rule_meant_da": f"Mener I {da}? ", "rule_meant_en": f"Did you mean {en}? "}
    return {"suggestion": suggestion} | (asked if suggestion else dict.fromkeys(asked, ""))
