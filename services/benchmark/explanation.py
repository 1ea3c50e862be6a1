"""Why a unit's standing in a cell differs between two vintages: six steps whose parts sum exactly to the change.

From vintage A to vintage B, for the unit u, one key figure, and the group u is looked at in (which may be another one at B):

1. method             every unit whose very revision of A was assessed by B's method too comes out as it did there; nothing
                      changes while one method version holds. u itself stays in the cell until its own step
2. own figure         u's ratio becomes the one of B
3. peers' corrections every unit with the figure in this group at A and at B takes its ratio of B
4. joined             units that had no such figure anywhere at A come in
5. left               units that have no such figure anywhere at B go out
6. moved group        units that have it at both but belong to the group at one of them only come in or go out; if u itself
                      is looked at in another group at B, that group as it is at B takes the place of this one

Each part is the standing after a step minus the standing before it, so the columns telescope. The order is part of the
method version. A column whose value is not shown on either side (quartile, gap) is 0 throughout; so is the gap where it is
too wide for 64 bits on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from services.benchmark import columns, statistics
from services.benchmark.standing import Population, Reading, Standing, place
from services.benchmark.statistics import Pair
from services.benchmark.view import View


class Step(IntEnum):
    """The steps in order; the numbers of the contract."""

    METHOD = 1
    OWN_FIGURE = 2
    PEER_CORRECTIONS = 3
    JOINED = 4
    LEFT = 5
    MOVED_GROUP = 6


@dataclass(frozen=True)
class Part:
    """What one step contributed, and how many units it concerns."""

    step: Step
    position: int
    percentile_e4: int
    quartile: int
    gap_e9: int
    units: int


@dataclass(frozen=True)
class Explanation:
    """A unit's standing before and after, and the parts between; none where it was or is not in the cell."""

    group_before: str
    group_after: str
    before: Standing | None
    after: Standing | None
    parts: tuple[Part, ...]


class Comparison:
    """One key figure of one group, or of two, at two vintages of one series; explains any unit of it."""

    def __init__(self, a: View, b: View, row: int, group_before: str, group_after: str, reading: Reading) -> None:
        self._reading, self._groups = reading, (group_before, group_after)
        width = max(len(a.unit_ids), len(b.unit_ids))
        self._in_a, self._in_b = (
            columns.inside(a, row, group_before, width),
            columns.inside(b, row, group_before, width),
        )
        end = self._in_b if group_before == group_after else columns.inside(b, row, group_after, width)
        has_a, has_b = columns.has(a, row, width), columns.has(b, row, width)
        pairs_a, pairs_b = columns.pairs(a, row, width), columns.pairs(b, row, width)
        involved = np.flatnonzero(self._in_a | self._in_b | end)
        self._code_a, self._code_b, self._pairs = _coded(pairs_a, pairs_b, has_a, has_b, involved)
        self._pair_a, self._pair_b, self._end = pairs_a, pairs_b, end
        both = self._in_a & self._in_b
        self._corrected = both & ((pairs_a != pairs_b).any(axis=0))
        self._joined = self._in_b & ~self._in_a & ~has_a
        self._left = self._in_a & ~self._in_b & ~has_b
        self._moved = (self._in_a ^ self._in_b) & has_a & has_b
        self._concerned = tuple(int(x.sum()) for x in (self._joined, self._left, self._moved))
        self._corrections = int(self._corrected.sum())
        after_corrections = np.where(both, self._code_b, self._code_a)
        # A unit that moves out keeps its place until the last step, with the ratio it had.
        with_joined = self._in_a | self._joined
        codes_joined = np.where(self._joined, self._code_b, after_corrections)
        stay = with_joined & ~self._left
        self._stages = (
            Population.of(self._code_a[self._in_a], self._pairs, columns.holders(a, self._in_a)),
            # Between the ends nobody is shown the standing, and tiers do not ask for holders.
            Population.of(after_corrections[self._in_a], self._pairs, 0),
            Population.of(codes_joined[with_joined], self._pairs, 0),
            Population.of(codes_joined[stay], self._pairs, 0),
        )
        self._last = Population.of(self._code_b[end], self._pairs, columns.holders(b, end))

    def before(self, column: int) -> Standing | None:
        """The unit's standing at A; None where it was not in the group before."""
        if column >= len(self._in_a) or not self._in_a[column]:
            return None
        return place(int(self._code_a[column]), self._stages[0], self._reading, columns.pair(self._pair_a, column))

    def after(self, column: int) -> Standing | None:
        """The unit's standing at B; None where it is not in the group after."""
        if not self._end[column]:
            return None
        return place(int(self._code_b[column]), self._last, self._reading, columns.pair(self._pair_b, column))

    def explain(self, column: int) -> Explanation:
        """Explain one unit."""
        before, after = self.before(column), self.after(column)
        parts: tuple[Part, ...] = ()
        if before is not None and after is not None:
            walk, concerned = self.walk(column, before, after)
            parts = telescoped([before, *walk], (0, *concerned))
        return Explanation(*self._groups, before, after, parts)

    def between(self, column: int) -> Standing:
        """The unit's standing at A, shown to nobody: quartile and gap without tiers. It must be in the group then."""
        own = columns.pair(self._pair_a, column)
        return place(int(self._code_a[column]), self._stages[0], self._reading, own, between=True)

    def walk(self, column: int, before: Standing, after: Standing) -> tuple[list[Standing], tuple[int, ...]]:
        """The standings from before to after, both included, and how many units each of the five steps between concerns."""
        start, corrected, joined, left = self._stages
        old, new, own = int(self._code_a[column]), int(self._code_b[column]), columns.pair(self._pair_b, column)
        own_moves = not self._in_b[column]
        changed = before if old == new else place(new, start.replaced(old, new), self._reading, own, between=True)
        walk = [before, changed]
        for stage in (corrected, joined, left):
            # Where the unit itself leaves this group, the stages hold its old ratio; it stands there with the new one.
            population = stage.replaced(old, new) if own_moves and old != new else stage
            walk.append(place(new, population, self._reading, own, between=True))
        peers = self._corrections - int(self._corrected[column])
        return [*walk, after], (int(old != new), peers, *self._concerned)


