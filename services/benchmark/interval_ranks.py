"""Between which sorted values the intervals of many cells are: a function of counts, worked out once for equal ones.

A sector that reports has other counts with every submission, so kernels work them out; what floats cannot tell is left to
intervals, which decides in whole numbers.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from services.benchmark import intervals
from services.benchmark.cell_table import NOT_THERE, Q
from services.benchmark.kernels import binomials, hypergeometrics
from services.benchmark.statistics import QUANTILES, Whole

MOST = 1 << 17  # answers kept of each kind
HALF, LOWER = 32, (1 << 32) - 1  # two counts in one number
_behind: dict[int, Whole] = {}
_final: dict[int, Whole] = {}


def behind(units: Whole) -> Whole:
    """Intervals of what lies behind so many units, at least 2: R x 3 x Q, lower and upper ranks from 0, coverages in 1/10,000.

    NOT_THERE where there are too few.
    """
    return _known(_behind, units, _worked_out_behind)


def final(units: Whole, awaited: Whole) -> Whole:
    """Intervals of the values when all awaited have reported, as those of behind; NOT_THERE also where one is open."""
    return _known(_final, (awaited << HALF) + units, _worked_out_final)


def forget() -> None:
    """Work everything out anew."""
    _behind.clear()
    _final.clear()


def _known(known: dict[int, Whole], questions: Whole, work: Callable[[Whole], Whole]) -> Whole:
    """Answers of R questions, those worked out that are not known yet."""
    distinct, at = np.unique(questions, return_inverse=True)
    asked = distinct.tolist()
    rows = [known.get(question) for question in asked]
    fresh = [n for n, row in enumerate(rows) if row is None]
    if fresh:
        if len(known) + len(fresh) > MOST:
            known.clear()
        for n, row in zip(fresh, work(distinct[fresh]), strict=True):
            rows[n] = known[asked[n]] = row
    found: Whole = np.array(rows)[at]
    return found


def _worked_out_behind(units: Whole) -> Whole:
    ranks, doubtful = _blank(len(units))
    binomials.intervals(units, ranks, doubtful)
    for c, q in np.argwhere(doubtful).tolist():
        ranks[c, :, q] = _from_0(intervals.ranks(units.item(c), QUANTILES[q]))
    return ranks


def _worked_out_final(questions: Whole) -> Whole:
    units, awaited = questions & LOWER, questions >> HALF
    ranks, doubtful = _blank(len(units))
    hypergeometrics.intervals(units, awaited, ranks, doubtful)
    for c, q in np.argwhere(doubtful).tolist():
        ranks[c, :, q] = _from_0(intervals.final_ranks(units.item(c), awaited.item(c), QUANTILES[q]))
    return ranks


def _blank(many: int) -> tuple[Whole, NDArray[np.bool_]]:
    return np.empty((many, 3, Q), dtype=np.int64), np.empty((many, Q), dtype=np.bool_)


def _from_0(found: intervals.Ranks | None) -> tuple[int, int, int]:
    if found is None:
        return NOT_THERE, NOT_THERE, NOT_THERE
    lower, upper = (NOT_THERE if rank is None else rank - 1 for rank in (found.lower, found.upper))
    return lower, upper, found.coverage_e4
