"""A message before it has a language, and in one. Sentences only; amounts stay home unless the channel may carry them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.notify.sentences import LANGUAGES, Given, Phrase, Sentence, plain, said

__all__ = ["LANGUAGES", "About", "Guarded", "Item", "Message", "Said", "message", "plain", "stop"]

ITEMS_SHOWN = 20
SUBJECT_LENGTH = 78  # of a mail's subject line


@dataclass(frozen=True)
class About:
    """What a part of a message concerns. Empty: all of them."""

    key_figure: str = ""
    unit_id: str = ""
    peer_group: str = ""
    scheme: str = ""


@dataclass(frozen=True)
class Item:
    """One part of a message, told to those who follow what it is about.

    says     the sentence
    facts    the same as data, without amounts
    priced   a sentence with an amount of money, and `kroner` the amount a year: for channels that may carry it; a digest orders
             by it
    """

    about: About
    says: Sentence
    facts: Mapping[str, Any] = field(default_factory=dict)
    priced: Sentence | None = None
    kroner: int | None = None


@dataclass(frozen=True)
class Guarded:
    """A sentence that holds amounts, and the same without them."""

    whole: Sentence
    without: Sentence


@dataclass(frozen=True)
class Said:
    """What is to be said, in any language.

    subject   a phrase of the finding itself; its `unit`, where given, is cut when the line is too long
    opening   sentences for every receiver
    items     what is told to those who follow it; the first twenty are said, the rest counted
    why       the rule that made it fall due
    """

    subject: Phrase
    why: Phrase
    opening: Sequence[Sentence | Guarded] = ()
    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Message:
    """A subject and a text in one language."""

    subject: str
    text: str


def message(what: Said, follows: Callable[[About], bool], language: str, *, amounts: bool = False) -> Message:
    """A message in a language, of items that are followed. `amounts`: they may be said."""
    items = [item for item in what.items if follows(item.about)]
    opening = (_fit(one, amounts) for one in what.opening)
    lines = [said(sentence, language) for sentence in opening]
    for item in items[:ITEMS_SHOWN]:
        lines.append(said(item.says, language))
        if amounts and item.priced:
            lines.append(said(item.priced, language))
    if len(items) > ITEMS_SHOWN:
        lines.append(said(Phrase("more", {"count": len(items) - ITEMS_SHOWN}), language))
    return Message(_subject(what.subject, language), "\n".join([*lines, said(what.why, language)]))


def stop(subscription_ids: Sequence[str], language: str) -> str:
    """How to stop exactly this message: the subscriptions by which it is sent; without any, it was asked for."""
    if not subscription_ids:
        return said(Phrase("stop.asked"), language)
    ids: dict[str, Given] = {"count": len(subscription_ids), "subscriptions": " ".join(subscription_ids)}
    return said(Phrase("stop", ids), language)


def _fit(one: Sentence | Guarded, amounts: bool) -> Sentence:
    if isinstance(one, Guarded):
        return one.whole if amounts else one.without
    return one


def _subject(phrase: Phrase, language: str) -> str:
    """A subject that fits a line: a long unit id is cut, never what is said about it."""
    whole = said(phrase, language)
    unit, spare = phrase.given.get("unit"), len(whole) - SUBJECT_LENGTH
    if spare <= 0 or not isinstance(unit, str):
        return plain(whole, SUBJECT_LENGTH)
    cut = {**phrase.given, "unit": plain(unit, max(8, len(unit) - spare))}
    return said(replace(phrase, given=cut), language)
