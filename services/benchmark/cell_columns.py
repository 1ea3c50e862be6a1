"""The cells of a peer group as they are kept, compared and read: side by side as columns, or one by one."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from services.benchmark import plans
from services.benchmark.released import Shown
from services.benchmark.spans import Span, Spans
from services.benchmark.state import WITHDRAWN
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


@dataclass(frozen=True, eq=False)
class Columns:
    """The cells of a group side by side, F of them: what a Cell says of one. NaN stands for "not there", in ends for "open".

    statistics  F x 6: pooled, then the quantiles
    lowers      F x 10, the lower ends of intervals: of the quantiles, then of the final values; uppers and coverages
                likewise, in 1/10,000; a coverage of NOT_THERE: no interval
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

    @classmethod
    def blank(cls, figures: int) -> "Columns":
        """Columns that say nothing."""
        counts, ends = np.zeros((3, figures), dtype=np.int64), np.full((2, figures, 2 * plans.Q), NOT_SHOWN)
        return cls(
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

    def copy(self) -> "Columns":
        """The same, to be changed."""
        arrays = {f.name: value.copy() for f in fields(self) if isinstance(value := getattr(self, f.name), np.ndarray)}
        return replace(self, **arrays)  # type: ignore[arg-type]

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
            self._spans(row, plans.Q),
            c.releases[row],
        )

    def _spans(self, row: int, first: int) -> Spans:
        c = self.columns
        found = {}
        for place, twentieths in enumerate(QUANTILES, start=first):
            if (coverage := int(c.coverages[row, place])) != plans.NOT_THERE:
                lower, upper = (
                    None if np.isnan(end) else end for end in (c.lowers.item(row, place), c.uppers.item(row, place))
                )
                found[twentieths] = Span(lower, upper, coverage)
        return found
