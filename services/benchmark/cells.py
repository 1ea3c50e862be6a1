"""The cells of a peer group: every figure's statistics, read off the sorted group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from services.benchmark import ordering, spans, statistics
from services.benchmark.ordering import Sorted
from services.benchmark.spans import Spans
from services.benchmark.standing import Reading, Readings
from services.benchmark.state import View
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, TIER_OF, Pair


class Suppression(IntEnum):
    """Why a cell's numbers are withheld; the numbers of the contract."""

    UNSPECIFIED = 0  # nothing is withheld
    TOO_FEW = 1
    NOT_RELEASED = 2


@dataclass(frozen=True)
class Cell:
    """One key figure of a peer group.

    `absences` counts the expected units without an observation by reason, in the order of the contract; with units they
    add up to expected. Sums are whole numbers in 10^-scale; quantiles (twentieth -> float) are the floats nearest to the
    exact values. A statistic below its tier is not there. `suppression` says why the first tier, sums and ratio included,
    is withheld. `awaited` counts the units a figure is expected of in the end; `intervals` say how sure the quantiles are,
    `final` where they will be when all the awaited have come.
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


@dataclass(frozen=True)
class GroupCells:
    """Every figure of one peer group, in catalogue order."""

    group: str
    reported: int
    expected: int
    cells: tuple[Cell, ...]


def of_group(
    view: View,
    group: str,
    readings: Readings,
    quantile_type: Literal[7, 8] = 8,
    members: Sorted | None = None,
) -> GroupCells:
    """The cells of a peer group. `readings`: one per figure; `members`: the group sorted."""
    members = members or ordering.of(view, group)
    sums = zip(statistics.totals(members.numerators), statistics.totals(members.denominators), strict=True)
    absent = view.absent(group).tolist()
    spans.prepare(members.units.tolist(), absent)
    cells = tuple(
        _cell(name, members, row, tuple(absent[row]), total, readings[row], quantile_type)
        for row, (name, total) in enumerate(zip(view.figures, sums, strict=True))
    )
    return GroupCells(group, len(members.columns), view.expected(group), cells)


def _cell(
    name: str,
    members: Sorted,
    row: int,
    absences: tuple[int, ...],
    total: Pair,
    reading: Reading,
    quantile_type: Literal[7, 8],
) -> Cell:
    units, holders = int(members.units[row]), int(members.holders[row])
    awaited = spans.awaited(units, absences)
    withheld = Suppression.UNSPECIFIED if reading.public else Suppression.NOT_RELEASED
    if reading.public and not reading.meets(MEDIAN_TIER, units, holders):
        withheld = Suppression.TOO_FEW
    if withheld:
        return Cell(name, units, holders, absences, None, None, None, {}, withheld, awaited)
    quantiles = {
        twentieths: _quantile(members, row, units, twentieths, quantile_type)
        for twentieths in QUANTILES
        if TIER_OF[twentieths].met(units, holders)
    }
    pooled = total[0] / total[1] if reading.mean_meaningful else None
    sure, final = (
        spans.of(members, row, units, quantiles),
        spans.of_final(members, row, units, awaited, quantiles),
    )
    return Cell(name, units, holders, absences, *total, pooled, quantiles, withheld, awaited, sure, final)


def _quantile(members: Sorted, row: int, units: int, twentieths: int, quantile_type: Literal[7, 8]) -> float:
    lower, upper, part, of = statistics.weights(units, twentieths, quantile_type)
    low, high = ((int(members.numerators[row, rank]), int(members.denominators[row, rank])) for rank in (lower, upper))
    n, d = statistics.between(low, high, part, of)
    return n / d
