"""Numbers as people write them: every reading exact, every doubt said, nothing rounded."""

import re
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.catalogue import numbers
from services.catalogue.numbers import Convention, Misread

KRONER = ("kr.", "DKK")


@pytest.mark.parametrize(
    ("text", "scale", "convention", "amount"),
    [
        ("1.234.567,89", 2, "da", 123456789),
        ("1 234,5", 2, "da", 123450),
        ("1\u00a0234,5", 2, "da", 123450),
        ("1\u202f234\u202f567", 0, "da", 1234567),
        ("1234,5", 1, "da", 12345),
        ("12.345", 2, "da", 1234500),
        ("-12", 0, "da", -12),
        ("\u2212" + "12,5", 1, "da", -125),
        ("0,50", 1, "da", 5),
        ("-0", 0, "da", 0),
        (" 007 ", 0, "da", 7),
        ("12 kr.", 2, "da", 1200),
        ("12kr", 2, "da", 1200),
        ("1.200,50 DKK", 2, "da", 120050),
        ("1,234,567.89", 2, "en", 123456789),
        ("220.4", 1, "en", 2204),
        ("12,345", 0, "en", 12345),
        ("12 345", 0, "", 12345),
        ("1.234,5", 1, "", 12345),
        ("1234.5", 1, "", 12345),
        ("9223372036854775807", 0, "da", 2**63 - 1),
    ],
)
def test_read(text: str, scale: int, convention: Convention, amount: int) -> None:
    assert numbers.read(text, scale, convention, units=KRONER) == amount


@pytest.mark.parametrize(
    ("text", "scale", "convention", "before", "code", "suggestion"),
    [
        ("1234.5", 2, "da", None, "NT-1121", "1.234,5"),
        ("1234.5", 2, "da", 123_000, "NT-1121", "1.234,5"),
        ("1234.5", 2, "da", 1_250_000, "NT-1121", "12.345"),
        ("620.5", 2, "da", 61_200_050, "NT-1121", "620,5"),
        ("1,234.5", 2, "da", None, "NT-1121", "1.234,5"),
        ("1.234,5", 2, "en", None, "NT-1121", "1,234.5"),
        ("12.345", 2, "", None, "NT-1122", "12345 / 12,345"),
        ("12.345", 2, "", 1200, "NT-1122", "12,345 / 12345"),
        ("12.345", 2, "da", 1200, "NT-1122", "12,345"),
        ("12,345", 3, "en", 12_000, "NT-1122", "12.345"),
        ("12.345", 2, "en", None, "NT-1123", "12,345"),
        ("12,345", 2, "da", None, "NT-1123", "12.345"),
        ("0.123", 2, "da", None, "NT-1121", ""),
        ("1.234,-", 2, "da", None, "NT-1121", "1.234"),
        ("(12)", 0, "da", None, "NT-1121", "-12"),
        ("12-", 0, "da", None, "NT-1121", "-12"),
        ("+12", 0, "da", None, "NT-1121", "12"),
        ("ca. 12", 0, "da", None, "NT-1121", "12"),
        ("12.34.56", 0, "da", None, "NT-1121", ""),
        ("1.234 567", 0, "da", None, "NT-1121", "1.234.567"),
        ("1e5", 0, "da", None, "NT-1121", ""),
        ("12 13", 0, "da", None, "NT-1121", ""),
        ("", 0, "da", None, "NT-1121", ""),
        ("\u0663", 0, "da", None, "NT-1121", ""),
        ("9223372036854775808", 0, "da", None, "NT-1124", ""),
        ("1" * 41, 0, "da", None, "NT-1121", ""),
        ("12 m²", 2, "da", None, "NT-1127", ""),
        ("12 t.kr.", 2, "da", None, "NT-1127", ""),
    ],
)
def test_what_is_not_read_is_said_with_what_may_have_been_meant(
    text: str, scale: int, convention: Convention, before: int | None, code: str, suggestion: str
) -> None:
    found = numbers.read(text, scale, convention, units=KRONER, before=before)
    assert isinstance(found, Misread)
    assert (found.code, found.suggestion) == (code, suggestion)


def test_a_sender_may_stand_by_a_reading_that_looks_unlikely() -> None:
    found = numbers.read("12.345", 2, "da", before=1200)
    assert isinstance(found, Misread)
    assert found.reading == 1_234_500


