"""The cells of a peer group: every figure's statistics, read off the sorted group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from services.benchmark import ordering, released, spans, statistics
from services.benchmark.ordering import Sorted
from services.benchmark.plans import plan
from services.benchmark.released import Release, Shown
from services.benchmark.spans import Spans
from services.benchmark.standing import Reading, Readings
from services.benchmark.state import WITHDRAWN, View
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, TIER_OF, Pair


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
    before: GroupCells | None = None,
) -> GroupCells:
    """The cells of a peer group. `readings`: one per figure; `members`: the group sorted; `before`: its cells until then."""
    members = members or ordering.of(view, group)
    sums = zip(statistics.totals(members.numerators), statistics.totals(members.denominators), strict=True)
    absent = view.absent(group).tolist()
    spans.prepare(members.units.tolist(), absent)
    known = before.cells if before is not None and members.changed is not None else ()

    def same(row: int) -> bool:
        """Whether a cell says what it said."""
        return bool(known) and row not in (members.changed or ()) and known[row].absences == tuple(absent[row])

    cells = tuple(
        (
            known[row]
            if same(row)
            else _cell(name, members, row, tuple(absent[row]), total, readings[row], quantile_type)
        )
        if readings[row].public
        else _protected(name, group, view.releases)
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
    if not reading.meets(MEDIAN_TIER, units, holders):
        return Cell(name, units, holders, absences, None, None, None, {}, Suppression.TOO_FEW, awaited)
    shown = tuple(q for q in QUANTILES if TIER_OF[q].met(units, holders))
    quantiles, sure, final = plan(units, awaited, shown, quantile_type).read(members, row)
    pooled = total[0] / total[1] if reading.mean_meaningful else None
    nothing = Suppression.UNSPECIFIED
    return Cell(name, units, holders, absences, *total, pooled, quantiles, nothing, awaited, sure, final)


def _protected(name: str, group: str, releases: Sequence[Release]) -> Cell:
    shown, unsaid = released.shown(releases, name, group), (0,) * WITHDRAWN
    if shown is None:
        why = Suppression.WITHDRAWN if released.withdrawn(releases, name, group) else Suppression.NOT_RELEASED
        if released.suppressed(releases, name, group):
            why = Suppression.TOO_FEW
        return Cell(name, 0, 0, unsaid, None, None, None, {}, why)
    numbers = shown.numbers
    pooled = None if numbers.pooled is None else float(numbers.value(numbers.pooled))
    quantiles = {twentieths: float(numbers.value(steps)) for twentieths, steps in numbers.quantiles.items()}
    counts = (numbers.units, numbers.holders)
    return Cell(name, *counts, unsaid, None, None, pooled, quantiles, Suppression.UNSPECIFIED, release=shown)
