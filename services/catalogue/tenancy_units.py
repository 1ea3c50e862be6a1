"""Lejemålsenheder: what a department's tenancies weigh, in fifths, and summed over the days of a period. Pure, whole numbers.

Source of the weights: the standard account form of almene boligafdelinger. Dwelling 1; business and institution 1 per begun
60 m²; garage, carport and side-let 1/5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

FIFTHS = 5  # of one tenancy unit
AREA_OF_ONE = 6000  # 60 m², in hundredths
DWELLING, BY_AREA, SMALL = "dwelling", ("business", "institution"), ("garage", "carport", "side_let")
KINDS = {
    **dict.fromkeys(("dwelling", "bolig"), DWELLING),
    **dict.fromkeys(("business", "erhverv"), "business"),
    "institution": "institution",
    "garage": "garage",
    "carport": "carport",
    **dict.fromkeys(("side_let", "side-let", "sidelejemål"), "side_let"),
}


@dataclass(frozen=True)
class Tenancy:
    """One tenancy: its kind, its area in hundredths of m² (0 where it does not matter), and the days it stood, both inside."""

    kind: str
    area: int
    first: date
    last: date


@dataclass(frozen=True)
class DaySums:
    """Summed over every day of a period: fifths of tenancy units, and dwellings."""

    fifth_days: int
    dwelling_days: int

    @property
    def tenancy_unit_tenths(self) -> int:
        """Tenancy-unit days in tenths, as the data point counts them; exact, since a fifth is two tenths."""
        return self.fifth_days * 10 // FIFTHS


def fifths(tenancy: Tenancy) -> int:
    """What a tenancy weighs, in fifths of a tenancy unit. Raises ValueError for a business or institution without an area.

    >>> day = date(2024, 1, 1)
    >>> [fifths(Tenancy("business", area, day, day)) for area in (1, 6000, 6001)]
    [5, 5, 10]
    """
    if tenancy.kind in SMALL:
        return 1
    if tenancy.kind in BY_AREA:
        if tenancy.area <= 0:
            raise ValueError("a business or institution weighs by its area; there is none")
        return FIFTHS * -(-tenancy.area // AREA_OF_ONE)
    return FIFTHS


def day_sums(tenancies: Iterable[Tenancy], first: date, last: date) -> DaySums:
    """Every tenancy's weight times its days inside the period from the first to the last day, added up."""
    fifth_days = dwelling_days = 0
    for tenancy in tenancies:
        days = max(0, (min(tenancy.last, last) - max(tenancy.first, first)).days + 1)
        fifth_days += fifths(tenancy) * days
        dwelling_days += days if tenancy.kind == DWELLING else 0
    return DaySums(fifth_days, dwelling_days)
