"""What a message carries: a Standard Webhooks payload, thin. Ids, kinds, counts, vintages and words; no amounts.

Whoever makes a message builds a `Due` and hands it to `telling.tell` in the transaction of what caused it; organisations that
follow anything at all are in `subscription_store.organisations`. Everything else follows from the `Due`:

- to whom: subscriptions of the organisation that follow the kind and something of `about`
- once: one delivery per event id and endpoint, whatever comes twice
- the words: `said`, sentences by message id (services/notify/locale), items only for those who follow them
- the data: `facts` as they are, and each followed item's facts under `items`
- why and how to stop exactly this one
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.notify import wording
from services.notify.kinds import ANSWERS, Kind
from services.notify.matching import Match
from services.notify.sentences import LANGUAGES, in_all
from services.notify.wording import About, Item, Message, Said

MOST_BYTES = 20_000
SHORTENED = 1_000  # characters a text is cut to where the whole would pass the limit
LISTED = 100  # key figures named one by one
SUBSCRIPTIONS_NAMED = 20
VERSION = 1  # of the payloads; within one, fields are added and never changed: proto/noegletal/v1/webhook.proto


@dataclass(frozen=True)
class Due:
    """Something an organisation is to be told, before it is known to whom.

    event_id   of the event, or an id that follows from what caused the message: the same cause, the same id
    about      every key figure, unit and peer group it concerns, together; none: it concerns every follower of the kind
    facts      into the payload as they are: ids and counts, no amounts and no ratios
    mail       what mail alone carries: whoever makes mails reads it, no payload has it
    """

    organisation_id: str
    kind: Kind
    event_id: str
    said: Said
    about: tuple[About, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    mail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def concerns(self) -> tuple[About, ...]:
        """What it concerns, by its items where nothing else is said."""
        return self.about or tuple(item.about for item in self.items)

    @property
    def items(self) -> tuple[Item, ...]:
        """The parts that are told to those who follow them."""
        return tuple(self.said.items)


def payload(due: Due, match: Match, *, seq: int, at: str, amounts: bool = False) -> str:
    """The JSON text that is sent: type, version, timestamp, data; below 20 kB, its texts shortened if need be.

    seq       number of the message at its endpoint, without gaps: a receiver can prove that it missed nothing.
    at        when the message fell due, ISO 8601.
    amounts   whether money may be said: to the organisation's own people, by mail.
    """
    words = {language: wording.message(due.said, match.follows, language, amounts=amounts) for language in LANGUAGES}
    items = [item for item in due.items if match.follows(item.about)]
    ids = match.subscription_ids[:SUBSCRIPTIONS_NAMED]
    data = dict(due.facts) | {
        "organisation_id": due.organisation_id,
        "event_id": due.event_id,
        "seq": seq,
        "language": match.language,
        "subscription_ids": list(ids),
        "why": in_all(due.said.why),
        "stop": {language: wording.stop(ids, language) for language in LANGUAGES},
    }
    data |= {"items": [_facts(item, amounts) for item in items[: wording.ITEMS_SHOWN]], "items_in_all": len(items)}
    if due.kind not in ANSWERS:
        figures = dict.fromkeys(a.key_figure for a in due.concerns if a.key_figure and match.follows(a))
        data |= {"key_figures": list(figures)[:LISTED], "moved": len(items)}
    body = _json(due.kind, at, data, words)
    if len(body.encode()) >= MOST_BYTES:
        data["items"] = []
        body = _json(due.kind, at, data, words)
    if len(body.encode()) >= MOST_BYTES:
        short = {k: Message(m.subject, m.text[:SHORTENED] + "…") for k, m in words.items()}
        body = _json(due.kind, at, data, short)
    return body


def written(content: Mapping[str, Any]) -> str:
    """What a message carries as the text that is sent: the same content, the same text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def bare(body: str) -> str:
    """A payload as every channel may have it: without what mail alone carries."""
    content = json.loads(body)
    content["data"].pop("mail", None)
    for item in content["data"].get("items", ()):
        item.pop("kroner_a_year", None)
    return written(content)


def _facts(item: Item, amounts: bool) -> Mapping[str, Any]:
    return {**item.facts, "kroner_a_year": item.kroner} if amounts and item.kroner is not None else item.facts


def _json(kind: Kind, at: str, data: Mapping[str, Any], words: Mapping[str, Message]) -> str:
    texts = {language: {"subject": m.subject, "text": m.text} for language, m in words.items()}
    content = {"type": kind.type, "version": VERSION, "timestamp": at, "data": {**data, "words": texts}}
    return written(content)
