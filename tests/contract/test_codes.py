"""Codes and their texts: none raised without words, none with words that nobody raises, and how the words are made."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

from services.catalogue import codes

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {p: p.read_text() for folder in ("services", "deploy") for p in (ROOT / folder).rglob("*.py")}
CODE = re.compile(r"NT-\d{4}")
RAISED = {code for text in SOURCES.values() for code in CODE.findall(text)}
EVERY = sorted(codes.entries())
LONGEST = 220  # characters of a message, its placeholders as they stand
TONE = re.compile(r"ugyldig|invalid|illegal|forkert!|fejl!|error:|!", re.IGNORECASE)  # blame, and what says nothing


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _texts(code: str) -> list[Mapping[str, str]]:
    entry = codes.entries()[code]
    return [entry.message, entry.cause, entry.remedy, entry.example]


def _given(service: Path) -> set[str]:
    """Names that a service's code gives to parameters: keys of dictionaries, keywords of calls, parameters of functions."""
    found: set[str] = set()
    for path, text in SOURCES.items():
        if service in path.parents:
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Dict):
                    found |= {str(k.value) for k in node.keys if isinstance(k, ast.Constant)}
                elif isinstance(node, ast.keyword) and node.arg:
                    found.add(node.arg)
                elif isinstance(node, ast.Tuple):  # names that a dictionary is made of
                    found |= {str(e.value) for e in node.elts if isinstance(e, ast.Constant)}
    return found


def test_every_code_raised_has_words_and_every_code_with_words_is_raised() -> None:
    assert RAISED - set(EVERY) == set(), "raised, but codes.toml has no words for it"
    assert set(EVERY) - RAISED == set(), "has words, but nothing raises it"


@pytest.mark.parametrize("code", EVERY)
def test_every_text_stands_in_both_languages_and_says_something(code: str) -> None:
    for texts in _texts(code):
        assert set(texts) == {"da", "en"}
        assert all(len(text) > 10 for text in texts.values())
        assert texts["da"] != texts["en"]
    assert len({text for texts in _texts(code) for text in texts.values()}) == 8, "the same is said twice"


@pytest.mark.parametrize("code", EVERY)
def test_placeholders_are_the_same_in_both_languages_and_stand_in_messages_alone(code: str) -> None:
    message, *others = _texts(code)
    da, en = ({re.sub("_(da|en)$", "", name) for name in _placeholders(message[lang])} for lang in ("da", "en"))
    assert da == en
    assert all(_placeholders(text) == set() for texts in others for text in texts.values())


@pytest.mark.parametrize("code", EVERY)
def test_every_placeholder_is_filled_by_a_service_that_raises_the_code(code: str) -> None:
    raisers = {path.parent for path, text in SOURCES.items() if code in CODE.findall(text)}
    given = set().union(*map(_given, raisers))
    assert codes.entries()[code].placeholders - given == set()


@pytest.mark.parametrize("code", EVERY)
def test_a_message_is_short_says_what_to_do_and_blames_nobody(code: str) -> None:
    for language, text in codes.entries()[code].message.items():
        assert len(text) <= LONGEST, language
        assert text[-1] in ".?}", language
        assert re.search(r"[.;:?] ", text), f"{language}: says what, but not what to do"
    for texts in _texts(code):
        assert not any(TONE.search(text) for text in texts.values())


def test_a_parameter_that_is_not_given_is_a_dash_and_never_a_failure() -> None:
    for code in codes.entries():
        assert codes.words(code, {}).keys() == {"da", "en"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_code_can_be_explained(language: str) -> None:
    for code in EVERY:
        explained = codes.explained(code, language)
        assert list(explained) == list(codes.HEADINGS[language])
        assert not any("{" in text for text in explained.values())
