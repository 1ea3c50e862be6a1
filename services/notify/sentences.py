"""Sentences as data: gettext catalogues by message id, Danish the source; numbers, dates and kroner as each language writes them.

`locale/<language>/LC_MESSAGES/notify.po` is read as it is: there is nothing to compile. An id with `msgid_plural` has two
sentences, the first for a `count` of one.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("da", "en")
LOCALES = {"da": "da_DK", "en": "en_GB"}
FOLDER = Path(__file__).with_name("locale")
MINUS = "\u2212"  # what babel writes before a negative Danish number


@dataclass(frozen=True)
class Kroner:
    """An amount of money, said in whole kroner. `unit`: language -> another unit of account."""

    amount: Decimal | int
    unit: Mapping[str, str] = field(default_factory=lambda: {"da": "kr.", "en": "kr."})


@dataclass(frozen=True)
class Spoken:
    """A sentence that comes as it is: language -> text."""

    text: Mapping[str, str]


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalogues and what fills its placeholders.

    str as it is, made plain · int with the thousands set apart · Decimal with its own decimals · date written out · time in
    UTC · Kroner · another sentence.
    """

    id: str
    given: Mapping[str, "Given"] = field(default_factory=dict)


Sentence = Phrase | Spoken
Given = str | int | Decimal | date | datetime | Kroner | Phrase | Spoken


@functools.cache
def catalogue(language: str) -> Catalog:
    """Every sentence of a language."""
    with (FOLDER / language / "LC_MESSAGES" / "notify.po").open("rb") as file:
        return read_po(file, locale=LOCALES[language])


@functools.cache
def patterns(language: str) -> Mapping[str, tuple[str, str]]:
    """By message id, the sentence for a count of one and the sentence for any other."""
    found = {}
    for message in catalogue(language):
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string, message.string)
        if message.id and all(texts):
            found[message.id if isinstance(message.id, str) else message.id[0]] = (str(texts[0]), str(texts[1]))
    return found


def said(sentence: Sentence, language: str) -> str:
    """A sentence in a language, on one line. Raises KeyError for an id or placeholder there is not.

    >>> said(Phrase("more", {"count": 1234}), "da")
    '… og 1.234 mere.'
    """
    if isinstance(sentence, Spoken):
        return plain(sentence.text[language])
    pattern = patterns(language)[sentence.id][sentence.given.get("count") != 1]
    return pattern.format_map({name: written(value, language) for name, value in sentence.given.items()})


def words(language: str) -> Callable[[str], str]:
    """The sentences of a language that have no placeholders, by id: what a template is given.

    >>> words("en")("mail.fewer")
    'Follow fewer figures'
    """
    return lambda name: said(Phrase(name), language)


def in_all(sentence: Sentence) -> dict[str, str]:
    """A sentence in each language."""
    return {language: said(sentence, language) for language in LANGUAGES}


def time(at: datetime, pattern: str, language: str) -> str:
    """A time by one of the catalogues' patterns, in the time zone it comes in."""
    return format_datetime(at, patterns(language)[pattern][0], tzinfo=at.tzinfo, locale=LOCALES[language])


def written(value: Given, language: str) -> str:
    """A value as the language writes it.

    >>> written(Decimal("1234.50"), "da"), written(Kroner(184000), "da"), written(date(2026, 11, 3), "da")
    ('1.234,50', '184.000 kr.', '3. november 2026')
    """
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, (Phrase, Spoken)):
        return said(value, language)
    if isinstance(value, datetime):
        return time(value.astimezone(UTC), "pattern.time", language)
    if isinstance(value, date):
        return format_date(value, patterns(language)["pattern.day"][0], locale=LOCALES[language])
    if isinstance(value, Kroner):
        return f"{_number(str(Decimal(value.amount).quantize(Decimal(1))), language)} {value.unit[language]}"
    return str(value) if isinstance(value, int) and 0 <= value < 1000 else _number(str(value), language)


def plain(text: str, most: int = 300) -> str:
    r"""Text on one line without control characters, so that nobody's words can pass for a line of ours.

    >>> plain("a\nb\x1b[31m")
    'a b [31m'
    """
    clean = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return clean if len(clean) <= most else clean[: most - 1] + "…"


@functools.lru_cache(4096)
def _number(text: str, language: str) -> str:
    value = Decimal(text)
    decimals = max(0, -int(value.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, pattern, locale=LOCALES[language]).replace("-", MINUS)
