"""Ratios compared and gaps rounded in compiled loops, against fractions."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import statistics
from services.benchmark.kernels import exact
from services.benchmark.standing import E9, WIDEST_GAP
from services.catalogue.numerals import rounded

LARGEST = 2**53 - 1
Pair = tuple[int, int]


def _whole(lowest: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(lowest, 60), st.integers(lowest, LARGEST), st.integers(LARGEST - 40, LARGEST))


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[Pair, Pair, Pair]:
    """Three ratios, often nearly or exactly equal."""
    first = draw(st.one_of(_whole(0), st.integers(-LARGEST, 0))), draw(_whole(1))
    near = [draw(st.integers(-2, 2)) for _ in range(4)]
    others = [
        draw(
            st.one_of(
                st.tuples(st.one_of(_whole(0), st.integers(-LARGEST, 0)), _whole(1)),
                st.just((max(-LARGEST, min(LARGEST, first[0] + x)), max(1, min(LARGEST, first[1] + y)))),
            )
        )
        for x, y in (near[:2], near[2:])
    ]
    return first, others[0], others[1]


@settings(max_examples=500, deadline=None)
@given(_pairs())
def test_which_ratio_is_larger_is_decided_exactly(pairs: tuple[Pair, Pair, Pair]) -> None:
    (one, other, _), (a, b, _) = pairs, [Fraction(*pair) for pair in pairs]
    assert exact.compared(*one, *other) == (a > b) - (a < b)


@settings(max_examples=500, deadline=None)
@given(_pairs(), st.booleans())
def test_a_gap_is_rounded_once_or_left_to_whole_numbers(pairs: tuple[Pair, Pair, Pair], is_halfway: bool) -> None:
    own, low, high = (Fraction(*pair) for pair in pairs)
    whole = (own - ((low + high) / 2 if is_halfway else low)) * E9
    expected = rounded(whole.numerator, whole.denominator)
    gap, fits = exact.gap_e9(*(number for pair in pairs for number in pair), is_halfway)
    half = abs(whole - (whole.numerator // whole.denominator) - Fraction(1, 2))
    if fits == 1:
        assert gap == expected
        assert abs(expected) < WIDEST_GAP
    elif fits == 0:
        assert abs(expected) >= WIDEST_GAP
    else:  # in doubt: near a half, or near what fits
        largest = max(abs(own), abs(low), abs(high) if is_halfway else 0)
        near = 2 * (Fraction(exact.ABOUT) + Fraction(exact.PART) * E9 * largest)
        assert half < near or abs(abs(whole) - WIDEST_GAP) < WIDEST_GAP // 1000


@settings(max_examples=500, deadline=None)
@given(_pairs(), st.sampled_from([(part, of) for of in (20, 60) for part in range(1, of)]))
def test_what_lies_between_two_ratios_is_rounded_once_or_left_to_whole_numbers(
    pairs: tuple[Pair, Pair, Pair], way: tuple[int, int]
) -> None:
    (one, other, _), (part, of) = pairs, way
    (n1, d1), (n2, d2) = one, other
    numerator, denominator = statistics.between(one, other, part, of)
    nearest, is_sure = exact.between(n1, d1, n2, d2, part, of)
    if is_sure:
        assert nearest == numerator / denominator
    else:  # in doubt: next to the middle of two doubles
        value = Fraction(numerator, denominator)
        near = 4 * Fraction(exact.PART) * max(abs(Fraction(*pair)) for pair in (one, other))
        assert float(value - near) != float(value + near)


def test_the_middle_of_two_doubles_is_in_doubt() -> None:
    assert exact.between(2**52, 1, 2**52 + 1, 1, 10, 20) == (2.0**52, False)
    assert exact.between(2**52, 1, 2**52 + 2, 1, 10, 20) == (2.0**52 + 1, True)
