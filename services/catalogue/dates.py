"""Dates as people write them, read strictly: ISO, or the Danish order of day, month and year. Pure."""

import re
from dataclasses import dataclass
from datetime import date

ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
DANISH = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4})")  # the year in four digits


@dataclass(frozen=True)
class NoDate:
    """A text that is no date, with what may have been meant; the suggestion is ISO, and empty where nothing is likely."""

    text: str
    suggestion: str = ""


def read(text: str) -> date | NoDate:
    """A date. `03/04/2024` is none: with strokes some put the month first, so it is only read where both orders agree.

    >>> read("2024-12-31"), read("31.12.2024"), read("31/12/2024")
    (datetime.date(2024, 12, 31), datetime.date(2024, 12, 31), datetime.date(2024, 12, 31))
    >>> read("03/04/2024").suggestion, read("31-02-2024").suggestion
    ('2024-04-03', '')
    """
    text = text.strip()
    if match := ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3])) or NoDate(text[:40])
    if not (match := DANISH.fullmatch(text)):
        return NoDate(text[:40])
    day, month, year = int(match[1]), int(match[3]), int(match[4])
    danish, american = _date(year, month, day), _date(year, day, month)
    if match[2] == "/" and danish and american and danish != american:
        return NoDate(text[:40], danish.isoformat())
    if danish is None:
        return NoDate(text[:40], american.isoformat() if american else "")
    return danish


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
