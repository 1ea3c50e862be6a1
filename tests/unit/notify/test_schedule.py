"""When a delivery is tried again, and whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.schedule import SECONDS, Hand, Room, following, free_again


def test_the_schedule_lasts_three_days_and_then_gives_up() -> None:
    waits = [following(attempts, chance=0.5) for attempts in range(len(SECONDS) + 2)]

    assert waits == [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, None, None]
    assert sum(w for w in waits if w) == pytest.approx(75.6 * 3600, abs=200)


@pytest.mark.parametrize(("chance", "seconds"), [(0.0, 240), (0.5, 300), (0.999999, 360)])
def test_chance_spreads_a_wait_by_a_fifth_either_way(chance: float, seconds: float) -> None:
    assert following(2, chance=chance) == pytest.approx(seconds, rel=1e-4)


@pytest.mark.parametrize(
    ("attempts", "asked", "seconds"), [(1, 60, 60), (1, 1, 5), (3, 60, 1800), (1, 1e9, 86400), (10, 60, None)]
)
def test_a_receivers_wish_counts_where_it_is_longer(attempts: int, asked: float, seconds: float | None) -> None:
    assert following(attempts, chance=0.5, retry_after=asked) == seconds


def test_other_steps() -> None:
    assert following(1, chance=0.5, steps=(0, 0.01)) == pytest.approx(0.01)
    assert following(2, chance=0.5, steps=(0, 0.01)) is None


@pytest.mark.parametrize(
    ("hands", "free"),
    [
        ({}, (10, 5)),
        ({"a": Hand(3, True)}, (7, 5)),
        ({"a": Hand(1, False), "b": Hand(1, False)}, (8, 3)),
        ({c: Hand(1, False) for c in "abcde"}, (5, 0)),
        ({"a": Hand(8, True), "b": Hand(1, False)}, (1, 1)),
        ({"a": Hand(10, True)}, (0, 0)),
        ({"a": Hand(11, True)}, (0, 0)),
        ({"a": Hand(8, False)}, (5, 0)),  # they answered, and then became slow: the other half stays free
        ({"a": Hand(38, False)}, (2, 0)),  # but never more than four times the room
    ],
)
def test_the_unproven_never_take_the_half_of_the_proven(hands: dict[str, Hand], free: tuple[int, int]) -> None:
    assert Room(10).free(hands) == free


def test_the_smallest_room_serves_the_unproven_too() -> None:
    assert Room(1).free({}) == (1, 1)


@given(st.integers(1, 200), st.lists(st.floats(0, 5), min_size=1, max_size=300))
def test_no_minute_sees_more_than_its_rate_and_a_seconds_worth(per_minute: int, waits: list[float]) -> None:
    now, free_at, begun = datetime(2026, 11, 24, tzinfo=UTC), None, []
    for wait in waits:
        now += timedelta(seconds=wait)
        while free_at is None or free_at <= now:
            begun.append(now)
            free_at = free_again(free_at, now, per_minute)

    for first in set(begun):
        within = [at for at in begun if first <= at < first + timedelta(minutes=1)]
        assert len(within) <= per_minute + max(1, per_minute // 60)


def test_a_rate_is_used_up_evenly() -> None:
    now, free_at, begun = datetime(2026, 11, 24, tzinfo=UTC), None, 0
    for _ in range(600):
        now += timedelta(seconds=0.1)
        if free_at is None or free_at <= now:
            begun, free_at = begun + 1, free_again(free_at, now, 60)

    assert begun == 60
