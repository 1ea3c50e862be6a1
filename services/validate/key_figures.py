"""Turns the amounts of one submission into key figures: exact pairs, or the absence that says why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from services.catalogue.definitions import Catalogue

LARGEST = 2**53  # below it a float holds every whole number, so one division is correctly rounded


class Absence(Enum):
    """Why there is no observation; the numbers of the contract. Never 0."""

    ABSENT = 1
    BLANK = 2
    NOT_REQUIRED = 3
    UNDEFINED = 4
    EXCLUDED = 5
    SUPPRESSED = 6
    HELD = 7
    REFUSED = 8
    WITHDRAWN = 9


# Where the parts of a figure are missing for different reasons, the reason that says most is the figure's.
STRONGEST_FIRST = (Absence.EXCLUDED, Absence.NOT_REQUIRED, Absence.BLANK, Absence.ABSENT)


@dataclass(frozen=True)
class Unreadable:
    """What the sender wrote where a number was due."""

    text: str


Amount = (
    int | Absence | Unreadable
)  # a whole number in the data point's scale, why there is none, or what could not be read
Amounts = Mapping[str, Amount]  # data point -> amount; one not delivered is not there


class Pair(NamedTuple):
    """An observation: numerator and denominator in the same scale, both below 2^53, the denominator not 0."""

    numerator: int
    denominator: int


def compute(amounts: Amounts, key_figure: str, catalogue: Catalogue) -> Pair | Absence:
    """One key figure of a submission whose amounts are without fault.

    Absent where any part is missing, by the strongest reason; undefined where the denominator is 0.
    """
    figure = catalogue.key_figure[key_figure]
    missing = [part for name in figure.parts if isinstance(part := amounts.get(name, Absence.ABSENT), Absence)]
    if missing:
        return next(reason for reason in STRONGEST_FIRST if reason in missing)
    denominator = total(amounts, figure.denominator, catalogue.scale(key_figure), catalogue)
    if denominator == 0:
        return Absence.UNDEFINED
    return Pair(numerator(amounts, key_figure, catalogue), denominator)


def numerator(amounts: Amounts, key_figure: str, catalogue: Catalogue) -> int:
    """A key figure's numerator, less what is taken from it, in its scale. Every part must be a number."""
    figure, scale = catalogue.key_figure[key_figure], catalogue.scale(key_figure)
    return total(amounts, figure.numerator, scale, catalogue) - total(amounts, figure.less, scale, catalogue)


def total(amounts: Amounts, data_points: Iterable[str], scale: int, catalogue: Catalogue) -> int:
    """The sum of data points in a common scale. Every one of them must be a number."""
    summed = 0
    for name in data_points:
        amount = amounts[name]
        assert isinstance(amount, int)
        summed += amount * 10 ** (scale - catalogue.data_point[name].scale)
    return summed
