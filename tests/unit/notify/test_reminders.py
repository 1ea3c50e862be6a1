"""When a deadline is reminded of, and which units are missing."""

from datetime import UTC, date, datetime

import pytest

from services.notify import reminders
from services.notify.reminders import Deadline

APRIL = Deadline("dk-almen", "2024", date(2025, 4, 1))


@pytest.mark.parametrize(
    ("now", "mark"),
    [
        ("2025-03-18T06:59", None),
        ("2025-03-18T07:00", -14),
        ("2025-03-29T06:59", -14),
        ("2025-03-29T07:00", -3),
        ("2025-04-01T07:00", 0),
        ("2025-04-08T06:59", 0),
        ("2025-04-08T07:00", 7),
        ("2025-04-15T06:59", 7),
        ("2025-04-15T07:00", None),
    ],
)
def test_marks(now: str, mark: int | None) -> None:
    assert reminders.mark(APRIL, datetime.fromisoformat(now).replace(tzinfo=UTC)) == mark


def test_what_is_withdrawn_is_missing_again() -> None:
    assert reminders.missing(["c", "b", "a"], {"a": True, "b": False, "x": False}) == ["b", "c"]


@pytest.mark.parametrize("text", ["dk-almen=2025-04-01", "dk-almen/2024", "dk-almen/2024=2025-02-30", "a/2024=1-2-3"])
def test_a_deadline_that_is_none_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="write scheme/period=YYYY-MM-DD"):
        reminders.readable(f"uk-tsm/2024=2024-06-30,{text}")


def test_deadlines() -> None:
    assert reminders.read(" uk-tsm/2024=2024-06-30, dk-almen/2024=2025-04-01,") == (
        Deadline("uk-tsm", "2024", date(2024, 6, 30)),
        APRIL,
    )
    assert reminders.read("") == ()
