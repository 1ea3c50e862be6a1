"""Values that stand apart. A flag is said beside a value; no value is left out because of it.

Three looks: at one unit between two periods (Hidiroglou and Berthelot), at a group by fences that need not be symmetric, and at
a group by the median absolute deviation. Fences and deviations are decided in fractions. Between periods the definition takes a
square root: there floats are used, each the correctly rounded one, so that every machine says the same.
Sources: Statistics Norway's Kostra package for R (fences, k 1.5; equal values), the univOutl package (U .5, A .05, C 4).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.benchmark.statistics import MEDIAN, Q1, Q3, Pair, quantile

A, C, K = 0.05, 4, Fraction(3, 2)
MAD_LIMIT = Fraction("3.5") * Fraction("1.4826")  # of the median absolute deviation


@dataclass(frozen=True)
class Fences:
    """What lies outside stands apart. The fences themselves are 1.5 times as far from a quartile as that is from the median."""

    q1: Fraction
    median: Fraction
    q3: Fraction
    logarithms: bool

    def side(self, value: Fraction) -> int:
        """-1 below the lower fence, 1 above the upper, 0 between.

        On logarithms x > q3 * (q3/M)^1.5, which squared is x² * M³ > q3⁵: nothing is rounded.
        """
        if self.logarithms:
            if value <= 0:
                return -1
            beyond = value**2 * self.median**3
            return int(beyond > self.q3**5) - int(beyond < self.q1**5)
        above = value > self.q3 + K * (self.q3 - self.median)
        return int(above) - int(value < self.q1 - K * (self.median - self.q1))


def fences(ordered: Sequence[Pair], *, logarithms: bool) -> Fences | None:
    """The fences of sorted ratios; on logarithms for kr. figures, whose errors are factors.

    None: not computable, since there is no value, or on logarithms a first quartile that is not above 0.
    """
    if not ordered:
        return None
    q1, median, q3 = (Fraction(*quantile(ordered, twentieths)) for twentieths in (Q1, MEDIAN, Q3))
    return None if logarithms and q1 <= 0 else Fences(q1, median, q3, logarithms)


@dataclass(frozen=True)
class Deviations:
    """Distance from the median in median absolute deviations: a second opinion."""

    median: Fraction
    deviation: Fraction  # the median absolute deviation, above 0

    def apart(self, value: Fraction) -> bool:
        """Whether |x - M| / (1.4826 * MAD) is above 3.5."""
        return abs(value - self.median) > MAD_LIMIT * self.deviation


def deviations(ordered: Sequence[Pair]) -> Deviations | None:
    """Of sorted ratios. None: not computable, since there is no value or the deviation is 0: half of them are level."""
    if not ordered:
        return None
    median = Fraction(*quantile(ordered, MEDIAN))
    apart = sorted(abs(Fraction(n, d) - median) for n, d in ordered)
    deviation = Fraction(*quantile([f.as_integer_ratio() for f in apart], MEDIAN))
    return Deviations(median, deviation) if deviation else None


@dataclass(frozen=True)
class Changes:
    """How units changed between two periods, and which of them too much.

    effects   unit -> E, how far its change is from the median change, larger for large values; no unit whose value is not
              above 0 in both periods: not computable
    lower, upper   limits of E
    """

    effects: Mapping[str, float]
    lower: float
    upper: float

    def side(self, unit_id: str) -> int | None:
        """-1 fell too much, 1 rose too much, 0 neither; None: not computable."""
        effect = self.effects.get(unit_id)
        return None if effect is None else int(effect > self.upper) - int(effect < self.lower)


def changes(before: Mapping[str, Pair], after: Mapping[str, Pair], *, c: float = C) -> Changes | None:
    """Hidiroglou and Berthelot: r = y2/y1, s = 1 - M/r below the median r and r/M - 1 above, E = s * sqrt(max(y1, y2)),
    limits E_M ± c * max(distance of E's quartile, |A * E_M|).

    Units that are level in both periods count in the quartiles only while they are fewer than half. None: no unit has a value
    above 0 in both periods.
    """
    both = {u: (Fraction(*before[u]), Fraction(*after[u])) for u in sorted(before.keys() & after.keys())}
    both = {u: (first, last) for u, (first, last) in both.items() if first > 0 and last > 0}
    moved = {u: (first, last) for u, (first, last) in both.items() if first != last}
    counted = both if 2 * (len(both) - len(moved)) < len(both) else moved
    if not counted:
        return None
    ratios = {u: last / first for u, (first, last) in both.items()}
    ordered = sorted(ratios[u] for u in counted)
    median = Fraction(*quantile([r.as_integer_ratio() for r in ordered], MEDIAN))
    effects = {u: _effect(ratios[u], median, max(both[u])) for u in both}
    q1, middle, q3 = _quartiles(sorted(effects[u] for u in counted))
    least = abs(A * middle)
    return Changes(effects, middle - c * max(middle - q1, least), middle + c * max(q3 - middle, least))


def _effect(ratio: Fraction, median: Fraction, larger: Fraction) -> float:
    apart = 1 - median / ratio if ratio < median else ratio / median - 1
    return float(apart) * math.sqrt(float(larger))


def _quartiles(ordered: Sequence[float]) -> tuple[float, ...]:
    exact = [effect.as_integer_ratio() for effect in ordered]
    return tuple(n / d for n, d in (quantile(exact, twentieths) for twentieths in (Q1, MEDIAN, Q3)))
