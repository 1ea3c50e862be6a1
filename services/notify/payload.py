"""What a webhook carries: a Standard Webhooks payload, thin. Ids, kinds, counts, vintages and words; no amounts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.notify import wording
from services.notify.matching import Match
from services.notify.wording import LANGUAGES, Assessed, Message, Moved

MOST_BYTES = 20_000
SHORTENED = 1_000  # characters a text is cut to where the whole would pass the limit
LISTED = 100  # key figures named one by one
TYPES = {1: "noegletal.receipt", 2: "noegletal.standing-changed"}  # kind of the contract -> type of the payload


@dataclass(frozen=True)
class Due:
    """Something an organisation is to be told, before it is known to whom. `facts` goes into the payload as it is.

    key_figures   the key figures it concerns, in the order of a Moved's sentences; none for a submission as a whole.
    mail          what mail alone carries, see mail_facts.
    """

    organisation_id: str
    kind: int
    event_id: str
    key_figures: tuple[str, ...]
    facts: Mapping[str, Any]
    said: Assessed | Moved
    mail: Mapping[str, Any] = field(default_factory=dict)


def payload(due: Due, match: Match, *, seq: int, at: str) -> str:
    """The JSON text that is signed and sent: type, timestamp, data; below 20 kB, its texts shortened if need be.

    seq   number of the message at its endpoint, without gaps: a receiver can prove that it missed nothing.
    at    when the message fell due, ISO 8601.
    """
    followed = [f for f in due.key_figures if match.follows(f)]
    words = {language: _words(due, match, language) for language in LANGUAGES}
    data = dict(due.facts) | {
        "organisation_id": due.organisation_id,
        "event_id": due.event_id,
        "seq": seq,
        "subscription_ids": list(match.subscription_ids[:20]),
        "stop": {language: wording.stop(match.subscription_ids[:20], language) for language in LANGUAGES},
    }
    if isinstance(due.said, Moved):
        data |= {"key_figures": followed[:LISTED], "moved": len(followed)}
    body = _json(due.kind, at, data, words)
    if len(body.encode()) >= MOST_BYTES:
        words = {k: replace(m, text=m.text[:SHORTENED] + "…") for k, m in words.items()}
        body = _json(due.kind, at, data, words)
    return body


def _words(due: Due, match: Match, language: str) -> Message:
    """The message in a language; of standings that moved, only those the endpoint follows."""
    if isinstance(due.said, Assessed):
        return wording.receipt(due.said, language)
    told = zip(due.key_figures, due.said.sentences, strict=True)
    sentences = [sentence for key_figure, sentence in told if match.follows(key_figure)]
    return wording.moved(replace(due.said, sentences=sentences), language)


def _json(kind: int, at: str, data: Mapping[str, Any], words: Mapping[str, Message]) -> str:
    texts = {language: {"subject": m.subject, "text": m.text} for language, m in words.items()}
    content = {"type": TYPES[kind], "timestamp": at, "data": {**data, "words": texts}}
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
