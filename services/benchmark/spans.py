"""The intervals of a cell's quantiles as values: of what lies behind its units, and of the final value while some are awaited."""

from collections.abc import Mapping
from typing import NamedTuple

from services.benchmark.statistics import Whole

# not required, undefined, excluded, withdrawn: no later figure is awaited behind these Absences
NEVER_COMES = (3, 4, 5, 9)
STILL_COMES = [reason - 1 for reason in range(1, 10) if reason not in NEVER_COMES]


class Span(NamedTuple):
    """An interval of ratios, ends inside, each end the float nearest to the exact value. None: open on that side."""

    lower: float | None
    upper: float | None
    coverage_e4: int


Spans = Mapping[int, Span]  # by the quantile's twentieths


def awaited(units: Whole, absences: Whole) -> Whole:
    """How many units a figure is expected of in the end: those that have it, and those whose figure may still come.

    `absences`: units by reason, in the order of the contract; shapes (..., 9) and (...).

    >>> import numpy as np
    >>> int(awaited(np.array(40), np.array((2, 0, 5, 0, 0, 0, 1, 0, 0))))
    43
    """
    found: Whole = units + absences[..., STILL_COMES].sum(axis=-1)
    return found
