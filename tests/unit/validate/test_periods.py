"""Periods: what kind they are, what they belong to, and which of them a scheme takes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import definitions
from services.validate import periods
from services.validate.finding import Finding
from services.validate.periods import Kind, Period

ENGLISH, DANISH = definitions.of("uk-tsm", "2024"), definitions.of("dk-almen", "2024")


def _read(start: str, end: str) -> Period:
    period = periods.read(start, end)
    assert isinstance(period, Period)
    return period


@pytest.mark.parametrize(
    ("start", "end", "kind", "name", "english", "danish"),
    [
        ("2023-04-01", "2024-03-31", Kind.YEAR, "2024", None, None),
        ("2024-01-01", "2024-12-31", Kind.YEAR, "2024", None, None),
        ("2023-03-01", "2024-02-29", Kind.YEAR, "2024", None, None),
        ("2024-02-29", "2025-02-28", Kind.YEAR, "2025", None, None),
        ("0001-01-01", "0001-12-31", Kind.YEAR, "0001", None, None),
        ("9999-01-01", "9999-12-31", Kind.YEAR, "9999", None, None),
        ("2023-04-01", "2024-03-30", Kind.PART_YEAR, "2024", "NT-2102", None),
        ("2024-07-01", "2024-12-31", Kind.PART_YEAR, "2024", "NT-2102", None),
        ("2024-06-01", "2024-06-29", Kind.PART_YEAR, "2024", "NT-2102", None),
        ("9999-04-01", "9999-12-31", Kind.PART_YEAR, "9999", "NT-2102", None),
        ("2024-06-01", "2024-06-30", Kind.MONTH, "2024-06", "NT-2102", None),
        ("2024-02-01", "2024-02-29", Kind.MONTH, "2024-02", "NT-2102", None),
        ("2022-10-01", "2024-03-31", Kind.LONGER, "2024", "NT-2102", "NT-2104"),
        ("2023-04-01", "2024-04-01", Kind.LONGER, "2024", "NT-2102", "NT-2104"),
        ("2024-04-01", "2023-03-31", Kind.PART_YEAR, "2023", "NT-2102", "NT-2104"),
    ],
)
def test_what_a_period_is_and_who_takes_it(
    start: str, end: str, kind: Kind, name: str, english: str | None, danish: str | None
) -> None:
    period = _read(start, end)
    assert (period.kind, period.name) == (kind, name)
    found = [periods.fault(period, catalogue) for catalogue in (ENGLISH, DANISH)]
    assert [f and f.code for f in found] == [english, danish]


@pytest.mark.parametrize(("start", "end"), [("soon", "2024-03-31"), ("2023-04-31", "2024-03-31")])
def test_dates_that_cannot_be_read(start: str, end: str) -> None:
    found = periods.read(start, end)
    assert isinstance(found, Finding)
    assert found.code == "NT-2101"


def test_days_and_months_of_a_shifted_year() -> None:
    period = _read("2023-07-01", "2024-06-30")
    assert (period.days, period.days_of_year, period.whole_months) == (366, 366, True)
    assert period.months == periods.twelve_to("2024-06")
    assert (period.months[0], period.months[-1], len(period.months)) == ("2023-07", "2024-06", 12)


def test_a_period_that_begins_inside_a_month_touches_thirteen() -> None:
    period = _read("2024-02-29", "2025-02-28")
    assert (len(period.months), period.whole_months) == (13, False)


@given(st.dates(), st.dates())
def test_any_two_days_are_a_period(first: date, last: date) -> None:
    period = periods.read(first.isoformat(), last.isoformat())
    assert isinstance(period, Period)
    periods.fault(period, DANISH)
    assert (period.kind is Kind.YEAR) <= (period.days in (365, 366))
