"""The cells of a peer group: every figure's statistics, read off the sorted group."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from services.benchmark import ordering, plans, released, spans
from services.benchmark.cell_columns import NOT_SHOWN, Columns, GroupCells, Suppression
from services.benchmark.ordering import Sorted
from services.benchmark.released import Release
from services.benchmark.standing import Readings
from services.benchmark.state import NOT_REPORTED, WITHDRAWN, View
from services.benchmark.statistics import DECILE_TIER, MEDIAN_TIER, QUANTILES, Whole


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
    if members.changed is None:
        before = None  # sorted anew, so that nothing says what is still the same
    if before is None:
        due = np.ones(len(view.figures), dtype=np.bool_)
        columns = Columns.blank(len(view.figures))
    else:
        due = (absences != before.columns.absences).any(axis=1)
        due |= members.changed
        columns = before.columns.copy()
    public = np.array([reading.public for reading in readings], dtype=np.bool_)
    rows = np.flatnonzero(due & public)
    columns = _filled(columns, view, members, rows, absences, readings, quantile_type)
    if not public.all() and (before is None or before.releases != len(view.releases)):
        columns = _protected(columns, view, group, np.flatnonzero(~public).tolist())
    expected = len(members.columns) + waiting
    return GroupCells(group, len(members.columns), expected, view.figures, columns, len(view.releases))


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
        columns.lowers[there], columns.uppers[there], columns.coverages[there] = (
            read.lowers,
            read.uppers,
            read.coverages,
        )
        for row in there.tolist():
            sums[row] = n, d = members.total(row)
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
