"""Funnel limits: how far a unit of its size lies from the group's ratio of sums by chance alone.

T = ΣN/ΣD, SE_i = sqrt(τ² + σ²/D_i), σ² = T(1-T) for shares and T for counts. τ² is what units differ by beyond chance (additive
random effects): with w_i = D_i/σ² and z_i = (r_i - T) * sqrt(w_i), the tenth at either end drawn in to the next,
Q = Σ z², τ² = max(0, (Q - (n-1)) / (Σw - Σw²/Σw)). Source: Spiegelhalter, Funnel plots (Stat Med 2005) and Handling
over-dispersion (Qual Saf Health Care 2005). Everything is exact; only the limits, which are square roots, are rounded once.
A ratio of kr. has no such σ²: no funnel, and that is said.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Literal

from services.benchmark.statistics import Pair
from services.catalogue.vocabulary import Catalogue

Basis = Literal["share", "count"]


class Without(IntEnum):
    """Why there is no funnel; the numbers of the contract."""

    UNSPECIFIED = 0  # there is one
    MONEY = 1  # kr.: no chance variation follows from the size
    NOT_COUNTED = 2  # neither a share of what is counted nor a number of events
    TOO_FEW = 3
    LEVEL = 4  # the ratio of sums leaves no room for chance: 0, or every one


@dataclass(frozen=True)
class Funnel:
    """Target T and the two variances; `scale` is how many decimals the denominators count."""

    target: Fraction
    within: Fraction  # σ²
    between: Fraction  # τ²
    scale: int

    def limits(self, denominator: int, errors: int) -> tuple[float, float]:
        """Lower and upper limit for a unit, `errors` standard errors from the target. Rounded."""
        reach = errors * math.sqrt(self._variance(denominator))
        return float(self.target) - reach, float(self.target) + reach

    def outside(self, own: Pair) -> int:
        """By how many standard errors, of 2 and 3, a unit lies further out than them: 0, 2 or 3; negative below. Exact."""
        apart = Fraction(*own) - self.target
        squared, variance = apart**2, self._variance(own[1])
        errors = 3 if squared > 9 * variance else 2 if squared > 4 * variance else 0
        return errors if apart > 0 else -errors

    def _variance(self, denominator: int) -> Fraction:
        return self.between + self.within * Fraction(10**self.scale, denominator)


def basis(catalogue: Catalogue, key_figure: str) -> Basis | Without:
    """What kind of chance a key figure is subject to, as its catalogue says, or why none is known."""
    figure = catalogue.key_figure[key_figure]
    points = [catalogue.data_point[name] for name in (*figure.numerator, *figure.less)]
    if any(point.unit.da.startswith("kr") for point in points):
        return Without.MONEY
    if figure.kind == "share":
        return "share"
    return "count" if all(point.nature == "count" for point in points) else Without.NOT_COUNTED


def funnel(pairs: Sequence[Pair], scale: int, kind: Basis) -> Funnel | Without:
    """The funnel of the units of a cell. At least one unit; denominators positive, in 10^-scale."""
    sum_n, sum_d = sum(n for n, _ in pairs), sum(d for _, d in pairs)
    target = Fraction(sum_n, sum_d)
    within = target * (1 - target) if kind == "share" else target
    if within <= 0:
        return Without.LEVEL
    precision = [Fraction(d, 10**scale) / within for _, d in pairs]
    signed = sorted(_signed_square(Fraction(n, d) - target, w) for (n, d), w in zip(pairs, precision, strict=True))
    drawn_in = len(signed) // 10
    ends = signed[drawn_in], signed[-1 - drawn_in]
    spread = total(abs(min(max(z, ends[0]), ends[1])) for z in signed)
    weight, squares = total(precision), total(w * w for w in precision)
    room = weight - squares / weight
    between = max(Fraction(0), (spread - (len(pairs) - 1)) / room) if room else Fraction(0)
    return Funnel(target, within, between, scale)


def _signed_square(apart: Fraction, weight: Fraction) -> Fraction:
    """z² with the sign of z: ordered as z is."""
    return abs(apart) * apart * weight


def total(fractions: Iterator[Fraction] | Sequence[Fraction]) -> Fraction:
    """The exact sum, two and two, so that long denominators are met late."""
    left = list(fractions)
    while len(left) > 1:
        left = [sum(left[n : n + 2], Fraction(0)) for n in range(0, len(left), 2)]
    return left[0] if left else Fraction(0)
