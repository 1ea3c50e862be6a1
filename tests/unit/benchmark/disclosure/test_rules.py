"""The rules of a single cell, by hand: holders, dominance, tiers, rounding, changes, periods, targets."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.benchmark.disclosure import changes, publicity, rounding, size
from services.benchmark.disclosure.contributions import Contribution, of_lines
from services.benchmark.statistics import MEDIAN, P10, P90, Q1, Q3


def parts(*pairs: tuple[int, int], units: int = 1) -> dict[str, Contribution]:
    """Numerator and denominator of holders A, B, C …"""
    return {chr(65 + k): Contribution(units, n, d, ((chr(65 + k), "u", n, d),)) for k, (n, d) in enumerate(pairs)}


def test_ten_departments_of_one_holder_are_one_contributor() -> None:
    lines = [("H", f"u{n}", n, 10) for n in range(10)]
    assert {h: (p.units, p.numerator, p.denominator) for h, p in of_lines(lines).items()} == {"H": (10, 45, 100)}
    assert not size.enough(of_lines(lines))


def test_the_content_of_a_holder_depends_on_no_order() -> None:
    lines = [("H", "a", 1, 2), ("H", "b", 3, 4), ("I", "c", 5, 6)]
    assert of_lines(lines) == of_lines(reversed(lines))
    assert of_lines(lines)["H"] != of_lines([("H", "a", 1, 2), ("H", "b", 3, 5)])["H"]


TIERS = [
    (5, 4, ()),
    (5, 5, ()),
    (6, 4, ()),
    (6, 5, (MEDIAN,)),
    (11, 7, (MEDIAN,)),
    (10, 8, (MEDIAN,)),
    (11, 8, (Q1, MEDIAN, Q3)),
    (28, 10, (Q1, MEDIAN, Q3)),
    (29, 9, (Q1, MEDIAN, Q3)),
    (29, 10, (P10, Q1, MEDIAN, Q3, P90)),
]


@pytest.mark.parametrize(("units", "holders", "shown"), TIERS)
def test_the_boundaries_of_the_tiers(units: int, holders: int, shown: tuple[int, ...]) -> None:
    assert size.quantiles_shown(units, holders) == shown


def test_one_holder_above_a_quarter_of_the_denominator() -> None:
    assert not size.dominated(parts((1, 25), *[(1, 15)] * 5))  # 25 of 100
    assert size.dominated(parts((1, 26), *[(1, 15)] * 5))


def test_two_holders_above_85_percent_of_the_denominator() -> None:
    # A share above 85 % of two means one above 42 %: the limit on one is the stricter, and the sum is looked at all the same.
    assert size.dominated(parts((1, 43), (1, 43), (1, 7), (1, 7)))
    assert not size.dominated({})


def test_the_p_rule_looks_at_numerators() -> None:
    level = [(10, 10)] * 4
    assert not size.estimable(parts((100, 10), (50, 10), (10, 10)))  # 10 is not below a tenth of 100
    assert size.estimable(parts((100, 10), (50, 10), (9, 10)))
    assert size.estimable(parts((-100, 10), (50, 10), (9, 10)))  # a negative amount is as large as a positive one
    assert not size.estimable(parts(*level))


def test_every_reason_gives_the_same_answer() -> None:
    too_few = parts(*[(10, 10)] * 4, units=2)
    uneven = parts((10, 100), *[(10, 10)] * 6)
    estimable = parts((1000, 10), *[(1, 10)] * 6)
    assert {size.may_be_shown(p) for p in (too_few, uneven, estimable)} == {False}
    assert size.may_be_shown(parts(*[(10, 10)] * 6))
    assert not size.may_be_shown(parts(*[(10, 10)] * 6), fewest_units=7)


@given(st.lists(st.integers(-50, 50), min_size=6, max_size=6))
def test_values_alone_change_neither_counts_nor_shares(values: list[int]) -> None:
    cell = parts(*((value, 10) for value in values))
    assert size.enough(cell)
    assert not size.dominated(cell)


BASES = [
    (Fraction(20), Fraction(1)),
    (Fraction(21), Fraction(2)),
    (Fraction(41), Fraction(5)),
    (Fraction(101), Fraction(10)),
    (Fraction(3, 10), Fraction(1, 50)),
    (Fraction(1, 1000), Fraction(1, 1000)),  # no finer than the last decimal shown
    (Fraction(0), Fraction(1, 1000)),
]


@pytest.mark.parametrize(("spread", "base"), BASES)
def test_the_rounding_base(spread: Fraction, base: Fraction) -> None:
    assert rounding.base(spread, Fraction(1, 1000)) == base


@given(st.fractions(min_value=0, max_value=10**6), st.integers(0, 6))
def test_the_base_is_the_smallest_that_is_large_enough(spread: Fraction, decimals: int) -> None:
    finest = Fraction(1, 10**decimals)
    least, base = max(spread / 20, finest), rounding.base(spread, finest)
    bases = [m * Fraction(10) ** k for k in range(-7, 7) for m in (1, 2, 5)]
    assert base == min(b for b in bases if b >= least)
    assert Fraction(rounding.text(base)) == base


def test_halves_go_to_even_in_steps_of_the_base() -> None:
    assert [rounding.steps((n, 2), Fraction(5)) for n in (5, 15, 25, -5, 26)] == [0, 2, 2, 0, 3]


CHANGES = {
    "nobody": ("ABCDE", "ABCDE", "", True),
    "three-newcomers": ("ABCDE", "ABCDEFGH", "", False),
    "four-newcomers": ("ABCDE", "ABCDEFGHI", "", True),
    "two-come-two-go": ("ABCDE", "ABCFG", "", True),
    "a-lone-correction": ("ABCDE", "ABCDE", "A", False),
    "four-corrections": ("ABCDE", "ABCDE", "ABCD", True),
}


@pytest.mark.parametrize("case", CHANGES)
def test_how_many_holders_must_differ(case: str) -> None:
    before, after, corrected, allowed = CHANGES[case]
    assert changes.allowed([cell(before)], cell(after, corrected)) == allowed


def test_a_release_is_compared_with_every_earlier_one() -> None:
    # Each step changed at least 4, and yet first and third differ in A and F alone.
    first, second, third = cell("ABCDE"), cell("BCDEFGHI"), cell("BCDEF")
    assert changes.allowed([first], second)
    assert changes.allowed([second], third) is False
    assert changes.allowed([second], cell("BCDEF", "BCDE"))
    assert changes.allowed([first, second], third) is False
    assert sorted(changes.between(first, third).weights) == ["A", "F"]


def test_nobody_may_be_most_of_what_changed() -> None:
    before = parts((1, 10), (1, 10), (1, 10), (1, 30))
    after = parts((2, 10), (2, 10), (2, 10), (2, 31))
    assert not changes.between(before, after).hides  # 31 of 61
    assert changes.between(before, parts((2, 10), (2, 10), (2, 10), (2, 30))).hides  # half is not more than half


def cell(holders: str, corrected: str = "") -> dict[str, Contribution]:
    return {h: Contribution(1, 1, 10, ((h, "u", int(h in corrected), 10),)) for h in holders}


CLOSED = [("2024", "2024-12-31", False), ("2024", "2025-01-01", True), ("2024-Q4", "2024-12-31", False)]
CLOSED += [("2024-Q1", "2024-04-01", True), ("2024-06", "2024-06-30", False), ("2024-12", "2025-01-01", True)]


@pytest.mark.parametrize(("period", "today", "closed"), CLOSED)
def test_only_a_period_that_is_over_is_closed(period: str, today: str, closed: bool) -> None:
    assert publicity.closed(period, date.fromisoformat(today)) is closed


def test_what_names_no_period_is_refused() -> None:
    with pytest.raises(ValueError, match="next-year"):
        publicity.closed("next-year", date(2025, 1, 1))


def test_the_classes() -> None:
    ladder = ((), ("a",), ("b",), ("c",), ("d",))
    assert [publicity.protected(c) for c in ("public", "members", "confidential")] == [False, True, True]
    assert publicity.classifications("members", ladder) == ladder
    assert publicity.classifications("confidential", ladder) == ladder[:4]
