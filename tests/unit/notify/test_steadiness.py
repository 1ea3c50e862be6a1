"""When another side of a threshold is sure: hand-made histories, and any order, any duplicate."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.steadiness import Look, State, state
from services.notify.thresholds import Place, Threshold, clear, side

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
EARLY, LATE = START - timedelta(days=1), START + timedelta(days=60)
P75 = Threshold("percentile", Decimal(75), Decimal(2))
BEST = Threshold("quartile", Decimal(4))


def _look(vintage: int, before: int, after: int, *, hours: float = 0, covered: int = 10, far: float = 9.0) -> Look:
    """A look at quarters; 0: not there. The figure's tolerance is 2 in the unit it is shown in."""
    places = [Place(q, q * 250_000 - 10_000, Fraction(q)) if q else None for q in (before, after)]
    at = START + timedelta(hours=hours)
    return Look(vintage, at, *places, covered, 10, Fraction(far), Decimal(2))


@pytest.mark.parametrize(
    ("what", "looks", "after_hours", "start", "now", "vintage"),
    [
        ("one crossing is not sure yet", [_look(1, 2, 3)], 23, 2, 2, 0),
        ("a day on the new side is sure", [_look(1, 2, 3)], 24, 2, 3, 1),
        ("seen there twice is sure", [_look(1, 2, 3), _look(2, 3, 3, hours=1)], 1, 2, 3, 1),
        ("it left and came back: not twice", [_look(1, 2, 3), _look(3, 2, 3, hours=1)], 1, 2, 2, 0),
        ("gone back within a day", [_look(1, 2, 3), _look(2, 3, 2, hours=20)], 100, 2, 2, 0),
        ("gone back after a day: both were sure", [_look(1, 2, 3), _look(2, 3, 2, hours=25)], 100, 2, 2, 2),
        ("on to a third side", [_look(1, 2, 3), _look(2, 3, 4, hours=1)], 30, 2, 4, 2),
        ("under 70 % reported: nothing counts", [_look(1, 2, 3, covered=6)], 99, None, None, 0),
        ("70 % is enough", [_look(1, 2, 3, covered=7)], 24, 2, 3, 1),
        ("within the tolerance of a quartile", [_look(1, 2, 3, far=2.0)], 99, 2, 2, 0),
        ("early reporters' quarter is no start", [_look(1, 1, 2, covered=3), _look(2, 2, 3, hours=1)], 30, 2, 3, 2),
        ("new in the cell: where it is, is the start", [_look(1, 0, 3)], 99, 3, 3, 0),
        ("gone from the cell: nothing to tell", [_look(1, 3, 0)], 99, 3, 3, 0),
    ],
)
def test_histories(
    what: str, looks: list[Look], after_hours: float, start: int | None, now: int | None, vintage: int
) -> None:
    found = state(looks, None, EARLY, START + timedelta(hours=after_hours))

    assert (found.start, found.side, found.vintage) == (start, now, vintage), what


def test_what_was_passed_before_one_followed_is_where_one_starts() -> None:
    looks = [_look(1, 2, 3), _look(2, 3, 3, hours=1), _look(3, 3, 4, hours=50)]

    found = state(looks, None, START + timedelta(hours=2), LATE)

    assert (found.start, found.side, found.vintage) == (3, 4, 3)


def test_it_says_when_to_look_again() -> None:
    assert state([_look(1, 2, 3)], None, EARLY, START).ripe_at == START + timedelta(hours=24)
    assert state([_look(1, 2, 3)], None, EARLY, LATE).ripe_at is None


@pytest.mark.parametrize(
    ("percentile", "previous", "expected"),
    [("76.9", 0, 0), ("77", 0, 1), ("75", 1, 1), ("73", 1, 1), ("72.9", 1, 0), ("75", None, 1), ("74.9", None, 0)],
)
def test_a_percentile_is_passed_only_when_it_is_the_hysteresis_beyond(
    percentile: str, previous: int | None, expected: int
) -> None:
    place = Place(3, int(Decimal(percentile) * 10_000), Fraction(0))

    assert side(P75, place, previous) == expected


@pytest.mark.parametrize(
    ("threshold", "place", "expected"),
    [
        (None, Place(3, 0, Fraction(0)), 3),
        (None, Place(0, 0, Fraction(0)), None),
        (None, None, None),
        (Threshold("quartile", Decimal(0)), Place(3, 0, Fraction(0)), 3),
        (BEST, Place(4, 0, Fraction(0)), 1),
        (BEST, Place(3, 0, Fraction(0)), 0),
        (BEST, Place(0, 0, Fraction(0)), None),
        (Threshold("value", Decimal("61.5")), Place(0, 0, Fraction(123, 2)), 1),
        (Threshold("value", Decimal("61.5")), Place(0, 0, Fraction(61)), 0),
    ],
)
def test_sides(threshold: Threshold | None, place: Place | None, expected: int | None) -> None:
    assert side(threshold, place, None) == expected


