"""The cells of a peer group as they are kept, compared and read: side by side as columns, or one by one."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from services.benchmark.cell_table import (
    ABSENCES,
    AWAITED,
    COVERAGES,
    HOLDERS,
    LOWERS,
    NOT_THERE,
    STATISTICS,
    SUMS,
    SUPPRESSION,
    UNITS,
    UPPERS,
    Q,
)
from services.benchmark.kernels.orders import HALF
from services.benchmark.ordering import paired
from services.benchmark.released import Shown
from services.benchmark.spans import Span, Spans
from services.benchmark.statistics import QUANTILES, Pair, Whole

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


BLANK = np.zeros(COVERAGES.stop, dtype=np.int64)
BLANK[STATISTICS.start : COVERAGES.start] = np.array(NOT_SHOWN).view(np.int64)
BLANK[COVERAGES] = NOT_THERE


@dataclass(frozen=True, eq=False)
class Columns:
    """The cells of a group side by side, F of them: what a Cell says of one. NaN stands for "not there", in ends for "open".

    table       F x 53: everything below side by side, doubles by their bits, so that two are compared at once
    absences    F x 9, by reason; units, holders, awaited, suppressions (F,)
    statistics  F x 6: pooled, then the quantiles
    lowers      F x 10, the lower ends of intervals: of the quantiles, then of the final values; uppers and coverages
                likewise, in 1/10,000; a coverage of NOT_THERE: no interval
    sums        by figure; None where they are withheld
    """

    table: Whole
    releases: tuple[Shown | None, ...]

    @property
    def units(self) -> Whole:
        return self.table[:, UNITS]

    @property
    def holders(self) -> Whole:
        return self.table[:, HOLDERS]

    @property
    def awaited(self) -> Whole:
        return self.table[:, AWAITED]

    @property
    def suppressions(self) -> Whole:
        return self.table[:, SUPPRESSION]

    @property
    def absences(self) -> Whole:
        return self.table[:, ABSENCES]

    @property
    def statistics(self) -> NDArray[np.float64]:
        return doubles(self.table, STATISTICS)

    @property
    def lowers(self) -> NDArray[np.float64]:
        return doubles(self.table, LOWERS)

    @property
    def uppers(self) -> NDArray[np.float64]:
        return doubles(self.table, UPPERS)

    @property
    def coverages(self) -> Whole:
        return self.table[:, COVERAGES]

    @classmethod
    def blank(cls, figures: int) -> "Columns":
        """Columns that say nothing."""
        return cls(np.tile(BLANK, (figures, 1)), (None,) * figures)

    @functools.cached_property
    def sums(self) -> tuple[Pair | None, ...]:
        """The sums of numerators and denominators, by figure."""
        upper_n, lower_n, upper_d, lower_d = halves = self.table[:, SUMS].T
        pairs: list[Pair | None] = [
            *zip(((upper_n << HALF) + lower_n).tolist(), ((upper_d << HALF) + lower_d).tolist(), strict=True)
        ]
        for row in np.flatnonzero((np.abs(halves) >> (62 - HALF)).any(axis=0)).tolist():  # they do not fit 64 bits
            pairs[row] = paired(*self.table[row, SUMS].tolist())
        for row in np.flatnonzero(self.suppressions).tolist():
            pairs[row] = None
        return tuple(None if release else pair for release, pair in zip(self.releases, pairs, strict=True))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Columns) and not self.differ(other).any()

    def differ(self, other: "Columns") -> NDArray[np.bool_]:
        """In which rows two differ, (F,)."""
        found: NDArray[np.bool_] = (self.table != other.table).any(axis=1)
        if self.releases is not other.releases:
            found |= [x != y for x, y in zip(self.releases, other.releases, strict=True)]
        return found


def doubles(table: Whole, where: slice) -> NDArray[np.float64]:
    """Columns of a table as the doubles whose bits they are; what is written into them is written into the table."""
    return table[:, where].view(np.float64)


@dataclass(frozen=True)
class GroupCells:
    """Every figure of one peer group, in catalogue order; `releases` counts those that its protected figures may show."""

    group: str
    reported: int
    expected: int
    figures: tuple[str, ...]
    columns: Columns
    releases: int = 0

    @functools.cached_property
    def cells(self) -> tuple[Cell, ...]:
        """One by one."""
        return tuple(self.cell(row) for row in range(len(self.figures)))

    def cell(self, row: int) -> Cell:
        """One figure's."""
        c = self.columns
        pooled, *quantiles = (None if np.isnan(value) else value for value in c.statistics[row].tolist())
        numerator_sum, denominator_sum = c.sums[row] or (None, None)
        return Cell(
            self.figures[row],
            int(c.units[row]),
            int(c.holders[row]),
            tuple(c.absences[row].tolist()),
            numerator_sum,
            denominator_sum,
            pooled,
            {q: value for q, value in zip(QUANTILES, quantiles, strict=True) if value is not None},
            Suppression(int(c.suppressions[row])),
            int(c.awaited[row]),
            self._spans(row, 0),
            self._spans(row, Q),
            c.releases[row],
        )

    def _spans(self, row: int, first: int) -> Spans:
        c = self.columns
        found = {}
        for place, twentieths in enumerate(QUANTILES, start=first):
            if (coverage := int(c.coverages[row, place])) != NOT_THERE:
                lower, upper = (
                    None if np.isnan(end) else end for end in (c.lowers.item(row, place), c.uppers.item(row, place))
                )
                found[twentieths] = Span(lower, upper, coverage)
        return found
