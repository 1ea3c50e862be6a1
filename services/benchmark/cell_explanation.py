"""Why a whole cell differs between two vintages: six steps whose parts sum exactly to the change of each statistic.

The steps are those of `explanation`, taken for the cell itself: method, own figure (which does not apply: its part is 0),
corrections, joined, left, moved group. Each part is the statistic after a step less the statistic before it, in
1/1,000,000,000 of the ratio, rounded once from the exact value; and in 10^-decimals of what people are shown, where likewise each
value on the way is rounded and parts are their differences, so that what is written adds up too. Where a step leaves nobody in
the cell the statistic stays what it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from services.benchmark import columns, method_change, statistics
from services.benchmark.cell_columns import Suppression
from services.benchmark.explanation import Step
from services.benchmark.released import Shown
from services.benchmark.standing import E9, WIDEST_GAP, Reading
from services.benchmark.statistics import MEDIAN, MEDIAN_TIER, Q1, Q3, QUARTILE_TIER, Pair
from services.benchmark.view import View
from services.catalogue.numerals import rounded

Mask = NDArray[np.bool_]
Pairs = NDArray[np.int64]


class Statistic(IntEnum):
    """What of a cell is explained; the numbers of the contract."""

    POOLED = 1
    Q1 = 2
    MEDIAN = 3
    Q3 = 4


IN_ORDER = (Statistic.MEDIAN, Statistic.POOLED, Statistic.Q1, Statistic.Q3)
TWENTIETHS = {Statistic.Q1: Q1, Statistic.MEDIAN: MEDIAN, Statistic.Q3: Q3}
TIERS = {
    Statistic.POOLED: MEDIAN_TIER,
    Statistic.MEDIAN: MEDIAN_TIER,
    Statistic.Q1: QUARTILE_TIER,
    Statistic.Q3: QUARTILE_TIER,
}


@dataclass(frozen=True)
class CellPart:
    """What one step contributed, how many units it concerns, and whose they are."""

    step: Step
    value_e9: int
    shown: int
    units: int
    organisations: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One statistic before and after, and the parts between."""

    statistic: Statistic
    before_e9: int
    after_e9: int
    before_shown: int
    after_shown: int
    parts: tuple[CellPart, ...]


@dataclass(frozen=True)
class CellExplanation:
    """The changes of the statistics shown at both vintages. Units are 0, and there are no changes, where suppressed."""

    units_before: int
    units_after: int
    changes: tuple[Change, ...]
    suppression: Suppression


class Walk:
    """One key figure of one group from a vintage to another. `again` is `a` as `b`'s method has it, or `a` itself."""

    def __init__(self, a: View, again: View, b: View, row: int, group: str) -> None:
        self._a, self._b = a, b
        width = max(len(a.unit_ids), len(b.unit_ids))
        first, middle, last = (columns.inside(view, row, group, width) for view in (a, again, b))
        had, has = columns.has(again, row, width), columns.has(b, row, width)
        old, redone, new = (columns.pairs(view, row, width) for view in (a, again, b))
        joined, left = last & ~middle & ~had, middle & ~last & ~has
        both = middle & last
        corrected = np.where(both, new, redone)
        with_joined = np.where(joined, new, corrected)
        self.stages: tuple[tuple[Mask, Pairs], ...] = (
            (first, old),
            (middle, redone),
            (middle, redone),
            (middle, corrected),
            (middle | joined, with_joined),
            ((middle | joined) & ~left, with_joined),
            (last, new),
        )
        nobody = np.zeros(width, dtype=np.bool_)
        redone_there = np.zeros(width, dtype=np.bool_)
        redone_there[: len(a.unit_ids)] = method_change.changed(a, again, row, group)
        self.concerned = (
            redone_there,
            nobody,
            both & (redone != new).any(axis=0),
            joined,
            left,
            (middle ^ last) & had & has,
        )

    def counts(self, at: int) -> tuple[int, int]:
        """Units and holders at the first stage (0) or the last (-1)."""
        mask, view = self.stages[at][0], self._b if at else self._a
        return int(mask.sum()), columns.holders(view, mask)

    def organisations(self, concerned: Mask) -> tuple[str, ...]:
        """Whose units these columns are."""
        found = {
            (self._b.organisations[c] if c < len(self._b.unit_ids) else "") or self._a.organisations[c]
            for c in np.flatnonzero(concerned).tolist()
        }
        return tuple(sorted(found))


