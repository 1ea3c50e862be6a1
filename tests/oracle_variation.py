"""Outliers, funnels and control charts a second time: decimals of many places, plain loops, nothing shared with the product."""

import itertools
from decimal import Decimal, getcontext
from fractions import Fraction
from math import ceil, floor

getcontext().prec = 60


def quantile(values, p):
    """Type 8 of numbers, by interpolation at (n + 1/3) p + 1/3."""
    ordered, n = sorted(values), len(values)
    at = (n + Fraction(1, 3)) * p + Fraction(1, 3)
    low, high = (min(max(rank, 1), n) - 1 for rank in (floor(at), ceil(at)))
    part = at - floor(at)
    return ordered[low] + (ordered[high] - ordered[low]) * _like(part, ordered[0])


def _like(part, value):
    return type(value)(part.numerator) / type(value)(part.denominator)


def decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


def fences(values, logarithms):
    """Value -> -1, 0, 1; None where the logarithm does not exist."""
    q1, middle, q3 = (quantile(values, Fraction(k, 4)) for k in (1, 2, 3))
    if logarithms:
        if q1 <= 0:
            return None
        a, b, c = (decimal(q).ln() for q in (q1, middle, q3))
        sides = []
        for x in values:
            at = decimal(x).ln() if x > 0 else Decimal("-Infinity")
            sides.append(1 if at > c + Decimal("1.5") * (c - b) else -1 if at < a - Decimal("1.5") * (b - a) else 0)
        return sides
    top, bottom = q3 + Fraction(3, 2) * (q3 - middle), q1 - Fraction(3, 2) * (middle - q1)
    return [1 if x > top else -1 if x < bottom else 0 for x in values]


def deviations(values):
    """Whether each is 3.5 of 1.4826 median absolute deviations away; None where that is 0."""
    middle = quantile(values, Fraction(1, 2))
    deviation = quantile([abs(x - middle) for x in values], Fraction(1, 2))
    if deviation == 0:
        return None
    return [abs(x - middle) / (Fraction(14826, 10000) * deviation) > Fraction(7, 2) for x in values]


def changes(before, after, c=4):
    """Unit -> (E, lower limit, upper limit), as decimals."""
    both = [u for u in before if u in after and before[u] > 0 and after[u] > 0]
    level = [u for u in both if before[u] == after[u]]
    counted = both if len(level) * 2 < len(both) else [u for u in both if u not in level]
    if not counted:
        return {}
    middle = quantile([after[u] / before[u] for u in counted], Fraction(1, 2))
    effect = {}
    for u in both:
        r = after[u] / before[u]
        s = 1 - middle / r if r < middle else r / middle - 1
        effect[u] = decimal(s) * decimal(max(before[u], after[u])).sqrt()
    q1, m, q3 = (quantile([effect[u] for u in counted], Fraction(k, 4)) for k in (1, 2, 3))
    least = abs(Decimal("0.05") * m)
    return {u: (effect[u], m - c * max(m - q1, least), m + c * max(q3 - m, least)) for u in both}


def funnel(pairs, kind):
    """(target, variance within, variance between) as fractions, z as decimals."""
    target = Fraction(sum(n for n, _ in pairs), sum(d for _, d in pairs))
    within = target * (1 - target) if kind == "share" else target
    weights = [Fraction(d) / within for _, d in pairs]
    z = sorted(decimal(Fraction(n, d) - target) * decimal(w).sqrt() for (n, d), w in zip(pairs, weights, strict=True))
    tenth = len(z) // 10
    z = [z[tenth]] * tenth + z[tenth : len(z) - tenth] + [z[len(z) - tenth - 1]] * tenth
    q = sum((x * x for x in z), Decimal(0))
    room = sum(weights) - sum(w * w for w in weights) / sum(weights)
    between = max(Decimal(0), (q - (len(pairs) - 1)) / decimal(room)) if room else Decimal(0)
    return target, within, between


def signals(values, centre, reach):
    """Per point the names of what is unlike chance, by looking at the seven points that end there."""
    found = []
    for n, x in enumerate(values):
        seven = values[max(0, n - 6) : n + 1]
        full = len(seven) == 7
        said = []
        if x > centre + reach or x < centre - reach:
            said.append("OUTSIDE")
        if full and (all(v > centre for v in seven) or all(v < centre for v in seven)):
            said.append("ONE_SIDE")
        if full and all(a < b for a, b in itertools.pairwise(seven)):
            said.append("RISING")
        if full and all(a > b for a, b in itertools.pairwise(seven)):
            said.append("FALLING")
        found.append(said)
    return found
