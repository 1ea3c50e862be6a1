"""The intervals of a cell's quantiles as values: of what lies behind its units, and of the final value while some are awaited."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.benchmark import final_ranks
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, TIER_OF

NEVER_COMES = (
    3,
    4,
    5,
    9,
)  # not required, undefined, excluded, withdrawn: Absences that no later figure is awaited behind


class Span(NamedTuple):
    """An interval of ratios, ends inside, each end the float nearest to the exact value. None: open on that side."""

    lower: float | None
    upper: float | None
    coverage_e4: int


Spans = Mapping[int, Span]  # by the quantile's twentieths


def awaited(units: int, absences: Sequence[int]) -> int:
    """How many units a figure is expected of in the end: those that have it, and those whose figure may still come.

    `absences`: units by reason, in the order of the contract.

    >>> awaited(40, (2, 0, 5, 0, 0, 0, 1, 0, 0))
    43
    """
    return units + sum(count for reason, count in enumerate(absences, start=1) if reason not in NEVER_COMES)


def prepare(units: Sequence[int], absences: Sequence[Sequence[int]]) -> None:
    """Work out at once where the quantiles of all a group's figures will be. Units, and absences, by figure."""
    counts = ((n, awaited(n, absent)) for n, absent in zip(units, absences, strict=True))
    waiting = [(n, expected) for n, expected in counts if MEDIAN_TIER.units <= n < expected]
    final_ranks.prepare(
        (*pair, twentieths) for pair in waiting for twentieths in QUANTILES if TIER_OF[twentieths].units <= pair[0]
    )
