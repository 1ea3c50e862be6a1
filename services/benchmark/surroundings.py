"""What surrounds a standing that moved: whether enough have reported, and how far the next quartile is."""

from collections.abc import Mapping
from typing import Any

from services.benchmark.cells import GroupCells
from services.benchmark.publication import Moved
from services.benchmark.statistics import MEDIAN, Q1, Q3, Pair

E9, WIDEST = 10**9, 2.0**62


def add(message: Any, moved: Moved, cells: Mapping[str, GroupCells], revision: int) -> None:
    """Add to a StandingChanged what surrounds each of its standings after the change, and the revision they are of."""
    message.revision = revision
    for row, explained in moved.explanations:
        group = cells.get(explained.group_after)
        own = explained.after.own if explained.after else None
        message.surroundings.add(
            reported=group.reported if group else 0,
            expected=group.expected if group else 0,
            to_quartile_e9=to_quartile_e9(group, row, own) if group and own else None,
        )


def to_quartile_e9(group: GroupCells, row: int, own: Pair) -> int | None:
    """From a unit's ratio to the nearest of Q1, median and Q3 of its group, in 1/1,000,000,000 of the ratio; None: none is shown.

    From the floats nearest to the exact values: it is held against a tolerance, which is coarse.
    """
    quantiles = group.cells[row].quantiles
    far = min((abs(own[0] / own[1] - quantiles[p]) for p in (Q1, MEDIAN, Q3) if p in quantiles), default=None)
    return None if far is None or far * E9 >= WIDEST else round(far * E9)
