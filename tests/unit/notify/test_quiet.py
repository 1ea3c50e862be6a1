"""Quiet hours and the day of the digest, worked out by hand with a Danish calendar."""

from datetime import UTC, date, datetime

import pytest

from services.notify import quiet

OPENS = [  # Danish time -> when mail may go out, Danish time
    ("2026-11-25 10:00", "2026-11-25 10:00"),  # Wednesday
    ("2026-11-25 06:59", "2026-11-25 07:00"),
    ("2026-11-25 07:00", "2026-11-25 07:00"),
    ("2026-11-25 16:59", "2026-11-25 16:59"),
    ("2026-11-25 17:00", "2026-11-26 07:00"),
    ("2026-11-27 17:00", "2026-11-30 07:00"),  # Friday evening
    ("2026-11-28 12:00", "2026-11-30 07:00"),  # Saturday
    ("2026-04-01 18:00", "2026-04-07 07:00"),  # before Maundy Thursday: Easter, then Easter Monday
    ("2026-05-13 17:30", "2026-05-15 07:00"),  # Ascension Day; the Friday after it is a working day
    ("2026-05-25 09:00", "2026-05-26 07:00"),  # Whit Monday
    ("2026-06-05 09:00", "2026-06-08 07:00"),  # Constitution Day, a Friday
    ("2026-12-24 09:00", "2026-12-28 07:00"),  # Christmas Eve, a Thursday
    ("2026-12-31 09:00", "2027-01-04 07:00"),  # New Year's Eve; 1 January is a Friday
    ("2024-04-26 10:00", "2024-04-26 10:00"),  # Great Prayer Day, no holiday any more since 2024
    ("2026-03-27 18:00", "2026-03-30 07:00"),  # the night the clocks go forward
    ("2026-10-23 18:00", "2026-10-26 07:00"),  # the night they go back
]
DIGESTS = [
    ("2026-10", "2026-11-02"),  # 1 November is a Sunday
    ("2026-11", "2026-12-01"),
    ("2026-12", "2027-01-04"),
    ("2026-03", "2026-04-01"),
    ("2027-02", "2027-03-01"),
    ("2026-04", "2026-05-04"),  # 1 May is a Friday and a holiday to many
]


def _danish(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=quiet.COPENHAGEN)


@pytest.mark.parametrize(("at", "expected"), OPENS)
def test_mail_goes_out_in_working_hours(at: str, expected: str) -> None:
    assert quiet.opens(_danish(at).astimezone(UTC)) == _danish(expected)


@pytest.mark.parametrize(("month", "day"), DIGESTS)
def test_a_digest_goes_out_on_the_first_working_day_at_seven(month: str, day: str) -> None:
    assert quiet.digest_opens(month) == _danish(f"{day} 07:00")


def test_a_month_is_a_danish_month() -> None:
    assert quiet.month_of(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)) == "2026-07"
    assert quiet.month_of(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)) == "2026-12"


def test_holidays_are_no_working_days() -> None:
    assert [quiet.is_working_day(date(2026, 12, d)) for d in (23, 24, 25, 26, 27, 28)] == [True, *[False] * 4, True]
