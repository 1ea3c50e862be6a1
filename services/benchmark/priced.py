"""A gap to the median in money: the unit's gap times its own denominator, exactly. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.standing import E4, Standing
from services.benchmark.state import View
from services.benchmark.statistics import Pair, Whole
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

    @classmethod
    def joined(cls, some: Sequence["Priced"]) -> "Priced":
        """Some, one after another."""
        return cls(
            np.concatenate([s.known for s in some]),
            np.concatenate([s.per_year_e4 for s in some]),
            np.concatenate([s.per_dwelling_month_e4 for s in some]),
        )

    def at(self, places: Whole) -> "Priced":
        """Those at some places."""
        return Priced(self.known[places], self.per_year_e4[places], self.per_dwelling_month_e4[places])


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

    def of(
        self,
        cells: Sequence[tuple[int, Pair | None]],
        at: Whole,
        own: tuple[Whole, Whole],
        dwellings: Whole,
        shown: Flags,
    ) -> Priced:
        """The gaps of N units, where their cell's median is shown: their pairs, and their dwellings, 2 x N.

        cells   (row of the key figure, its median exactly; None where nobody is there); at: (N,) each unit's place in them
        """
        medians = [(row, pair) if row in self.scales else (row, None) for row, pair in cells]
        middle = np.array([p[0] / p[1] if p else np.nan for _, p in medians], dtype=np.float64)
        unit = np.array([10.0 ** self.scales.get(row, 0) for row, _ in medians], dtype=np.float64)
        found = Priced.none(len(at))
        due = np.flatnonzero(shown & ~np.isnan(middle)[at])
        cell, n, d, (count, scale) = at[due], own[0][due], own[1][due], dwellings[:, due]

        def exact(one: int, months: int, per: int) -> int:
            row, pair = medians[int(cell[one])]
            theirs = pair or (0, 1)
            money = int(n[one]) * theirs[1] - int(d[one]) * theirs[0]
            return rounded(E4 * money * per, theirs[1] * 10 ** self.scales[row] * months)

        def monthly(one: int) -> int:
            return exact(one, 12 * int(count[one]), 10 ** int(scale[one])) if count[one] > 0 else 0

        there, year = count > 0, unit[cell]
        month = year * 12 * np.where(there, count, 1) / 10.0**scale
        found.known[due] = 1 + there
        found.per_year_e4[due] = _divided(n, d, middle[cell], year, lambda one: exact(one, 1, 1))
        found.per_dwelling_month_e4[due] = np.where(there, _divided(n, d, middle[cell], month, monthly), 0)
        return found


def _divided(
    numerators: Whole,
    denominators: Whole,
    medians: NDArray[np.float64],
    by: NDArray[np.float64],
    exact: Callable[[int], int],
) -> Whole:
    """E4 times what own numerators lie above the medians', over so much; floats settle what is clear, whole numbers the rest."""
    theirs = denominators * medians
    near = E4 * (numerators - theirs) / by
    errs = np.maximum(np.abs(numerators), np.abs(theirs)) * (E4 * ERRS) / by
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
