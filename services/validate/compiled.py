"""A catalogue's rules as arithmetic on columns of whole numbers: worked out once, held against many submissions at a time. Pure.

What is here only says of a figure that nothing can be said against it. Wherever rounding, size or sign could matter the figure
is left to the rules themselves (`verdicts.py`), which stay the one place that says what a rule means.

D data points, F key figures, both in catalogue order; P the figures' data points one after another.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue.definitions import Catalogue, KeyFigure
from services.catalogue.quartiles import Frozen
from services.validate import fences
from services.validate.doubts import COPIED_FROM
from services.validate.key_figures import LARGEST
from services.validate.packed import NONE

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
ROOM = 2**62  # what sums of scaled amounts stay below
MARGIN = 1e-9  # beyond what a float can be off by
SMALL = 512  # times any numerator, it stays below 2^63
NOT_TOLD = 1, 0  # no ratio is this
ANY = 1e200  # a change nobody reaches, and still a number


@dataclass(frozen=True)
class Side:
    """Sums over data points, one per figure: which data points, times what, and where each figure's begin."""

    points: NDArray[np.intp]
    times: Whole  # a column
    begins: NDArray[np.intp]

    def total(self, amounts: Whole) -> Whole:
        """F x U sums of D x U amounts."""
        return np.asarray(np.add.reduceat(amounts[self.points] * self.times, self.begins, axis=0))


@dataclass(frozen=True)
class Sum:
    """A data point that is the sum of others, each times what brings it to the finest of their scales."""

    own: int
    times: int
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Most:
    """A data point that is never larger than another."""

    own: int
    times: int
    whole: int
    whole_times: int


@dataclass(frozen=True)
class Beside:
    """A data point that goes beside another: the ratio of both as delivered, between two bounds."""

    own: int
    other: int
    low: float
    high: float


@dataclass(frozen=True)
class Average:
    """A data point that is another's sum over the days, times one number and divided by the days times the other."""

    day_sum: int
    average: int
    times: int
    divided: int


@dataclass(frozen=True)
class Used:
    """The data points that any figure rests on, and the figures of each, one after another."""

    points: NDArray[np.intp]
    figures: NDArray[np.intp]
    begins: NDArray[np.intp]

    def standing(self, amounts: Whole, stands: Flags) -> Whole:
        """D x U: the amounts of figures that stand, of D x U amounts and F x U flags; NONE for the others."""
        kept = np.full(amounts.shape, NONE, dtype=np.int64)
        some = np.logical_or.reduceat(stands[self.figures], self.begins, axis=0)
        kept[self.points] = np.where(some, amounts[self.points], NONE)
        return kept


@dataclass(frozen=True)
class Compiled:
    """The rules of one catalogue.

    place       data point -> its number
    least, most what an amount of each data point lies between where no rule can speak of its size or sign, and no sum overflows
    averages    data points that follow from the sum over every day
    parts       data points of each figure, one after another; `begins` where each figure's begin
    used        the other way round: the figures of each data point
    numerators, denominators   what both are summed from
    shares      F: the numerator is part of the denominator
    low, high   F: the ratio lies strictly between, or is a bound
    bounds      2 x 2 x F: both bounds, each a numerator over a denominator; NOT_TOLD where these are not small
    base        F: smallest denominator
    past        F: held against the unit's own past
    thousand    D: COPIED_FROM in the data point's scale
    copied, moved   P: the past's rules of flows in a numerator, of averages in a denominator
    change      F: largest change as a part; ANY where the catalogue says none
    """

    place: dict[str, int]
    least: Whole
    most: Whole
    averages: tuple[Average, ...]
    sums: tuple[Sum, ...]
    wholes: tuple[Most, ...]
    besides: tuple[Beside, ...]
    parts: NDArray[np.intp]
    begins: NDArray[np.intp]
    used: Used
    numerators: Side
    denominators: Side
    shares: Flags
    low: Numbers
    high: Numbers
    bounds: Whole
    base: Whole
    past: Flags
    thousand: Whole
    copied: Flags
    moved: Flags
    change: Numbers

    def any_part(self, flags: Flags) -> Flags:
        """F x U: whether any of a figure's data points is flagged, of D x U flags."""
        return np.asarray(np.logical_or.reduceat(flags[self.parts], self.begins, axis=0))


