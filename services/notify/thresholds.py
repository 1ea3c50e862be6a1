"""On which side of a threshold a unit is: a quarter, a percentile or a value of one's own."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from services.catalogue.sentences import E4

BELOW, ABOVE = 0, 1


@dataclass(frozen=True)
class Threshold:
    """What is to be passed. A unit has passed a percentile or value only when it is `hysteresis` beyond the limit.

    limit       a quarter 1-4, 0 for every quarter, a percentile 1-99, or a value in the unit the figure is shown in
    tolerance   in place of the figure's own, in the unit it is shown in; None: the figure's
    """

    measure: Literal["quartile", "percentile", "value"]
    limit: Decimal
    hysteresis: Decimal = Decimal(0)
    tolerance: Decimal | None = None

    @property
    def is_quarters(self) -> bool:
        """Whether it is every quarter, which no threshold is too, with a tolerance of one's own."""
        return self.measure == "quartile" and self.limit == 0


@dataclass(frozen=True)
class Place:
    """A unit's place in a cell. `quartile` 0: too few to say; `value`: its ratio in the unit it is shown in."""

    quartile: int
    percentile_e4: int
    value: Fraction


def side(threshold: Threshold | None, place: Place | None, previous: int | None) -> int | None:
    """The side a place is on: the quarter itself without a threshold, else whether it is at or above the limit.

    None where nothing can be said. Between the two edges of a hysteresis the previous side holds.

    >>> side(Threshold("percentile", Decimal(75), Decimal(2)), Place(3, 740_000, Fraction(0)), ABOVE)
    1
    """
    if place is None or (place.quartile == 0 and (threshold is None or threshold.measure == "quartile")):
        return None
    if threshold is None or threshold.is_quarters:
        return place.quartile
    if threshold.measure == "quartile":
        return ABOVE if place.quartile == threshold.limit else BELOW
    limit, edge = Fraction(threshold.limit), Fraction(threshold.hysteresis)
    at = Fraction(place.percentile_e4, E4) if threshold.measure == "percentile" else place.value
    if previous == ABOVE:
        return BELOW if at < limit - edge else ABOVE
    if previous == BELOW:
        return ABOVE if at >= limit + edge else BELOW
    return ABOVE if at >= limit else BELOW


def clear(threshold: Threshold | None, place: Place, to_quartile: Fraction | None, tolerance: Decimal) -> bool:
    """Whether a place is further from the limit than the tolerance, so that noise does not carry it across.

    to_quartile   from the unit's value to the nearest quartile; None: not known, which is not far enough
    tolerance     the figure's own, in the unit it is shown in; 0: it has none
    """
    if threshold is not None and threshold.tolerance is not None:
        tolerance = threshold.tolerance
    if threshold is not None and threshold.measure == "percentile":
        return True  # its hysteresis keeps noise out
    if threshold is not None and threshold.measure == "value":
        return abs(place.value - Fraction(threshold.limit)) >= Fraction(tolerance)
    return tolerance == 0 or (to_quartile is not None and to_quartile > Fraction(tolerance))
