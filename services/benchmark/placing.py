"""Where many units stand in many cells, at once and exactly: what `standing.place` says of one, for R figures and M units.

Floats settle what is clear by more than they can err; a gap nearer to a half than that is worked out in whole numbers.
"""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.standing import E4, E9, WIDEST_GAP, quartiles
from services.benchmark.statistics import MEDIAN, Pair, Whole, between, weights
from services.catalogue.numerals import rounded, rounded_each

Flags = NDArray[np.bool_]
NONE = np.iinfo(np.int64).max  # a code behind every other
ERRS = 16 * 2.0**-53  # relative to the largest term of a gap: more than its roundings can come to


@dataclass(frozen=True)
class Coded:
    """The ratios that R figures have, by their order: K codes a row, and a pair of each. Shapes R x K."""

    numerators: Whole
    denominators: Whole


@dataclass(frozen=True)
class Stage:
    """One population of R cells, counted by codes.

    up_to   R x (K+1): how many units have a smaller code than each; the last column is the size
    ranked  R x n: the codes in order, NONE behind them
    """

    up_to: Whole
    ranked: Whole

    @classmethod
    def of(cls, codes: Whole, inside: Flags, kinds: int) -> "Stage":
        """Count the codes of the units that are inside; both R x n, `kinds` codes in all."""
        rows, _ = codes.shape
        flat = (codes + np.arange(rows)[:, None] * kinds)[inside]
        counted = np.bincount(flat, minlength=rows * kinds).reshape(rows, kinds)
        up_to = np.zeros((rows, kinds + 1), dtype=np.int64)
        np.cumsum(counted, axis=1, out=up_to[:, 1:])
        return cls(up_to, np.sort(np.where(inside, codes, NONE), axis=1))

    @property
    def size(self) -> Whole:
        """(R,) how many units."""
        return self.up_to[:, -1]

    @functools.cached_property
    def middle(self) -> Whole:
        """Where the medians of type 8 lie, 4 x R: the ranks below and above, and `part/of` of the way; 0 where nobody is."""
        found = [weights(n, MEDIAN, 8) if n else (0, 0, 0, 60) for n in self.size.tolist()]
        return np.array(found, dtype=np.int64).reshape(len(found), 4).T


@dataclass(frozen=True)
class Exchanged:
    """Units that are counted with another ratio than the stage has of them; all R x M: who, and the code it has of them."""

    who: Flags
    old: Whole


@dataclass(frozen=True)
class Placed:
    """Standings of M units in R cells, all R x M; `gap_e9` is 0 where `has_gap` is not. `quartile` is 0 below its tier."""

    position: Whole
    units: Whole
    mid_rank: Whole
    percentile_e4: Whole
    quartile: Whole
    gap_e9: Whole
    has_gap: Flags


def place(
    stage: Stage,
    coded: Coded,
    code: Whole,
    own: tuple[Whole, Whole],
    better: NDArray[np.str_],
    *,
    there: Flags,
    tiers: tuple[Flags, Flags] | None = None,
    exchanged: Exchanged | None = None,
) -> Placed:
    """Place units with these codes and ratios among a stage that holds them, or would once they are exchanged.

    there   R x M: whom it is asked of; the others' numbers say nothing
    tiers   (R,) whether a quartile, and whether a gap, is shown; None: between the ends of an explanation, where nobody sees it
    """
    rows = np.arange(len(code))[:, None]
    code = np.where(there, code, 0)
    below, up_to = stage.up_to[rows, code], stage.up_to[rows, code + 1]
    if exchanged is not None:
        below = below - (exchanged.who & (exchanged.old < code))
        up_to = np.where(exchanged.who, up_to - (exchanged.old <= code) + 1, up_to)
    size = np.broadcast_to(stage.size[:, None], code.shape)
    level, above = up_to - below, size - up_to
    lower = (better == "lower")[:, None]
    worse, ahead = np.where(lower, above, below), np.where((better == "higher")[:, None], above, below)
    mid, sizes = 2 * worse + level, np.maximum(size, 1)
    gap, has_gap = _gaps(stage, coded, code, own, there if tiers is None else there & tiers[1][:, None], exchanged)
    quarter = quartiles(worse, level, sizes)
    return Placed(
        position=1 + ahead,
        units=size,
        mid_rank=mid,
        percentile_e4=rounded_each(100 * E4 * mid, 2 * sizes),
        quartile=(quarter if tiers is None else quarter * tiers[0][:, None]).astype(np.int64),
        gap_e9=gap,
        has_gap=has_gap,
    )


