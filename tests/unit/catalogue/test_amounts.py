"""Numbers as people write them: exact both ways, never guessed, never rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import amounts, definitions


@pytest.mark.parametrize(
    ("text", "scale", "whole"),
    [
        ("3783", 0, 3783),
        ("220.4", 1, 2204),
        ("220.40", 1, 2204),
        (" 7 ", 2, 700),
        ("-0.5", 1, -5),
        ("0", 0, 0),
        ("007", 0, 7),
    ],
)
def test_read(text: str, scale: int, whole: int) -> None:
    assert amounts.scaled(text, scale) == whole


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("1,234", 0),
        ("1.234,5", 1),
        ("12.5", 0),
        ("0.25", 1),
        ("1e3", 0),
        ("", 0),
        ("-", 0),
        (".5", 1),
        ("5.", 1),
        ("٣", 0),
        ("NaN", 0),
        ("+1", 0),
    ],
)
def test_what_is_no_number_of_the_scale_is_refused(text: str, scale: int) -> None:
    with pytest.raises(amounts.NotANumber):
        amounts.scaled(text, scale)


@given(st.integers(-(2**60), 2**60), st.integers(0, 6))
def test_written_and_read_again_it_is_the_same(value: int, scale: int) -> None:
    assert amounts.scaled(amounts.natural(value, scale), scale) == value


def test_missing_tokens_of_the_scheme() -> None:
    catalogue = definitions.of("uk-tsm", "2024")
    assert [amounts.missing_reason(t, catalogue) for t in ("[E]", "[X]", "", "0", "x")] == [
        "excluded",
        "blank",
        "blank",
        None,
        None,
    ]
