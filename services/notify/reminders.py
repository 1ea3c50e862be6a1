"""Reminders of a deadline: when they fall due, for which units, and in which words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator

from services.notify.sentences import Given, Phrase
from services.notify.wording import About, Item, Said

MARKS = (-14, -3, 0, 7)  # days from the deadline on which is reminded
LAST = timedelta(days=14)  # after the deadline: then nobody is reminded any more
DAY_BEGINS = timedelta(hours=7)  # UTC: eight or nine in the morning in Denmark
ENTRY = re.compile(r"([a-z0-9-]{1,32})/([0-9]{4})=([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True)
class Deadline:
    """The last day to report a scheme's period."""

    scheme: str
    period: str
    day: date


def read(text: str) -> tuple[Deadline, ...]:
    """Deadlines from `scheme/period=YYYY-MM-DD`, a comma between two. Raises ValueError for the first that is none.

    >>> read("dk-almen/2024=2025-04-01")
    (Deadline(scheme='dk-almen', period='2024', day=datetime.date(2025, 4, 1)),)
    """
    found = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        match = ENTRY.fullmatch(entry)
        if match is None:
            raise ValueError(f"{entry!r} is no deadline; write scheme/period=YYYY-MM-DD, a comma between two")
        try:
            found.append(Deadline(match[1], match[2], date.fromisoformat(match[3])))
        except ValueError:
            raise ValueError(f"{entry!r} names a day there is not; write scheme/period=YYYY-MM-DD") from None
    return tuple(found)


def readable(text: str) -> str:
    """Deadlines as they are set. Raises ValueError where they cannot be read."""
    read(text)
    return text


Deadlines = Annotated[str, AfterValidator(readable)]  # a setting


def mark(deadline: Deadline, now: datetime) -> int | None:
    """The newest mark that is reached, in days from the deadline; None before the first and two weeks after the deadline."""
    today = (now - DAY_BEGINS).date()
    reached = [days for days in MARKS if deadline.day + timedelta(days=days) <= today]
    return reached[-1] if reached and today < deadline.day + LAST else None


def missing(units: Iterable[str], came: Mapping[str, bool]) -> list[str]:
    """Units nothing holds for, sorted. `came`: unit -> whether its newest submission holds; False: it was withdrawn."""
    return sorted(unit for unit in units if not came.get(unit, False))


def said(deadline: Deadline, days: int, units: int, without: Sequence[str]) -> Said:
    """A reminder of units that are missing, of so many that are expected."""
    when = "before" if days < 0 else "today" if days == 0 else "after"
    given: dict[str, Given] = {"scheme": deadline.scheme, "period": deadline.period, "day": deadline.day}
    counted = {**given, "count": len(without), "units": units}
    items = [
        Item(About(unit_id=unit, scheme=deadline.scheme), Phrase("reminder.unit", {"unit": unit}), {"unit_id": unit})
        for unit in without
    ]
    opening = [Phrase(f"reminder.{when}", given), Phrase("reminder.missing", counted)]
    return Said(Phrase(f"reminder.subject.{when}", counted), Phrase("why.reminder"), opening, items)
