"""A gap to the median in money: the unit's gap times its own denominator, exactly. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.standing import E4, Standing
from services.benchmark.statistics import Pair, Whole, between
from services.benchmark.view import View
from services.catalogue.definitions import Catalogue
from services.catalogue.numerals import rounded

Flags = NDArray[np.bool_]
ERRS = 16 * 2.0**-53  # relative to the larger term: more than the roundings on the way can come to


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

    dwellings   (whole number, its scale) of the unit; None or 0 where they are not known.
    """
    if not _is_priced(key_figure, catalogue) or standing.gap_e9 is None or not standing.median:
        return None
    (own_n, own_d), (n, d) = standing.own, standing.median
    money, parts = own_n * d - own_d * n, d * 10 ** catalogue.scale(key_figure)
    monthly = None
    if dwellings and dwellings[0] > 0:
        monthly = rounded(E4 * money * 10 ** dwellings[1], parts * 12 * dwellings[0])
    return PricedGap(rounded(E4 * money, parts), monthly)


@dataclass(frozen=True)
class Priced:
    """Priced gaps of N standings, as PricedGap has them. `known`: 0 = none, 1 = a year's, 2 = also a dwelling's and month's."""

    known: NDArray[np.uint8]
    per_year_e4: Whole
    per_dwelling_month_e4: Whole

    @classmethod
    def none(cls, count: int) -> "Priced":
        """Gaps that are not priced."""
        return cls(np.zeros(count, dtype=np.uint8), *np.zeros((2, count), dtype=np.int64))


@dataclass(frozen=True)
class Medians:
    """N medians of type 8, each halfway between two ratios, which may be one: numerators and denominators, (N,) each."""

    low: tuple[Whole, Whole]
    high: tuple[Whole, Whole]

    def at(self, places: Whole) -> "Medians":
        """Those at some places."""
        (a, b), (c, d) = self.low, self.high
        return Medians((a[places], b[places]), (c[places], d[places]))

    def exactly(self, one: int) -> Pair:
        """One of them as an exact fraction."""
        low, high = ((int(n[one]), int(d[one])) for n, d in (self.low, self.high))
        return between(low, high, 1, 2)


@dataclass(frozen=True)
class Prices:
    """How the gaps of a catalogue's figures are priced, many at a time.

    scales      row of a priced figure -> its scale
    rows        (row, scale) of figures whose denominator is the number of dwellings; of several the first that a unit has
    """

    scales: Mapping[int, int]
    rows: Sequence[tuple[int, int]]

    @classmethod
    def of_catalogue(cls, catalogue: Catalogue) -> "Prices":
        """As a catalogue says."""
        scales = {
            row: catalogue.scale(name) for row, name in enumerate(catalogue.key_figures) if _is_priced(name, catalogue)
        }
        return cls(scales, dwellings_rows(catalogue))

    def dwellings(self, view: View, columns: Whole) -> Whole:
        """(whole number, scale) of M columns of a view, 2 x M; 0 where they are not known."""
        found = np.zeros((2, len(columns)), dtype=np.int64)
        for row, scale in reversed(self.rows):
            there = view.absences[row, columns] == 0
            found[0, there], found[1, there] = view.denominators[row, columns[there]], scale
        return found

    def of(self, rows: Whole, own: tuple[Whole, Whole], medians: Medians, dwellings: Whole, shown: Flags) -> Priced:
        """The gaps of N units of priced figures, where the median is shown: their pairs, and their dwellings, 2 x N."""
        found = Priced.none(len(rows))
        scales = np.full(int(rows.max(initial=-1)) + 1, -1)
        for row, scale in self.scales.items():
            scales[row : row + 1] = scale
        due = np.flatnonzero(shown & (scales[rows] >= 0))
        n, d, median, (count, scale) = own[0][due], own[1][due], medians.at(due), dwellings[:, due]
        there, year = count > 0, 10.0 ** scales[rows[due]]
        month = year * 12 * np.where(there, count, 1) / 10.0**scale

        def exact(one: int, months: int, per: int) -> int:
            theirs = median.exactly(one)
            money = int(n[one]) * theirs[1] - int(d[one]) * theirs[0]
            return rounded(E4 * money * per, theirs[1] * 10 ** int(scales[rows[due[one]]]) * months)

        def monthly(one: int) -> int:
            return exact(one, 12 * int(count[one]), 10 ** int(scale[one])) if count[one] > 0 else 0

        found.known[due] = 1 + there
        found.per_year_e4[due] = _divided(n, d, median, year, lambda one: exact(one, 1, 1))
        found.per_dwelling_month_e4[due] = np.where(there, _divided(n, d, median, month, monthly), 0)
        return found


def _divided(
    numerators: Whole, denominators: Whole, medians: Medians, by: NDArray[np.float64], exact: Callable[[int], int]
) -> Whole:
    """E4 times what own numerators lie above the medians', over so much; floats settle what is clear, whole numbers the rest."""
    low, high = (n / np.maximum(d, 1) for n, d in (medians.low, medians.high))
    near = E4 * (numerators - denominators * (0.5 * (low + high))) / by
    largest = denominators * np.maximum(np.abs(low), np.abs(high))
    errs = np.maximum(np.abs(numerators), largest) * (E4 * ERRS) / by
    clear = (np.abs(near - np.floor(near) - 0.5) > errs) & (errs < 0.25)
    found = np.where(clear, np.rint(near), 0).astype(np.int64)
    for at in np.flatnonzero(~clear).tolist():
        found[at] = exact(at)
    return found


def _is_priced(key_figure: str, catalogue: Catalogue) -> bool:
    """Whether a figure's numerator counts money of one year: a balance is no money a year, so its gap is not priced."""
    figure = catalogue.key_figure[key_figure]
    stock = any(catalogue.data_point[part].nature == "stock" for part in figure.numerator)
    return figure.priced and not stock and figure.period in ("year", "rolling12")


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
