"""Whom a publication tells what: the standings that moved, of units that submitted and of those whose quarter turned. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from services.benchmark.explanation import Comparison, Explanation
from services.benchmark.method_change import MethodComparison, comparison
from services.benchmark.placing import Placed
from services.benchmark.priced import Priced, Prices
from services.benchmark.publication import Shown
from services.benchmark.standing import Readings
from services.benchmark.state import View
from services.benchmark.statistics import Whole
from services.benchmark.walking import Asked, Walked, walk

PLACED = ("position", "units", "mid_rank", "percentile_e4", "quartile", "gap_e9", "has_gap")


@dataclass(frozen=True)
class Moved:
    """One unit's standings that moved: (row of the key figure, explanation)."""

    column: int
    own_submission: bool
    explanations: tuple[tuple[int, Explanation], ...]


@dataclass(frozen=True)
class Side:
    """N standings at one vintage. `there`: whether there is one; `placed` as PLACED, one array each; `own`: the units' pairs."""

    there: NDArray[np.bool_]
    placed: tuple[Whole, ...]
    own: tuple[Whole, Whole]


@dataclass(frozen=True)
class Moves:
    """N standings that moved, by unit and key figure.

    columns, rows           (N,) whose, and of which figure; rising by column, then by row
    group_before, group     (N,) places in `groups`
    parts                   6 steps x 5 (walking.PARTS) x N
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

    def units(self) -> Iterator[tuple[int, slice]]:
        """Each unit's column, and where its standings are."""
        starts = np.flatnonzero(np.diff(self.columns, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(self.columns)]):
            yield int(self.columns[start]), slice(start, end)


def moves(before: Shown, after: Shown, submitted: Sequence[int], readings: Readings, prices: Prices) -> Moves:
    """Standings to be told of, within one series: of units that submitted, and of those whose quarter turned."""
    due = _due(before, after, submitted, readings)
    rows, columns = np.nonzero(due)
    names = [*after.names, *(g for g in before.names if g not in set(after.names))]
    number = {name: n for n, name in enumerate(names)}
    then = np.array([number[g] for g in before.names], dtype=np.int64)
    group = after.looked_at[rows, columns].astype(np.int64)
    was_there = np.zeros(due.shape[1], dtype=np.bool_)
    width = min(due.shape[1], len(before.view.unit_ids))
    was_there[:width] = before.view.reported[:width]
    earlier = then[before.looked_at[rows, np.minimum(columns, width - 1)]] if width else group
    pairs = np.where(was_there[columns], earlier, group) * len(names) + group
    asked, ends = [], []
    for pair in np.unique(pairs).tolist():
        mine, (first, last) = pairs == pair, divmod(pair, len(names))
        of, at_row = np.unique(rows[mine], return_inverse=True)
        units, at_column = np.unique(columns[mine], return_inverse=True)
        told = np.zeros((len(of), len(units)), dtype=np.bool_)
        told[at_row, at_column] = True
        asked.append(Asked((names[first], names[last]), of, units, told))
        ends.append((first, last))
    walked = walk(before.view, after.view, asked, readings)
    return _gathered(names, [_told(one, ends, prices, after.view) for one in walked])


def _due(before: Shown, after: Shown, submitted: Sequence[int], readings: Readings) -> NDArray[np.bool_]:
    """Which standings are looked at, F x columns now."""
    due = _turned(before.quarters, after.quarters)
    due[:, list(submitted)] = True
    due[[row for row, reading in enumerate(readings) if not reading.public]] = False
    return due


_Flat = tuple[Whole, Whole, Whole, Whole, Side, Side, Whole, Priced]


def _told(walked: Walked, ends: Sequence[tuple[int, int]], prices: Prices, view: View) -> _Flat:
    """The standings that are told, one after another. `ends`: the groups of those asked for, by their numbers."""
    chosen = walked.told & (walked.was | walked.is_there)
    at_row, at_column = np.nonzero(chosen)
    columns, asked = walked.units[at_row, at_column], walked.asked[at_row]

    def side(placed: Placed, there: NDArray[np.bool_], own: tuple[Whole, Whole]) -> Side:
        values = tuple(getattr(placed, name)[chosen].astype(np.int64) for name in PLACED)
        return Side(there[chosen], values, (own[0][chosen], own[1][chosen]))

    before = side(walked.before, walked.was, walked.own_before)
    after = side(walked.after, walked.is_there, walked.own_after)
    cells = list(zip(walked.rows.tolist(), walked.medians, strict=True))
    priced = prices.of(cells, at_row, after.own, prices.dwellings(view, columns), after.placed[-1] > 0)
    groups = np.array(ends, dtype=np.int64).reshape(-1, 2)[asked].T
    return columns, walked.rows[at_row], *groups, before, after, walked.parts[:, :, chosen], priced


def _gathered(names: Sequence[str], found: Sequence[_Flat]) -> Moves:
    """Everything told, by unit and key figure."""
    nothing = np.zeros(0, dtype=np.int64)

    def whole(parts: Sequence[Whole]) -> Whole:
        return np.concatenate([nothing, *parts])

    columns, rows, group_before, group = (whole([f[n] for f in found]) for n in range(4))  # type: ignore[misc]
    order = np.lexsort((rows, columns))

    def side(which: int) -> Side:
        sides: list[Side] = [f[which] for f in found]  # type: ignore[misc]
        placed = tuple(whole([s.placed[n] for s in sides])[order] for n in range(len(PLACED)))
        own = whole([s.own[0] for s in sides])[order], whole([s.own[1] for s in sides])[order]
        return Side((whole([s.there.astype(np.int64) for s in sides]) > 0)[order], placed, own)

    parts = np.concatenate([np.zeros((6, 5, 0), dtype=np.int64), *(f[6] for f in found)], axis=2)[:, :, order]
    priced = Priced.joined([Priced.none(0), *(f[7] for f in found)]).at(order)
    ends = group_before[order], group[order]
    return Moves(names, columns[order], rows[order], *ends, side(4), side(5), parts, priced)


def across_methods(
    before: Shown, after: Shown, submitted: Sequence[int], readings: Readings, again: View
) -> Iterator[Moved]:
    """The same where the series changed: `again` is what was published before, as the new method has it."""
    a, b, own = before.view, after.view, set(submitted)
    due = _due(before, after, submitted, readings)
    told: dict[int, list[tuple[int, Explanation]]] = {column: [] for column in submitted}
    for row in (row for row, reading in enumerate(readings) if reading.public):
        comparisons: dict[tuple[str, str], Comparison | MethodComparison] = {}
        for column in np.flatnonzero(due[row]).tolist():
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


def _turned(then: NDArray[np.int8], now: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Whose quarter is another one than before, F x columns now; a unit without one on either side has not turned."""
    turned = np.zeros(now.shape, dtype=np.bool_)
    width = min(then.shape[1], now.shape[1])  # units that only an earlier series knows are told nothing
    old, new = then[:, :width], now[:, :width]
    turned[:, :width] = (old != new) & (old > 0) & (new > 0)
    return turned
