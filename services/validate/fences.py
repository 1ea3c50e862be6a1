"""How far a figure is from units like it in a closed period: fences, asymmetric, compared in whole numbers. Pure.

With quartiles q1, M, q3 and k of the catalogue, after Statistics Norway's KOSTRA: q1 - k(M - q1) and q3 + k(q3 - M); for costs
on the logarithm, which is q1(q1/M)^k and q3(q3/M)^k. No fence on a side where there is no way from the median to the quartile
(M = q1 or q3 = M): it would stop every unit beyond the quartile. On the logarithm none below where q1 is not above 0, none above
where M is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from services.catalogue import amounts as scales
from services.catalogue.bounds import Fences
from services.catalogue.quartiles import Frozen, Quartiles
from services.catalogue.vocabulary import Catalogue
from services.validate.finding import Finding, Severity


@dataclass(frozen=True)
class Peers:
    """Frozen quartiles of an earlier period, and the groups of the unit that is held against them, wide to narrow."""

    frozen: Frozen
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Fence:
    """One fence, signed and squared, so that a fence on the logarithm with half a k stays a fraction.

    A fence on values is squared too: `sign` is its side of 0.
    """

    squared: Fraction
    sign: int = 1

    def above(self, value: Fraction) -> bool:
        """Whether the fence lies above a value."""
        return self._signed() > value * abs(value)

    def below(self, value: Fraction) -> bool:
        """Whether the fence lies below a value."""
        return self._signed() < value * abs(value)

    def text(self, decimals: int) -> str:
        """For people: cut, not rounded, to so many decimals."""
        return scales.natural(
            self.sign * isqrt(self.squared.numerator * 100**decimals // self.squared.denominator), decimals
        )

    def _signed(self) -> Fraction:
        return self.sign * self.squared


def outside(shown: Fraction, key_figure: str, catalogue: Catalogue, peers: Peers) -> Iterator[Finding]:
    """A figure, in the unit it is shown in, outside the fences of the narrowest of its unit's groups that has any."""
    figure = catalogue.key_figure[key_figure]
    if figure.fences is None:
        return
    found = peers.frozen.narrowest(key_figure, peers.groups, figure.fences.units)
    if found is None:
        return
    group, quartiles = found
    low, high = limits(quartiles, figure.fences, figure.show.factor)
    if (low and low.above(shown)) or (high and high.below(shown)):
        decimals = figure.show.decimals + 1
        said = {"key_figure": key_figure, "value": scales.natural(round(shown * 10**decimals), decimals)}
        said |= {"group": group, "period": peers.frozen.period, "units": str(quartiles.units)}
        said |= {side: fence.text(decimals) if fence else "…" for side, fence in (("low", low), ("high", high))}
        yield Finding("NT-2021", Severity[figure.fences.severity.upper()], "", key_figure, said)


def limits(quartiles: Quartiles, fences: Fences, factor: int) -> tuple[Fence | None, Fence | None]:
    """The lower and the upper fence, in the unit the figure is shown in; None where there is none.

    >>> from decimal import Decimal
    >>> k = Fences(k=Decimal("1.5"), of="values", source="assumed")
    >>> low, high = limits(Quartiles(units=40, q1=Decimal(8), median=Decimal(10), q3=Decimal(14)), k, 1)
    >>> low.text(1), high.text(1)
    ('5', '20')
    """
    q1, median, q3 = (Fraction(q) * factor for q in (quartiles.q1, quartiles.median, quartiles.q3))
    k = Fraction(fences.k)
    if fences.of == "values":
        low, high = q1 - k * (median - q1), q3 + k * (q3 - median)
        return _fence(low) if median > q1 else None, _fence(high) if q3 > median else None
    twice = int(2 * k)
    return (
        Fence(q1 ** (2 + twice) / median**twice) if median > q1 > 0 else None,
        Fence(q3 ** (2 + twice) / median**twice) if q3 > median > 0 else None,
    )


def _fence(value: Fraction) -> Fence:
    return Fence(value * value, -1 if value < 0 else 1)
