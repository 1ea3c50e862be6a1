"""Several messages told in one mail: a count first, three items at most, the rest by number. Pure."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from services.notify.gathering import Gathered, told
from services.notify.kinds import ANSWERS, Kind
from services.notify.payload import SUBSCRIPTIONS_NAMED, VERSION, written
from services.notify.sentences import LANGUAGES, LOCALES, Phrase, Spoken, in_all, said
from services.notify.wording import ITEMS_SHOWN, SUBJECT_LENGTH, plain, stop

MOST_ITEMS, ITEM_LINES = 3, 2


def together(
    gathered: Sequence[Gathered], *, organisation_id: str, event_id: str, seq: int, at: str, month: str = ""
) -> str:
    """The payload that tells what gathered, at most three items in full. One topic alone keeps its own message.

    month   such as 2026-11, of a digest; none: what followed a first message within minutes.
    """
    items = told(gathered)
    contents = [json.loads(one.body) for one in items]
    if len(items) == 1 and not month:
        contents[0]["data"]["seq"] = seq
        return written(contents[0])
    shown, rest = contents[:MOST_ITEMS], Counter(one.kind for one in items[MOST_ITEMS:])
    form = "month" if month else "answers" if all(one.kind in ANSWERS for one in items) else "burst"
    order = "stopped" if form == "answers" else "newest" if items[0].worth is None else "priced"
    subscriptions = sorted({s for content in contents for s in content["data"]["subscription_ids"]})
    why = in_all(Phrase(f"why.{form}"))
    data: dict[str, Any] = {
        "organisation_id": organisation_id,
        "event_id": event_id,
        "seq": seq,
        "language": contents[0]["data"]["language"],
        "subscription_ids": subscriptions,
        "stop": {language: stop(subscriptions[:SUBSCRIPTIONS_NAMED], language) for language in LANGUAGES},
        "why": why,
        "items": [_facts(content) for content in contents[:ITEMS_SHOWN]],
        "items_in_all": len(contents),
        "month": month,
        "words": {
            language: {
                "subject": _subject(shown[0]["data"]["words"][language]["subject"], len(items), language),
                "text": "\n".join([*_lead(form, order, rest, len(items), month, language), why[language]]),
            }
            for language in LANGUAGES
        },
        "mail": {"items": [_item(content) for content in shown]} | _answers(contents),
    }
    return written({"type": Kind.DIGEST.type, "version": VERSION, "timestamp": at, "data": data})


def _lead(form: str, order: str, rest: Mapping[int, int], count: int, month: str, language: str) -> list[str]:
    """What opens the mail: how many messages, and where not all are told, which come first and what the others are."""
    counted = Phrase("digest.news", {"count": count})
    lead = said(Phrase(f"digest.{form}", {"news": counted, "count": count, "month": _month(month, language)}), language)
    if not rest:
        return [lead]
    first = said(Phrase(f"digest.{order}", {"shown": MOST_ITEMS}), language)
    others = {"kinds": Spoken({language: _kinds(rest, language)})}
    return [f"{lead} {first}", said(Phrase("digest.rest", others), language)]


def _subject(first: str, count: int, language: str) -> str:
    """The subject of the first message, cut so that how many more there are fits behind it."""
    first = plain(first, SUBJECT_LENGTH)
    if count == 1:
        return first
    ending = len(said(Phrase("digest.subject", {"subject": "", "count": count - 1}), language))
    return said(
        Phrase("digest.subject", {"subject": plain(first, SUBJECT_LENGTH - ending), "count": count - 1}), language
    )


def _facts(content: Any) -> dict[str, Any]:
    """A message among others as data: what it would have been alone, and what it is about."""
    data = content["data"]
    about = {name: data.get(name, "") for name in ("unit_id", "scheme", "period")}
    heading = {language: data["words"][language]["subject"] for language in LANGUAGES}
    return {"type": content["type"], "event_id": data["event_id"], **about, "heading": heading}


def _item(content: Any) -> dict[str, Any]:
    """What a message becomes among others: its subject as heading, and its most valuable figure or its first line."""
    data = content["data"]
    words, figures = data["words"], data.get("mail", {}).get("figures", [])
    heading = {language: words[language]["subject"] for language in words}
    if figures:
        return {"heading": heading} | {k: v for k, v in figures[0].items() if k in ("text", "priced", "place")}
    lines = {language: words[language]["text"].split("\n")[:-1] for language in words}
    return {"heading": heading, "text": {language: "\n".join(lines[language][:ITEM_LINES]) for language in words}}


def _answers(contents: Sequence[Any]) -> dict[str, Any]:
    """Whether anybody waits for one of them, and what is to be marked in the file they answer."""
    mails = [content["data"].get("mail", {}) for content in contents]
    file = {receipt_id: found for mail in mails for receipt_id, found in mail.get("file", {}).items()}
    return {"awaited": any(mail.get("awaited") for mail in mails)} | ({"file": file} if file else {})


def _kinds(rest: Mapping[int, int], language: str) -> str:
    named = [(Kind(kind).type.removeprefix("noegletal."), count) for kind, count in sorted(rest.items())]
    return ", ".join(said(Phrase(f"digest.kind.{name}", {"count": count}), language) for name, count in named)


def _month(month: str, language: str) -> str:
    if not month:
        return ""
    day = date.fromisoformat(f"{month}-01")
    return str(format_date(day, "MMMM y", locale=LOCALES[language]))
