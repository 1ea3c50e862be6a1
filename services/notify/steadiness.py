"""Whether a unit is surely on another side of a threshold, from every look at it. A function of the looks alone.

A side is sure when at least 70 % of the group has reported, the unit is further from the limit than the tolerance, and it was
seen on the new side twice, the second time without having come from elsewhere, or has been there for a day. Source: knowledge
of the sector's reporting season, in which late reporters turn everybody's quarter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from services.notify.thresholds import Place, Threshold, clear, side

HOLD = timedelta(hours=24)
REPORTED_OF_TEN = 7


@dataclass(frozen=True)
class Look:
    """One published change of a unit's place in a cell.

    before, after   None: it was not, or is no longer, in the cell
    at              when it was published
    to_quartile     from its value to the nearest quartile, in the unit it is shown in; None: not known
    """

    vintage: int
    at: datetime
    before: Place | None
    after: Place | None
    reported: int
    expected: int
    to_quartile: Fraction | None
    tolerance: Decimal

    @property
    def is_covered(self) -> bool:
        """Whether enough of the group have reported. A group nobody counted is not covered."""
        return self.expected > 0 and 10 * self.reported >= REPORTED_OF_TEN * self.expected


@dataclass(frozen=True)
class State:
    """What is sure.

    start     the side that was sure when the follower began to follow, or the first one after that
    side      the side that is sure now; None: none yet
    vintage   of the look by which the unit came to that side; 0: it was there from the start
    ripe_at   when a side that is not sure yet will be; None: none waits
    """

    start: int | None
    side: int | None
    vintage: int
    ripe_at: datetime | None


@dataclass(frozen=True)
class _Candidate:
    side: int
    look: Look


def state(
    looks: Iterable[Look], threshold: Threshold | None, since: datetime, now: datetime, begin: State | None = None
) -> State:
    """What is sure at a time, in whatever order and however often the looks came.

    begin   what earlier looks had come to when no side of theirs waited to be sure; None: there were none
    """
    start = begin.start if begin else None
    sure = begin.side if begin else None
    vintage = 0
    candidate: _Candidate | None = None
    for look in sorted({one.vintage: one for one in looks}.values(), key=lambda one: one.vintage):
        if candidate and look.at - candidate.look.at >= HOLD:
            sure, vintage, candidate = candidate.side, candidate.look.vintage, None
        if look.at <= since:
            start = sure
        if not look.is_covered:
            candidate = None
            continue
        previous = candidate.side if candidate else sure
        was, here = side(threshold, look.before, previous), side(threshold, look.after, previous)
        if sure is None:
            sure = was if was is not None else here
        if start is None:
            start = sure
        near = look.after is None or not clear(threshold, look.after, look.to_quartile, look.tolerance)
        if here is None or here == sure or near:
            candidate = None
        elif candidate and candidate.side == here == was:
            sure, vintage, candidate = here, candidate.look.vintage, None
        else:
            candidate = _Candidate(here, look)
        if look.at <= since:
            start = sure
    if candidate and now - candidate.look.at >= HOLD:
        sure, vintage, candidate = candidate.side, candidate.look.vintage, None
    return State(start, sure, vintage, candidate.look.at + HOLD if candidate else None)
