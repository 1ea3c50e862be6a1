"""Codes and their texts: none raised without words, none with words that nobody raises, the same placeholders in both languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

from services.catalogue import codes

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [p for folder in ("services", "deploy") for p in (ROOT / folder).rglob("*.py")]
RAISED = {code for path in SOURCES for code in re.findall(r"NT-\d{4}", path.read_text())}


def test_every_code_raised_has_words_and_every_code_with_words_is_raised() -> None:
    assert set(codes.entries()) == RAISED


@pytest.mark.parametrize("code", sorted(codes.entries()))
def test_words_in_both_languages_with_the_same_placeholders(code: str) -> None:
    entry = codes.entries()[code]
    for texts in (entry.message, entry.cause, entry.remedy):
        assert set(texts) == {"da", "en"}
        assert all(len(text) > 10 or "{" in text for text in texts.values())

    def placeholders(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name and not name.startswith("rule_")}

    assert placeholders(entry.message["da"]) == placeholders(entry.message["en"])


def test_a_parameter_that_is_not_given_is_a_dash_and_never_a_failure() -> None:
    for code in codes.entries():
        assert codes.words(code, {}).keys() == {"da", "en"}
