"""The members of a peer group in the order of every figure's exact ratio, and what is counted of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import ranking, statistics
from services.benchmark.ranking import FEW, Ranking
from services.benchmark.standing import Better, quartiles
from services.benchmark.state import ABSENT, NOT_REPORTED, WITHDRAWN, View
from services.benchmark.statistics import Pair, Whole

KINDS = WITHDRAWN + 1  # an observation, or the reason why there is none
KIND = np.arange(NOT_REPORTED + 1, dtype=np.uint8)  # absence code -> kind
KIND[NOT_REPORTED] = ABSENT
NARROW = 12  # a group of less than this part of all units is sorted by itself


@dataclass(frozen=True)
class Sorted:
    """F figures, n members. In each row the units with the figure come first, the smallest ratio first.

    columns       (n,) the members' columns in the view
    order         F x n, columns in the view; nothing behind the units with the figure
    levels        F x n, whether a ratio is larger than the one before it; false behind the units with the figure
    kinds         F x 10: how many have the figure, and how many lack it by reason, the Absences of the contract in order
    holders       (F,) of how many holders the units with the figure are
    sums          numerators' and denominators', exactly; by figure
    changed       rows that differ from the ones this was made from; None where it was not made from any
    """

    columns: NDArray[np.int64]
    order: NDArray[np.int32]
    levels: NDArray[np.bool_]
    kinds: Whole
    holders: Whole
    sums: Sequence[Pair]
    changed: frozenset[int] | None = None

    @property
    def units(self) -> Whole:
        """(F,) how many have the figure."""
        return self.kinds[:, 0]

    def pairs(self, view: View, row: int) -> list[Pair]:
        """The sorted ratios of a figure, as the view has them."""
        columns = self.order[row, : self.units[row]]
        return list(zip(view.numerators[row, columns].tolist(), view.denominators[row, columns].tolist(), strict=True))

    def quarters(self, better: tuple[Better, ...]) -> NDArray[np.int8]:
        """The quarter of every unit with the figure, F x n in their order; 0 behind them. Tiers are the caller's."""
        width, units = self.order.shape[1], self.units[:, None].astype(np.int32)
        place = np.arange(width, dtype=np.int32)
        last = place + 1 >= units  # of the units that are level
        last[:, :-1] |= self.levels[:, 1:]
        below = np.maximum.accumulate(place * self.levels, axis=1)
        up_to = np.minimum.accumulate(np.where(last, place + 1, np.int32(width))[:, ::-1], axis=1)[:, ::-1]
        turned = np.array([b == "lower" for b in better], dtype=np.bool_)[:, None]
        worse = np.where(turned, units - up_to, below)
        return quartiles(worse, up_to - below, units) * (place < units)


def of(view: View, group: str, ranked: Ranking | None = None) -> Sorted:
    """A group at a vintage. `ranked`: all units, if they are ranked already; else the group's are."""
    columns = view.members(group)
    kinds = KIND[view.absences[:, columns]]
    counted, has = _counted(kinds), kinds == 0
    if ranked is None:
        alone = ranking.of(view, columns)
        order, levels = columns.astype(np.int32)[alone.order], alone.levels
    else:
        order, levels = _order(view, group, columns, ranked, counted[:, 0])
    sums = (statistics.totals(np.where(has, some[:, columns], 0)) for some in (view.numerators, view.denominators))
    return Sorted(
        columns,
        order,
        levels,
        counted,
        distinct(view.holders[columns], has),
        list(zip(*sums, strict=True)),
    )


