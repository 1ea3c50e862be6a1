"""When a delivery is tried, and whose turn it is. Pure: chance and time come in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Seconds between attempts: 75.6 hours in all. Source: the schedule implementations of Standard Webhooks share.
SECONDS = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2
LONGEST = 86_400  # seconds a receiver's Retry-After can put one message off
PAUSE, LONGEST_PAUSE = 5.0, 3_600  # seconds a receiver that asks to be spared is left alone by every message


def following(
    attempts: int, *, chance: float, retry_after: float | None = None, steps: tuple[float, ...] = SECONDS
) -> float | None:
    """Seconds until the next attempt after so many that failed; None: none any more.

    chance        in [0, 1): spreads the wait by a fifth either way.
    retry_after   what the receiver asked for, kept to where it is longer, up to a day.

    >>> following(1, chance=0.5), following(10, chance=0.5)
    (5.0, None)
    """
    if attempts >= len(steps):
        return None
    return max(jittered(steps[attempts], chance), min(retry_after or 0, LONGEST))


def jittered(seconds: float, chance: float) -> float:
    """A wait, spread by a fifth either way.

    >>> jittered(100, 0.0), jittered(100, 0.5)
    (80.0, 100.0)
    """
    return seconds * (1 - JITTER + 2 * JITTER * chance)


def pause(retry_after: float | None) -> float:
    """Seconds a receiver that said 429 or 50x is left alone.

    >>> pause(None), pause(30), pause(1e9)
    (5.0, 30, 3600)
    """
    return PAUSE if retry_after is None else min(retry_after, LONGEST_PAUSE)


def free_again(free_at: datetime | None, now: datetime, per_minute: int) -> datetime:
    """When an endpoint may be sent the next message, one being begun now.

    Messages are spaced evenly, a second's worth of them at once after a rest, so a minute never sees more than
    `per_minute` and that second's worth. Source: the generic cell rate algorithm (ITU-T I.371), a bucket in one number.
    """
    space = timedelta(minutes=1) / per_minute
    at_once = space * (max(1, per_minute // 60) - 1)
    due = now if free_at is None else max(now, free_at + at_once)
    return due + space - at_once


@dataclass(frozen=True)
class Hand:
    """What is under way at an endpoint. `proven`: its last attempt was delivered, and nothing has been under way for long."""

    count: int
    proven: bool


SLOW_SECONDS = 1.0  # under way for so long, a message no longer counts as one of a proven endpoint
MOST_TIMES = 4  # so many times the room may be under way in all


@dataclass(frozen=True)
class Room:
    """How much may be under way at once. Endpoints that have not proven themselves share half, one message each.

    So receivers that hang, however many, leave the other half to those that answer: also those that answered until now,
    since what becomes slow moves to the first half, beyond it if need be, and frees its place.
    """

    most: int
    per_endpoint: int = 4

    def free(self, hands: Mapping[str, Hand]) -> tuple[int, int]:
        """How many more may begin: in all, and of those at endpoints that have not proven themselves."""
        half = max(1, self.most // 2)
        unproven = sum(hand.count for hand in hands.values() if not hand.proven)
        proven = sum(hand.count for hand in hands.values() if hand.proven)
        total = max(0, min(self.most - proven - min(unproven, half), MOST_TIMES * self.most - proven - unproven))
        return total, max(0, min(total, half - unproven))

    def at_endpoint(self, proven: bool) -> int:
        """How many may be under way at one endpoint."""
        return self.per_endpoint if proven else 1
