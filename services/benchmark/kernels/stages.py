"""The stages between two vintages of a group: the group as it was, without some of its units' ratios and with some others. So a
ratio's place in a stage is its place then, less the ones that are gone before it, plus the ones that came before it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import compared, place
from services.benchmark.kernels.orders import Flags, Kinds, Whole
from services.kernels import within

ORIGINAL, CORRECTED, JOINED, LEFT, EXCHANGED = range(
    5
)  # the stages, each after the one before it; and one of a unit's own


class Side(NamedTuple):
    """One key figure of one group at one vintage: the columns in order, how many have it, everybody's pairs and absences."""

    row: NDArray[np.int32]
    units: int
    n: Whole
    d: Whole
    absences: Kinds
    reported: Flags
    member: Flags


class Stages(NamedTuple):
    """What makes each stage of the original, 5 x as many as can be.

    gone        places of the ratios that are no more there, rising; many_gone: (5,) how many
    come        columns of the units that have come with their new ratio, in order; many_come: (5,)
    come_at     their places in the original; come_now: their places in the group as it is now
    """

    gone: Whole
    come: Whole
    come_at: Whole
    come_now: Whole
    many_gone: Whole
    many_come: Whole


@within
def has_figure(side: Side, column: int) -> bool:
    """Whether a unit has the figure, in whatever group."""
    return column < len(side.reported) and side.reported[column] and side.absences[column] == 0


@within
def count_before(places: Whole, many: int, one: int) -> int:
    """How many of the first places, which rise, are smaller than one."""
    low, high = 0, many
    while low < high:
        middle = (low + high) >> 1
        if places[middle] < one:
            low = middle + 1
        else:
            high = middle
    return low


@within
def prepare(stages: Stages, then: Side, now: Side, changed: Whole) -> tuple[int, int, int, int]:
    """Fill in the stages; how many units were corrected, joined, left and moved."""
    corrected, joined, left, moved, gone, come = 0, 0, 0, 0, 0, 0
    places, columns = np.empty((2, len(changed)), np.int64), np.empty(len(changed), np.int64)
    is_left, is_joined = np.empty(len(changed), np.bool_), np.empty(len(changed), np.bool_)
    for c in changed:
        had, has = has_figure(then, c), has_figure(now, c)
        was, is_there = had and then.member[c], has and now.member[c]
        if was != is_there and had and has:
            moved += 1  # in or out with the last step alone
        elif (was or is_there) and not (was and is_there and then.n[c] == now.n[c] and then.d[c] == now.d[c]):
            corrected, joined, left = (
                corrected + (was and is_there),
                joined + (is_there and not was),
                left + (was and not is_there),
            )
            if was:
                places[0, gone], is_left[gone] = (
                    place(then.row, then.units, then.n, then.d, then.n[c], then.d[c], c),
                    (not is_there),
                )
                gone += 1
            if is_there:
                places[1, come], is_joined[come] = (
                    place(now.row, now.units, now.n, now.d, now.n[c], now.d[c], c),
                    not was,
                )
                columns[come] = c
                come += 1
    stages.many_gone[:], stages.many_come[:] = 0, 0
    for k in np.argsort(places[0, :gone]):
        for stage in range(CORRECTED, LEFT + 1):
            if stage == LEFT or not is_left[k]:
                stages.gone[stage, stages.many_gone[stage]] = places[0, k]
                stages.many_gone[stage] += 1
    for k in np.argsort(places[1, :come]):
        c = columns[k]
        at = place(then.row, then.units, then.n, then.d, now.n[c], now.d[c], c)
        for stage in range(CORRECTED, LEFT + 1):
            if stage >= JOINED or not is_joined[k]:
                last = stages.many_come[stage]
                stages.come[stage, last], stages.come_at[stage, last] = c, at
                stages.come_now[stage, last] = places[1, k]
                stages.many_come[stage] += 1
    return corrected, joined, left, moved


@within
def exchange(stages: Stages, then: Side, now: Side, stage: int, column: int) -> None:
    """Make the last stage the one in which a unit that `stage` holds with its old ratio has its new one."""
    old = place(then.row, then.units, then.n, then.d, then.n[column], then.d[column], column)
    new = place(then.row, then.units, then.n, then.d, now.n[column], now.d[column], column)
    many = stages.many_gone[stage]
    first = count_before(stages.gone[stage], many, old)
    stages.gone[EXCHANGED, :first], stages.gone[EXCHANGED, first] = stages.gone[stage, :first], old
    stages.gone[EXCHANGED, first + 1 : many + 1] = stages.gone[stage, first:many]
    stages.many_gone[EXCHANGED] = many + 1
    many, to = stages.many_come[stage], 0
    while to < many:
        other = stages.come[stage, to]
        sign = compared(now.n[other], now.d[other], now.n[column], now.d[column])
        if sign > 0 or (sign == 0 and other > column):
            break
        to += 1
    for lines, one in ((stages.come, column), (stages.come_at, new)):
        lines[EXCHANGED, :to], lines[EXCHANGED, to] = lines[stage, :to], one
        lines[EXCHANGED, to + 1 : many + 1] = lines[stage, to:many]
    stages.many_come[EXCHANGED] = many + 1


@within
def ratio_at(stages: Stages, then: Side, now: Side, stage: int, rank: int) -> tuple[int, int]:
    """The ratio at a rank from 0 of a stage."""
    come_at, gone, many_gone = stages.come_at[stage], stages.gone[stage], stages.many_gone[stage]
    low, high = 0, stages.many_come[stage]
    while low < high:  # how many of those that came have this rank at most
        middle = (low + high) >> 1
        if come_at[middle] - count_before(gone, many_gone, come_at[middle]) + middle <= rank:
            low = middle + 1
        else:
            high = middle
    if low and come_at[low - 1] - count_before(gone, many_gone, come_at[low - 1]) + low - 1 == rank:
        column = stages.come[stage, low - 1]
        return now.n[column], now.d[column]
    at = rank - low
    for k in range(many_gone):
        if gone[k] > at:
            break
        at += 1
    return then.n[then.row[at]], then.d[then.row[at]]
