"""How an endpoint does: circuit, pauses, five days of nothing but failures."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.answers import Attempt
from services.notify.health import Health, after, turn

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FAILED, GOT = Attempt(False, "HTTP 500"), Attempt(True, "HTTP 204")
BUSY = Attempt(False, "HTTP 429", throttle=True, retry_after=300)
SINCE = NOW - timedelta(days=1)


def _in(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("before", "attempt", "expected"),
    [
        (Health(), GOT, Health()),
        (Health(), FAILED, Health(1, NOW)),
        (Health(3, SINCE), FAILED, Health(4, SINCE)),
        (Health(4, SINCE), FAILED, Health(5, SINCE, _in(60))),
        (Health(5, SINCE, _in(-1)), FAILED, Health(6, SINCE, _in(120))),
        (Health(40, SINCE, _in(-1)), FAILED, Health(41, SINCE, _in(900))),
        (Health(), BUSY, Health(1, NOW, _in(300))),
        (Health(4, SINCE), BUSY, Health(5, SINCE, _in(300))),
        (Health(1, SINCE, _in(300)), FAILED, Health(2, SINCE, _in(300))),  # what was under way cuts no pause short
        (Health(1, SINCE, _in(300)), GOT, Health(paused_until=_in(300))),
        (Health(5, SINCE, _in(60)), GOT, Health()),
    ],
)
def test_after_an_attempt(before: Health, attempt: Attempt, expected: Health) -> None:
    assert after(before, attempt, NOW, chance=0.5) == expected


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 48), (0.5, 60), (0.999999, 72)])
def test_chance_spreads_the_pause_of_a_circuit(chance: float, seconds: float) -> None:
    until = after(Health(4, SINCE), FAILED, NOW, chance=chance).paused_until

    assert until is not None
    assert (until - NOW).total_seconds() == pytest.approx(seconds, rel=1e-4)


@pytest.mark.parametrize(
    ("before", "now", "gone", "expected"),
    [
        (Health(), Health(1, NOW), False, ""),
        (Health(4, SINCE), Health(5, SINCE), False, "failing"),
        (Health(5, SINCE), Health(6, SINCE), False, ""),  # said once
        (Health(9, NOW - timedelta(days=5)), Health(10, NOW - timedelta(days=5)), False, "hopeless"),
        (Health(9, NOW - timedelta(days=4.99)), Health(10, NOW - timedelta(days=4.99)), False, ""),
        (Health(1, NOW - timedelta(days=6)), Health(2, NOW - timedelta(days=6)), False, ""),  # hardly tried
        (Health(), Health(1, NOW), True, "gone"),
    ],
)
def test_what_is_told(before: Health, now: Health, gone: bool, expected: str) -> None:
    assert turn(before, now, NOW, gone=gone) == expected
