"""The members of a peer group in the order of every figure's exact ratio, and what is counted of them. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels import orders
from services.benchmark.kernels.orders import HALF
from services.benchmark.state import ABSENT, NOT_REPORTED, WITHDRAWN, View
from services.benchmark.statistics import Pair, Whole

KINDS = WITHDRAWN + 1  # an observation, or the reason why there is none
MANY = 64  # where more than this part of a row changes it is merged, else each takes its place
KIND = np.arange(NOT_REPORTED + 1, dtype=np.uint8)  # absence code -> kind
KIND[NOT_REPORTED] = ABSENT


@dataclass(frozen=True)
class Sorted:
    """F figures, n members. In each row the units with the figure come first: by ratio, level ones by column.

    columns       (n,) the members' columns in the view
    order         F x n, columns in the view; nothing behind the units with the figure
    kinds         F x 10: how many have the figure, and how many lack it by reason, the Absences of the contract in order
    holders       (F,) of how many holders the units with the figure are
    sums          F x 4: of numerators and of denominators an upper and a lower half, HALF bits apart
    changed       rows that differ from the ones this was made from; None where it was not made from any
    """

    columns: Whole
    order: NDArray[np.int32]
    kinds: Whole
    holders: Whole
    sums: Whole
    changed: NDArray[np.bool_] | None = None

    @property
    def units(self) -> Whole:
        """(F,) how many have the figure."""
        return self.kinds[:, 0]

    def total(self, row: int) -> Pair:
        """The sums of a figure's numerators and denominators, exactly."""
        return paired(*self.sums[row].tolist())

    def pairs(self, view: View, row: int) -> list[Pair]:
        """The sorted ratios of a figure, as the view has them."""
        columns = self.order[row, : self.units[row]]
        return list(zip(view.numerators[row, columns].tolist(), view.denominators[row, columns].tolist(), strict=True))

    def fill_quarters(
        self,
        quarters: NDArray[np.int8],
        view: View,
        lower: NDArray[np.bool_],
        shown: NDArray[np.bool_],
        looked_at: NDArray[np.int16],
        number: int,
        rows: NDArray[np.bool_],
    ) -> None:
        """Say the quarters of the units that are looked at in this group, which has that number, in some rows.

        rows, shown, lower   (F,): 0 is said where quartiles are not shown; where lower reads as better the first are the best
        """
        both = view.numerators, view.denominators
        orders.quarter(
            self.order, np.ascontiguousarray(self.units), *both, rows, lower, shown, looked_at, number, quarters
        )


def paired(upper_n: int, lower_n: int, upper_d: int, lower_d: int) -> Pair:
    """The sums that halves stand for.

    >>> paired(1, 5, 0, 7) == (2**HALF + 5, 7)
    True
    """
    return (upper_n << HALF) + lower_n, (upper_d << HALF) + lower_d


def of(view: View, group: str) -> Sorted:
    """A group at a vintage, sorted."""
    columns = view.members(group)
    kinds = KIND[view.absences[:, columns]]
    counted, has = _counted(kinds), kinds == 0
    numerators, denominators = (np.where(has, some[:, columns], 0) for some in (view.numerators, view.denominators))
    ratios = np.where(has, numerators / np.where(has, denominators, 1), np.inf)
    order = columns.astype(np.int32)[np.argsort(ratios, axis=1, kind="stable")]
    orders.settle(order, np.ascontiguousarray(counted[:, 0]), view.numerators, view.denominators)
    halves = [
        part.sum(axis=1) for some in (numerators, denominators) for part in (some >> HALF, some & ((1 << HALF) - 1))
    ]
    return Sorted(columns, order, counted, distinct(view.holders[columns], has), np.stack(halves, axis=1))


def after(before: Sorted, a: View, b: View, group: str, changed: Whole) -> Sorted:
    """The same group at a later vintage, in which no other units than `changed` (columns of `b`) have another record."""
    was, is_there = _inside(a, group, changed), _inside(b, group, changed)
    concerned = was | is_there
    some, was, is_there = changed[concerned], was[concerned], is_there[concerned]
    columns = b.members(group)
    if 2 * len(some) > len(columns):
        return of(b, group)
    order = np.zeros((len(b.figures), len(columns)), dtype=np.int32)
    kinds, sums = before.kinds.copy(), before.sums.copy()
    differs, comes_or_goes = np.zeros(len(b.figures), dtype=np.bool_), np.zeros(len(some), dtype=np.bool_)
    then, now = (a.numerators, a.denominators, a.absences), (b.numerators, b.denominators, b.absences)
    orders.move(before.order, kinds, *then, *now, some, was, is_there, KIND, order, sums, differs, comes_or_goes, MANY)
    holders = _holders(before.holders, a, b, group, some, was, is_there, comes_or_goes)
    return Sorted(columns, order, kinds, holders, sums, differs | (holders != before.holders))


def distinct(holders: Whole, present: NDArray[np.bool_]) -> Whole:
    """How many holders the units with each figure have. Shapes (n,) and F x n."""
    if not len(holders):
        return np.zeros(len(present), dtype=np.int64)
    together = np.argsort(holders, kind="stable")
    starts = np.flatnonzero(np.diff(holders[together], prepend=-2))
    distinct: Whole = np.logical_or.reduceat(present[:, together], starts, axis=1).sum(axis=1)
    return distinct


def _inside(view: View, group: str, columns: Whole) -> NDArray[np.bool_]:
    """Which units are members of a group at a vintage, (k,)."""
    known = columns < len(view.unit_ids)
    known[known] = view.inside(group)[columns[known]]
    return known


def _counted(kinds: NDArray[np.uint8]) -> Whole:
    """How many units of each row are of each kind, F x 10."""
    rows = len(kinds)
    places = kinds + KINDS * np.arange(rows)[:, None]
    return np.bincount(places.ravel(), minlength=KINDS * rows).reshape(rows, KINDS)


def _holders(
    before: Whole,
    a: View,
    b: View,
    group: str,
    some: Whole,
    was: NDArray[np.bool_],
    is_there: NDArray[np.bool_],
    comes_or_goes: NDArray[np.bool_],
) -> Whole:
    """How many holders the units with each figure have now, (F,); counted anew for holders of whom something changed."""
    old, new = np.full(len(some), -1), np.full(len(some), -1)
    old[was], new[is_there] = a.holders[some[was]], b.holders[some[is_there]]
    moved = comes_or_goes | (old != new)
    if not moved.any():
        return before
    whose = np.unique(np.concatenate([old[moved], new[moved]]))
    holders = before.copy()
    for view, sign in ((a, -1), (b, 1)):
        orders.count_holders(view.holders, view.inside(group), view.absences, whose[whose >= 0], sign, holders)
    return holders
