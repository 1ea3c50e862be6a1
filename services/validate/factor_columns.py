"""The factors of an account's period and a unit's profile, for every key figure at once. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from services.catalogue.definitions import Catalogue
from services.validate import normalisation
from services.validate.compiled import Flags, Whole
from services.validate.normalisation import Factor, Factors
from services.validate.periods import Period

ROOM = 2**61
MOST = 2  # factors of a figure; one that has more is the rules' to judge


@dataclass(frozen=True)
class FactorColumn:
    """F key figures of a whole year's account.

    above, below   F: what the numerator is multiplied by, in one fraction
    lacking        F: a factor that is wanted is not there, or does not fit
    factors        the factors there are
    found          every factor by its kind, or why there is none
    order          F x MOST: numbers of a figure's factors, in the order they are applied; then -1
    """

    above: Sequence[int]
    below: Sequence[int]
    lacking: Sequence[bool]
    factors: tuple[Factor, ...]
    order: Sequence[Sequence[int]]
    found: Factors

    def of_figure(self, f: int) -> tuple[Factor, ...]:
        """A figure's factors, in the order they are applied."""
        return tuple(self.factors[number] for number in self.order[f] if number >= 0)


@dataclass(frozen=True)
class Stacked:
    """C columns: C x F of each part, C x F x MOST of the order. `multiplies`: there are some."""

    above: Whole
    below: Whole
    lacking: Flags
    order: Whole
    multiplies: Flags


@dataclass
class FactorTable:
    """Columns by number, and as matrices of `figures` key figures."""

    figures: int
    columns: list[FactorColumn] = field(default_factory=list)
    _stacked: Stacked | None = None

    def add(self, column: FactorColumn) -> int:
        """A further column; its number."""
        self.columns.append(column)
        self._stacked = None
        return len(self.columns) - 1

    def stacked(self) -> Stacked:
        """All columns."""
        if self._stacked is None:
            shape = len(self.columns), self.figures
            above, below = (
                np.array([getattr(c, part) for c in self.columns], dtype=np.int64).reshape(shape)
                for part in ("above", "below")
            )
            lacking = np.array([c.lacking for c in self.columns], dtype=np.bool_).reshape(shape)
            order = np.array([c.order for c in self.columns], dtype=np.int64).reshape(*shape, MOST)
            self._stacked = Stacked(above, below, lacking, order, order[..., 0] >= 0)
        return self._stacked


def column(period: Period, attributes: Mapping[str, str], catalogue: Catalogue) -> FactorColumn:
    """What `comparing.compare` multiplies each figure's numerator by."""
    found = normalisation.factors(period, attributes, catalogue)
    factors = tuple(factor for factor in found.values() if isinstance(factor, Factor))
    above, below, lacking, order = [], [], [], []
    for figure in catalogue.key_figure.values():
        wanted = [found[kind] for kind in figure.normalise if kind in found]
        chosen = [factor for factor in wanted if isinstance(factor, Factor)]
        up = down = 1
        for factor in chosen:
            up, down = up * factor.numerator, down * factor.denominator
        fits = len(chosen) == len(wanted) <= MOST and 0 < up < ROOM and 0 < down < ROOM
        above.append(up if fits else 1)
        below.append(down if fits else 1)
        lacking.append(not fits)
        numbers = [factors.index(factor) for factor in chosen] if fits else []
        order.append([*numbers, *[-1] * (MOST - len(numbers))])
    return FactorColumn(above, below, lacking, factors, order, found)
