"""A gap to the median in money: the unit's gap times its own denominator, exactly. Pure."""

from dataclasses import dataclass

from services.benchmark.standing import E4, Standing
from services.benchmark.state import View
from services.benchmark.statistics import rounded
from services.catalogue.definitions import Catalogue


@dataclass(frozen=True)
class PricedGap:
    """In 1/10,000 of the numerator's unit of account; above 0 where the unit lies above the median.

    Each is rounded once from the exact value. `per_dwelling_month_e4` is None where the unit's dwellings are not known.
    """

    per_year_e4: int
    per_dwelling_month_e4: int | None


def gap(
    standing: Standing, key_figure: str, catalogue: Catalogue, dwellings: tuple[int, int] | None
) -> PricedGap | None:
    """The gap of a unit to the median of its cell; None where the figure is not priced, or the median not shown.

    dwellings   (whole number, its scale) of the unit; None or 0 where they are not known. A figure's numerator counts
                money of one year: a balance is no money a year, so its gap is not priced.
    """
    figure = catalogue.key_figure[key_figure]
    if (
        not figure.priced
        or any(catalogue.data_point[part].nature == "stock" for part in figure.numerator)
        or figure.period not in ("year", "rolling12")
        or standing.gap_e9 is None
        or not standing.median
    ):
        return None
    (own_n, own_d), (n, d) = standing.own, standing.median
    money, parts = own_n * d - own_d * n, d * 10 ** catalogue.scale(key_figure)
    monthly = None
    if dwellings and dwellings[0] > 0:
        monthly = rounded(E4 * money * 10 ** dwellings[1], parts * 12 * dwellings[0])
    return PricedGap(rounded(E4 * money, parts), monthly)


def of(standing: Standing | None, view: View, row: int, column: int, catalogue: Catalogue) -> PricedGap | None:
    """The priced gap of a unit's standing at a vintage, its dwellings read off a figure that divides by them."""
    if standing is None or not catalogue.key_figure[view.figures[row]].priced:
        return None
    known = ((r, scale) for r, scale in dwellings_rows(catalogue) if not view.absences[r, column])
    dwellings = next(((int(view.denominators[r, column]), scale) for r, scale in known), None)
    return gap(standing, view.figures[row], catalogue, dwellings)


def dwellings_rows(catalogue: Catalogue) -> list[tuple[int, int]]:
    """(row, scale) of the key figures whose denominator is the number of dwellings and nothing else."""
    return [
        (row, catalogue.scale(name))
        for row, (name, figure) in enumerate(catalogue.key_figure.items())
        if catalogue.dwellings and figure.denominator == (catalogue.dwellings,)
    ]
