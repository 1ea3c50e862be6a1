"""The members of a peer group, sorted once by every figure's exact ratio; all that is asked of a group is read off it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import statistics
from services.benchmark.standing import Better, quartiles
from services.benchmark.state import View
from services.benchmark.statistics import Whole


@dataclass(frozen=True)
class Sorted:
    """F figures, n members. In each row the units with the figure come first, the smallest ratio first.

    columns       (n,) the members' columns in the view
    order         F x n, positions in `columns`
    numerators    F x n, in that order; 0 behind the units with the figure; denominators likewise
    levels        F x n, whether a ratio is larger than the one before it; false behind the units with the figure
    units         (F,) how many have the figure; holders: (F,) of how many holders
    """

    columns: NDArray[np.int64]
    order: NDArray[np.int64]
    numerators: Whole
    denominators: Whole
    levels: NDArray[np.bool_]
    units: NDArray[np.int64]
    holders: NDArray[np.int64]

    def quarters(self, better: tuple[Better, ...]) -> NDArray[np.int64]:
        """The quarter of every member, F x n in the order of `columns`; 0 without the figure. Tiers are the caller's."""
        rows, n = self.order.shape
        place, units = np.arange(n), self.units[:, None]
        last = (place + 1 >= units) | np.roll(self.levels, -1, axis=1)  # of the units that are level
        below = np.maximum.accumulate(np.where(self.levels, place, 0), axis=1)
        up_to = np.minimum.accumulate(np.where(last, place + 1, n)[:, ::-1], axis=1)[:, ::-1]
        turned = np.array([b == "lower" for b in better], dtype=np.bool_)[:, None]
        worse = np.where(turned, units - up_to, below)
        found = np.where(place < units, quartiles(worse, up_to - below, np.maximum(units, 1)), 0)
        result = np.zeros((rows, n), dtype=np.int64)
        np.put_along_axis(result, self.order, found, axis=1)
        return result


def of(view: View, group: str) -> Sorted:
    """Sort a group at a vintage."""
    columns = view.members(group)
    present = view.absences[:, columns] == 0
    numerators = np.where(present, view.numerators[:, columns], 0)
    denominators = np.where(present, view.denominators[:, columns], 0)
    ratios = np.where(present, numerators / np.where(present, denominators, 1), np.inf)
    units = present.sum(axis=1)
    order, levels = statistics.order(ratios, numerators, denominators)
    levels &= np.arange(len(columns)) < units[:, None]
    return Sorted(
        columns,
        order,
        np.take_along_axis(numerators, order, axis=1),
        np.take_along_axis(denominators, order, axis=1),
        levels,
        units,
        distinct(view.holders[columns], present),
    )


def distinct(holders: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many holders the units with each figure have. Shapes (n,) and F x n."""
    if not len(holders):
        return np.zeros(len(present), dtype=np.int64)
    together = np.argsort(holders, kind="stable")
    starts = np.flatnonzero(np.diff(holders[together], prepend=-2))
    distinct: NDArray[np.int64] = np.logical_or.reduceat(present[:, together], starts, axis=1).sum(axis=1)
    return distinct
