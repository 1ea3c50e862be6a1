"""Why the standings of many units differ between two vintages of one series: `explanation.Comparison` for R figures and M units
of a pair of groups at once. The steps and their order are explained there.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import ordering, statistics
from services.benchmark.placing import Coded, Exchanged, Flags, Placed, Stage, medians, place
from services.benchmark.standing import Reading
from services.benchmark.state import View
from services.benchmark.statistics import MEDIAN_TIER, QUARTILE_TIER, Pair, Whole

PARTS = ("position", "percentile_e4", "quartile", "gap_e9", "units")  # of a step, in this order


@dataclass(frozen=True)
class Walked:
    """Standings before and after, and the parts between.

    was, is_there   R x M, whether there is one; parts: 6 steps x 5 (PARTS) x R x M, 0 where one of them is not there
    own_before      the units' pairs, R x M numerators and denominators; own_after likewise
    medians         (R,) of the cells after, exactly; None where nobody is in one
    """

    before: Placed
    after: Placed
    was: Flags
    is_there: Flags
    parts: Whole
    own_before: tuple[Whole, Whole]
    own_after: tuple[Whole, Whole]
    medians: Sequence[Pair | None]


@dataclass(frozen=True)
class _Side:
    """One vintage, for the rows and columns at hand: who has the figures, and their pairs; R x n."""

    has: Flags
    numerators: Whole
    denominators: Whole

    @classmethod
    def of(cls, view: View, rows: Whole, columns: Whole) -> "_Side":
        known = columns < len(view.unit_ids)
        at = np.where(known, columns, 0)
        if not len(view.unit_ids):
            nothing = np.zeros((len(rows), len(columns)), dtype=np.int64)
            return cls(nothing.astype(np.bool_), nothing, nothing)
        where = np.ix_(rows, at)
        has = (view.absences[where] == 0) & (view.reported[at] & known)
        return cls(has, np.where(has, view.numerators[where], 0), np.where(has, view.denominators[where], 0))


def walk(a: View, b: View, rows: Whole, groups: tuple[str, str], units: Whole, readings: Sequence[Reading]) -> Walked:
    """Explain M units' standings of R figures from the first group at `a` to the second at `b`.

    units   (M,) columns of `b`, rising; each belongs, or belonged, to one of the groups
    """
    width = max(len(a.unit_ids), len(b.unit_ids))
    member_a, member_b = _members(a, groups[0], width), _members(b, groups[0], width)
    member_end = member_b if groups[0] == groups[1] else _members(b, groups[1], width)
    chosen = member_a | member_b | member_end
    chosen[units] = True
    columns = np.flatnonzero(chosen)
    at = np.searchsorted(columns, units)
    side_a, side_b = _Side.of(a, rows, columns), _Side.of(b, rows, columns)
    in_a, in_b, end = (
        side.has & member[columns] for side, member in ((side_a, member_a), (side_b, member_b), (side_b, member_end))
    )
    code_a, code_b, coded = _coded(side_a, side_b)
    kinds = coded.numerators.shape[1]
    both, _n = in_a & in_b, len(columns)
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
    last = stages[-1] if not moved.any() and member_end is member_b else Stage.of(code_b, end, kinds)
    better = np.array([reading.better for reading in readings])
    old, new = code_a[:, at], code_b[:, at]
    own_a, own_b = ((side.numerators[:, at], side.denominators[:, at]) for side in (side_a, side_b))
    was, is_there = in_a[:, at], end[:, at]
    through = was & is_there
    before = place(
        stages[0], coded, old, own_a, better, there=was, tiers=_tiers(readings, stages[0], _holders(a, columns, in_a))
    )
    after = place(
        last, coded, new, own_b, better, there=is_there, tiers=_tiers(readings, last, _holders(b, columns, end))
    )
    parts = np.zeros((6, len(PARTS), *through.shape), dtype=np.int64)
    if through.any():
        changed, leaves = through & (old != new), through & ~in_b[:, at] & (old != new)
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
            corrected.sum(axis=1)[:, None] - corrected[:, at],
            *(np.broadcast_to(x.sum(axis=1)[:, None], old.shape) for x in (joined, left, moved)),
        )
        _telescope(parts, steps, concerned, through)
    return Walked(before, after, was, is_there, parts, own_a, own_b, medians(last, coded))


def _telescope(parts: Whole, steps: Sequence[Placed], concerned: Sequence[Whole], through: Flags) -> None:
    """Fill in what each step contributed: the standing after it minus the one before it."""
    quartile = (steps[0].quartile > 0) & (steps[-1].quartile > 0)
    gap = np.logical_and.reduce([step.has_gap for step in steps])
    shown = {"position": through, "percentile_e4": through, "quartile": through & quartile, "gap_e9": through & gap}
    for number, (x, y) in enumerate(itertools.pairwise(steps)):
        for place_, (name, where) in enumerate(shown.items()):
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


def _holders(view: View, columns: Whole, inside: Flags) -> Whole:
    """(R,) how many holders the units inside have at a vintage: each vintage counts its own."""
    known = columns < len(view.unit_ids)
    holders = np.full(len(columns), -1, dtype=np.int64)
    holders[known] = view.holders[columns[known]]
    return ordering.distinct(holders, inside)


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
    codes.put(statistics.flat(order, codes.shape[1]), numbers)
    kinds = int(numbers.max(initial=0)) + 1
    pair = [np.zeros((len(codes), kinds), dtype=np.int64) for _ in range(2)]
    places = statistics.flat(codes, kinds)
    for values, found in zip((numerators, denominators), pair, strict=True):
        found.put(places, values)
    n = side_a.has.shape[1]
    return codes[:, :n], codes[:, n:], Coded(*pair)
