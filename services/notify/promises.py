"""What presets promise not to pass in a month, and what is said of messages they put off. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from services.notify import gathering, presets
from services.notify.digest import MOST_ITEMS
from services.notify.gathering import Gathered
from services.notify.kinds import ANSWERS, Kind
from services.notify.matching import Subscription
from services.notify.payload import written

NOT_COUNTED = ANSWERS | {Kind.TEST, Kind.DIGEST}  # what is asked for, and the digest, which has its place kept free


class Bound(NamedTuple):
    """How many messages of a preset come at once in a month: one fewer than it promises, so that one may tell the others."""

    preset: str
    most: int


def bounds(kind: int, subscriptions: Sequence[Subscription]) -> Mapping[str, Bound]:
    """By subscription, how many messages may come by it at once in a month.

    None: the kind is not counted, or the message comes by a subscription without a preset too, and so comes anyway.
    """
    known = presets.entries()
    if kind in NOT_COUNTED or any(one.preset not in known for one in subscriptions):
        return {}
    return {one.subscription_id: Bound(one.preset, known[one.preset].most_per_month - 1) for one in subscriptions}


def marked(one: Gathered, preset: str) -> Gathered:
    """A message as it is kept, with the preset that puts it off."""
    content = json.loads(one.body)
    content["data"]["put_off_by"] = preset
    return replace(one, body=written(content))


def explained(body: str, messages: Iterable[Gathered], *, by_mail: bool) -> str:
    """The payload of a month's digest, with how many of its messages were put off, and why.

    by_mail   else it is told for these alone, and its text names those that a mail would show
    """
    told, content = [json.loads(one.body)["data"] for one in gathering.told(messages)], json.loads(body)
    put_off, known = Counter(data.get("put_off_by", "") for data in told), presets.entries()
    for language, words in content["data"]["words"].items():
        lead, *others, why = words["text"].split("\n")
        reasons = [
            known[name].put_off[language].format(count=count, most=known[name].most_per_month)
            for name, count in sorted(put_off.items())
            if name in known
        ]
        shown = [] if by_mail else [data["words"][language]["subject"] for data in told[:MOST_ITEMS]]
        words["text"] = "\n".join([lead, *shown, *others, *reasons, *([why] if by_mail else [])])
        if not by_mail and "why" in content["data"]:
            content["data"]["why"][language] = " ".join(reasons)
    if not by_mail:
        del content["data"]["mail"]
    return written(content)
