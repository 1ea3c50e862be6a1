"""Months: a figure over the twelve months that end with one, from the amounts of each. Pure.

The window is exactly twelve months; one that is missing leaves the figure absent. The amounts of a month count as soon as no rule
found a fault in them, so that what a window gives follows from the newest revisions of its months and not from their order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.catalogue.definitions import Catalogue, KeyFigure
from services.catalogue.numerals import rounded
from services.validate.finding import Finding, Severity
from services.validate.key_figures import Amounts
from services.validate.normalisation import Factors
from services.validate.periods import Kind, Period, twelve_to

ROLLING = ("rolling12", "quarter")


@dataclass(frozen=True)
class Basis:
    """What a figure is computed from: amounts, the period they cover, its factors.

    lacking   data point -> months of the window in which it is missing
    """

    amounts: Amounts
    period: Period
    factors: Factors
    lacking: Mapping[str, tuple[str, ...]]

    def missing(self, figure: KeyFigure) -> tuple[str, ...]:
        """The months a figure lacks a part of, in order."""
        return tuple(sorted({month for part in figure.parts for month in self.lacking.get(part, ())}))


def window_of(period: Period) -> Period:
    """The twelve months that end with a month."""
    begin = twelve_to(period.name)[0]
    return Period(Kind.YEAR, date.fromisoformat(f"{begin}-01"), period.last)


def over(
    month: str, own: Amounts, earlier: Mapping[str, Mapping[str, int]], catalogue: Catalogue
) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Data point -> its amount over the twelve months to this one, and data point -> the months it is missing in.

    Flows and counts are added, averages are averaged and rounded once, half to even; a stock is that of the last month. A data
    point that is no number in the month itself is in neither.

    own       the month's amounts
    earlier   month -> what was accepted of it
    """
    amounts: dict[str, int] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    months = twelve_to(month)[:-1]
    for part in catalogue.rolling_parts:
        last = own.get(part)
        nature = catalogue.data_point[part].nature
        if not isinstance(last, int) or nature == "stock":
            continue
        missing = tuple(m for m in months if part not in earlier.get(m, {}))
        if missing:
            lacking[part] = missing
            continue
        total = last + sum(earlier[m][part] for m in months)
        amounts[part] = rounded(total, 12) if nature == "average" else total
    return amounts, lacking


def sound(amounts: Amounts, stopped: Iterable[str], catalogue: Catalogue) -> dict[str, int]:
    """Data point -> amount of a month, of what its figures rest on and no rule found a fault in."""
    wrong = set(stopped)
    kept = {part: amounts.get(part) for part in catalogue.monthly_parts if part not in wrong}
    return {part: amount for part, amount in kept.items() if isinstance(amount, int)}


def incomplete(key_figure: str, months: tuple[str, ...]) -> Finding:
    """Why a figure over twelve months is absent."""
    said = {"key_figure": key_figure, "months": ", ".join(months)}
    return Finding("NT-2037", Severity.NOTE, "", key_figure, said)