@pytest.mark.parametrize(
    ("threshold", "to_quartile", "value", "expected"),
    [
        (None, Fraction(21, 10), 60, True),
        (None, Fraction(2), 60, False),
        (None, None, 60, False),
        (Threshold("quartile", Decimal(4), tolerance=Decimal(1)), Fraction(2), 60, True),
        (Threshold("value", Decimal(61)), None, 62, False),
        (Threshold("value", Decimal(61)), None, 63, True),
        (P75, None, 60, True),
    ],
)
def test_noise_carries_nothing_across(
    threshold: Threshold | None, to_quartile: Fraction | None, value: int, expected: bool
) -> None:
    assert clear(threshold, Place(3, 750_000, Fraction(value)), to_quartile, Decimal(2)) is expected


@st.composite
def _histories(draw: st.DrawFn) -> list[Look]:
    """A unit's looks as they are published: each begins where the one before ended, unless something was not told."""
    looks, here, hours = [], draw(st.integers(1, 4)), 0.0
    for vintage in range(1, draw(st.integers(1, 12)) + 1):
        before = here if draw(st.booleans()) else draw(st.integers(0, 4))
        here, hours = draw(st.integers(0, 4)), hours + draw(st.floats(0, 30))
        far, covered = draw(st.sampled_from([1.0, 9.0])), draw(st.sampled_from([6, 7, 10]))
        looks.append(_look(vintage, before, here, hours=hours, covered=covered, far=far))
    return looks


@given(_histories(), st.data())
def test_any_order_and_any_duplicate_is_the_same(looks: list[Look], data: st.DataObject) -> None:
    twice = [*looks, *data.draw(st.lists(st.sampled_from(looks)))]
    other = data.draw(st.permutations(twice))
    threshold = data.draw(st.sampled_from([None, BEST, P75]))

    assert state(other, threshold, EARLY, LATE) == state(looks, threshold, EARLY, LATE)


@given(_histories(), st.integers(0, 12), st.sampled_from([None, BEST, P75]), st.sampled_from([EARLY, START, LATE]))
def test_what_looks_came_to_stands_for_them(
    looks: list[Look], forgotten: int, threshold: Threshold | None, since: datetime
) -> None:
    old, new = looks[:forgotten], looks[forgotten:]
    begin = state(old, threshold, since, new[0].at if new else LATE)
    if begin.ripe_at is None:  # a side that waits to be sure keeps its look
        whole, folded = (
            state(*given, LATE, *rest)
            for given, rest in (((looks, threshold, since), ()), ((new, threshold, since), (begin,)))
        )

        assert (folded.start, folded.side, folded.ripe_at) == (whole.start, whole.side, whole.ripe_at)


def _told(looks: Sequence[Look], threshold: Threshold | None) -> int:
    """How many messages a follower gets who is asked for after each look, and once in the end."""
    told, count = None, 0
    times = [*(look.at for look in looks), LATE]
    for number, time in enumerate(times):
        found: State = state(looks[: number + 1], threshold, EARLY, time)
        told = found.start if told is None else told
        if found.side is not None and found.side != told:
            told, count = found.side, count + 1
    return count


@given(st.lists(st.sampled_from(["73.1", "74", "75", "76", "76.9"]), min_size=2, max_size=30), st.floats(0.1, 40))
def test_a_figure_that_wobbles_at_its_limit_gives_at_most_one_message(percentiles: list[str], every: float) -> None:
    places = [Place(3, int(Decimal(p) * 10_000), Fraction(0)) for p in percentiles]
    looks = [
        Look(n, START + timedelta(hours=n * every), places[n - 1], places[n], 10, 10, None, Decimal(0))
        for n in range(1, len(places))
    ]

    assert _told(looks, P75) <= 1


@given(st.lists(st.sampled_from([3, 4]), min_size=2, max_size=30), st.floats(0.1, 23))
def test_a_unit_that_turns_with_every_publication_gives_at_most_one_message(quarters: list[int], every: float) -> None:
    turning = [q for n, q in enumerate(quarters) if n == 0 or q != quarters[n - 1]]
    looks = [_look(n, turning[n - 1], turning[n], hours=n * every) for n in range(1, len(turning))]

    assert _told(looks, None) <= 1
