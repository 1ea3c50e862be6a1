"""Dates as people write them: one reading or none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import dates
from services.catalogue.dates import NoDate


@pytest.mark.parametrize("text", ["2024-12-31", "31-12-2024", "31.12.2024", "31/12/2024", " 31.12.2024 "])
def test_read(text: str) -> None:
    assert dates.read(text) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.4.2023", date(2023, 4, 1)), ("01/01/2024", date(2024, 1, 1)), ("01-04-2023", date(2023, 4, 1))],
)
def test_the_day_stands_first(text: str, expected: date) -> None:
    assert dates.read(text) == expected


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("01/04/2023", "2023-04-01"),
        ("12/31/2024", "2024-12-31"),
        ("31-02-2024", ""),
        ("31-12-24", ""),
        ("31-12.2024", ""),
        ("2024-13-01", ""),
        ("20241231", ""),
        ("31. december 2024", ""),
        ("\u0661-1-2024", ""),
        ("", ""),
    ],
)
def test_no_date(text: str, suggestion: str) -> None:
    assert dates.read(text) == NoDate(text, suggestion)


@given(st.dates(), st.sampled_from(["{y:04}-{m:02}-{d:02}", "{d}.{m}.{y:04}", "{d:02}-{m:02}-{y:04}"]))
def test_every_date_reads_back(day: date, pattern: str) -> None:
    assert dates.read(pattern.format(y=day.year, m=day.month, d=day.day)) == day


@given(st.text(max_size=50) | st.text("0123456789-./", max_size=12))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert isinstance(dates.read(text), date | NoDate)
