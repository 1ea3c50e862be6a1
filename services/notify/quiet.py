"""When people are written to: Danish working hours. Pure: the time comes in."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
FROM, UNTIL = time(7), time(17)  # outside these hours it is quiet


def opens(at: datetime) -> datetime:
    """The first moment from `at` on, in UTC, that is not in quiet hours: 17 to 07, weekends, Danish holidays.

    at   aware. Inside working hours it is itself the answer.

    >>> from datetime import UTC
    >>> opens(datetime(2026, 12, 23, 16, 30, tzinfo=UTC)).isoformat()  # Wednesday evening before Christmas
    '2026-12-28T06:00:00+00:00'
    """
    local = at.astimezone(COPENHAGEN)
    if is_working_day(local.date()) and FROM <= local.time() < UNTIL:
        return at
    day = local.date() if local.time() < FROM else local.date() + timedelta(days=1)
    return _morning(_working_day_from(day)).astimezone(at.tzinfo)


def digest_opens(month: str) -> datetime:
    """When what gathered in a month (such as 2026-11) is told: the next month's first working day at seven.

    >>> digest_opens("2026-12").isoformat()
    '2027-01-04T07:00:00+01:00'
    """
    year, number = int(month[:4]), int(month[5:])
    return _morning(_working_day_from(date(year + number // 12, number % 12 + 1, 1)))


def month_of(at: datetime) -> str:
    """The month a moment lies in, as Denmark's clocks have it.

    >>> from datetime import UTC
    >>> month_of(datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    '2026-11'
    """
    return at.astimezone(COPENHAGEN).strftime("%Y-%m")


def is_working_day(day: date) -> bool:
    """Neither weekend nor Danish holiday; 1 May, 5 June, 24 and 31 December are holidays as well."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def _working_day_from(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def _morning(day: date) -> datetime:
    return datetime.combine(day, FROM, COPENHAGEN)


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    from holidays.countries.denmark import Denmark  # two seconds of imports: when first asked, not when notify starts

    return frozenset(Denmark(years=year, categories=("public", "optional")))
