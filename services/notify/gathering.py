"""What gathers before it is told: by the month into a digest, or after a first message of its kind into one more. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date

from services.notify.wording import SUBJECT_LENGTH, plain

MOST_ITEMS, ITEM_LINES = 3, 2
STOPPED = 3  # kind of the contract: figures refused or held
ANSWERS = frozenset({1, STOPPED})  # to what one sends oneself: told together
TOGETHER = timedelta(seconds=10)  # the answers to the units of a file come in one mail
LOOK_BACK = timedelta(minutes=15)  # a kind is told at once; what follows it within that time is told together
LOCALES = {"da": "da_DK", "en": "en_GB"}
# Kinds of the contract that wait for the month's digest where nothing else is asked for: standings, quarters, peer groups.
MONTHLY = frozenset({2, 5, 6})
DIGEST_TYPE = "noegletal.digest"

ENDING = {"da": " – og {more} mere", "en": " – and {more} more"}  # of a subject
LEAD = {
    "da": {
        "month": "{count} i jeres nøgletal i {month}.",
        "burst": "{count} på én gang.",
        "one": "1 nyhed",
        "many": "{n} nyheder",
        "priced": "Her er {n} af dem; det, der fylder mest i kroner, står først.",
        "newest": "Her er de {n} nyeste.",
        "rest": "Det øvrige: {kinds}.",
    },
    "en": {
        "month": "{count} in your key figures in {month}.",
        "burst": "{count} at once.",
        "one": "1 item of news",
        "many": "{n} items of news",
        "priced": "Here are {n} of them; what means most in money comes first.",
        "newest": "Here are the {n} newest.",
        "rest": "The rest: {kinds}.",
    },
}
WHY = {
    "da": {
        "month": "I får mailen én gang om måneden, og kun når der er nyt, fordi I følger disse nøgletal.",
        "burst": "I får beskederne samlet, fordi flere kom lige efter hinanden.",
    },
    "en": {
        "month": "You get this mail once a month, and only when there is news, because you follow these key figures.",
        "burst": "You get these messages together because several came one after the other.",
    },
}
KINDS = {
    1: {"da": ("kvittering", "kvitteringer"), "en": ("receipt", "receipts")},
    2: {"da": ("ændret placering", "ændrede placeringer"), "en": ("changed standing", "changed standings")},
    3: {"da": ("afvisning", "afvisninger"), "en": ("refusal", "refusals")},
    4: {"da": ("påmindelse", "påmindelser"), "en": ("reminder", "reminders")},
    5: {"da": ("skift af kvartil", "skift af kvartil"), "en": ("change of quarter", "changes of quarter")},
    6: {"da": ("ændret gruppe", "ændrede grupper"), "en": ("changed peer group", "changed peer groups")},
}
OTHER = {"da": ("anden besked", "andre beskeder"), "en": ("other message", "other messages")}


@dataclass(frozen=True)
class Gathered:
    """One message that waits. `topic`: what it is about; a later message about the same takes its place.

    worth   what it is about in kroner a year, of either sign; None: not priced.
    """

    event_id: str
    at: str  # ISO 8601, UTC: when it happened to us
    kind: int
    topic: str
    body: str  # the payload it would have been sent as
    worth: int | None


def waits_until(at: datetime, *, told_at: datetime | None, awaited: bool) -> datetime | None:
    """Until when a message that is not monthly waits for others of its kinds; None: it is told at once.

    told_at   when the last message of the kinds fell due at this endpoint.
    awaited   somebody sits and waits for it: it waits seconds alone, for the answers to a file's other units.
    """
    if awaited:
        return at + TOGETHER
    return None if told_at is None or at - told_at >= LOOK_BACK else told_at + LOOK_BACK


def kinds_with(kind: int) -> frozenset[int]:
    """The kinds that are told in one mail with a kind.

    >>> sorted(kinds_with(3)), sorted(kinds_with(4))
    ([1, 3], [4])
    """
    return ANSWERS if kind in ANSWERS else frozenset({kind})


def topic(kind: int, body: str) -> str:
    """What a message is about: its kind, unit and period, or the event where it names none."""
    data = json.loads(body)["data"]
    named = (data.get("unit_id"), data.get("scheme"), data.get("period"))
    return "/".join([str(kind), *(str(n) for n in named if n)]) if any(named) else f"{kind}/{data['event_id']}"


def worth(body: str) -> int | None:
    """The kroner a year a message is about: of its most valuable figure."""
    figures = json.loads(body)["data"].get("mail", {}).get("figures", [])
    priced = [int(f["worth"]) for f in figures if f.get("worth") is not None]
    return max(priced, key=abs, default=None)


def told(gathered: Iterable[Gathered]) -> list[Gathered]:
    """What is to be told of what gathered, the newest of each topic: what is stopped first, then the most kroner.

    What is not priced comes last, the newest of it first.
    """
    newest: dict[str, Gathered] = {}
    for one in sorted(gathered, key=lambda g: (g.at, g.event_id)):
        newest[one.topic] = one
    by_age = sorted(newest.values(), key=lambda g: (g.at, g.event_id), reverse=True)
    return sorted(by_age, key=lambda g: (not _is_stopped(g), g.worth is None, -abs(g.worth or 0)))


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
        return _json(contents[0])
    shown, rest = contents[:MOST_ITEMS], Counter(one.kind for one in items[MOST_ITEMS:])
    priced = items[0].worth is not None
    subscriptions = sorted({s for content in contents for s in content["data"]["subscription_ids"]})
    data: dict[str, Any] = {
        "organisation_id": organisation_id,
        "event_id": event_id,
        "seq": seq,
        "subscription_ids": subscriptions,
        "news": len(items),
        "month": month,
        "words": {language: _words(shown, rest, len(items), month, language, priced=priced) for language in LOCALES},
        "mail": {"items": [_item(content) for content in shown]} | _answers(contents),
    }
    return _json({"type": DIGEST_TYPE if month else contents[0]["type"], "timestamp": at, "data": data})


def _words(
    shown: Sequence[Any], rest: Mapping[int, int], count: int, month: str, language: str, *, priced: bool
) -> dict[str, str]:
    words, form = LEAD[language], "month" if month else "burst"
    counted = words["one"] if count == 1 else words["many"].format(n=count)
    lead = words[form].format(count=counted, month=_month(month, language))
    if count > MOST_ITEMS:
        lead += " " + words["priced" if priced else "newest"].format(n=MOST_ITEMS)
    others = [words["rest"].format(kinds=_kinds(rest, language))] if rest else []
    first = plain(shown[0]["data"]["words"][language]["subject"], SUBJECT_LENGTH)
    if count > 1:
        ending = ENDING[language].format(more=count - 1)
        first = plain(first, SUBJECT_LENGTH - len(ending)) + ending
    return {"subject": first, "text": "\n".join([lead, *others, WHY[language][form]])}


def _item(content: Any) -> dict[str, Any]:
    """What a message becomes among others: its subject as heading, and its most valuable figure or its first line."""
    data = content["data"]
    words, figures = data["words"], data.get("mail", {}).get("figures", [])
    heading = {language: words[language]["subject"] for language in words}
    if figures:
        return {"heading": heading} | {k: v for k, v in figures[0].items() if k in ("text", "priced", "place")}
    lines = {language: words[language]["text"].split("\n")[:-1] for language in words}
    return {"heading": heading, "text": {language: "\n".join(lines[language][:ITEM_LINES]) for language in words}}


def _is_stopped(one: Gathered) -> bool:
    """Whether figures were refused or held: there is something to put right."""
    counts = json.loads(one.body)["data"].get("figures")
    return one.kind == STOPPED or bool(isinstance(counts, dict) and counts.get("refused", 0) + counts.get("held", 0))


def _answers(contents: Sequence[Any]) -> dict[str, Any]:
    """Whether anybody waits for one of them, and what is to be marked in the file they answer."""
    mails = [content["data"].get("mail", {}) for content in contents]
    file = {receipt_id: found for mail in mails for receipt_id, found in mail.get("file", {}).items()}
    return {"awaited": any(mail.get("awaited") for mail in mails)} | ({"file": file} if file else {})


def _kinds(rest: Mapping[int, int], language: str) -> str:
    named = [(n, KINDS.get(kind, OTHER)[language][n > 1]) for kind, n in sorted(rest.items())]
    return ", ".join(f"{n} {name}" for n, name in named)


def _month(month: str, language: str) -> str:
    if not month:
        return ""
    day = datetime.strptime(f"{month}-01", "%Y-%m-%d").date()  # noqa: DTZ007  # a month has no time zone
    return str(format_date(day, "MMMM y", locale=LOCALES[language]))


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
