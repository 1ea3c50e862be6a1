"""What records say of every unit, dense: written in place, and lent to views, which must not see it change. Pure."""

import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Matrices(NamedTuple):
    """One row per key figure, one column per unit, row by row; or one entry per unit."""

    numerators: NDArray[np.int64]
    denominators: NDArray[np.int64]
    absences: NDArray[np.uint8]
    holders: NDArray[np.int64]
    reported: NDArray[np.bool_]


class Loan:
    """Stands for whoever holds what was lent: it is in the view, and gone with the last that has it."""


Arrays = tuple[NDArray[Any], ...]  # Matrices, one like the other
Borrower = Callable[[], Loan | None]  # whoever holds a loan; None once nobody does


class Lent:
    """Matrices that are written, and lent. Where a loan is held still, others are written: those lent before, once nobody holds
    them, brought up to date by the columns that differ; else a copy. So of two vintages nothing is copied but what changed.

    fills      what is said of a unit without a record, in the order of Matrices
    """

    def __init__(self, figures: int, fills: tuple[int, ...]) -> None:
        whole, kinds = np.zeros((figures, 0), dtype=np.int64), np.zeros((figures, 0), dtype=np.uint8)
        self._now = Matrices(whole, whole, kinds, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_))
        self._fills = fills
        self._borrower: Borrower = _nobody
        self._before: tuple[Matrices, Borrower] | None = None
        self._behind: set[int] = set()  # columns in which they differ

    @property
    def reported(self) -> NDArray[np.bool_]:
        """Whether each unit has a record that counts, as far as anything was written."""
        return self._now.reported

    def lend(self, units: int) -> tuple[Matrices, Loan]:
        """As they now are, of so many units, not to be written as long as the loan is held."""
        if len(self._now.reported) != units:
            self._replace(self._sized(units, units))
        loan = self._borrower()
        if loan is None:
            loan = Loan()
            self._borrower = weakref.ref(loan)
        return self._now, loan

    def written(self, columns: NDArray[np.int64], units: int) -> Matrices:
        """To be written in some columns, of so many units or more."""
        width = len(self._now.reported)
        if width < units:
            self._replace(self._sized(units, width))
        elif self._borrower() is not None:
            self._turn()
        if self._before is not None:
            self._behind.update(columns.tolist())
        return self._now

    def _turn(self) -> None:
        """Go on with the ones lent before."""
        lent = self._now, self._borrower
        if self._before is not None and self._before[1]() is None:
            self._now, behind = self._before[0], np.fromiter(self._behind, np.int64, len(self._behind))
            now: Arrays = self._now
            then: Arrays = lent[0]
            for mine, theirs in zip(now, then, strict=True):
                mine[..., behind] = theirs[..., behind]
        else:
            self._now = _made([some.copy() for some in lent[0]])
        self._borrower, self._before, self._behind = _nobody, lent, set()

    def _replace(self, others: Matrices) -> None:
        self._now, self._borrower, self._before, self._behind = others, _nobody, None, set()

    def _sized(self, width: int, units: int) -> Matrices:
        """The same with more columns, or fewer; `units` are taken over."""

        def sized(array: NDArray[Any], fill: int) -> NDArray[Any]:
            made = np.empty((*array.shape[:-1], width), dtype=array.dtype)
            kept = min(units, array.shape[-1])
            made[..., :kept], made[..., kept:] = array[..., :kept], fill
            return made

        now: Arrays = self._now
        return _made([sized(some, fill) for some, fill in zip(now, self._fills, strict=True)])


def _made(arrays: list[NDArray[Any]]) -> Matrices:
    return Matrices(*arrays)


def _nobody() -> None:
    """Of what was not lent."""
