"""The intervals of a cell's quantiles as values: of what lies behind its units, and of the final value while some are awaited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.benchmark import final_ranks, intervals
from services.benchmark.intervals import Ranks
from services.benchmark.ordering import Sorted
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, TIER_OF

NEVER_COMES = (
    3,
    4,
    5,
    9,
)  # not required, undefined, excluded, withdrawn: Absences that no later figure is awaited behind


@dataclass(frozen=True)
class Span:
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


def of(members: Sorted, row: int, units: int, quantiles: Iterable[int]) -> Spans:
    """The order-statistic intervals of a figure's quantiles; one without an interval is not there."""
    found = {twentieths: intervals.ranks(units, twentieths) for twentieths in quantiles}
    return {twentieths: _span(members, row, ranks) for twentieths, ranks in found.items() if ranks}


def of_final(members: Sorted, row: int, units: int, expected: int, quantiles: Iterable[int]) -> Spans:
    """Where a figure's quantiles will be when all the expected have it; none where all have."""
    if units >= expected:
        return {}
    found = {twentieths: final_ranks.of(units, expected, twentieths) for twentieths in quantiles}
    return {twentieths: _span(members, row, ranks) for twentieths, ranks in found.items() if ranks}


def _span(members: Sorted, row: int, ranks: Ranks) -> Span:
    lower, upper = (None if rank is None else _ratio(members, row, rank) for rank in (ranks.lower, ranks.upper))
    return Span(lower, upper, ranks.coverage_e4)


def _ratio(members: Sorted, row: int, rank: int) -> float:
    return int(members.numerators[row, rank - 1]) / int(members.denominators[row, rank - 1])
