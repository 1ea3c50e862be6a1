"""Everything that can be wrong, by code: what it means, what to do, and what is said about it in Danish and English."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

FILE = Path(__file__).with_name("codes.toml")
HEADINGS = {"da": ("Besked", "Årsag", "Det gør I", "Eksempel"), "en": ("Message", "Cause", "Remedy", "Example")}
CONFIRMED = {"da": "Bekræftet", "en": "Confirmed"}


@dataclass(frozen=True)
class Code:
    """One code. `message` has placeholders that a finding's or refusal's parameters fill; `example` is one case of it."""

    code: str
    message: Mapping[str, str]
    cause: Mapping[str, str]
    remedy: Mapping[str, str]
    example: Mapping[str, str]

    @property
    def placeholders(self) -> set[str]:
        """Names of the parameters that the message speaks of."""
        return {name for text in self.message.values() for _, name, _, _ in Formatter().parse(text) if name}


@functools.cache
def entries() -> dict[str, Code]:
    """Every code there is."""
    content = tomllib.loads(FILE.read_text())
    return {code: Code(code, **texts) for code, texts in content.items()}


def explained(code: str, language: str) -> dict[str, str]:
    """What is said of a code, by heading, for people: placeholders of the message stand in ‹ ›. Raises KeyError."""
    entry = entries()[code]
    message = entry.message[language].format_map({name: f"‹{name}›" for name in entry.placeholders})
    texts = (message, entry.cause[language], entry.remedy[language], entry.example[language])
    return dict(zip(HEADINGS[language], texts, strict=True))


def words(code: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """What to say about a code, in da and en. A parameter that was not given is shown as a dash.

    The reason a doubt was confirmed by is said with it, to whoever reads.
    """
    message = entries()[code].message
    said = {language: text.format_map(_Dashed(parameters)) for language, text in message.items()}
    reason = parameters.get("reason")
    return (
        {language: f"{text} {CONFIRMED[language]}: »{reason}«" for language, text in said.items()} if reason else said
    )


class _Dashed(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"
