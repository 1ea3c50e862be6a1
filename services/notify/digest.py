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
from services.notify.sentences import LANGUAGES, LOCALES
from services.notify.wording import ITEMS_SHOWN, SUBJECT_LENGTH, plain, stop

MOST_ITEMS, ITEM_LINES = 3, 2
ENDING = {"da": " – og {more} mere", "en": " – and {more} more"}  # of a subject
LEAD = {
    "da": {
        "month": "{count} i jeres nøgletal i {month}.",
        "burst": "{count} på én gang.",
        "answers": "{n} svar på det, I har sendt.",
        "one": "1 nyhed",
        "many": "{n} nyheder",
        "priced": "Her er {n} af dem; det, der fylder mest i kroner, står først.",
        "newest": "Her er de {n} nyeste.",
        "stopped": "Her er {n} af dem; det, der skal rettes, står først.",
        "rest": "Det øvrige: {kinds}.",
    },
    "en": {
        "month": "{count} in your key figures in {month}.",
        "burst": "{count} at once.",
        "answers": "{n} answers to what you sent.",
        "one": "1 item of news",
        "many": "{n} items of news",
        "priced": "Here are {n} of them; what means most in money comes first.",
        "newest": "Here are the {n} newest.",
        "stopped": "Here are {n} of them; what is to be corrected comes first.",
        "rest": "The rest: {kinds}.",
    },
}
WHY = {
    "da": {
        "month": "I får mailen én gang om måneden, og kun når der er nyt, fordi I følger disse nøgletal.",
        "burst": "I får beskederne samlet, fordi flere kom lige efter hinanden.",
        "answers": "I får svarene, fordi I følger, hvad der bliver af det, I sender. De er samlet, fordi de kom sammen.",
    },
    "en": {
        "month": "You get this mail once a month, and only when there is news, because you follow these key figures.",
        "burst": "You get these messages together because several came one after the other.",
        "answers": "You get these answers because you follow what becomes of what you send. They came together.",
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
    data: dict[str, Any] = {
        "organisation_id": organisation_id,
        "event_id": event_id,
        "seq": seq,
        "language": contents[0]["data"]["language"],
        "subscription_ids": subscriptions,
        "stop": {language: stop(subscriptions[:SUBSCRIPTIONS_NAMED], language) for language in LANGUAGES},
        "why": {language: WHY[language][form] for language in LANGUAGES},
        "items": [_facts(content) for content in contents[:ITEMS_SHOWN]],
        "items_in_all": len(contents),
        "month": month,
        "words": {
            language: _words(
                shown, rest, (LEAD[language][form], LEAD[language][order], WHY[language][form]), month, language
            )
            for language in LOCALES
        },
        "mail": {"items": [_item(content) for content in shown]} | _answers(contents),
    }
    return written({"type": Kind.DIGEST.type, "version": VERSION, "timestamp": at, "data": data})


def _words(
    shown: Sequence[Any], rest: Mapping[int, int], said: tuple[str, str, str], month: str, language: str
) -> dict[str, str]:
    """Subject and text. `said`: the sentence that counts, the one that says what comes first, the reason."""
    words, count = LEAD[language], len(shown) + sum(rest.values())
    counted = words["one"] if count == 1 else words["many"].format(n=count)
    lead = said[0].format(count=counted, n=count, month=_month(month, language))
    if rest:
        lead += " " + said[1].format(n=MOST_ITEMS)
    others = [words["rest"].format(kinds=_kinds(rest, language))] if rest else []
    first = plain(shown[0]["data"]["words"][language]["subject"], SUBJECT_LENGTH)
    if count > 1:
        ending = ENDING[language].format(more=count - 1)
        first = plain(first, SUBJECT_LENGTH - len(ending)) + ending
    return {"subject": first, "text": "\n".join([lead, *others, said[2]])}


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
    named = [(n, KINDS.get(kind, OTHER)[language][n > 1]) for kind, n in sorted(rest.items())]
    return ", ".join(f"{n} {name}" for n, name in named)


def _month(month: str, language: str) -> str:
    if not month:
        return ""
    day = date.fromisoformat(f"{month}-01")
    return str(format_date(day, "MMMM y", locale=LOCALES[language]))
