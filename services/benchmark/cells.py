"""The cells of a peer group: every figure's statistics, computed from dense matrices in one pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark import statistics
from services.benchmark.state import View
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, TIER_OF, Pair, Whole


class Suppression(IntEnum):
    """Why a cell's numbers are withheld; the numbers of the contract."""

    UNSPECIFIED = 0  # nothing is withheld
    TOO_FEW = 1
    NOT_RELEASED = 2


@dataclass(frozen=True)
class Cell:
    """One key figure of a peer group.

    Sums are whole numbers in 10^-scale; quantiles (twentieth -> float) are the floats nearest to the exact values. A
    statistic below its tier is not there. `suppression` says why the first tier, sums and ratio included, is withheld.
    """

    key_figure: str
    units: int
    holders: int
    numerator_sum: int | None
    denominator_sum: int | None
    pooled: float | None
    quantiles: Mapping[int, float]
    suppression: Suppression


@dataclass(frozen=True)
class GroupCells:
    """Every figure of one peer group, in catalogue order."""

    group: str
    reported: int
    expected: int
    cells: tuple[Cell, ...]


def of_group(view: View, group: str, public: Sequence[bool], quantile_type: Literal[7, 8] = 8) -> GroupCells:
    """The cells of a peer group. `public`: per figure, whether it may be shown without a release."""
    units = view.members(group)
    numerators, denominators = view.numerators[:, units], view.denominators[:, units]
    present, holders = view.absences[:, units] == 0, view.holders[units]
    ratios = np.where(present, numerators / np.where(present, denominators, 1), np.inf)
    order = np.argsort(ratios, axis=1, kind="stable")
    cells = []
    for row, name in enumerate(view.figures):
        count = int(present[row].sum())
        by_value = order[row, :count]
        cells.append(
            _cell(
                name,
                numerators[row, by_value],
                denominators[row, by_value],
                holders[by_value],
                public[row],
                quantile_type,
            )
        )
    return GroupCells(group, len(units), view.expected(group), tuple(cells))


def _cell(
    name: str,
    numerators: Whole,
    denominators: Whole,
    holders: NDArray[np.int64],
    public: bool,
    quantile_type: Literal[7, 8],
) -> Cell:
    """One cell; the pairs come sorted by their floats."""
    units, distinct = len(numerators), len(np.unique(holders))
    withheld = Suppression.UNSPECIFIED if public else Suppression.NOT_RELEASED
    if public and not MEDIAN_TIER.met(units, distinct):
        withheld = Suppression.TOO_FEW
    if withheld:
        return Cell(name, units, distinct, None, None, None, {}, withheld)
    numerators, denominators = _exactly_ordered(numerators, denominators)
    n, d = statistics.total(numerators), statistics.total(denominators)
    quantiles = {
        twentieths: _quantile(numerators, denominators, twentieths, quantile_type)
        for twentieths in QUANTILES
        if TIER_OF[twentieths].met(units, distinct)
    }
    return Cell(name, units, distinct, n, d, n / d, quantiles, withheld)


def _exactly_ordered(numerators: Whole, denominators: Whole) -> tuple[Whole, Whole]:
    """Floats sort almost always as the ratios do; where they may not, the ratios decide."""
    if statistics.may_tie_falsely(numerators, denominators):
        order = np.argsort(statistics.codes(numerators, denominators), kind="stable")
        return numerators[order], denominators[order]
    return numerators, denominators


def _quantile(numerators: Whole, denominators: Whole, twentieths: int, quantile_type: Literal[7, 8]) -> float:
    lower, upper, part, of = statistics.weights(len(numerators), twentieths, quantile_type)
    low: Pair = (int(numerators[lower]), int(denominators[lower]))
    high: Pair = (int(numerators[upper]), int(denominators[upper]))
    n, d = statistics.between(low, high, part, of)
    return n / d
