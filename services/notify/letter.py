"""A message as a person reads it in a mail: what is said, in which order, before it is text or HTML. Pure."""

import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.notify.charts import Place, can_be_drawn
from services.notify.wording import SUBJECT_LENGTH, plain

LINE = 600  # most characters of one line of ours


@dataclass(frozen=True)
class Links:
    """Where the reader stops messages. Following one shows a page; nothing is stopped before its button is pressed."""

    fewer: str  # stops exactly this message; empty: it came by no subscription
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
        lead, items, rest = _message(lines, shown.get("figures") or shown.get("landing") or [], language)
    subject = plain(said["subject"], SUBJECT_LENGTH)
    return Letter(language, subject, lead, items, rest, why)


def _message(
    lines: Sequence[str], figures: Sequence[Mapping[str, Any]], language: str
) -> tuple[str, tuple[Item, ...], str]:
    """Lead, items and rest of one message: the first line opens, the others follow one by one, each figure with its own.

    Where figures are all there is, they are told without a lead.
    """
    told = [_item(figure, language, heading=False) for figure in figures]
    known = {line for item in told for line in item.lines}
    before = list(itertools.takewhile(lambda line: line not in known, lines))
    after = [line for line in lines[len(before) :] if not _is_told(line, known)]
    lead, *others = before or [""]
    if not told and others and others[-1].startswith("…"):
        after = [others.pop()]
    return lead, (*(Item("", (line,)) for line in others), *told), "\n".join(after)


def _is_told(line: str, known: Collection[str]) -> bool:
    """Whether a line is told already; one that was cut, by its beginning."""
    return line in known or (line.endswith("…") and any(one.startswith(line[:-1]) for one in known))


def _item(item: Mapping[str, Any], language: str, *, heading: bool) -> Item:
    lines = [item["text"][language], item.get("priced", {}).get(language, "")]
    place = Place(**item["place"]) if item.get("place") else None
    return Item(
        plain(item["heading"][language], SUBJECT_LENGTH) if heading else "",
        tuple(plain(line, LINE) for text in lines for line in text.splitlines() if line),
        place if place is not None and can_be_drawn(place) else None,
    )
