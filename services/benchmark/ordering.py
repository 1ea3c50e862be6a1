"""The members of a peer group, sorted once by every figure's exact ratio; all that is asked of a group is read off it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.benchmark import statistics
from services.benchmark.standing import Better, quartiles
from services.benchmark.state import View
from services.benchmark.statistics import Whole

FEW = 16  # units that take their places one by one; more are sorted anew


@dataclass(frozen=True)
class Sorted:
    """F figures, n members. In each row the units with the figure come first, the smallest ratio first.

    columns       (n,) the members' columns in the view
    order         F x n, columns in the view; nothing behind the units with the figure
    numerators    F x n, in that order; 0 behind the units with the figure; denominators likewise
    levels        F x n, whether a ratio is larger than the one before it; false behind the units with the figure
    units         (F,) how many have the figure; holders: (F,) of how many holders
    changed       rows that differ from the ones this was made from; None where it was not made from any
    """

    columns: NDArray[np.int64]
    order: NDArray[np.int32]
    numerators: Whole
    denominators: Whole
    levels: NDArray[np.bool_]
    units: NDArray[np.int64]
    holders: NDArray[np.int64]
    changed: frozenset[int] | None = None

    def quarters(self, better: tuple[Better, ...]) -> NDArray[np.int64]:
        """The quarter of every unit with the figure, F x n in their order; 0 behind them. Tiers are the caller's."""
        place, units = np.arange(self.order.shape[1]), self.units[:, None]
        last = (place + 1 >= units) | np.roll(self.levels, -1, axis=1)  # of the units that are level
        below = np.maximum.accumulate(np.where(self.levels, place, 0), axis=1)
        up_to = np.minimum.accumulate(np.where(last, place + 1, len(place))[:, ::-1], axis=1)[:, ::-1]
        turned = np.array([b == "lower" for b in better], dtype=np.bool_)[:, None]
        worse = np.where(turned, units - up_to, below)
        return np.where(place < units, quartiles(worse, up_to - below, np.maximum(units, 1)), 0)


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
        columns.astype(np.int32)[order] if len(columns) else order.astype(np.int32),
        np.take_along_axis(numerators, order, axis=1),
        np.take_along_axis(denominators, order, axis=1),
        levels,
        units,
        distinct(view.holders[columns], present),
    )


def after(before: Sorted, a: View, b: View, group: str, changed: Sequence[int]) -> Sorted:
    """The same group at a later vintage, in which no other units than `changed` (columns of `b`) have another record.

    Each takes its place among those that are sorted already; where that would be more work than sorting, they are sorted.
    """
    if len(changed) > FEW:
        return of(b, group)
    some = np.array(changed, dtype=np.int64)
    old, new = _pairs(a, group, some), _pairs(b, group, some)
    differs = (old != new).any(axis=0)
    rows = np.flatnonzero(differs.any(axis=1))
    columns = b.members(group)
    made = _Places(before, len(columns))
    for row in rows.tolist():
        for n in np.flatnonzero(differs[row] & (old[1, row] > 0)).tolist():
            made.remove(row, int(some[n]))
        for n in np.flatnonzero(differs[row] & (new[1, row] > 0)).tolist():
            made.insert(row, int(some[n]), int(new[0, row, n]), int(new[1, row, n]))
    known = some[some < len(a.unit_ids)]
    moved = (a.holders[known] != b.holders[known]).any()  # to another holder: every figure's holders are counted again
    counted = np.arange(len(b.figures)) if moved else rows
    holders = before.holders.copy()
    holders[counted] = distinct(b.holders[columns], b.absences[np.ix_(counted, columns)] == 0)
    n = len(columns)
    return Sorted(
        columns,
        made.order[:, :n],
        made.numerators[:, :n],
        made.denominators[:, :n],
        made.levels[:, :n],
        made.units,
        holders,
        frozenset(counted.tolist()),
    )


class _Places:
    """A copy of a sorted group with room for so many members, in which units are moved."""

    def __init__(self, before: Sorted, members: int) -> None:
        self.units = before.units.copy()
        width = max(members, int(before.units.max(initial=0)))
        self.order, self.numerators, self.denominators, self.levels = (
            _wide(values, width) for values in (before.order, before.numerators, before.denominators, before.levels)
        )

    def remove(self, row: int, column: int) -> None:
        """Take a unit out of a row."""
        end = int(self.units[row])
        at = int(np.flatnonzero(self.order[row, :end] == column)[0])
        if at + 1 < end and self.levels[row, at]:
            self.levels[row, at + 1] = True  # the next one is the first of its ratio now, if it was not before
        for values in (self.order, self.numerators, self.denominators, self.levels):
            values[row, at : end - 1] = values[row, at + 1 : end]
            values[row, end - 1] = 0
        self.units[row] = end - 1

    def insert(self, row: int, column: int, numerator: int, denominator: int) -> None:
        """Put a unit into a row, in front of those that are level with it."""
        end = int(self.units[row])
        at = self._place(row, end, numerator, denominator)
        if at < end:
            n, d = int(self.numerators[row, at]), int(self.denominators[row, at])
            self.levels[row, at] = n * denominator != numerator * d
        for values, new in (
            (self.order, column),
            (self.numerators, numerator),
            (self.denominators, denominator),
            (self.levels, True),
        ):
            values[row, at + 1 : end + 1] = values[row, at:end]
            values[row, at] = new
        self.units[row] = end + 1

    def _place(self, row: int, end: int, numerator: int, denominator: int) -> int:
        """How many of a row's ratios are smaller, exactly."""
        low, high = 0, end
        n, d = self.numerators[row], self.denominators[row]
        while low < high:
            middle = (low + high) // 2
            if int(n[middle]) * denominator < numerator * int(d[middle]):
                low = middle + 1
            else:
                high = middle
        return low


def _wide(values: NDArray[Any], width: int) -> NDArray[Any]:
    """A copy, widened with 0 or cut to so many columns."""
    copy = np.zeros((len(values), width), dtype=values.dtype)
    both = min(width, values.shape[1])
    copy[:, :both] = values[:, :both]
    return copy


def _pairs(view: View, group: str, columns: NDArray[np.int64]) -> Whole:
    """Numerators and denominators of some units, 2 x F x units; 0 and 0 without the figure, or outside the group."""
    inside = view.membership.get(group)
    found = np.zeros((2, len(view.figures), len(columns)), dtype=np.int64)
    known = np.flatnonzero(columns < len(view.unit_ids))
    if inside is not None and len(known):
        at = columns[known]
        has = (view.absences[:, at] == 0) & (inside & view.reported)[at]
        found[0][:, known], found[1][:, known] = view.numerators[:, at] * has, view.denominators[:, at] * has
    return found


def distinct(holders: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many holders the units with each figure have. Shapes (n,) and F x n."""
    if not len(holders):
        return np.zeros(len(present), dtype=np.int64)
    together = np.argsort(holders, kind="stable")
    starts = np.flatnonzero(np.diff(holders[together], prepend=-2))
    distinct: NDArray[np.int64] = np.logical_or.reduceat(present[:, together], starts, axis=1).sum(axis=1)
    return distinct
