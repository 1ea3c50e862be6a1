"""Rounding of what is released, exact: a base per cell and period, halves to even (rule D9)."""

from fractions import Fraction

from services.benchmark.statistics import Pair
from services.catalogue.numerals import rounded

PARTS_OF_IQR = 20


def base(spread: Fraction, finest: Fraction) -> Fraction:
    """The smallest of {1, 2, 5} * 10^k that is at least a twentieth of the interquartile range; never finer than `finest`.

    >>> base(Fraction(30), Fraction(1, 100)), base(Fraction(0), Fraction(1, 100))
    (Fraction(2, 1), Fraction(1, 100))
    """
    least = max(spread / PARTS_OF_IQR, finest)
    if least <= 0:
        raise ValueError("a rounding base needs a spread or a finest step above 0")
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def steps(value: Pair, of: Fraction) -> int:
    """How many bases a ratio is, rounded, halves to even. The denominator is positive.

    >>> steps((5, 2), Fraction(1)), steps((7, 2), Fraction(1)), steps((-5, 2), Fraction(1))
    (2, 4, -2)
    """
    return rounded(value[0] * of.denominator, value[1] * of.numerator)


def text(value: Fraction) -> str:
    """A multiple of a base as decimal text, exactly.

    >>> text(Fraction(-13, 20)), text(Fraction(1500)), text(Fraction(0))
    ('-0.65', '1500', '0')
    """
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
        if decimals > 60:
            raise ValueError(f"{value} has no end as a decimal")
    whole = abs(int(value * 10**decimals))
    sign = "-" if value < 0 else ""
    if not decimals:
        return f"{sign}{whole}"
    return f"{sign}{whole // 10**decimals}.{whole % 10**decimals:0{decimals}}"
