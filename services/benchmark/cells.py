"""The cells of a peer group: every figure's statistics, read off the sorted group."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark import ordering, plans, released, spans
from services.benchmark.ordering import Sorted
from services.benchmark.released import Release, Shown
from services.benchmark.spans import Span, Spans
from services.benchmark.standing import Readings
from services.benchmark.state import NOT_REPORTED, WITHDRAWN, View
from services.benchmark.statistics import DECILE_TIER, MEDIAN_TIER, QUANTILES, Pair, Whole

NOT_SHOWN = float("nan")


class Suppression(IntEnum):
    """Why a cell's numbers are withheld; the numbers of the contract."""

    UNSPECIFIED = 0  # nothing is withheld
    TOO_FEW = 1
    NOT_RELEASED = 2
    WITHDRAWN = 3


@dataclass(frozen=True)
class Cell:
    """One key figure of a peer group.

    `absences` counts the expected units without an observation by reason, in the order of the contract; with units they
    add up to expected. Sums are whole numbers in 10^-scale; quantiles (twentieth -> float) are the floats nearest to the
    exact values. A statistic below its tier is not there. `suppression` says why the first tier, sums and ratio included,
    is withheld. `awaited` counts the units a figure is expected of in the end; `intervals` say how sure the quantiles are,
    `final` where they will be when all the awaited have come. A protected figure shows the `release` it has and nothing
    live: its numbers are multiples of the rounding base, units and holders are the release's, sums, absences and awaited
    are not said.
    """

    key_figure: str
    units: int
    holders: int
    absences: tuple[int, ...]
    numerator_sum: int | None
    denominator_sum: int | None
    pooled: float | None
    quantiles: Mapping[int, float]
    suppression: Suppression
    awaited: int = 0
    intervals: Spans = field(default_factory=dict)
    final: Spans = field(default_factory=dict)
    release: Shown | None = None


@dataclass(frozen=True, eq=False)
class Columns:
    """The cells of a group side by side, F of them: what a Cell says of one. NaN stands for "not there", in ends for "open".

    statistics  F x 6: pooled, then the quantiles
    lowers      F x 10, the lower ends of intervals: of the quantiles, then of the final values; uppers, and coverages in 1/10,000,
                likewise; a coverage of NOT_THERE: no interval
    sums        by figure; None where they are withheld
    """

    units: Whole
    holders: Whole
    absences: Whole
    statistics: NDArray[np.float64]
    suppressions: NDArray[np.uint8]
    awaited: Whole
    lowers: NDArray[np.float64]
    uppers: NDArray[np.float64]
    coverages: Whole
    sums: tuple[Pair | None, ...]
    releases: tuple[Shown | None, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Columns) and not self.differ(other)

    def differ(self, other: "Columns") -> list[int]:
        """Rows in which two differ, rising."""
        found = np.zeros(len(self.units), dtype=np.bool_)
        for name in (f.name for f in fields(self)):
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, tuple):
                found |= [x != y for x, y in zip(mine, theirs, strict=True)]
            else:  # of floats their bits, so that what is not there is the same as what is not there
                apart = mine.view(np.int64) != theirs.view(np.int64) if mine.dtype == np.float64 else mine != theirs
                found |= apart.reshape(len(found), -1).any(axis=1)
        return np.flatnonzero(found).tolist()


@dataclass(frozen=True)
class GroupCells:
    """Every figure of one peer group, in catalogue order."""

    group: str
    reported: int
    expected: int
    figures: tuple[str, ...]
    columns: Columns

    @functools.cached_property
    def cells(self) -> tuple[Cell, ...]:
        """One by one."""
        return tuple(self.cell(row) for row in range(len(self.figures)))

    def cell(self, row: int) -> Cell:
        """One figure's."""
        c = self.columns
        pooled, *quantiles = (None if np.isnan(value) else value for value in c.statistics[row].tolist())
        sums = c.sums[row] or (None, None)
        return Cell(
            self.figures[row],
            int(c.units[row]),
            int(c.holders[row]),
            tuple(c.absences[row].tolist()),
            *sums,
            pooled,
            {q: value for q, value in zip(QUANTILES, quantiles, strict=True) if value is not None},
            Suppression(int(c.suppressions[row])),
            int(c.awaited[row]),
            self._spans(row, 0),
            self._spans(row, plans.Q),
            c.releases[row],
        )

    def _spans(self, row: int, first: int) -> Spans:
        c = self.columns
        found = {}
        for place, twentieths in enumerate(QUANTILES, start=first):
            if (coverage := int(c.coverages[row, place])) != plans.NOT_THERE:
                ends = (float(end[row, place]) for end in (c.lowers, c.uppers))
                found[twentieths] = Span(*(None if np.isnan(end) else end for end in ends), coverage)
        return found