@functools.lru_cache(maxsize=64)
def compiled(catalogue: Catalogue) -> Compiled:
    """The rules of a catalogue, worked out once."""
    figures = [*catalogue.key_figure.items()]
    names = [*catalogue.data_point]
    place = {name: n for n, name in enumerate(names)}
    most = np.full(len(names), LARGEST - 1, dtype=np.int64)
    parts = [part for _, figure in figures for part in figure.parts]
    begins = _begins(figure.parts for _, figure in figures)
    above, below = [], []
    for name, figure in figures:
        scale = catalogue.scale(name)
        signed = [*((p, 1) for p in figure.numerator), *((p, -1) for p in figure.less)]
        above.append([(place[p], sign * _tens(scale, p, catalogue)) for p, sign in signed])
        below.append([(place[p], _tens(scale, p, catalogue)) for p in figure.denominator])
    sums = tuple(_sum(name, catalogue, place) for name in names if catalogue.data_point[name].sum_of)
    wholes = tuple(_most(name, catalogue, place) for name in names if catalogue.data_point[name].at_most)
    combinations: list[list[tuple[int, int]]] = [*above, *below]
    combinations += [[(s.own, s.times), *s.parts] for s in sums]
    combinations += [[(w.own, w.times), (w.whole, w.whole_times)] for w in wholes]
    combinations += [[(place[name], 2 * 10**6)] for name in catalogue.day_sums]
    for combination in combinations:
        room = ROOM // sum(abs(times) for _, times in combination)
        for number, _ in combination:
            most[number] = min(most[number], room)
    points = [catalogue.data_point[name] for name in names]
    taken = [figure for _, figure in figures]
    bounds = [_bounds(figure) for figure in taken]
    return Compiled(
        place=place,
        least=np.where([p.negative for p in points], -most, 0),
        most=most,
        averages=tuple(_average(*names, catalogue, place) for names in catalogue.day_sums.items()),
        sums=sums,
        wholes=wholes,
        besides=tuple(_beside(name, catalogue, place) for name in names if catalogue.data_point[name].beside),
        parts=np.array([place[part] for part in parts], dtype=np.intp),
        begins=begins,
        used=_used([place[part] for part in parts], [n for n, f in enumerate(taken) for _ in f.parts]),
        numerators=_side(above),
        denominators=_side(below),
        shares=np.array([figure.kind == "share" for figure in taken]),
        low=np.array([-np.inf if low is None else float(low) for low, _ in bounds]),
        high=np.array([np.inf if high is None else float(high) for _, high in bounds]),
        bounds=np.array([[_told(bound) for bound in pair] for pair in bounds], dtype=np.int64).transpose(1, 2, 0),
        base=np.array([_base(name, figure, catalogue) for name, figure in figures], dtype=np.int64),
        past=np.array([figure.soft is not None for figure in taken]),
        thousand=np.array([COPIED_FROM * 10**p.scale for p in points], dtype=np.int64),
        copied=_of_parts(taken, lambda f, p: p in f.numerator and catalogue.data_point[p].nature == "flow"),
        moved=_of_parts(taken, lambda f, p: p in f.denominator and catalogue.data_point[p].nature == "average"),
        change=np.array([f.change.pct / 100 if f.change else ANY for f in taken]),
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


def _beside(name: str, catalogue: Catalogue, place: dict[str, int]) -> Beside:
    point = catalogue.data_point[name]
    assert point.beside is not None
    times = Fraction(10) ** (point.scale - catalogue.data_point[point.beside.data_point].scale)
    low, high = (float(Fraction(bound) * times) for bound in point.beside.range)
    return Beside(place[name], place[point.beside.data_point], low, high)


def _sum(name: str, catalogue: Catalogue, place: dict[str, int]) -> Sum:
    parts = catalogue.data_point[name].sum_of
    scale = max(catalogue.data_point[p].scale for p in (name, *parts))
    together = tuple((place[p], _tens(scale, p, catalogue)) for p in parts)
    return Sum(place[name], _tens(scale, name, catalogue), together)


def _most(name: str, catalogue: Catalogue, place: dict[str, int]) -> Most:
    whole = catalogue.data_point[name].at_most
    scale = max(catalogue.data_point[p].scale for p in (name, whole))
    return Most(place[name], _tens(scale, name, catalogue), place[whole], _tens(scale, whole, catalogue))


def _average(day_sum: str, average: str, catalogue: Catalogue, place: dict[str, int]) -> Average:
    finer = catalogue.data_point[average].scale - catalogue.data_point[day_sum].scale
    return Average(place[day_sum], place[average], 10 ** max(finer, 0), 10 ** max(-finer, 0))


def _tens(scale: int, data_point: str, catalogue: Catalogue) -> int:
    return int(10 ** (scale - catalogue.data_point[data_point].scale))


def _side(combinations: Sequence[Sequence[tuple[int, int]]]) -> Side:
    flat = [pair for combination in combinations for pair in combination]
    times = np.array([[t] for _, t in flat], dtype=np.int64)
    return Side(np.array([n for n, _ in flat], dtype=np.intp), times, _begins(combinations))


def _begins(lists: Iterable[Sequence[Any]]) -> NDArray[np.intp]:
    sizes = [len(some) for some in lists]
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)


def _used(points: Sequence[int], figures: Sequence[int]) -> Used:
    order = sorted(range(len(points)), key=points.__getitem__)
    distinct, begins = np.unique([points[n] for n in order], return_index=True)
    return Used(distinct, np.array([figures[n] for n in order], dtype=np.intp), begins)


def _of_parts(figures: Sequence[KeyFigure], holds: Callable[[KeyFigure, str], bool]) -> Flags:
    return np.array([holds(figure, part) for figure in figures for part in figure.parts])
