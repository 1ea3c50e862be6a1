"""A gap to the median in money: the unit's gap times its own denominator, exactly. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.placing import ERRS
from services.benchmark.standing import E4, Standing
from services.benchmark.state import View
from services.benchmark.statistics import Whole
from services.catalogue.definitions import Catalogue
from services.catalogue.numerals import rounded


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
        nothing = np.zeros(count, dtype=np.int64)
        return cls(np.zeros(count, dtype=np.uint8), nothing, nothing)

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
    dwellings   (whole number, scale) of each column of the view; 0 where they are not known
    """

    scales: Mapping[int, int]
    dwellings: NDArray[np.int64]

    @classmethod
    def none(cls, view: View) -> "Prices":
        """Nothing is priced."""
        return cls({}, np.zeros((2, len(view.unit_ids)), dtype=np.int64))

    @classmethod
    def of_catalogue(cls, catalogue: Catalogue, view: View) -> "Prices":
        """As a catalogue says."""
        made = cls.none(view)
        for row, scale in reversed(dwellings_rows(catalogue)):
            there = view.absences[row] == 0
            made.dwellings[:, there] = np.stack([view.denominators[row], np.full(there.shape, scale)])[:, there]
        scales = {r: catalogue.scale(name) for r, name in enumerate(view.figures) if _is_priced(name, catalogue)}
        return cls(scales, made.dwellings)

    def of(
        self,
        row: int,
        median: tuple[int, int] | None,
        own: tuple[Whole, Whole],
        columns: Whole,
        shown: NDArray[np.bool_],
    ) -> Priced:
        """The gaps of units of one cell, where its median is shown. (M,) pairs and columns."""
        if row not in self.scales or median is None or not shown.any():
            return Priced.none(len(columns))
        money = (own[0], own[1], median)
        years = 10 ** self.scales[row] * np.ones(len(columns))
        count, scale = self.dwellings[:, columns]
        there = count > 0
        months = years * 12 * np.where(there, count, 1) / 10.0**scale
        exact_months = [(12 * c, 10**s) for c, s in zip(count.tolist(), scale.tolist(), strict=True)]
        yearly = _divided(*money, years, [(1, 1)] * len(columns), self.scales[row])
        monthly = np.where(there, _divided(*money, months, exact_months, self.scales[row]), 0)
        return Priced((shown + 1 * (shown & there)).astype(np.uint8), yearly * shown, monthly * shown)


def _divided(
    numerators: Whole,
    denominators: Whole,
    median: tuple[int, int],
    by: NDArray[np.float64],
    exact_by: Sequence[tuple[int, int]],
    scale: int,
) -> Whole:
    """E4 times what own numerators lie above the median's, over so much; floats settle what is clear, whole numbers the rest."""
    n, d = median
    theirs = denominators * (n / d)
    near = E4 * (numerators - theirs) / by
    errs = np.maximum(np.abs(numerators), np.abs(theirs)) * (E4 * ERRS) / by
    clear = (np.abs(near - np.floor(near) - 0.5) > errs) & (errs < 0.25)
    found = np.where(clear, np.rint(near), 0).astype(np.int64)
    for at in np.flatnonzero(~clear).tolist():
        money = int(numerators[at]) * d - int(denominators[at]) * n
        parts, times = exact_by[at]
        found[at] = rounded(E4 * money * times, d * 10**scale * parts) if parts else 0
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
