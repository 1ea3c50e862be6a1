"""What surrounds a standing that moved: whether enough have reported, and how far the next quartile is."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from services.benchmark.cell_columns import GroupCells
from services.benchmark.kernels import nearness
from services.benchmark.moves import Moved, Moves
from services.benchmark.statistics import MEDIAN, Q1, Q3, QUANTILES, Pair, Whole

QUARTILES = [1 + QUANTILES.index(p) for p in (Q1, MEDIAN, Q3)]  # columns of a cell's statistics


def add(message: Any, moved: Moved, cells: Mapping[str, GroupCells]) -> None:
    """Add to a StandingChanged what surrounds each of its standings after the change."""
    for row, explained in moved.explanations:
        group = cells.get(explained.group_after)
        own = explained.after.own if explained.after else None
        message.surroundings.add(
            reported=group.reported if group else 0,
            expected=group.expected if group else 0,
            to_quartile_e9=to_quartile_e9(group, row, own) if group and own else None,
        )


def to_quartile_e9(group: GroupCells, row: int, own: Pair) -> int | None:
    """How far a unit's ratio is from the nearest of Q1, median and Q3 of its group, in 1/1,000,000,000; None: none is shown."""
    where, near = np.zeros(1, dtype=np.int64), np.empty(1, dtype=np.int64)
    quartiles = np.ascontiguousarray(group.columns.statistics[[[row]], QUARTILES])
    nearness.nearest_e9(np.array([own[0] / own[1]]), where, where, quartiles[np.newaxis], near)
    return None if near[0] < 0 else int(near[0])


def to_quartiles_e9(moves: Moves, cells: Mapping[str, GroupCells]) -> Whole:
    """The same of all standings that moved, (N,); -1 where there is none after, or nothing is shown."""
    is_any = np.zeros(len(moves.groups), dtype=np.bool_)
    is_any[moves.group] = True
    known = [cells.get(moves.groups[number]) for number in np.flatnonzero(is_any).tolist()]
    which = (np.cumsum(is_any) - 1)[moves.group]
    quartiles = np.full((len(known), int(moves.rows.max(initial=0)) + 1, len(QUARTILES)), np.nan)
    for shown, group in zip(quartiles, known, strict=True):
        if group is not None:
            shown[:] = group.columns.statistics[: len(shown), QUARTILES]
    numerators, denominators = moves.after.own.T
    near = np.empty(len(which), dtype=np.int64)
    nearness.nearest_e9(numerators / np.maximum(denominators, 1), which, moves.rows, quartiles, near)
    near[~moves.after.there] = -1
    return near
