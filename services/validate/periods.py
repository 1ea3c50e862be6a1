"""Accounting periods: which reporting year they belong to, and whether they are as long as a scheme asks."""

from datetime import date, timedelta

from services.validate.rules import Finding, Severity


def reporting_year(start: str, end: str) -> tuple[str, Finding | None]:
    """The year in which an accounting period ends, and a finding where the dates cannot be used.

    Dates are ISO 8601. The year is empty where they cannot be read.
    """
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return "", Finding("NT-2101", Severity.ERROR, parameters={"start": start[:32], "end": end[:32]})
    if last + timedelta(days=1) != _a_year_on(first):
        days = str((last - first).days + 1)
        return str(last.year), Finding("NT-2102", Severity.ERROR, parameters={"start": start, "end": end, "days": days})
    return str(last.year), None


def _a_year_on(day: date) -> date:
    """The same day of the next year; 1 March for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
