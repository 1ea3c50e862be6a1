"""The cells of peer groups: every figure's statistics, read off the sorted groups."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark import addresses, cell_columns, cell_table, ordering, plans, released, spans
from services.benchmark.batch import NOT_REPORTED
from services.benchmark.cell_columns import BLANK, Columns, GroupCells, Suppression
from services.benchmark.cell_table import Q
from services.benchmark.kernels import groups, statistics
from services.benchmark.ordering import Sorted
from services.benchmark.released import Release
from services.benchmark.standing import ReadingColumns, Readings, readings_of
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, Whole, between
from services.benchmark.view import View

Flags = NDArray[np.bool_]
Asked = tuple[str, Sorted, GroupCells | None]


def of_group(
    view: View, group: str, readings: Readings, quantile_type: Literal[7, 8] = 8, members: Sorted | None = None
) -> GroupCells:
    """The cells of a peer group. `readings`: one per figure; `members`: the group sorted, if it is already."""
    [found], _ = of_groups(view, [(group, members or ordering.of(view, [group])[0], None)], readings, quantile_type)
    return found


def of_groups(
    view: View, asked: Sequence[Asked], readings: Readings, quantile_type: Literal[7, 8] = 8
) -> tuple[list[GroupCells], Flags]:
    """The cells of G peer groups: each with its members, and its cells until then, whose rows stand where nothing changed.

    Also which cells differ from those, G x F; where there were none, all.
    """
    figures, known = len(view.figures), readings_of(readings)
    if not asked:
        return [], np.zeros((0, figures), dtype=np.bool_)
    tables = np.empty((len(asked), figures, len(BLANK)), dtype=np.int64)
    changed, differs = np.ones(tables.shape[:2], dtype=np.bool_), np.zeros(tables.shape[:2], dtype=np.bool_)
    absences, waiting = awaiting(view, [(group, members) for group, members, _ in asked])
    for n, (_, members, before) in enumerate(asked):
        tables[n] = BLANK if before is None else before.columns.table
        if before is not None and members.changed is not None:  # else it was sorted anew, and all may be different
            changed[n] = members.changed
    due = changed | (absences != tables[:, :, cell_table.ABSENCES]).any(axis=2)
    places = np.nonzero(due & known.public)
    if len(places[0]):
        _fill(tables, places, absences, view, asked, known, quantile_type, differs)
    found, protected = list[GroupCells](), np.flatnonzero(~known.public).tolist()
    for n, (group, members, before) in enumerate(asked):
        columns = before.columns if before is not None else Columns.blank(figures)
        if differs[n].any():
            columns = Columns(tables[n].copy(), columns.releases)
        if protected and (before is None or before.releases != len(view.releases)):
            columns = _protected(columns, view, group, protected)
        if before is None:
            differs[n] = True
        elif before.releases != len(view.releases):
            differs[n] = columns.differ(before.columns)
        expected = members.many + int(waiting[n])
        found.append(GroupCells(group, members.many, expected, view.figures, columns, len(view.releases)))
    return found, differs


def _fill(
    tables: Whole,
    due: tuple[NDArray[np.intp], ...],
    absences: Whole,
    view: View,
    asked: Sequence[Asked],
    known: ReadingColumns,
    quantile_type: Literal[7, 8],
    differs: Flags,
) -> None:
    """Fill in some rows of public figures as they now are, and which of them differ.

    tables, absences   G x F x 53 and 9; due: the places of R groups and figures, at least one
    """
    counts = [np.stack(some) for some in zip(*((m.units, m.holders) for _, m, _ in asked), strict=True)]
    (units, holders), met = (some[due] for some in counts), known.met(MEDIAN_TIER, *counts)[due]
    absent, (group, figure) = absences[due], due
    awaited = spans.awaited(units, absent)
    table = np.tile(BLANK, (len(figure), 1))
    for place, values in (
        (cell_table.UNITS, units),
        (cell_table.HOLDERS, holders),
        (cell_table.AWAITED, awaited),
    ):
        table[:, place] = values
    table[:, cell_table.ABSENCES], table[:, cell_table.SUPPRESSION] = absent, Suppression.TOO_FEW
    shown = np.flatnonzero(met)
    if len(shown):
        group, figure = group[shown], figure[shown]
        made = plans.of(units[shown], holders[shown], awaited[shown], quantile_type)
        rows, doubtful = table[shown], np.zeros((len(shown), statistics.POOLED + 1), dtype=np.bool_)
        both = view.numerators, view.denominators
        statistics.read(
            addresses.of_orders(members.order for _, members, _ in asked),
            np.array([members.many for _, members, _ in asked], dtype=np.int64),
            group,
            figure,
            made.ranks,
            made.parts,
            made.of,
            made.coverages,
            np.array([members.sums for _, members, _ in asked]),
            *both,
            known.mean_meaningful,
            rows,
            doubtful,
        )
        stated = cell_columns.doubles(rows, cell_table.STATISTICS)
        for n, q in np.argwhere(doubtful).tolist():
            row, members = figure.item(n), asked[group.item(n)][1]
            if q == statistics.POOLED:
                total = members.total(row)
                stated[n, 0] = total[0] / total[1]
            else:
                stated[n, 1 + q] = _between(members, view, row, made, n, q)
        table[shown] = rows
    differs[due] = (tables[due] != table).any(axis=1)
    tables[due] = table


def _between(members: Sorted, view: View, row: int, made: plans.Plans, n: int, q: int) -> float:
    """A quantile that lies between two ratios, from whole numbers."""
    columns = [members.order.item(row, made.ranks.item(n, place)) for place in (q, Q + q)]
    low, high = ((view.numerators.item(row, column), view.denominators.item(row, column)) for column in columns)
    numerator, denominator = between(low, high, made.parts.item(n, q), made.of)
    return numerator / denominator


def _protected(columns: Columns, view: View, group: str, rows: Sequence[int]) -> Columns:
    """Columns with the protected figures as their releases show them."""
    columns = Columns(columns.table.copy(), columns.releases)
    releases = list(columns.releases)
    for row in rows:
        shown = released.shown(view.releases, view.figures[row], group)
        releases[row] = shown
        columns.statistics[row], columns.units[row], columns.holders[row] = np.nan, 0, 0
        columns.suppressions[row] = _why(view.releases, view.figures[row], group) if shown is None else 0
        if shown is not None:
            numbers = shown.numbers
            columns.units[row], columns.holders[row] = numbers.units, numbers.holders
            if numbers.pooled is not None:
                columns.statistics[row, 0] = float(numbers.value(numbers.pooled))
            for twentieths, steps in numbers.quantiles.items():
                columns.statistics[row, 1 + QUANTILES.index(twentieths)] = float(numbers.value(steps))
    return Columns(columns.table, tuple(releases))


def _why(releases: Sequence[Release], name: str, group: str) -> Suppression:
    """Why a protected cell shows nothing."""
    if released.suppressed(releases, name, group):
        return Suppression.TOO_FEW
    return Suppression.WITHDRAWN if released.withdrawn(releases, name, group) else Suppression.NOT_RELEASED


def awaiting(view: View, asked: Sequence[tuple[str, Sorted]]) -> tuple[Whole, Whole]:
    """How many of the expected in G groups lack each figure, by reason, G x F x 9; and how many have still to report, (G,).

    A registered unit that took its record back is withdrawn, one without a record absent.
    """
    absences, waiting = np.array([members.kinds[:, 1:] for _, members in asked]), np.empty(len(asked), dtype=np.int64)
    registered = view.awaited(group for group, _ in asked)
    groups.await_missing(registered, view.unreported, view.taken_back, view.absences, NOT_REPORTED, absences, waiting)
    return absences, waiting
