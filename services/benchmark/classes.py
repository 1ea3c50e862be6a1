"""A standing in words: among the best quarter, around the middle, among the worst; never good or bad where nothing is better.

The class follows from the quarter. Within the figure's tolerance of the quartile that borders it, a unit keeps the milder class,
the middle: a difference too small to announce puts nobody among the worst, nor the best.
"""

from collections.abc import Mapping
from enum import IntEnum
from fractions import Fraction

from services.benchmark.standing import Better
from services.catalogue.vocabulary import KeyFigure


class Class(IntEnum):
    """The numbers of the contract."""

    UNSPECIFIED = 0  # too few to say
    BEST_QUARTER = 1
    MIDDLE = 2
    WORST_QUARTER = 3
    HIGHER_THAN_MOST = 4  # of figures where nothing is better
    LOWER_THAN_MOST = 5


WORDS: Mapping[Class, Mapping[str, str]] = {
    Class.BEST_QUARTER: {"da": "blandt den bedste fjerdedel", "en": "among the best quarter"},
    Class.MIDDLE: {"da": "omkring midten", "en": "around the middle"},
    Class.HIGHER_THAN_MOST: {"da": "højere end de fleste", "en": "higher than most"},
    Class.LOWER_THAN_MOST: {"da": "lavere end de fleste", "en": "lower than most"},
}
WORST: Mapping[str, Mapping[str, str]] = {
    "higher": {"da": "blandt den fjerdedel, der ligger lavest", "en": "among the quarter that lies lowest"},
    "lower": {"da": "blandt den fjerdedel, der ligger højest", "en": "among the quarter that lies highest"},
    "spent": {"da": "blandt den fjerdedel, der bruger mest", "en": "among the quarter that spends most"},
}


def tolerance(figure: KeyFigure) -> Fraction:
    """The figure's tolerance as a ratio; 0 where it has none."""
    return Fraction(figure.tolerance or 0) / figure.show.factor


def of(quarter: int, own: Fraction, quartiles: tuple[Fraction, Fraction], better: Better, within: Fraction) -> Class:
    """The class of a unit from its quarter (4 the best, highest where nothing is better; 0 not shown), its ratio, the group's
    Q1 and Q3, and the tolerance as a ratio.
    """
    if quarter == 0:
        return Class.UNSPECIFIED
    if quarter in (2, 3):
        return Class.MIDDLE
    high = (quarter == 4) == (better != "lower")
    if within and abs(own - quartiles[1 if high else 0]) <= within:
        return Class.MIDDLE
    if better == "none":
        return Class.HIGHER_THAN_MOST if quarter == 4 else Class.LOWER_THAN_MOST
    return Class.BEST_QUARTER if quarter == 4 else Class.WORST_QUARTER


def words(one: Class, figure: KeyFigure) -> dict[str, str]:
    """The class in da and en; nothing where it is not said. A figure priced in kr. speaks of spending."""
    if one is Class.UNSPECIFIED:
        return {}
    if one is Class.WORST_QUARTER:
        return dict(WORST["spent" if figure.priced and figure.better == "lower" else figure.better])
    return dict(WORDS[one])
