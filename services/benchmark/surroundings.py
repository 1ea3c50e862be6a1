"""What surrounds a standing that moved: whether enough have reported, and how far the next quartile is."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.benchmark.cell_columns import GroupCells
from services.benchmark.moves import Moved, Moves
from services.benchmark.statistics import MEDIAN, Q1, Q3, QUANTILES, Pair, Whole

E9, WIDEST = 10**9, 2.0**62


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
    [near] = _nearest_e9(np.array([own[0] / own[1]]), group.columns.statistics[[row]]).tolist()
    return None if near < 0 else int(near)


def to_quartiles_e9(moves: Moves, cells: Mapping[str, GroupCells]) -> Whole:
    """The same of all standings that moved, (N,); -1 where there is none after, or nothing is shown."""
    is_any = np.zeros(len(moves.groups), dtype=np.bool_)
    is_any[moves.group] = True
    known = [cells.get(moves.groups[number]) for number in np.flatnonzero(is_any).tolist()]
    which = (np.cumsum(is_any) - 1)[moves.group]
    statistics = np.full((len(known), int(moves.rows.max(initial=0)) + 1, 1 + len(QUANTILES)), np.nan)
    for shown, group in zip(statistics, known, strict=True):
        if group is not None:
            shown[:] = group.columns.statistics[: len(shown)]
    numerators, denominators = moves.after.own.T
    near = _nearest_e9(numerators / np.maximum(denominators, 1), statistics[which, moves.rows])
    return np.where(moves.after.there, near, -1)


def _nearest_e9(own: NDArray[np.float64], statistics: NDArray[np.float64]) -> Whole:
    """Of M ratios, and M x 6 statistics of their cells; -1 where no quartile is shown, or it does not fit.

    From the floats nearest to the exact values: it is held against a tolerance, which is coarse.
    """
    quartiles = statistics[:, [1 + QUANTILES.index(p) for p in (Q1, MEDIAN, Q3)]]
    far = np.abs(own[:, None] - np.where(np.isnan(quartiles), np.inf, quartiles)).min(axis=1) * E9
    fits = far < WIDEST
    return np.where(fits, np.rint(np.where(fits, far, 0)), -1).astype(np.int64)
