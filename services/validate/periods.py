"""Accounting periods: which reporting year they belong to, and whether they are as long as a scheme asks."""

from datetime import date, timedelta

from services.validate.finding import Finding, Severity


def reporting_year(start: str, end: str) -> tuple[str, Finding | None]:
    """The year in which an accounting period ends, and a finding where the dates cannot be used.

    Dates are ISO 8601. The year is empty where they cannot be read.
    """
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return "", Finding("NT-2101", Severity.ERROR, parameters={"start": start[:32], "end": end[:32]})
    end_year = last.isoformat()[:4]
    if last != _a_year_from(first):
        days = str((last - first).days + 1)
        return end_year, Finding("NT-2102", Severity.ERROR, parameters={"start": start, "end": end, "days": days})
    return end_year, None


def _a_year_from(first: date) -> date | None:
    """The last day of the year that begins on a day; None where the calendar ends before."""
    if (first.month, first.day) == (1, 1):
        return first.replace(month=12, day=31)
    if first.year == date.max.year:
        return None
    if (first.month, first.day) == (2, 29):
        return date(first.year + 1, 2, 28)
    return first.replace(year=first.year + 1) - timedelta(days=1)
