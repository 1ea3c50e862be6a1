"""Accounting periods: what kind they are, which reporting period they belong to, which months they cover."""

import functools
from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from services.catalogue.definitions import Catalogue
from services.validate.finding import Finding, Severity


class Kind(Enum):
    """How long a period is."""

    YEAR = "year"  # exactly twelve months, from any day on
    PART_YEAR = "part_year"  # shorter, but no month
    MONTH = "month"  # exactly one month of the calendar
    LONGER = "longer"


@dataclass(frozen=True)
class Period:
    """An accounting period, both days inside."""

    kind: Kind
    first: date
    last: date

    @property
    def name(self) -> str:
        """The reporting period it belongs to: the year in which it ends, or of a month the month: 2024, 2024-06."""
        return self.last.isoformat()[: 7 if self.kind is Kind.MONTH else 4]

    @property
    def year(self) -> str:
        """The reporting year in which it ends."""
        return self.last.isoformat()[:4]

    @property
    def days(self) -> int:
        """How many days it covers."""
        return (self.last - self.first).days + 1

    @property
    def days_of_year(self) -> int:
        """Days of the reporting year, 365 or 366: what a part of it is annualised to."""
        return 366 if isleap(self.last.year) else 365

    @property
    def whole_months(self) -> bool:
        """Whether it begins on a month's first day and ends on a month's last."""
        return self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]

    @functools.cached_property
    def months(self) -> tuple[str, ...]:
        """Every month it covers or touches, such as 2024-06, in order."""
        return months(self.first, self.last)


def read(start: str, end: str) -> Period | Finding:
    """A period from its ISO 8601 dates; a finding where they cannot be read."""
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return Finding("NT-2101", Severity.ERROR, parameters={"start": start[:32], "end": end[:32]})
    return Period(_kind(first, last), first, last)


def fault(period: Period, catalogue: Catalogue | None) -> Finding | None:
    """Why a scheme does not take a period of that length. No catalogue: whole years alone."""
    takes = {Kind.YEAR}
    if catalogue is not None:
        takes |= {Kind.PART_YEAR} if catalogue.part_years else set()
        takes |= {Kind.MONTH} if catalogue.months else set()
    if period.kind in takes and period.days > 0:
        return None
    said = {"start": period.first.isoformat(), "end": period.last.isoformat(), "days": str(period.days)}
    return Finding("NT-2102" if takes == {Kind.YEAR} else "NT-2104", Severity.ERROR, parameters=said)


def calendar_year(year: int) -> Period:
    """The reporting year itself."""
    return Period(Kind.YEAR, date(year, 1, 1), date(year, 12, 31))


def months(first: date, last: date) -> tuple[str, ...]:
    """The months from one day to another, those of both days included."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(begin, end + 1))


def twelve_to(month: str) -> tuple[str, ...]:
    """The twelve months that end with a month, such as 2024-06."""
    end = int(month[:4]) * 12 + int(month[5:]) - 1
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(end - 11, end + 1))


def eleven_after(month: str) -> tuple[str, ...]:
    """The months in whose twelve a month lies, but itself.

    >>> eleven_after("2024-06")[0], eleven_after("2024-06")[-1]
    ('2024-07', '2025-05')
    """
    begin = int(month[:4]) * 12 + int(month[5:])
    return tuple(f"{n // 12:04}-{n % 12 + 1:02}" for n in range(begin, begin + 11))


def _kind(first: date, last: date) -> Kind:
    if last == _a_year_from(first):
        return Kind.YEAR
    whole_month = first.day == 1 and last == first.replace(day=monthrange(first.year, first.month)[1])
    if whole_month:
        return Kind.MONTH
    year = _a_year_from(first)
    return Kind.PART_YEAR if year is None or last < year else Kind.LONGER


def _a_year_from(first: date) -> date | None:
    """The last day of the year that begins on a day; None where the calendar ends before."""
    if (first.month, first.day) == (1, 1):
        return first.replace(month=12, day=31)
    if first.year == date.max.year:
        return None
    if (first.month, first.day) == (2, 29):
        return date(first.year + 1, 2, 28)
    return first.replace(year=first.year + 1) - timedelta(days=1)
