"""The factors of an account's period and a unit's profile, for every key figure at once. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue.definitions import Catalogue
from services.validate import normalisation
from services.validate.compiled import Flags, Whole
from services.validate.normalisation import Factor
from services.validate.periods import Period
from services.validate.verdict_bytes import FACTOR_BYTES, FACTORS, Bytes

ROOM = 2**61
NEVER = 2**31


def told(columns: Sequence["FactorColumn"], numbers: NDArray[np.intp], multiplied: Flags) -> list[tuple[int, ...]]:
    """U: the factors of each submission's list in the order in which its figures first use them.

    numbers      U: which column is each submission's
    multiplied   F x U: the figure's factors are told
    """
    if not multiplied.any():
        return [()] * len(numbers)
    most = max(len(column.factors) for column in columns)
    turns = np.stack([column.turns(most) for column in columns], axis=2)[:, :, numbers]
    first = np.where(multiplied, turns, NEVER).min(axis=1, initial=NEVER)
    return [tuple(sorted((k for k in range(most) if row[k] < NEVER), key=row.__getitem__)) for row in first.T.tolist()]


@dataclass
class FactorColumn:
    """F key figures of a whole year's account.

    above, below   F: what the numerator is multiplied by, in one fraction
    lacking        F: a factor that is wanted is not there, or does not fit
    factors        the factors there are
    order          F: numbers of a figure's factors, in the order they are applied
    multiplies     F: there are some
    """

    above: Whole
    below: Whole
    lacking: Flags
    factors: tuple[Factor, ...]
    order: Sequence[Sequence[int]]
    multiplies: Flags
    _said: dict[tuple[int, ...], tuple[Bytes, Bytes]] = field(default_factory=dict)

    def turns(self, most: int) -> Whole:
        """Most x F: when a factor's turn comes where every figure is told in order; NEVER where a figure has it not."""
        found = np.full((most, len(self.order)), NEVER, dtype=np.int64)
        for f, numbers in enumerate(self.order):
            for position, n in enumerate(numbers):
                found[n, f] = f * FACTOR_BYTES + position
        return found

    def said(self, told: tuple[int, ...]) -> tuple[Bytes, Bytes]:
        """F x FACTOR_BYTES: tag, length and places of each figure's factors, and how many of these bytes.

        told   numbers of the factors in a submission's list, in its order; one not there is told of no figure
        """
        if told not in self._said:
            places = {number: place for place, number in enumerate(told)}
            written = np.zeros((len(self.order), FACTOR_BYTES), dtype=np.uint8)
            for row, numbers in zip(written, self.order, strict=True):
                row[: 2 + len(numbers)] = [FACTORS, len(numbers), *(places.get(n, 0) for n in numbers)]
            self._said[told] = written, np.array([2 + len(numbers) for numbers in self.order], dtype=np.uint8)
        return self._said[told]


def of_each(columns: Sequence[FactorColumn], numbers: NDArray[np.intp], part: str) -> NDArray[Any]:
    """A part of each submission's column: F x U, or F x 1 where all have the same. `numbers`: U, which is each one's."""
    stacked = np.stack([getattr(column, part) for column in columns], axis=1)
    return stacked if len(columns) == 1 else stacked[:, numbers]


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
        fits = len(chosen) == len(wanted) <= FACTOR_BYTES - 2 and 0 < up < ROOM and 0 < down < ROOM
        above.append(up if fits else 1)
        below.append(down if fits else 1)
        lacking.append(not fits)
        order.append([factors.index(factor) for factor in chosen] if fits else [])
    return FactorColumn(
        np.array(above, dtype=np.int64),
        np.array(below, dtype=np.int64),
        np.array(lacking),
        factors,
        order,
        np.array([bool(numbers) for numbers in order]),
    )
