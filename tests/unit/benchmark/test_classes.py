"""Classes in words: the quarter, unless the tolerance reaches to its border."""

from fractions import Fraction

import pytest

from services.benchmark import classes
from services.benchmark.classes import Class
from services.catalogue import definitions

QUARTILES = Fraction(100), Fraction(140)


@pytest.mark.parametrize(
    ("quarter", "own", "better", "within", "said"),
    [
        (0, 90, "lower", 0, Class.UNSPECIFIED),
        (4, 90, "lower", 5, Class.BEST_QUARTER),
        (4, 96, "lower", 5, Class.MIDDLE),
        (4, 95, "lower", 5, Class.MIDDLE),  # exactly the tolerance away
        (4, 96, "lower", 0, Class.BEST_QUARTER),  # no tolerance
        (3, 101, "lower", 5, Class.MIDDLE),
        (2, 139, "lower", 5, Class.MIDDLE),
        (1, 144, "lower", 5, Class.MIDDLE),
        (1, 146, "lower", 5, Class.WORST_QUARTER),
        (4, 144, "higher", 5, Class.MIDDLE),
        (4, 150, "higher", 5, Class.BEST_QUARTER),
        (1, 90, "higher", 5, Class.WORST_QUARTER),
        (1, 99, "higher", 5, Class.MIDDLE),
        (4, 150, "none", 5, Class.HIGHER_THAN_MOST),
        (4, 141, "none", 5, Class.MIDDLE),
        (1, 90, "none", 5, Class.LOWER_THAN_MOST),
        (1, 96, "none", 5, Class.MIDDLE),
    ],
)
def test_the_milder_class_within_the_tolerance(quarter: int, own: int, better: str, within: int, said: Class) -> None:
    assert classes.of(quarter, Fraction(own), QUARTILES, better, Fraction(within)) is said  # type: ignore[arg-type]


def test_the_words_of_every_class_in_both_languages() -> None:
    catalogue = definitions.of("dk-almen", "2024")
    priced = next(f for f in catalogue.key_figure.values() if f.priced and f.better == "lower")
    assert classes.words(Class.WORST_QUARTER, priced)["da"] == "blandt den fjerdedel, der bruger mest"
    assert classes.words(Class.UNSPECIFIED, priced) == {}
    for figure in catalogue.key_figure.values():
        kinds = (Class.HIGHER_THAN_MOST, Class.LOWER_THAN_MOST) if figure.better == "none" else tuple(Class)[1:4]
        for one in kinds:
            assert classes.words(one, figure).keys() == {"da", "en"}


def test_a_tolerance_is_in_the_unit_the_figure_is_shown_in() -> None:
    figure = definitions.of("dk-almen", "2024").key_figure["DRI-TID"]
    assert figure.show.factor == 100
    assert figure.tolerance is not None
    assert classes.tolerance(figure) == Fraction(figure.tolerance) / 100