def of_group(
    view: View,
    group: str,
    readings: Readings,
    quantile_type: Literal[7, 8] = 8,
    members: Sorted | None = None,
    before: GroupCells | None = None,
) -> GroupCells:
    """The cells of a peer group. `readings`: one per figure; `members`: the group sorted; `before`: its cells until then."""
    members = members or ordering.of(view, group)
    waiting, absences = awaiting(view, group, members)
    if before is None or members.changed is None:
        due = np.ones(len(view.figures), dtype=np.bool_)
        columns = _blank(len(view.figures))
    else:
        due = (absences != before.columns.absences).any(axis=1)
        due[list(members.changed)] = True
        columns = replace(before.columns, **{n: v.copy() for n, v in _arrays(before.columns).items()})
    public = np.array([reading.public for reading in readings], dtype=np.bool_)
    rows = np.flatnonzero(due & public)
    columns = _filled(columns, view, members, rows, absences, readings, quantile_type)
    if not public.all():
        columns = _protected(columns, view, group, np.flatnonzero(~public).tolist())
    return GroupCells(group, len(members.columns), len(members.columns) + waiting, view.figures, columns)


def _filled(
    columns: Columns,
    view: View,
    members: Sorted,
    rows: Whole,
    absences: Whole,
    readings: Readings,
    quantile_type: Literal[7, 8],
) -> Columns:
    """Columns with the public figures of some rows as they now are."""
    units, holders, awaited = members.units[rows], members.holders[rows], spans.awaited(members.units, absences)[rows]
    columns.units[rows], columns.holders[rows], columns.awaited[rows] = units, holders, awaited
    columns.absences[rows] = absences[rows]
    counted = zip(rows.tolist(), units.tolist(), holders.tolist(), awaited.tolist(), strict=True)
    shown = [(row, n, h, w) for row, n, h, w in counted if readings[row].meets(MEDIAN_TIER, n, h)]
    sums = list(columns.sums)
    for row in rows.tolist():
        sums[row] = None
    columns.suppressions[rows], columns.statistics[rows] = Suppression.TOO_FEW, NOT_SHOWN
    columns.lowers[rows] = columns.uppers[rows] = NOT_SHOWN
    columns.coverages[rows] = plans.NOT_THERE
    if shown:
        spans.prepare((n, w) for _, n, _, w in shown)
        made = [plans.plan(n, min(h, DECILE_TIER.holders), w, quantile_type) for _, n, h, w in shown]
        there = np.array([row for row, *_ in shown])
        read = plans.read(made, view, members, there)
        columns.suppressions[there], columns.statistics[there, 1:] = Suppression.UNSPECIFIED, read.quantiles
        columns.lowers[there], columns.uppers[there], columns.coverages[there] = read.lowers, read.uppers, read.coverages
        for row in there.tolist():
            sums[row] = n, d = members.sums[row]
            if readings[row].mean_meaningful:
                columns.statistics[row, 0] = n / d
    return replace(columns, sums=tuple(sums))


def _protected(columns: Columns, view: View, group: str, rows: Sequence[int]) -> Columns:
    """Columns with the protected figures as their releases show them."""
    releases = list(columns.releases)
    for row in rows:
        shown = released.shown(view.releases, view.figures[row], group)
        releases[row] = shown
        columns.statistics[row], columns.units[row], columns.holders[row] = NOT_SHOWN, 0, 0
        columns.suppressions[row] = _why(view.releases, view.figures[row], group) if shown is None else 0
        if shown is not None:
            numbers = shown.numbers
            columns.units[row], columns.holders[row] = numbers.units, numbers.holders
            if numbers.pooled is not None:
                columns.statistics[row, 0] = float(numbers.value(numbers.pooled))
            for twentieths, steps in numbers.quantiles.items():
                columns.statistics[row, 1 + QUANTILES.index(twentieths)] = float(numbers.value(steps))
    return replace(columns, releases=tuple(releases))


def _why(releases: Sequence[Release], name: str, group: str) -> Suppression:
    """Why a protected cell shows nothing."""
    if released.suppressed(releases, name, group):
        return Suppression.TOO_FEW
    return Suppression.WITHDRAWN if released.withdrawn(releases, name, group) else Suppression.NOT_RELEASED


def awaiting(view: View, group: str, members: Sorted) -> tuple[int, Whole]:
    """How many registered units have still to report, and how many of the expected lack each figure, by reason: F x 9.

    A registered unit that took its record back is withdrawn, one without a record absent.
    """
    waiting = view.waiting(group)
    withdrawn = (view.absences[:, waiting] != NOT_REPORTED).sum(axis=1)
    absences = members.kinds[:, 1:].copy()
    absences[:, 0] += len(waiting) - withdrawn
    absences[:, WITHDRAWN - 1] += withdrawn
    return len(waiting), absences


def _arrays(columns: Columns) -> dict[str, NDArray[Any]]:
    return {f.name: value for f in fields(columns) if isinstance(value := getattr(columns, f.name), np.ndarray)}


def _blank(figures: int) -> Columns:
    """Columns that say nothing."""
    counts, ends = np.zeros((3, figures), dtype=np.int64), np.full((2, figures, 2 * plans.Q), NOT_SHOWN)
    return Columns(
        units=counts[0],
        holders=counts[1],
        absences=np.zeros((figures, WITHDRAWN), dtype=np.int64),
        statistics=np.full((figures, 1 + plans.Q), NOT_SHOWN),
        suppressions=np.zeros(figures, dtype=np.uint8),
        awaited=counts[2],
        lowers=ends[0],
        uppers=ends[1],
        coverages=np.full((figures, 2 * plans.Q), plans.NOT_THERE, dtype=np.int64),
        sums=(None,) * figures,
        releases=(None,) * figures,
    )
