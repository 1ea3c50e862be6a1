"""A message as a person reads it in a mail: what is said, in which order, before it is text or HTML. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.notify.charts import Place, can_be_drawn
from services.notify.wording import SUBJECT_LENGTH, plain

LINE = 600  # most characters of one line of ours
WORDS = {
    "da": {
        "fewer": "Følg færre tal",
        "everything": "Afmeld alt",
        "attached": "Jeres egen fil er vedhæftet med felterne markeret. Arket »Ret dette« fører jer til dem. "
        "Ret, og send filen igen.",
        "file": "Ret filen, og send den igen: noegletal submit FIL. Mangler der noget, lægges den markeret ved siden af.",
    },
    "en": {
        "fewer": "Follow fewer figures",
        "everything": "Unsubscribe from everything",
        "attached": 'Your own file is attached with its cells marked. Its sheet "Correct this" leads to them. '
        "Correct it and send it again.",
        "file": "Correct the file and send it again: noegletal submit FILE. If anything is left, it is put beside it, marked.",
    },
}


@dataclass(frozen=True)
class Links:
    """Where the reader stops messages. Following one shows a page; nothing is stopped before its button is pressed."""

    fewer: str  # stops exactly this message
    everything: str  # stops every message to this address


@dataclass(frozen=True)
class Item:
    """One thing that is told: a heading where there are several, its lines, and the place that makes its picture."""

    heading: str
    lines: tuple[str, ...]
    place: Place | None = None


@dataclass(frozen=True)
class Letter:
    """A mail's content in one language. `lead` opens it, `why` says why it was sent."""

    language: str
    subject: str
    lead: str
    items: tuple[Item, ...]
    rest: str  # what is not told here; empty: nothing
    why: str


def written(body: str, language: str) -> Letter:
    """The letter of a delivery. `body` is the delivery's payload; a digest's payload holds items, another's one message.

    What a payload does not hold is left out; whatever it holds cannot break out of its line.
    """
    content = json.loads(body)
    data = content["data"]
    said, shown = data["words"][language], data.get("mail", {})
    lines = [plain(line, LINE) for line in said["text"].splitlines()]
    why = plain(data["why"][language], LINE) if "why" in data else lines[-1]
    lines = lines[:-1] if lines[-1:] == [why] else lines
    if "items" in shown:
        items = tuple(_item(item, language, heading=True) for item in shown["items"])
        lead, rest = lines[0], "\n".join(lines[1:])
    else:
        lead, items, rest = _message(lines, shown.get("figures", []), language)
    subject = plain(said["subject"], SUBJECT_LENGTH)
    return Letter(language, subject, lead, items, rest, why)


def _message(
    lines: Sequence[str], figures: Sequence[Mapping[str, Any]], language: str
) -> tuple[str, tuple[Item, ...], str]:
    """Lead, items and rest of one message.

    Figures that moved are told one by one, the most valuable first; else the first line opens and the others follow.
    """
    if figures:
        items = tuple(_item(figure, language, heading=False) for figure in figures)
        told = {line for item in items for line in item.lines}
        return "", items, "\n".join(line for line in lines if line not in told)
    lead, *others = lines or [""]
    more = [line for line in others if line.startswith("…")]
    return lead, tuple(Item("", (line,)) for line in others if line not in more), "\n".join(more)


def _item(item: Mapping[str, Any], language: str, *, heading: bool) -> Item:
    lines = [item["text"][language], item.get("priced", {}).get(language, "")]
    place = Place(**item["place"]) if item.get("place") else None
    return Item(
        plain(item["heading"][language], SUBJECT_LENGTH) if heading else "",
        tuple(plain(line, LINE) for text in lines for line in text.splitlines() if line),
        place if place is not None and can_be_drawn(place) else None,
    )
