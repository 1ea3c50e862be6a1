"""Why the standings of many units differ between two vintages of one series: `explanation.Comparison` for many cells at once, R
of them, a key figure of a pair of groups each, with M units at most. The steps and their order are explained there.
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.benchmark import ordering, statistics
from services.benchmark.placing import Coded, Exchanged, Flags, Placed, Stage, medians, place
from services.benchmark.standing import Reading, Readings
from services.benchmark.state import View
from services.benchmark.statistics import MEDIAN_TIER, QUARTILE_TIER, Pair, Whole, flat

PARTS = ("position", "percentile_e4", "quartile", "gap_e9", "units")  # of a step, in this order
AT_ONCE = 1 << 18  # numbers in a matrix, unless one pair of groups needs more
NOBODY = -1  # the column of a place that is not taken


@dataclass(frozen=True)
class Asked:
    """Standings of a pair of groups, the one at the first vintage and the one at the second.

    rows    (r,) key figures; units: (m,) columns of the second view, rising, each in one of the groups then or now
    told    r x m, whose standing of what is asked for
    """

    groups: tuple[str, str]
    rows: Whole
    units: Whole
    told: Flags


@dataclass(frozen=True)
class Walked:
    """Standings before and after, and the parts between, of R cells and M units.

    asked           (R,) of which of those asked for; rows: (R,) key figures; units: R x M columns; told: R x M
    was, is_there   R x M, whether there is one; parts: 6 steps x 5 (PARTS) x R x M, 0 where one of them is not there
    own_before      the units' pairs, R x M numerators and denominators; own_after likewise
    medians         (R,) of the cells after, exactly; None where nobody is in one
    """

    asked: Whole
    rows: Whole
    units: Whole
    told: Flags
    before: Placed
    after: Placed
    was: Flags
    is_there: Flags
    parts: Whole
    own_before: tuple[Whole, Whole]
    own_after: tuple[Whole, Whole]
    medians: Sequence[Pair | None]


def walk(a: View, b: View, asked: Sequence[Asked], readings: Readings) -> Iterator[Walked]:
    """Explain the standings asked for; pairs of groups of about one size together. `Walked.asked` counts within `asked`."""
    width = max(len(a.unit_ids), len(b.unit_ids))
    pairs = [_Groups.of(a, b, n, one, width) for n, one in enumerate(asked)]
    some: list[_Groups] = []
    cells = 0
    for pair in sorted(pairs, key=lambda pair: len(pair.columns)):  # so that all are about as wide as the last
        cells += len(pair.asked.rows)
        if some and cells * len(pair.columns) > AT_ONCE:
            yield _walk(a, b, some, readings)
            some, cells = [], len(pair.asked.rows)
        some.append(pair)
    if some:
        yield _walk(a, b, some, readings)


@dataclass(frozen=True)
class _Groups:
    """A pair of groups: the columns of everybody concerned, (n,) rising, who of them is a member when, and where units are."""

    number: int
    asked: Asked
    columns: Whole
    member_a: Flags
    member_b: Flags
    member_end: Flags
    at: Whole

    @classmethod
    def of(cls, a: View, b: View, number: int, asked: Asked, width: int) -> "_Groups":
        first, last = asked.groups
        member_a, member_b = _members(a, first, width), _members(b, first, width)
        member_end = member_b if first == last else _members(b, last, width)
        chosen = member_a | member_b | member_end
        chosen[asked.units] = True
        columns = np.flatnonzero(chosen)
        at = np.searchsorted(columns, asked.units)
        return cls(number, asked, columns, member_a[columns], member_b[columns], member_end[columns], at)


@dataclass(frozen=True)
class _Side:
    """One vintage, for the rows and columns at hand: who has the figures, and their pairs; R x n."""

    has: Flags
    numerators: Whole
    denominators: Whole

    @classmethod
    def of(cls, view: View, rows: Whole, columns: Whole) -> "_Side":
        width = len(view.unit_ids)
        if not width:
            nothing = np.zeros(columns.shape, dtype=np.int64)
            return cls(nothing.astype(np.bool_), nothing, nothing)
        known = (columns >= 0) & (columns < width)
        at = np.where(known, columns, 0)
        where = at + width * rows[:, None]
        has = (view.absences.take(where) == 0) & view.reported.take(at) & known
        return cls(has, np.where(has, view.numerators.take(where), 0), np.where(has, view.denominators.take(where), 0))


def _walk(a: View, b: View, pairs: Sequence[_Groups], readings: Readings) -> Walked:
    """Explain the standings of some pairs of groups, in matrices as wide as the widest needs."""
    rows = np.concatenate([pair.asked.rows for pair in pairs])
    of = np.repeat(np.arange(len(pairs)), [len(pair.asked.rows) for pair in pairs])

    def padded(part: Callable[[_Groups], NDArray[Any]], fill: int) -> NDArray[Any]:
        return _padded([part(pair) for pair in pairs], fill)[of]

    columns, units = padded(lambda p: p.columns, NOBODY), padded(lambda p: p.asked.units, NOBODY)
    at = flat(padded(lambda p: p.at, 0), columns.shape[1])
    side_a, side_b = _Side.of(a, rows, columns), _Side.of(b, rows, columns)
    in_a, in_b, end = (
        side_a.has & padded(lambda p: p.member_a, 0),
        side_b.has & padded(lambda p: p.member_b, 0),
        side_b.has & padded(lambda p: p.member_end, 0),
    )
    code_a, code_b, coded = _coded(side_a, side_b)
    kinds = coded.numerators.shape[1]
    both = in_a & in_b
    other = (side_a.numerators != side_b.numerators) | (side_a.denominators != side_b.denominators)
    corrected = both & other
    joined, left = in_b & ~in_a & ~side_a.has, in_a & ~in_b & ~side_b.has
    moved = (in_a ^ in_b) & side_a.has & side_b.has
    after_corrections = np.where(both, code_b, code_a)
    codes_joined, with_joined = np.where(joined, code_b, after_corrections), in_a | joined
    stages = [Stage.of(code_a, in_a, kinds)]
    for happened, codes, inside in (
        (corrected, after_corrections, in_a),
        (joined, codes_joined, with_joined),
        (left, codes_joined, with_joined & ~left),
    ):  # where nothing happened, the stage is the one before it
        stages.append(Stage.of(codes, inside, kinds) if happened.any() else stages[-1])
    stays = all(pair.asked.groups[0] == pair.asked.groups[1] for pair in pairs)
    last = stages[-1] if stays and not moved.any() else Stage.of(code_b, end, kinds)
    better = np.array([readings[row].better for row in rows.tolist()])
    old, new, taken = code_a.take(at), code_b.take(at), units != NOBODY
    own_a, own_b = ((side.numerators.take(at), side.denominators.take(at)) for side in (side_a, side_b))
    was, is_there = in_a.take(at) & taken, end.take(at) & taken
    through = was & is_there
    tiers = functools.partial(_tiers, [readings[row] for row in rows.tolist()])
    before = place(stages[0], coded, old, own_a, better, there=was, tiers=tiers(stages[0], _holders(a, pairs, in_a)))
    after = place(last, coded, new, own_b, better, there=is_there, tiers=tiers(last, _holders(b, pairs, end)))
    parts = np.zeros((6, len(PARTS), *through.shape), dtype=np.int64)
    if through.any():
        changed, leaves = through & (old != new), through & ~in_b.take(at) & (old != new)
        own = place(stages[0], coded, new, own_b, better, there=changed, exchanged=Exchanged(changed, old))
        steps = [before, before, _either(changed, own, before)]
        exchanged, placed = Exchanged(leaves, old) if leaves.any() else None, dict[int, Placed]()
        for stage in stages[1:]:
            if id(stage) not in placed:
                placed[id(stage)] = place(stage, coded, new, own_b, better, there=through, exchanged=exchanged)
            steps.append(placed[id(stage)])
        steps.append(after)
        concerned = (
            np.zeros_like(old),
            changed.astype(np.int64),
            corrected.sum(axis=1)[:, None] - corrected.take(at),
            *(np.broadcast_to(x.sum(axis=1)[:, None], old.shape) for x in (joined, left, moved)),
        )
        _telescope(parts, steps, concerned, through)
    told = _padded([some for pair in pairs for some in pair.asked.told], 0).astype(np.bool_)
    asked = np.array([pair.number for pair in pairs], dtype=np.int64)[of]
    ends = was, is_there, parts, own_a, own_b, medians(last, coded)
    return Walked(asked, rows, units, told, before, after, *ends)


def _padded(some: Sequence[NDArray[Any]], fill: int) -> NDArray[Any]:
    """One below the other, each filled up to the longest."""
    found = np.full((len(some), max(map(len, some))), fill, dtype=some[0].dtype)
    for row, one in enumerate(some):
        found[row, : len(one)] = one
    return found


def _telescope(parts: Whole, steps: Sequence[Placed], concerned: Sequence[Whole], through: Flags) -> None:
    """Fill in what each step contributed: the standing after it minus the one before it."""
    quartile = (steps[0].quartile > 0) & (steps[-1].quartile > 0)
    gap = np.logical_and.reduce([step.has_gap for step in steps])
    shown = {"position": through, "percentile_e4": through, "quartile": through & quartile, "gap_e9": through & gap}
    for number, (x, y) in enumerate(itertools.pairwise(steps)):
        for place_, (name, where) in enumerate(shown.items()):
            if x is not y:
                parts[number, place_] = np.where(where, getattr(y, name) - getattr(x, name), 0)
        parts[number, len(shown)] = np.where(through, concerned[number], 0)


def _either(which: Flags, one: Placed, other: Placed) -> Placed:
    return Placed(*(np.where(which, x, y) for x, y in zip(_columns(one), _columns(other), strict=True)))


def _columns(placed: Placed) -> tuple[NDArray[np.generic], ...]:
    return tuple(getattr(placed, name) for name in Placed.__dataclass_fields__)


def _members(view: View, group: str, width: int) -> Flags:
    found = np.zeros(width, dtype=np.bool_)
    inside = view.membership.get(group)
    if inside is not None:
        found[: len(inside)] = inside
    return found


def _holders(view: View, pairs: Sequence[_Groups], inside: Flags) -> Whole:
    """(R,) how many holders the units inside have at a vintage: each vintage counts its own."""
    found, first = [], 0
    for pair in pairs:
        last, columns = first + len(pair.asked.rows), pair.columns
        known = columns < len(view.unit_ids)
        holders = np.full(len(columns), -1, dtype=np.int64)
        holders[known] = view.holders[columns[known]]
        found.append(ordering.distinct(holders, inside[first:last, : len(columns)]))
        first = last
    return np.concatenate(found)


def _tiers(readings: Sequence[Reading], stage: Stage, holders: Whole) -> tuple[Flags, Flags]:
    counted = list(zip(readings, stage.size.tolist(), holders.tolist(), strict=True))
    return tuple(  # type: ignore[return-value]
        np.array([r.meets(tier, *counts) for r, *counts in counted], dtype=np.bool_)
        for tier in (QUARTILE_TIER, MEDIAN_TIER)
    )


def _coded(side_a: _Side, side_b: _Side) -> tuple[Whole, Whole, Coded]:
    """Codes of both vintages' ratios in one order, R x n each, and the pair each code stands for."""
    numerators = np.concatenate([side_a.numerators, side_b.numerators], axis=1)
    denominators = np.concatenate([side_a.denominators, side_b.denominators], axis=1)
    has = np.concatenate([side_a.has, side_b.has], axis=1)
    ratios = np.where(has, numerators / np.where(has, denominators, 1), np.inf)
    order, rising = statistics.order(ratios, numerators, denominators)
    numbers = np.cumsum(rising, axis=1) - 1
    codes = np.empty_like(numbers)
    codes.put(flat(order, codes.shape[1]), numbers)
    kinds = int(numbers.max(initial=0)) + 1
    pair = [np.zeros((len(codes), kinds), dtype=np.int64) for _ in range(2)]
    places = flat(codes, kinds)
    for values, found in zip((numerators, denominators), pair, strict=True):
        found.put(places, values)
    n = side_a.has.shape[1]
    return codes[:, :n], codes[:, n:], Coded(*pair)