@pytest.mark.parametrize(
    ("cell", "scale", "expected"),
    [
        (0.1, 2, 10),
        (5.0, 0, 5),
        (-0.0, 2, 0),
        (1234567.89, 2, 123456789),
        (999_999_999_999_999.0, 0, 10**15 - 1),
        (9_999_999_999_999.99, 2, 10**15 - 1),
        (1e15, 0, "NT-1124"),
        (1e13, 2, "NT-1124"),
        (9223372036854775.8, 2, "NT-1124"),
        (-500000000000000.01, 2, "NT-1124"),
        (99999999999999.99, 2, "NT-1124"),
        (10000000000000001.0, 0, "NT-1124"),
        (1234.5600000000001, 2, 123456),
        (-1234.5600000000002, 2, -123456),
        (84.005, 2, "NT-1123"),
        (84.0050000000001, 2, "NT-1123"),
        (84.000000000001, 2, "NT-1123"),
        (1e-07, 6, "NT-1123"),
        (0.1 + 0.2, 2, 30),
        (0.1 + 0.2, 0, "NT-1123"),
        (12.5, 0, "NT-1123"),
        (1e22, 2, "NT-1124"),
        (float("inf"), 0, "NT-1124"),
        (float("nan"), 0, "NT-1124"),
        (1e300, 0, "NT-1124"),
        (5e-324, 0, "NT-1123"),
    ],
)
def test_a_number_cell_is_what_fifteen_digits_say(cell: float, scale: int, expected: int | str) -> None:
    found = numbers.of_cell(Decimal(repr(cell)), scale, "da")
    assert (found.code if isinstance(found, Misread) else found) == expected


def test_a_number_with_too_many_decimals_is_said_with_the_number_it_is_near() -> None:
    found = numbers.of_cell(Decimal("84.005"), 2, "da")
    assert found == Misread("NT-1123", "84,005", "84", decimals=2)


def test_a_text_of_more_than_fifteen_digits_is_read_with_every_digit() -> None:
    assert numbers.read("9223372036854775,8", 2, "da") == 922337203685477580
    assert numbers.read("9223372036854775.81", 2, "en") == 922337203685477581


@given(st.integers(1, 1000), st.randoms(use_true_random=False), st.integers(0, 6), st.booleans())
def test_a_sum_computed_in_a_sheet_is_the_exact_sum_or_refused(
    count: int, chance: Random, scale: int, signs: bool
) -> None:
    """In any order, as long as floats err by less than half a unit in all: count roundings of a sum of absolute values."""
    most = min(10**15 - 1, 2**52 // count**2, 10 ** chance.randint(1, 15))
    summands = [chance.randint(-most if signs else 0, most) for _ in range(count)]
    computed = 0.0
    for summand in summands:
        computed += summand / 10**scale
    found = numbers.of_cell(Decimal(repr(computed)), scale, "da")
    if isinstance(found, Misread):
        assert found.code == "NT-1123" or (found.code == "NT-1124" and abs(sum(summands)) >= 10**15 - 1)
    else:
        assert found == sum(summands)


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6))
def test_every_amount_of_fifteen_digits_reads_back_from_a_cell(amount: int, scale: int) -> None:
    assert numbers.of_cell(Decimal(repr(amount / 10**scale)), scale, "da") == amount


AMOUNTS = st.integers(-(2**63) + 1, 2**63 - 1)
SCALES = st.integers(0, 6)
WRITTEN = st.text("0123456789.,- \u00a0\u2212kr%()e+", max_size=20)


@given(AMOUNTS, SCALES, st.sampled_from(["da", "en"]))
def test_every_amount_reads_back_as_it_was_written(amount: int, scale: int, convention: Convention) -> None:
    text = numbers.written(amount, scale, convention)
    assert numbers.read(text, scale, convention) == amount
    assert convention in numbers.legal(text)


@given(st.text(max_size=60) | WRITTEN, SCALES, st.sampled_from(["da", "en", ""]), st.none() | AMOUNTS)
@example("1.234", 3, "", None)
def test_any_text_is_an_exact_amount_or_a_fault_with_a_code(
    text: str, scale: int, convention: Convention, before: int | None
) -> None:
    found = numbers.read(text, scale, convention, units=KRONER, before=before)
    if isinstance(found, Misread):
        assert re.fullmatch(r"NT-112[1-7]", found.code)
        assert len(found.text) <= 64
    else:
        readings = {_naively(text, c) for c in ([convention] if convention else ["da", "en"])} - {None}
        assert readings == {Fraction(found, 10**scale)}


def _naively(text: str, convention: str) -> Fraction | None:
    """A careful reader: sign, digits in plain or in threes, decimals; by hand, character by character."""
    text = text.strip()
    while text and not text[-1].isdigit():
        text = text[:-1]
    negative = text[:1] in ("-", "\u2212")
    whole, *fraction = text[negative:].split("," if convention == "da" else ".")
    if len(fraction) > 1 or any(not f or set(f) - set("0123456789") for f in fraction):
        return None
    separators = {c for c in whole if c not in "0123456789"}
    if separators:
        if len(separators) > 1 or not separators <= {"." if convention == "da" else ",", *" \u00a0\u2009\u202f"}:
            return None
        first, *rest = whole.split(separators.pop())
        if not 1 <= len(first) <= 3 or first[0] == "0" or any(len(group) != 3 for group in rest):
            return None
        whole = first + "".join(rest)
    if not whole:
        return None
    value = Fraction(int(whole + "".join(fraction)), 10 ** len("".join(fraction)))
    return -value if negative else value
