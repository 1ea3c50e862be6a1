"""The members of a peer group in the order of every figure's exact ratio, and what is counted of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels import looking, orders
from services.benchmark.kernels.orders import HALF
from services.benchmark.state import ABSENT, NOT_REPORTED, WITHDRAWN, View
from services.benchmark.statistics import Pair, Whole

Flags = NDArray[np.bool_]
KINDS = WITHDRAWN + 1  # an observation, or the reason why there is none
MANY = 64  # where more than this part of a row changes it is merged, else each takes its place
KIND = np.arange(NOT_REPORTED + 1, dtype=np.uint8)  # absence code -> kind
KIND[NOT_REPORTED] = ABSENT


@dataclass(frozen=True)
class Sorted:
    """F figures, n members. In each row the units with the figure come first: by ratio, level ones by column.

    many          n
    order         F x n, columns in the view; nothing behind the units with the figure
    kinds         F x 10: how many have the figure, and how many lack it by reason, the Absences of the contract in order
    holders       (F,) of how many holders the units with the figure are
    sums          F x 4: of numerators and of denominators an upper and a lower half, HALF bits apart
    changed       rows that differ from the ones this was made from; None where it was not made from any
    """

    many: int
    order: NDArray[np.int32]
    kinds: Whole
    holders: Whole
    sums: Whole
    changed: Flags | None = None

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
        lower: Flags,
        shown: Flags,
        looked_at: NDArray[np.int16],
        number: int,
        rows: Flags,
    ) -> None:
        """Say the quarters of the units that are looked at in this group, which has that number, in some rows.

        rows, shown, lower   (F,): 0 is said where quartiles are not shown; where lower reads as better the first are the best
        """
        both = view.numerators, view.denominators
        looking.quarter(self.order, self.units, *both, rows, lower, shown, looked_at, number, quarters)


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
    orders.settle(order, counted[:, 0], view.numerators, view.denominators)
    halves = [
        part.sum(axis=1) for some in (numerators, denominators) for part in (some >> HALF, some & ((1 << HALF) - 1))
    ]
    return Sorted(len(columns), order, counted, distinct(view.holders[columns], has), np.stack(halves, axis=1))


def after(groups: Sequence[tuple[str, Sorted]], a: View, b: View, changed: Whole) -> list[Sorted]:
    """Groups at a later vintage, in which no other units than `changed` (columns of `b`) have another record."""
    names, then = [name for name, _ in groups], [members for _, members in groups]
    was, is_there = (_inside(view, names, changed) for view in (a, b))
    many = np.array([members.many for members in then], dtype=np.int64) + is_there.sum(axis=1) - was.sum(axis=1)
    anew, figures = 2 * (was | is_there).sum(axis=1) > many, len(b.figures)
    kinds, sums = (np.empty((len(groups), figures, width), dtype=np.int64) for width in (KINDS, 4))
    holders, differs = (
        np.empty((len(groups), figures), dtype=np.int64),
        np.empty((len(groups), figures), dtype=np.bool_),
    )
    nobody = (np.zeros(len(a.unit_ids), dtype=np.bool_), np.zeros(len(b.unit_ids), dtype=np.bool_))
    found = []
    for g, (name, before, n, is_anew) in enumerate(zip(names, then, many.tolist(), anew.tolist(), strict=True)):
        if is_anew:
            found.append(of(b, name))
            continue
        order = np.empty((figures, n), dtype=np.int32)
        orders.follow(
            before.order,
            before.kinds,
            before.sums,
            before.holders,
            *_everybody(a, name, nobody[0]),
            *_everybody(b, name, nobody[1]),
            changed,
            was[g],
            is_there[g],
            KIND,
            MANY,
            order,
            kinds[g],
            sums[g],
            holders[g],
            differs[g],
        )
        found.append(Sorted(n, order, kinds[g].copy(), holders[g].copy(), sums[g].copy(), differs[g].copy()))
    return found


def _everybody(view: View, group: str, nobody: Flags) -> tuple[Flags, Flags, Whole, Whole, NDArray[np.uint8], Whole]:
    """Who is in a group, and what is known of every unit."""
    member, ratios = view.membership.get(group, nobody), (view.numerators, view.denominators)
    return member, view.reported, *ratios, view.absences, view.holders


def distinct(holders: Whole, present: Flags) -> Whole:
    """How many holders the units with each figure have. Shapes (n,) and F x n."""
    if not len(holders):
        return np.zeros(len(present), dtype=np.int64)
    together = np.argsort(holders, kind="stable")
    starts = np.flatnonzero(np.diff(holders[together], prepend=-2))
    distinct: Whole = np.logical_or.reduceat(present[:, together], starts, axis=1).sum(axis=1)
    return distinct


def _inside(view: View, groups: Sequence[str], columns: Whole) -> Flags:
    """Which units are members of each group at a vintage, G x k."""
    found, known = np.zeros((len(groups), len(columns)), dtype=np.bool_), columns < len(view.unit_ids)
    mine = columns[known]
    for n, group in enumerate(groups):
        member = view.membership.get(group)
        if member is not None:
            found[n, known] = member[mine]
    found[:, known] &= view.reported[mine]
    return found


def _counted(kinds: NDArray[np.uint8]) -> Whole:
    """How many units of each row are of each kind, F x 10."""
    rows = len(kinds)
    places = kinds + KINDS * np.arange(rows)[:, None]
    return np.bincount(places.ravel(), minlength=KINDS * rows).reshape(rows, KINDS)
