"""The members of a peer group in the order of every figure's exact ratio, and what is counted of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import addresses, cores
from services.benchmark.batch import ABSENT, NOT_REPORTED, WITHDRAWN
from services.benchmark.kernels import dealing, looking, sorting
from services.benchmark.kernels import groups as kernels
from services.benchmark.kernels.orders import HALF
from services.benchmark.statistics import Pair, Whole
from services.benchmark.view import View

Flags = NDArray[np.bool_]
KINDS = WITHDRAWN + 1  # an observation, or the reason why there is none
MUCH = 2**14  # entries of a matrix; measured: the work on so many takes 1.8 ms, to hand half of it over 0.04
MANY = 12  # measured: where more than this part of a row changes it is merged, else each takes its place
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


def of(view: View, groups: Sequence[str]) -> list[Sorted]:
    """Groups at a vintage, sorted: everybody in any of them once, then dealt out."""
    members = [view.members(group) for group in groups]
    many = np.array([len(columns) for columns in members], dtype=np.int64)
    columns = np.concatenate([np.zeros(0, dtype=np.int64), *members])
    places = np.repeat(np.arange(len(groups)), many)
    by_column = np.argsort(columns, kind="stable")
    each = np.bincount(columns, minlength=len(view.unit_ids))
    starts, everybody = np.concatenate([[0], np.cumsum(each)]), np.flatnonzero(each)
    by_holder = everybody[np.argsort(view.holders[everybody], kind="stable")]
    figures, groups_of = len(view.figures), places[by_column]
    begins = figures * (np.cumsum(many) - many)
    dealt = np.empty(figures * len(columns), dtype=np.int32)
    kinds, sums = (np.zeros((figures, len(groups), width), dtype=np.int64) for width in (KINDS, 4))
    holders = np.zeros((figures, len(groups)), dtype=np.int64)

    def sort_and_deal(rows: slice) -> None:
        """Some of the figures."""
        own = view.numerators[rows], view.denominators[rows], view.absences[rows]
        first = begins + rows.start * many
        given = starts, groups_of, many, first, by_holder, *own, view.holders, KIND, dealt
        dealing.deal(_in_order(everybody, *own), *given, kinds[rows], sums[rows], holders[rows])

    cores.share(sort_and_deal, len(columns) * np.arange(1, figures + 1), MUCH)
    found = []
    for g, (n, begin) in enumerate(zip(many.tolist(), begins.tolist(), strict=True)):
        order = dealt[begin : begin + n * figures].reshape(figures, n)
        found.append(Sorted(n, order.copy(), kinds[:, g].copy(), holders[:, g].copy(), sums[:, g].copy()))
    return found


def _in_order(columns: Whole, numerators: Whole, denominators: Whole, absences: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Units in every figure's order, F x n: those with the figure by ratio, level ones by column, then the others."""
    order = np.empty((len(numerators), len(columns)), dtype=np.int32)
    sorting.sort(columns, numerators, denominators, absences, order)
    return order


def after(groups: Sequence[tuple[str, Sorted]], a: View, b: View, changed: Whole) -> list[Sorted]:
    """Groups at a later vintage, in which no other units than `changed` (columns of `b`, rising) have another record."""
    if not groups:
        return []
    names, then, figures = [name for name, _ in groups], [members for _, members in groups], len(b.figures)
    inside_then, inside_now = a.addresses(names), b.addresses(names)
    was, is_there = (np.empty((len(groups), len(changed)), dtype=np.bool_) for _ in range(2))
    numbers = np.empty(len(b.unit_ids), dtype=np.int32)
    numbers[changed] = np.arange(len(changed))
    kernels.inside(inside_then, inside_now, a.reported, b.reported, changed, was, is_there)
    sizes = np.array([members.many for members in then], dtype=np.int64)
    many = sizes + is_there.sum(axis=1) - was.sum(axis=1)
    fresh = [np.empty((figures, n), dtype=np.int32) for n in many.tolist()]
    kinds, sums = (np.empty((len(groups), figures, width), dtype=np.int64) for width in (KINDS, 4))
    holders, differs = (np.empty(kinds.shape[:2], dtype=kind) for kind in (np.int64, np.bool_))
    before = np.array([members.kinds for members in then]), np.array([members.sums for members in then])
    places = addresses.of_orders(members.order for members in then), sizes, *before, *_amounts(a), *_amounts(b)
    now, moved = (addresses.of_orders(fresh), many, kinds, sums), np.zeros(was.size, dtype=np.bool_)

    def follow(rows: slice) -> None:
        """Some of the figures."""
        ordered = numbers[_in_order(changed, b.numerators[rows], b.denominators[rows], b.absences[rows])]
        kernels.follow(
            rows.start, rows.stop, *places, changed, was, is_there, ordered, KIND, MANY, *now, differs, moved
        )

    cores.share(follow, len(changed) * np.arange(1, figures + 1), MUCH)
    belonging = inside_then, a.reported, a.absences, a.holders, inside_now, b.reported, b.absences, b.holders
    counted_then = np.array([members.holders for members in then])
    kernels.count_on(*belonging, changed, was, is_there, moved, counted_then, holders, differs)
    counted = zip(many.tolist(), fresh, kinds, holders, sums, differs, strict=True)
    return [Sorted(n, order, *(some.copy() for some in counts)) for n, order, *counts in counted]


def _amounts(view: View) -> tuple[Whole, Whole, NDArray[np.uint8], Whole]:
    """What is known of every unit's figures, and whose it is."""
    return view.numerators, view.denominators, view.absences, view.holders