def telescoped(walk: Sequence[Standing], concerned: Sequence[int]) -> tuple[Part, ...]:
    """The six parts of a walk of seven standings, the first and last of which are shown."""
    shown = (walk[0].quartile > 0 and walk[-1].quartile > 0, all(stage.gap_e9 is not None for stage in walk))
    return tuple(_part(*step, *shown) for step in zip(Step, walk[:-1], walk[1:], concerned, strict=True))


def _part(step: Step, x: Standing, y: Standing, units: int, quartile_shown: bool, gap_shown: bool) -> Part:
    gap = (y.gap_e9 or 0) - (x.gap_e9 or 0) if gap_shown else 0
    quartile = y.quartile - x.quartile if quartile_shown else 0
    return Part(step, y.position - x.position, y.percentile_e4 - x.percentile_e4, quartile, gap, units)


def _coded(
    pairs_a: NDArray[np.int64],
    pairs_b: NDArray[np.int64],
    has_a: NDArray[np.bool_],
    has_b: NDArray[np.bool_],
    involved: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], list[Pair]]:
    """Codes of both vintages' ratios in one order, for the columns involved; and the pair each code stands for."""
    columns_a, columns_b = involved[has_a[involved]], involved[has_b[involved]]
    numerators = np.concatenate([pairs_a[0, columns_a], pairs_b[0, columns_b]])
    denominators = np.concatenate([pairs_a[1, columns_a], pairs_b[1, columns_b]])
    codes = statistics.codes(numerators, denominators)
    code_a, code_b = (np.full(pairs_b.shape[1], -1, dtype=np.int64) for _ in range(2))
    code_a[columns_a], code_b[columns_b] = codes[: len(columns_a)], codes[len(columns_a) :]
    some = np.empty(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    some[codes] = np.arange(len(codes))
    return code_a, code_b, list(zip(numerators[some].tolist(), denominators[some].tolist(), strict=True))
