"""Whom a publication tells what: the standings that moved, of units that submitted and of those whose quarter turned. Pure."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.explanation import Comparison, Explanation
from services.benchmark.method_change import MethodComparison, comparison
from services.benchmark.priced import Medians, Priced, Prices
from services.benchmark.publication import Shown
from services.benchmark.standing import Readings, readings_of
from services.benchmark.statistics import Whole
from services.benchmark.view import View
from services.benchmark.walking import Asked, walk


@dataclass(frozen=True)
class Moved:
    """One unit's standings that moved: (row of the key figure, explanation)."""

    column: int
    own_submission: bool
    explanations: tuple[tuple[int, Explanation], ...]


@dataclass(frozen=True)
class Side:
    """N standings at one vintage. `there`: whether there is one; `placed`: N x 7 (walking.PLACED); `own`: N x 2, their pairs."""

    there: NDArray[np.bool_]
    placed: Whole
    own: Whole


@dataclass(frozen=True)
class Moves:
    """N standings that moved, by unit and key figure.

    columns, rows           (N,) whose, and of which figure; rising by column, then by row
    group_before, group     (N,) places in `groups`
    parts                   N x 6 steps x 5 (walking.PARTS)
    priced                  the gaps after, where they are priced
    """

    groups: Sequence[str]
    columns: Whole
    rows: Whole
    group_before: Whole
    group: Whole
    before: Side
    after: Side
    parts: Whole
    priced: Priced

    @functools.cached_property
    def begins(self) -> Whole:
        """(U,) where each unit's standings begin."""
        return _begins(self.columns)


def moves(before: Shown, after: Shown, submitted: Sequence[int], readings: Readings, prices: Prices) -> Moves:
    """Standings to be told of, within one series: of units that submitted, and of those whose quarter turned."""
    asked = _asked(before, after, *_due(before, after, submitted, readings))
    told = walk(before, after, asked, submitted, readings)
    is_any = told["there"].any(axis=1)
    some = slice(None) if is_any.all() else is_any  # all of them, as a rule
    told, rows, columns = told[some], asked.rows[some], asked.columns[some]
    was, is_there = np.ascontiguousarray(told["there"].T > 0)
    before_, after_ = (Side(there, told["placed"][:, n], told["own"][:, n]) for n, there in enumerate((was, is_there)))
    low, high = (_pairs(after.view, rows, median) for median in told["medians"].T)
    own, shown = (after_.own[:, 0], after_.own[:, 1]), after_.placed[:, -1] > 0
    begins = _begins(columns)
    dwellings = prices.dwellings(after.view, columns[begins])  # of each unit once
    each = np.repeat(dwellings, np.diff(begins, append=len(columns)), axis=1)
    priced = prices.of(rows, own, Medians(low, high), each, shown)
    first, last = asked.first[some], asked.last[some]
    return Moves(asked.groups, columns, rows, first, last, before_, after_, told["parts"], priced)


def _begins(columns: Whole) -> Whole:
    """(U,) where each unit's standings begin."""
    return np.flatnonzero(np.diff(columns, prepend=-1))


def _asked(before: Shown, after: Shown, rows: Whole, columns: Whole) -> Asked:
    """The standings that are due, with the groups they are looked at in."""
    names, width = after.names, len(before.view.unit_ids)
    last = after.looked_at[rows, columns].astype(np.int64)
    if not width:
        return Asked(rows, columns, names, last, last)
    there = np.minimum(columns, width - 1)
    was_there = (columns < width) & before.view.reported[there]
    first = before.looked_at[rows, there].astype(np.int64)
    if before.names != names:
        names = [*names, *(g for g in before.names if g not in set(names))]
        number = {name: n for n, name in enumerate(names)}
        first = np.array([number[g] for g in before.names], dtype=np.int64)[first]
    return Asked(rows, columns, names, np.where(was_there, first, last), last)


def _pairs(view: View, rows: Whole, columns: Whole) -> tuple[Whole, Whole]:
    """The pairs of some key figures and units of a view."""
    return view.numerators[rows, columns], view.denominators[rows, columns]


def _due(before: Shown, after: Shown, submitted: Sequence[int], readings: Readings) -> tuple[Whole, Whole]:
    """Which standings are looked at: rows and columns, by unit, then by key figure."""
    public, figures = readings_of(readings).public, len(readings)
    (rows, columns), own = _turned(before.quarters, after.quarters), np.array(submitted, dtype=np.int64)
    is_other = np.ones(after.quarters.shape[1], dtype=np.bool_)
    is_other[own] = False
    turned = np.sort((columns * figures + rows)[is_other[columns]])
    places = np.concatenate([(own[:, None] * figures + np.arange(figures)).ravel(), turned])
    columns, rows = np.divmod(np.sort(places, kind="stable"), figures)  # merged: both parts are in order
    due = public[rows] & (_has(before.view, rows, columns) | _has(after.view, rows, columns))
    return rows[due], columns[due]


def _has(view: View, rows: Whole, columns: Whole) -> NDArray[np.bool_]:
    """Whether units have a figure, if they have reported; nobody whom the view does not know."""
    if not view.unit_ids:
        return np.zeros(len(rows), dtype=np.bool_)
    known = columns < len(view.unit_ids)
    has: NDArray[np.bool_] = known & (view.absences[rows, np.where(known, columns, 0)] == 0)
    return has


def across_methods(
    before: Shown, after: Shown, submitted: Sequence[int], readings: Readings, again: View
) -> Iterator[Moved]:
    """The same where the series changed: `again` is what was published before, as the new method has it."""
    a, b, own = before.view, after.view, set(submitted)
    rows, columns = _due(before, after, submitted, readings)
    told: dict[int, list[tuple[int, Explanation]]] = {column: [] for column in submitted}
    for row in (row for row, reading in enumerate(readings) if reading.public):
        comparisons: dict[tuple[str, str], Comparison | MethodComparison] = {}
        for column in columns[rows == row].tolist():
            group = after.group(row, column)
            was_there = column < len(a.unit_ids) and a.reported[column]
            key = (before.group(row, column) if was_there else group, group)
            if key not in comparisons:
                comparisons[key] = comparison(a, b, row, *key, readings[row], again)
            explained = comparisons[key].explain(column)
            if explained.before is not None or explained.after is not None:
                told.setdefault(column, []).append((row, explained))
    for column in sorted(told):
        if told[column]:
            yield Moved(column, column in own, tuple(told[column]))


def _turned(then: NDArray[np.int8], now: NDArray[np.int8]) -> tuple[Whole, Whole]:
    """Rows and columns of the units whose quarter is another one than before; one without on either side has not turned."""
    width = min(then.shape[1], now.shape[1])  # units that only an earlier series knows are told nothing
    rows, columns = np.divmod(np.flatnonzero(then[:, :width] != now[:, :width]), width)
    both = (then[rows, columns] > 0) & (now[rows, columns] > 0)
    return rows[both], columns[both]
