"""What a rule of figures may have something to say of, in whole numbers and strict floats: compiled, for `screen.py`. Pure.

True where nothing can be said against a figure, or where something may be, as the function says; on the border, that it may be.
"""

from services.kernels import within
from services.validate.compiled import MARGIN, Whole
from services.validate.doubts import MAGNITUDES, SLACK
from services.validate.key_figures import LARGEST
from services.validate.packed import NONE

FIFTH = 5
ROOM = 2.0**61
LEAST_TIMES = tuple(float(m / SLACK * (1 - MARGIN)) for m in MAGNITUDES)
MOST_TIMES = tuple(float(m * SLACK * (1 + MARGIN)) for m in MAGNITUDES)


@within
def rounded(above: int, below: int) -> int:
    """A fraction as a whole number, halves to even. Twice the denominator, which is positive, fits 64 bits."""
    whole = above // below
    twice = 2 * (above - whole * below)
    return whole + (twice > below or (twice == below and whole % 2 == 1))


@within
def inside(ratio: float, low: float, high: float) -> bool:
    """Surely between two bounds. A float next to a bound may be the bound; only 0 is surely 0."""
    return (ratio > low or (ratio == 0 and low == 0)) and (ratio < high or (ratio == 0 and high == 0))


@within
def _unlike(now: int, was: int, thousand: int, flow: bool, average: bool) -> bool:
    """Whether an amount may be unlike the year before: sign, magnitude, the same again, a denominator moved."""
    large, small = max(abs(now), abs(was)), min(abs(now), abs(was))
    if small > 0:
        if (now < 0) != (was < 0):
            return True
        if large >= thousand:
            times = large / small
            for n in range(len(MAGNITUDES)):
                if LEAST_TIMES[n] <= times <= MOST_TIMES[n]:
                    return True
    if flow and now == was and large >= thousand:
        return True
    return average and was != 0 and FIFTH * abs(now - was) > was


@within
def _changed(above: int, below: int, was_above: int, was_below: int, change: float) -> bool:
    """Whether a figure may have changed more than it may, or turned its sign."""
    if was_below < 0:
        return True
    if was_above > 0:
        was = was_above / was_below
        if not abs(above / below - was) <= change * was * (1 - MARGIN):
            return True
    return above != 0 and was_above != 0 and (above < 0) != (was_above < 0)


@within
def past(now: Whole, was: Whole, above: int, below: int, terms: Whole, points: Whole, change: float) -> bool:
    """Whether a figure may be unlike the year before."""
    was_above, was_below, known = 0, 0, True
    for k in range(len(terms)):
        d = terms[k, 0]
        if was[d] == NONE:
            known = False
            continue
        was_above += was[d] * terms[k, 1]
        was_below += was[d] * terms[k, 2]
        if _unlike(now[d], was[d], points[d, 2], terms[k, 3] != 0, terms[k, 4] != 0):
            return True
    return known and was_below != 0 and _changed(above, below, was_above, was_below, change)


@within
def multiplied(above: int, times: int, divided: int) -> int:
    """A numerator times its factors, rounded once; NONE where that takes more than 64 bits."""
    if times == divided:
        return above
    return rounded(above * times, divided) if abs(above) * float(times) < ROOM else NONE


@within
def likely(above: int, below: int, numerator: int, figure: Whole, bounds: tuple[float, float, float, float]) -> bool:
    """Whether of a pair neither size, base nor range has anything to say."""
    if below <= 0 or below >= LARGEST or abs(above) >= LARGEST or not -LARGEST < numerator < LARGEST:
        return False
    if below < figure[0] or (figure[1] != 0 and above > below):
        return False
    ratio = numerator / below
    is_bound = numerator * figure[4] == below * figure[3] or numerator * figure[6] == below * figure[5]
    return (is_bound or inside(ratio, bounds[0], bounds[1])) and inside(ratio, bounds[2], bounds[3])
