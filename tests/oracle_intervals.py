"""Intervals a second time: every probability as a fraction, every pair of ranks tried. Nothing shared with the product."""

from fractions import Fraction
from math import ceil, comb

TRUST, SIDE = Fraction(95, 100), Fraction(975, 1000)


def coverage(n, p, lower, upper):
    """How often x(lower) < q < x(upper), for the quantile q of what n values were drawn from."""
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(lower, upper))


def interval(n, p):
    """(l, u, coverage), or None: the median's symmetric pair, else the shortest, likeliest, lowest."""
    pairs = [(lo, up) for lo in range(1, n + 1) for up in range(lo + 1, n + 1)]
    if p == Fraction(1, 2):
        pairs = [(lo, n + 1 - lo) for lo in range(1, n // 2 + 1)]
    each = [coverage(n, p, k, k + 1) for k in range(n)]
    enough = [(lo, up, c) for lo, up in pairs if (c := sum(each[lo:up])) >= TRUST]
    return min(enough, key=lambda found: (found[1] - found[0], -found[2], found[0]), default=None)


def chance(population, marked, drawn, hits):
    """P(H = hits) of the hypergeometric distribution."""
    return Fraction(comb(marked, hits) * comb(population - marked, drawn - hits), comb(population, drawn))


def final(n, expected, p):
    """(l, u) for the quantile of all the expected; None for an open side."""
    k = ceil(p * expected)
    lowers = [r for r in range(1, n + 1) if sum(chance(expected, k, n, h) for h in range(r, n + 1)) >= SIDE]
    uppers = [r for r in range(1, n + 1) if sum(chance(expected, k - 1, n, h) for h in range(r)) >= SIDE]
    return max(lowers, default=None), min(uppers, default=None)
