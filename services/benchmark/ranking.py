"""Every unit of a view by every figure's exact ratio: sorted once, kept up unit by unit. Peer groups are read off it. Pure."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import statistics
from services.benchmark.state import View
from services.benchmark.statistics import Whole

FEW = 24  # units that take their places one by one; more are sorted anew


@dataclass(frozen=True)
class Ranking:
    """F figures, n columns of a view.

    order    F x n: in each row the columns of the units with the figure, the smallest ratio first; behind them the others
    levels   F x n: whether a ratio is larger than the one before it; false behind the units with the figure
    units    (F,) how many have the figure
    ratios   F x n by column: the floats nearest to the ratios, infinite without the figure
    """

    order: NDArray[np.int32]
    levels: NDArray[np.bool_]
    units: Whole
    ratios: NDArray[np.float64]

    @functools.cached_property
    def numbers(self) -> NDArray[np.int32]:
        """F x n, in order: how many different ratios there are up to each."""
        return np.cumsum(self.levels, axis=1, dtype=np.int32)

    @functools.cached_property
    def codes(self) -> NDArray[np.int32]:
        """F x n, by column: equal codes for equal ratios, a smaller one for a smaller ratio; the largest without the figure."""
        width = self.order.shape[1]
        codes = np.empty_like(self.numbers)
        there = np.arange(width) < self.units[:, None]
        codes.put(statistics.flat(self.order, width), np.where(there, self.numbers, np.int32(width + 1)))
        return codes


def of(view: View, columns: Whole | None = None) -> Ranking:
    """Sort all units of a view, or those of some columns, which are numbered from 0 then."""
    some = slice(None) if columns is None else columns
    has = (view.absences[:, some] == 0) & view.reported[some]
    numerators, denominators = (np.where(has, v[:, some], 0) for v in (view.numerators, view.denominators))
    ratios = np.where(has, numerators / np.where(has, denominators, 1), np.inf)
    units = has.sum(axis=1)
    order, levels = statistics.order(ratios, numerators, denominators)
    levels &= np.arange(order.shape[1]) < units[:, None]
    return Ranking(order.astype(np.int32), levels, units, ratios)


def after(before: Ranking, a: View, b: View, changed: Sequence[int]) -> Ranking:
    """The same at a later vintage, in which no other units than `changed` (columns of `b`) have another record.

    Each takes its place among those that are sorted already; where that would be more work than sorting, they are sorted.
    """
    if len(changed) > FEW:
        return of(b)
    places = _Places(before, b)
    old, new = observed(a, changed), observed(b, changed)
    differs = (old != new).any(axis=0)
    for n, column in enumerate(changed):
        places.remove(column, np.flatnonzero(differs[:, n] & (old[1, :, n] > 0)))
    for n, column in enumerate(changed):
        rows = np.flatnonzero(differs[:, n] & (new[1, :, n] > 0))
        places.insert(column, rows, new[0, rows, n], new[1, rows, n])
    return Ranking(places.order, places.levels, places.units, places.ratios)


def observed(view: View, columns: Sequence[int] | Whole) -> Whole:
    """Numerators and denominators of some units, 2 x F x units; 0 and 0 without the figure."""
    found = np.zeros((2, len(view.figures), len(columns)), dtype=np.int64)
    chosen = np.asarray(columns, dtype=np.int64)
    known = np.flatnonzero(chosen < len(view.unit_ids))
    at = chosen[known]
    has = (view.absences[:, at] == 0) & view.reported[at]
    found[0][:, known], found[1][:, known] = view.numerators[:, at] * has, view.denominators[:, at] * has
    return found


class _Places:
    """A copy of a ranking, as wide as a later view, in which units are moved. Ties are settled by the later view's pairs."""

    def __init__(self, before: Ranking, view: View) -> None:
        rows, width = before.order.shape
        fresh = np.broadcast_to(
            np.arange(width, len(view.unit_ids), dtype=np.int32), (rows, len(view.unit_ids) - width)
        )
        self.order = np.concatenate([before.order, fresh], axis=1)
        self.levels = np.concatenate([before.levels, np.zeros(fresh.shape, dtype=np.bool_)], axis=1)
        self.ratios = np.concatenate([before.ratios, np.full(fresh.shape, np.inf)], axis=1)
        self.units, self._view = before.units.copy(), view

    def remove(self, column: int, rows: Whole) -> None:
        """Take a unit out of rows it is in; it stands behind the others then."""
        self.ratios[rows, column] = np.inf
        at = (self.order[rows] == column).argmax(axis=1)
        for row, place, end in zip(rows.tolist(), at.tolist(), self.units[rows].tolist(), strict=True):
            order, levels = self.order[row], self.levels[row]
            if place + 1 < end and levels[place]:
                levels[place + 1] = True  # the next one is the first of its ratio now, if it was not before
            order[place : end - 1], levels[place : end - 1] = order[place + 1 : end], levels[place + 1 : end]
            order[end - 1], levels[end - 1] = column, False
        self.units[rows] -= 1

    def insert(self, column: int, rows: Whole, numerators: Whole, denominators: Whole) -> None:
        """Put a unit into rows it is not in, in front of those that are level with it."""
        ratios = numerators / np.maximum(denominators, 1)
        places, is_level = self._places(rows, ratios, numerators, denominators)
        at = (self.order[rows] == column).argmax(axis=1)
        for row, place, end, was, level in zip(
            rows.tolist(), places.tolist(), self.units[rows].tolist(), at.tolist(), is_level.tolist(), strict=True
        ):
            order, levels = self.order[row], self.levels[row]
            order[was] = order[end]
            order[place + 1 : end + 1], levels[place + 1 : end + 1] = order[place:end], levels[place:end]
            order[place], levels[place] = column, True
            if level:
                levels[place + 1] = False
        self.units[rows] += 1
        self.ratios[rows, column] = ratios

    def _places(
        self, rows: Whole, ratios: NDArray[np.float64], numerators: Whole, denominators: Whole
    ) -> tuple[Whole, NDArray[np.bool_]]:
        """How many ratios of each row are smaller than a new one, exactly; and whether one is equal to it."""
        known = self.ratios[rows]
        places, is_level = np.count_nonzero(known < ratios[:, None], axis=1), np.zeros(len(rows), dtype=np.bool_)
        for n, column in zip(*np.nonzero(known == ratios[:, None]), strict=True):
            # Equal floats hide what differs by less than a rounding: decided in whole numbers.
            theirs = int(self._view.numerators[rows[n], column]) * int(denominators[n])
            mine = int(numerators[n]) * int(self._view.denominators[rows[n], column])
            places[n] += theirs < mine
            is_level[n] |= theirs == mine
        return places, is_level