def explain(
    a: View, b: View, row: int, group: str, reading: Reading, again: View | None, factor: int, decimals: int
) -> CellExplanation:
    """Explain a cell. Columns of the views agree; of a figure that is not public nothing is said: see `of_releases`.

    factor, decimals   how the figure is shown
    """
    if not reading.public:
        return CellExplanation(0, 0, (), Suppression.NOT_RELEASED)
    walk = Walk(a, again or a, b, row, group)
    ends = (walk.counts(0), walk.counts(-1))
    if not all(reading.meets(MEDIAN_TIER, *end) for end in ends):
        return CellExplanation(0, 0, (), Suppression.TOO_FEW)
    orders = [_sorted(*stage) for stage in walk.stages]
    found = (
        _change(walk, statistic, orders, factor * 10**decimals)
        for statistic in IN_ORDER
        if all(reading.meets(TIERS[statistic], *end) for end in ends)
        and (reading.mean_meaningful or statistic is not Statistic.POOLED)
    )
    return CellExplanation(ends[0][0], ends[1][0], tuple(c for c in found if c), Suppression.UNSPECIFIED)


def of_releases(before: Shown, after: Shown, factor: int, decimals: int) -> CellExplanation:
    """How the numbers of a protected cell differ between two releases: of the released numbers alone, so there are no parts.

    A part would be a difference between populations that nobody released.
    """
    a, b = before.numbers, after.numbers
    known: dict[Statistic, tuple[int | None, int | None]] = {Statistic.POOLED: (a.pooled, b.pooled)}
    known |= {statistic: (a.quantiles.get(q), b.quantiles.get(q)) for statistic, q in TWENTIETHS.items()}
    changes = []
    for statistic in IN_ORDER:
        first, last = known[statistic]
        if first is not None and last is not None:
            values = (a.value(first), b.value(last))
            exact = [rounded(v.numerator * E9, v.denominator) for v in values]
            shown = [rounded(v.numerator * factor * 10**decimals, v.denominator) for v in values]
            if all(abs(value) < WIDEST_GAP for value in (*exact, *shown)):
                changes.append(Change(statistic, exact[0], exact[1], shown[0], shown[1], ()))
    return CellExplanation(a.units, b.units, tuple(changes), Suppression.UNSPECIFIED)


def _change(walk: Walk, statistic: Statistic, orders: Sequence[Pairs], shown_by: int) -> Change | None:
    """One statistic's change; None where a value on the way is too wide for 64 bits."""
    values: list[Pair] = []
    for ordered in orders:
        values.append(_value(statistic, ordered) if ordered.shape[1] else values[-1])
    exact = [rounded(n * E9, d) for n, d in values]
    shown = [rounded(n * shown_by, d) for n, d in values]
    if any(abs(value) >= WIDEST_GAP for value in (*exact, *shown)):
        return None
    parts = tuple(
        CellPart(step, exact[n] - exact[n - 1], shown[n] - shown[n - 1], int(who.sum()), walk.organisations(who))
        for n, (step, who) in enumerate(zip(Step, walk.concerned, strict=True), start=1)
    )
    return Change(statistic, exact[0], exact[-1], shown[0], shown[-1], parts)


def _sorted(mask: Mask, pairs: Pairs) -> Pairs:
    """The pairs of a stage, 2 x units, the smallest ratio first."""
    chosen = pairs[:, mask]
    numerators, denominators = chosen
    order, _ = statistics.order((numerators / denominators)[None], numerators[None], denominators[None])
    ordered: Pairs = chosen[:, order[0]]
    return ordered


def _value(statistic: Statistic, ordered: Pairs) -> Pair:
    if statistic is Statistic.POOLED:
        numerator, denominator = statistics.totals(ordered)
        return numerator, denominator
    n = ordered.shape[1]
    lower, upper, part, of = statistics.weights(n, TWENTIETHS[statistic], 8)
    return statistics.between(columns.pair(ordered, lower), columns.pair(ordered, upper), part, of)