def after(before: Sorted, a: View, b: View, group: str, changed: Sequence[int], ranked: Ranking) -> Sorted:
    """The same group at a later vintage, in which no other units than `changed` (columns of `b`) have another record.

    Its order is read off the later ranking. What is counted is counted on, unless too many of the group have changed.
    """
    some = np.array(changed, dtype=np.int64)
    some = some[_inside(a, group, some) | _inside(b, group, some)]
    if len(some) > FEW:
        return of(b, group, ranked)
    old, new = _Records.of(a, group, some), _Records.of(b, group, some)
    columns, kinds = b.members(group), before.kinds + _counted(new.kinds) - _counted(old.kinds)
    order, levels = _order(b, group, columns, ranked, kinds[:, 0])
    holders = _holders(before.holders, a, b, group, old, new)
    rows = (old.pairs != new.pairs).any(axis=(0, 2)) | (holders != before.holders)
    changes = (new.pairs.sum(axis=2) - old.pairs.sum(axis=2)).tolist()
    return Sorted(
        columns,
        order,
        levels,
        kinds,
        holders,
        [(n + more_n, d + more_d) for (n, d), more_n, more_d in zip(before.sums, *changes, strict=True)],
        frozenset(np.flatnonzero(rows).tolist()),
    )


def distinct(holders: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many holders the units with each figure have. Shapes (n,) and F x n."""
    if not len(holders):
        return np.zeros(len(present), dtype=np.int64)
    together = np.argsort(holders, kind="stable")
    starts = np.flatnonzero(np.diff(holders[together], prepend=-2))
    distinct: NDArray[np.int64] = np.logical_or.reduceat(present[:, together], starts, axis=1).sum(axis=1)
    return distinct


@dataclass(frozen=True)
class _Records:
    """The records of some units in a group.

    inside   (k,) who is in it; holders: (k,) theirs, -1 of the others
    pairs    2 x F x k, 0 and 0 without the figure, or outside; a sum of few is far from 64 bits
    kinds    F x those inside
    """

    holders: Whole
    pairs: Whole
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, view: View, group: str, columns: Whole) -> "_Records":
        inside = _inside(view, group, columns)
        at, holders = columns[inside], np.full(len(columns), -1)
        holders[inside] = view.holders[at]
        return cls(holders, ranking.observed(view, columns) * inside, KIND[view.absences[:, at]])


def _inside(view: View, group: str, columns: Whole) -> NDArray[np.bool_]:
    """Which units are members of a group at a vintage, (k,)."""
    known = columns < len(view.unit_ids)
    known[known] = view.inside(group)[columns[known]]
    return known


def _order(
    view: View, group: str, columns: NDArray[np.int64], ranked: Ranking, units: Whole
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The order of a group and its levels, read off the order of all. `units`: (F,) how many have each figure."""
    rows, n = ranked.order.shape[0], len(columns)
    if n == ranked.order.shape[1]:
        return ranked.order, ranked.levels
    if NARROW * n < ranked.order.shape[1]:
        codes = ranked.codes.take(columns, axis=1)
        by_code = np.argsort(codes, axis=1)
        order, numbers = columns.astype(np.int32).take(by_code), codes.take(statistics.flat(by_code, n))
    else:
        inside = view.inside(group).take(ranked.order).ravel()
        order, numbers = (
            some.compress(inside).reshape(rows, n) for some in (ranked.order.ravel(), ranked.numbers.ravel())
        )
    levels = np.diff(numbers, axis=1, prepend=0) > 0
    return order, levels & (np.arange(n) < units[:, None])


def _counted(kinds: NDArray[np.uint8]) -> Whole:
    """How many units of each row are of each kind, F x 10."""
    rows = len(kinds)
    places = kinds + KINDS * np.arange(rows)[:, None]
    return np.bincount(places.ravel(), minlength=KINDS * rows).reshape(rows, KINDS)


def _holders(before: Whole, a: View, b: View, group: str, old: _Records, new: _Records) -> Whole:
    """How many holders the units with each figure have now, (F,); counted anew for holders of whom something changed."""
    has_old, has_new = old.pairs[1] > 0, new.pairs[1] > 0
    moved = (has_old != has_new).any(axis=0) | (old.holders != new.holders)
    if not moved.any():
        return before
    holders = before.copy()
    for holder in {*old.holders[moved].tolist(), *new.holders[moved].tolist()} - {-1}:
        for view, sign in ((a, -1), (b, 1)):
            theirs = np.flatnonzero((view.holders == holder) & view.inside(group))
            holders += sign * (view.absences[:, theirs] == 0).any(axis=1)
    return holders
