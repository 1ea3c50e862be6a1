"""A catalogue's rules as arithmetic on columns of whole numbers: worked out once, held against many submissions at a time. Pure.

What is here only says of a figure that nothing can be said against it. Wherever rounding, size or sign could matter the figure
is left to the rules themselves (`verdicts.py`), which stay the one place that says what a rule means.

D data points, F key figures, both in catalogue order; P the figures' data points one after another.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue.bounds import Beside
from services.catalogue.definitions import Catalogue, KeyFigure
from services.catalogue.quartiles import Frozen
from services.validate import fences
from services.validate.doubts import COPIED_FROM
from services.validate.key_figures import LARGEST

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
Texts = NDArray[np.object_]
ROOM = 2**62  # what sums of scaled amounts stay below
MARGIN = 1e-9  # beyond what a float can be off by
SMALL = 512  # times any numerator, it stays below 2^63
NOT_TOLD = 1, 0  # no ratio is this
ANY = 1e200  # a change nobody reaches, and still a number


@dataclass(frozen=True)
class Compiled:
    """The rules of one catalogue: tables that `screen.py` reads, a row each.

    place       data point -> its number
    points      D x 3: least and most an amount lies between where no rule can speak of its size or sign, and no sum overflows;
                COPIED_FROM in its scale
    figures     F x 7: smallest denominator; whether it is a share; whether it is held against the unit's own past; both bounds of
                its range, each a numerator over a denominator, NOT_TOLD where these are not small
    limits      F x 3: the ratio lies strictly between the first two, or is a bound; the largest change as a part, ANY where the
                catalogue says none
    terms       the figures' data points one after another, P x 5: the data point, times what it adds to the numerator and to the
                denominator; whether the past's rules of flows in a numerator, of averages in a denominator look at it
    begins      F + 1: where each figure's terms begin
    averages    data points that follow from another's sum over every day, x 4: the sum, the average, times and divided by what
    sums        one after another, x 2: a data point and its parts, each times what brings it to the finest of their scales
    sum_begins  where each sum begins
    wholes      data points that are never larger than another, x 4: each with what it is multiplied by
    besides     x 2: a data point and the one it goes beside
    beside      x 2: the bounds of the ratio of both as delivered
    """

    place: dict[str, int]
    points: Whole
    figures: Whole
    limits: Numbers
    terms: Whole
    begins: Whole
    averages: Whole
    sums: Whole
    sum_begins: Whole
    wholes: Whole
    besides: Whole
    beside: Numbers


@functools.lru_cache(maxsize=64)
def compiled(catalogue: Catalogue) -> Compiled:
    """The rules of a catalogue, worked out once."""
    names = [*catalogue.data_point]
    place = {name: n for n, name in enumerate(names)}
    terms = [_terms(name, figure, catalogue, place) for name, figure in catalogue.key_figure.items()]
    summed = [_sum(name, catalogue, place) for name in names if catalogue.data_point[name].sum_of]
    wholes = [_most(name, catalogue, place) for name in names if catalogue.data_point[name].at_most]
    combinations = [[(term[0], term[side]) for term in some if term[side]] for some in terms for side in (1, 2)]
    combinations += summed
    combinations += [[(own, times), (whole, whole_times)] for own, times, whole, whole_times in wholes]
    combinations += [[(place[name], 2 * 10**6)] for name in catalogue.day_sums]
    beside = [(n, name, point.beside) for n, (name, point) in enumerate(catalogue.data_point.items()) if point.beside]
    return Compiled(
        place=place,
        points=_points(catalogue, combinations),
        figures=_table([_figure(*named, catalogue) for named in catalogue.key_figure.items()], 7),
        limits=np.array([_limits(figure) for figure in catalogue.key_figure.values()], dtype=np.float64),
        terms=_table([term for some in terms for term in some], 5),
        begins=_begins(terms),
        averages=_table([_average(*names, catalogue, place) for names in catalogue.day_sums.items()], 4),
        sums=_table([part for one in summed for part in one], 2),
        sum_begins=_begins(summed),
        wholes=_table(wholes, 4),
        besides=_table([(n, place[said.data_point]) for n, _, said in beside], 2),
        beside=np.array([_ratios(name, said, catalogue) for _, name, said in beside], dtype=np.float64).reshape(-1, 2),
    )


def fenced(catalogue: Catalogue, frozen: Frozen, groups: tuple[str, ...]) -> tuple[Numbers, Numbers]:
    """F lower and F upper fences of a unit in these groups, as ratios, drawn in a little; infinite where there is none."""
    low, high = [], []
    for name, figure in catalogue.key_figure.items():
        found = frozen.narrowest(name, groups, figure.fences.units) if figure.fences else None
        below, above = None, None
        if found is not None and figure.fences is not None:
            below, above = fences.limits(found[1], figure.fences, figure.show.factor)
        low.append(_drawn(below, figure, 1) if below else -np.inf)
        high.append(_drawn(above, figure, -1) if above else np.inf)
    return np.array(low), np.array(high)


def _drawn(fence: fences.Fence, figure: KeyFigure, inward: int) -> float:
    try:
        at = fence.sign * float(fence.squared) ** 0.5 / figure.show.factor
    except OverflowError:
        return float(inward * np.inf)  # nothing is clearly inside
    return float(at + inward * abs(at) * MARGIN)


def _points(catalogue: Catalogue, combinations: Sequence[Sequence[tuple[int, int]]]) -> Whole:
    most = [LARGEST - 1] * len(catalogue.data_point)
    for combination in combinations:
        room = ROOM // max(1, sum(abs(times) for _, times in combination))
        for number, _ in combination:
            most[number] = min(most[number], room)
    points = zip(most, catalogue.data_point.values(), strict=True)
    return _table([(-top if p.negative else 0, top, COPIED_FROM * 10**p.scale) for top, p in points], 3)


def _terms(name: str, figure: KeyFigure, catalogue: Catalogue, place: dict[str, int]) -> list[tuple[int, ...]]:
    """In the order of `parts`."""
    scale, found = catalogue.scale(name), list[tuple[int, ...]]()
    for side, sign, below in ((figure.numerator, 1, 0), (figure.less, -1, 0), (figure.denominator, 0, 1)):
        for part in side:
            tens, nature = _tens(scale, part, catalogue), catalogue.data_point[part].nature
            flow, average = sign == 1 and nature == "flow", below == 1 and nature == "average"
            found.append((place[part], sign * tens, below * tens, flow, average))
    return found


def _figure(name: str, figure: KeyFigure, catalogue: Catalogue) -> tuple[int, ...]:
    low, high = _bounds(figure)
    return _base(name, figure, catalogue), figure.kind == "share", figure.soft is not None, *_told(low), *_told(high)


def _limits(figure: KeyFigure) -> tuple[float, float, float]:
    low, high = _bounds(figure)
    change = figure.change.pct / 100 if figure.change else ANY
    return -np.inf if low is None else float(low), np.inf if high is None else float(high), change


def _bounds(figure: KeyFigure) -> tuple[Fraction | None, Fraction | None]:
    """The tighter of hard and soft range, as a ratio."""
    ranges = [bounds.range for bounds in (figure.hard, figure.soft) if bounds]
    low = max((Fraction(low) / figure.show.factor for low, _ in ranges), default=None)
    high = min((Fraction(high) / figure.show.factor for _, high in ranges), default=None)
    return low, high


def _told(bound: Fraction | None) -> tuple[int, int]:
    small = bound is not None and abs(bound.numerator) <= SMALL and bound.denominator <= SMALL
    return bound.as_integer_ratio() if bound is not None and small else NOT_TOLD


def _base(name: str, figure: KeyFigure, catalogue: Catalogue) -> int:
    if figure.base is None:
        return 0
    return min(LARGEST, -int(-Fraction(figure.base.least) * 10 ** catalogue.scale(name) // 1))


def _ratios(name: str, beside: Beside, catalogue: Catalogue) -> tuple[float, ...]:
    times = Fraction(10) ** (catalogue.data_point[name].scale - catalogue.data_point[beside.data_point].scale)
    return tuple(float(Fraction(bound) * times) for bound in beside.range)


def _sum(name: str, catalogue: Catalogue, place: dict[str, int]) -> list[tuple[int, int]]:
    parts = (name, *catalogue.data_point[name].sum_of)
    scale = max(catalogue.data_point[p].scale for p in parts)
    return [(place[p], _tens(scale, p, catalogue)) for p in parts]


def _most(name: str, catalogue: Catalogue, place: dict[str, int]) -> tuple[int, int, int, int]:
    whole = catalogue.data_point[name].at_most
    scale = max(catalogue.data_point[p].scale for p in (name, whole))
    return place[name], _tens(scale, name, catalogue), place[whole], _tens(scale, whole, catalogue)


def _average(day_sum: str, average: str, catalogue: Catalogue, place: dict[str, int]) -> tuple[int, int, int, int]:
    finer = catalogue.data_point[average].scale - catalogue.data_point[day_sum].scale
    return place[day_sum], place[average], 10 ** max(finer, 0), 10 ** max(-finer, 0)


def _tens(scale: int, data_point: str, catalogue: Catalogue) -> int:
    return int(10 ** (scale - catalogue.data_point[data_point].scale))


def _table(rows: Sequence[Sequence[int]], width: int) -> Whole:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _begins(lists: Sequence[Sequence[Any]]) -> Whole:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)