def medians(stage: Stage, coded: Coded) -> list[Pair | None]:
    """The type 8 medians of R cells as exact fractions; None where nobody is in one."""
    found: list[Pair | None] = []
    for row, (size, *ranks, part, of) in enumerate(zip(stage.size.tolist(), *stage.middle.tolist(), strict=True)):
        if not size:
            found.append(None)
            continue
        codes = stage.ranked[row, ranks].tolist()
        low, high = ((int(coded.numerators[row, c]), int(coded.denominators[row, c])) for c in codes)
        found.append(between(low, high, part, of))
    return found


def _gaps(
    stage: Stage,
    coded: Coded,
    code: Whole,
    own: tuple[Whole, Whole],
    asked: Flags,
    exchanged: Exchanged | None,
) -> tuple[Whole, Flags]:
    """Value minus median in 1/1,000,000,000 of the ratio, and whether it fits; the median of type 8."""
    *ranks, part, of = stage.middle
    part, of = part[:, None], of[:, None]
    ends = [_at(stage, rank, code, exchanged) for rank in ranks]
    rows = np.arange(len(code))[:, None]
    ends = [np.where(asked, np.broadcast_to(end, code.shape), 0) for end in ends]
    low, high = ((coded.numerators[rows, end], coded.denominators[rows, end]) for end in ends)
    mine, lower, upper = (n / np.maximum(d, 1) for n, d in (own, low, high))
    near = (mine - (lower * (of - part) + upper * part) / of) * E9
    errs = np.maximum(np.maximum(np.abs(mine), np.abs(lower)), np.abs(upper)) * (ERRS * E9)
    clear = (np.abs(near - np.floor(near) - 0.5) > errs) & (errs < 0.25)
    gap = np.where(asked & clear, np.rint(near), 0).astype(np.int64)
    has_gap = asked.copy()
    for row, column in zip(*np.nonzero(asked & ~clear), strict=True):
        at, between_ = (row, column), (int(part[row, 0]), int(of[row, 0]))
        exact = _exact(_pair(own, at), _pair(low, at), _pair(high, at), *between_)
        has_gap[row, column] = abs(exact) < WIDEST_GAP
        gap[row, column] = exact if has_gap[row, column] else 0
    return gap, has_gap


def _pair(both: tuple[Whole, Whole], at: tuple[int, int]) -> Pair:
    return int(both[0][at]), int(both[1][at])


def _exact(own: Pair, low: Pair, high: Pair, part: int, of: int) -> int:
    n, d = between(low, high, part, of)
    return rounded((own[0] * d - n * own[1]) * E9, own[1] * d)


def _at(stage: Stage, ranks: Whole, code: Whole, exchanged: Exchanged | None) -> Whole:
    """The code at a rank from 0, R x 1; where units are exchanged R x M, each among the others and its new code."""
    plain = np.take_along_axis(stage.ranked, ranks[:, None], axis=1)
    if exchanged is None or not exchanged.who.any():
        return np.where(plain == NONE, 0, plain)
    old, size = exchanged.old, stage.size
    here, following, before = (_around(stage, ranks, by) for by in (0, 1, -1))
    # without one unit of the old code: what stands at the rank, and what stands before it
    there = np.where(here < old, here, following)
    there = np.where((ranks + 1 >= size)[:, None], NONE, there)
    ahead = np.where(before < old, before, here)
    found = np.where(there <= code, there, np.maximum(code, ahead))
    result: Whole = np.where(exchanged.who, found, plain)
    return np.where(result == NONE, 0, result)


def _around(stage: Stage, ranks: Whole, by: int) -> Whole:
    """The codes at ranks so many further on, R x 1; below every code before the first."""
    at = ranks + by
    last = stage.ranked.shape[1] - 1
    found = np.take_along_axis(stage.ranked, np.clip(at, 0, last)[:, None], axis=1)
    return np.where(at[:, None] < 0, -1, np.where(at[:, None] > last, NONE, found))
