"""Flags: hand-computed, and against a naive second implementation."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import outliers
from tests import oracle_variation as oracle

fractions = st.builds(Fraction, st.integers(-50, 400), st.integers(1, 9))
positive = st.builds(Fraction, st.integers(1, 400), st.integers(1, 9))


def _pairs(values: list[Fraction]) -> list[tuple[int, int]]:
    return [v.as_integer_ratio() for v in sorted(values)]


@pytest.mark.parametrize(("value", "side"), [(-1, -1), (0, 0), (4, 0), (10, 0), (11, 1), (900, 1)])
def test_fences_need_not_be_symmetric(value: int, side: int) -> None:
    # Seven values; type 8: ranks (22*5+20)/60 = 2 10/60, 4 and 5 50/60 of 1 2 3 4 5 7 9: q1 = 13/6, M = 4, q3 = 5 + 5/6 * 2 = 20/3.
    found = outliers.fences(_pairs([Fraction(x) for x in (1, 2, 3, 4, 5, 7, 9)]), logarithms=False)
    assert found
    assert (found.q1, found.median, found.q3) == (Fraction(13, 6), 4, Fraction(20, 3))
    # lower 13/6 - 1.5 * 11/6 = -7/12; upper 20/3 + 1.5 * 8/3 = 32/3
    assert found.side(Fraction(value)) == side


def test_fences_of_costs_are_factors() -> None:
    found = outliers.fences(_pairs([Fraction(100)] * 3 + [Fraction(200)] * 3 + [Fraction(400)] * 3), logarithms=True)
    assert found
    assert (found.q1, found.median, found.q3) == (100, 200, 400)
    # 400 * 2^1.5 = 1131.37; 100 / 2^1.5 = 35.36
    assert [found.side(Fraction(x)) for x in (0, 35, 36, 1131, 1132)] == [-1, -1, 0, 0, 1]


@settings(max_examples=80, deadline=None)
@given(st.lists(fractions, min_size=1, max_size=40), st.booleans())
def test_fences_are_the_naive_ones(values: list[Fraction], logarithms: bool) -> None:
    found = outliers.fences(_pairs(values), logarithms=logarithms)
    naive = oracle.fences(values, logarithms)
    assert (found is None) == (naive is None)
    if found and naive:
        at_edge = logarithms and any(x > 0 and x**2 * found.median**3 in (found.q3**5, found.q1**5) for x in values)
        assert at_edge or [found.side(x) for x in values] == naive


@settings(max_examples=60, deadline=None)
@given(st.lists(fractions, min_size=1, max_size=40))
def test_deviations_are_the_naive_ones(values: list[Fraction]) -> None:
    found, naive = outliers.deviations(_pairs(values)), oracle.deviations(values)
    assert (found is None) == (naive is None)
    if found:
        assert [found.apart(x) for x in values] == naive


def test_a_deviation_of_nothing_is_not_computable() -> None:
    assert outliers.deviations(_pairs([Fraction(3)] * 4 + [Fraction(900)])) is None
    assert outliers.deviations([]) is None
    assert outliers.fences([], logarithms=False) is None


def test_a_unit_that_changed_as_no_other_did_is_flagged_and_none_is_left_out() -> None:
    before = {f"u{n:02}": (100 + n, 1) for n in range(20)}
    after = {u: (n + 2 + n % 3, 1) for u, (n, _) in before.items()} | {"u07": (1070, 1), "u09": (11, 1)}
    found = outliers.changes(before, after)
    assert found
    assert len(found.effects) == 20
    assert {u: side for u in before if (side := found.side(u))} == {"u07": 1, "u09": -1}
    assert found.side("u99") is None


def test_values_that_are_not_above_0_are_not_computable() -> None:
    found = outliers.changes({"a": (0, 1), "b": (1, 1), "c": (2, 1)}, {"a": (5, 1), "b": (-1, 1), "c": (3, 1)})
    assert found
    assert list(found.effects) == ["c"]
    assert outliers.changes({"a": (0, 1)}, {"a": (1, 1)}) is None


def test_level_units_count_only_while_they_are_fewer_than_half() -> None:
    level = {f"l{n}": (50, 1) for n in range(3)}
    moved = {f"m{n}": (50, 1) for n in range(4)}
    after = {f"m{n}": (55 + n, 1) for n in range(4)}
    few = outliers.changes(level | moved, level | after)
    many = outliers.changes(level | {"l9": (50, 1)} | moved, level | {"l9": (50, 1)} | after)
    alone = outliers.changes(moved, after)
    assert few
    assert many
    assert alone
    assert (many.lower, many.upper) == (alone.lower, alone.upper) != (few.lower, few.upper)
    assert len(many.effects) == 8


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=30), st.sampled_from((4, 7, 20)))
def test_changes_are_the_naive_ones(values: list[tuple[Fraction, Fraction]], c: int) -> None:
    before = {f"u{n:02}": a for n, (a, _) in enumerate(values)}
    after = {f"u{n:02}": b for n, (_, b) in enumerate(values)}
    found = outliers.changes(*({u: v.as_integer_ratio() for u, v in p.items()} for p in (before, after)), c=c)
    naive = oracle.changes(before, after, c)
    assert (found.effects.keys() if found else set()) == naive.keys()
    for unit, (effect, lower, upper) in naive.items():
        assert found
        assert found.effects[unit] == pytest.approx(float(effect), abs=1e-9)
        assert (found.lower, found.upper) == pytest.approx((float(lower), float(upper)), abs=1e-9)
        if min(abs(effect - lower), abs(effect - upper)) > 1e-9:
            assert found.side(unit) == (effect > upper) - (effect < lower)
