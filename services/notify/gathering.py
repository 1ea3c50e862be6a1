"""What gathers before it is told: by the month into a digest, or after a first message of its kind into one more. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.kinds import ANSWERS, Kind

TOGETHER = timedelta(seconds=10)  # the answers to the units of a file come in one mail
LOOK_BACK = timedelta(minutes=15)  # a kind is told at once; what follows it within that time is told together
# What waits for the month's digest where nothing else is asked for.
MONTHLY = frozenset({Kind.STANDING_CHANGED, Kind.QUARTILE_CHANGED, Kind.PEER_GROUP_CHANGED})


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

    >>> sorted(map(int, kinds_with(3))), sorted(kinds_with(4))
    ([1, 3], [4])
    """
    return ANSWERS if kind in ANSWERS else frozenset({kind})


def gathered(event_id: str, at: str, kind: int, body: str) -> Gathered:
    """A message that waits, from the payload it would have been sent as."""
    return Gathered(event_id, at, kind, topic(kind, body), body, worth(body))


def topic(kind: int, body: str) -> str:
    """What a message is about: its kind, unit and period, or the event where it names none, or what others of them do not say."""
    data = json.loads(body)["data"]
    named = () if kind == Kind.FIGURE_CORRECTED else (data.get("unit_id"), data.get("scheme"), data.get("period"))
    return "/".join([str(kind), *(str(n) for n in named if n)]) if any(named) else f"{kind}/{data['event_id']}"


def worth(body: str) -> int | None:
    """The kroner a year a message is about: of its first figure, which is the one shown among others."""
    figures = json.loads(body)["data"].get("mail", {}).get("figures", [])
    return figures[0].get("worth") if figures else None


def told(gathered: Iterable[Gathered]) -> list[Gathered]:
    """What is to be told of what gathered, the newest of each topic: what is stopped first, then the most kroner.

    What is not priced comes last, the newest of it first.
    """
    newest: dict[str, Gathered] = {}
    for one in sorted(gathered, key=lambda g: (g.at, g.event_id)):
        newest[one.topic] = one
    by_age = sorted(newest.values(), key=lambda g: (g.at, g.event_id), reverse=True)
    return sorted(by_age, key=lambda g: (not _is_stopped(g), g.worth is None, -abs(g.worth or 0)))


def _is_stopped(one: Gathered) -> bool:
    """Whether figures were refused or held: there is something to put right."""
    counts = json.loads(one.body)["data"].get("figures")
    return one.kind == Kind.REFUSAL or bool(
        isinstance(counts, dict) and counts.get("refused", 0) + counts.get("held", 0)
    )
