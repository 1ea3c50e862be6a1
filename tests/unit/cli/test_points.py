"""The point a read looks back to, as people write it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from services.cli import points
from services.cli.talk import Stop


@pytest.mark.parametrize("written", ["", " ", "0", 0])
def test_nothing_is_now(written: str | int) -> None:
    assert points.as_of(written) is None


@pytest.mark.parametrize("written", ["360", 360, " 360 "])
def test_a_whole_number_is_a_vintage(written: str | int) -> None:
    found = points.as_of(written)
    assert found is not None
    assert found.vintage == 360


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-03-01T12:00+01:00", datetime(2025, 3, 1, 11, tzinfo=UTC)),
        ("2025-03-01T12:00:00.5Z", datetime(2025, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC)),
        (datetime(2025, 3, 1, 12, tzinfo=timezone(timedelta(hours=2))), datetime(2025, 3, 1, 10, tzinfo=UTC)),
        ("2025-03-01T12:00", datetime(2025, 3, 1, 12).astimezone(UTC)),
        ("2025-03-01", datetime(2025, 3, 1, 23, 59, 59, 999_999).astimezone(UTC)),  # a date counts to its end
    ],
)
def test_a_date_or_time(written: str | datetime, expected: datetime) -> None:
    found = points.as_of(written)
    assert found is not None
    assert found.time.ToDatetime(UTC) == expected


@pytest.mark.parametrize("written", ["1.3.2025", "-3", "yesterday", "2025-13-01", "2025-03-01T25:00"])
def test_anything_else_is_refused_in_words(written: str) -> None:
    with pytest.raises(Stop, match="NT-3011"):
        points.as_of(written)
