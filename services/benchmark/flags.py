"""Whether a unit's value stands apart from its cell's or from its own past, by every way to look that the cell allows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from services.benchmark import funnel, outliers
from services.benchmark.funnel import Basis, Funnel, Without
from services.benchmark.outliers import Changes, Deviations, Fences
from services.benchmark.standing import Reading
from services.benchmark.statistics import MEDIAN_TIER, QUARTILE_TIER, Pair


class Flag(IntEnum):
    """What makes a value stand apart; the numbers of the contract."""

    BELOW_FENCE = 1
    ABOVE_FENCE = 2
    FAR_FROM_MEDIAN = 3
    FELL = 4
    ROSE = 5
    FUNNEL_LOW_2 = 6
    FUNNEL_HIGH_2 = 7
    FUNNEL_LOW_3 = 8
    FUNNEL_HIGH_3 = 9


class Look(IntEnum):
    """The ways to look; the numbers of the contract."""

    FENCES = 1
    DEVIATION = 2
    CHANGE = 3
    FUNNEL = 4


FUNNELS = {-2: Flag.FUNNEL_LOW_2, 2: Flag.FUNNEL_HIGH_2, -3: Flag.FUNNEL_LOW_3, 3: Flag.FUNNEL_HIGH_3}


@dataclass(frozen=True)
class Looks:
    """A cell as its values are looked at. A way that says nothing here is None, or why there is no funnel."""

    fences: Fences | None
    deviations: Deviations | None
    changes: Changes | None
    funnel: Funnel | Without

    def at(self, unit_id: str, own: Pair) -> tuple[tuple[Flag, ...], tuple[Look, ...]]:
        """A unit's flags, and the ways to look that are not computable."""
        change = self.changes.side(unit_id) if self.changes else None
        blind = (
            (Look.FENCES, self.fences is None),
            (Look.DEVIATION, self.deviations is None),
            (Look.CHANGE, change is None),
            (Look.FUNNEL, isinstance(self.funnel, Without)),
        )
        return tuple(self._flags(Fraction(*own), own, change or 0)), tuple(look for look, holds in blind if holds)

    def _flags(self, value: Fraction, own: Pair, change: int) -> Iterator[Flag]:
        side = self.fences.side(value) if self.fences else 0
        if side:
            yield Flag.ABOVE_FENCE if side > 0 else Flag.BELOW_FENCE
        if self.deviations and self.deviations.apart(value):
            yield Flag.FAR_FROM_MEDIAN
        if change:
            yield Flag.ROSE if change > 0 else Flag.FELL
        errors = self.funnel.outside(own) if isinstance(self.funnel, Funnel) else 0
        if errors:
            yield FUNNELS[errors]


def looks(
    ordered: Sequence[Pair],
    holders: int,
    reading: Reading,
    kind: Basis | Without,
    scale: int,
    changes: Changes | None = None,
) -> Looks:
    """Look at a cell's sorted ratios. Fences and deviations need the quartiles' tier, a funnel the median's."""
    quartiles = reading.public and reading.meets(QUARTILE_TIER, len(ordered), holders)
    return Looks(
        outliers.fences(ordered, logarithms=kind is Without.MONEY) if quartiles else None,
        outliers.deviations(ordered) if quartiles else None,
        changes,
        funnel_of(ordered, holders, reading, kind, scale),
    )


def funnel_of(
    ordered: Sequence[Pair], holders: int, reading: Reading, kind: Basis | Without, scale: int
) -> Funnel | Without:
    """The funnel of a cell, or why it has none."""
    if isinstance(kind, Without):
        return kind
    if not reading.public or not reading.meets(MEDIAN_TIER, len(ordered), holders):
        return Without.TOO_FEW
    return funnel.funnel(ordered, scale, kind)


def changes(before: Mapping[str, Pair], after: Mapping[str, Pair], holders: int, reading: Reading) -> Changes | None:
    """How the units of a cell changed since the period before; None below the quartiles' tier of units that have both."""
    both = len(before.keys() & after.keys())
    if not reading.public or not reading.meets(QUARTILE_TIER, both, holders):
        return None
    return outliers.changes(before, after)
