"""The stages between two vintages of a group: the group as it was, without some of its units' ratios and with some others. So a
ratio's place in a stage is its place then, less the ones that are gone before it, plus the ones that came before it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import Ratios, compared, place
from services.benchmark.kernels.orders import Flags, Kinds, Whole
from services.kernels import within

ORIGINAL, CORRECTED, JOINED, LEFT, EXCHANGED = range(
    5
)  # the stages, each after the one before it; and one of a unit's own

GONE, COME = 1, 2  # marks
SWEPT = 32  # measured: where of so many units one is looked for, all are looked at


class Side(NamedTuple):
    """One key figure of one group at one vintage: the columns in order, their ratios if they were divided, how many have it,
    everybody's pairs and absences.
    """

    row: NDArray[np.int32]
    ratios: Ratios
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
def count_before(places: Whole, stage: int, many: int, one: int) -> int:
    """How many of a stage's first places, which rise, are smaller than one."""
    low, high = 0, many
    while low < high:
        middle = (low + high) >> 1
        if places[stage, middle] < one:
            low = middle + 1
        else:
            high = middle
    return low


@within
def _find(side: Side, mine: Whole, marks: Kinds, which: int, places: Whole, columns: Whole) -> None:
    """Fill in the places in a row of some columns, rising, and the column at each. Their marks have the bit `which`."""
    if SWEPT * len(mine) > side.units:
        found = 0
        for at in range(side.units):
            column = side.row[at]
            if marks[column] & which:
                places[found], columns[found] = at, column
                found += 1
        return
    unsorted = np.empty_like(mine)
    for k in range(len(mine)):
        n, d = side.n[mine[k]], side.d[mine[k]]
        unsorted[k] = place(side.row, side.ratios, side.units, side.n, side.d, n, d, mine[k])
    order = np.argsort(unsorted)
    places[: len(mine)], columns[: len(mine)] = unsorted[order], mine[order]


@within
def _fill(
    stages: Stages,
    then: Side,
    now: Side,
    marks: Kinds,
    places_gone: Whole,
    columns_gone: Whole,
    places_come: Whole,
    columns_come: Whole,
) -> None:
    """Fill in the stages, of the places then of those that are gone, and now of those that have come; in order."""
    stages.many_gone[:], stages.many_come[:] = 0, 0
    for k in range(len(places_gone)):
        for stage in range(CORRECTED, LEFT + 1):
            if stage == LEFT or marks[columns_gone[k]] & COME:
                stages.gone[stage, stages.many_gone[stage]] = places_gone[k]
                stages.many_gone[stage] += 1
    for k in range(len(places_come)):
        c = columns_come[k]
        at = place(then.row, then.ratios, then.units, then.n, then.d, now.n[c], now.d[c], c)
        for stage in range(CORRECTED, LEFT + 1):
            if stage >= JOINED or marks[c] & GONE:
                last = stages.many_come[stage]
                stages.come[stage, last], stages.come_at[stage, last] = c, at
                stages.come_now[stage, last] = places_come[k]
                stages.many_come[stage] += 1


@within
def prepare(stages: Stages, then: Side, now: Side, changed: Whole, marks: Kinds) -> tuple[int, int, int, int]:
    """Fill in the stages; how many units were corrected, joined, left and moved. `marks`: by column, all 0."""
    corrected, joined, left, moved, gone, come = 0, 0, 0, 0, 0, 0
    lines = np.empty((6, len(changed)), np.int64)
    reported_then, absences_then, reported, absences = then.reported, then.absences, now.reported, now.absences
    for c in changed:
        had = c < len(reported_then) and reported_then[c] and absences_then[c] == 0
        has = c < len(reported) and reported[c] and absences[c] == 0
        was, is_there = had and then.member[c], has and now.member[c]
        if was != is_there and had and has:
            moved += 1  # in or out with the last step alone
        elif (was or is_there) and not (was and is_there and then.n[c] == now.n[c] and then.d[c] == now.d[c]):
            corrected += was and is_there
            joined += is_there and not was
            left += was and not is_there
            marks[c] = GONE * was + COME * is_there
            if was:
                lines[0, gone] = c
                gone += 1
            if is_there:
                lines[1, come] = c
                come += 1
    places_gone, columns_gone, places_come, columns_come = lines[2], lines[3], lines[4], lines[5]
    _find(then, lines[0, :gone], marks, GONE, places_gone, columns_gone)
    _find(now, lines[1, :come], marks, COME, places_come, columns_come)
    _fill(stages, then, now, marks, places_gone[:gone], columns_gone, places_come[:come], columns_come)
    for c in changed:
        marks[c] = 0
    return corrected, joined, left, moved


@within
def exchange(stages: Stages, then: Side, now: Side, stage: int, column: int) -> None:
    """Make the last stage the one in which a unit that `stage` holds with its old ratio has its new one."""
    old = place(then.row, then.ratios, then.units, then.n, then.d, then.n[column], then.d[column], column)
    new = place(then.row, then.ratios, then.units, then.n, then.d, now.n[column], now.d[column], column)
    many = stages.many_gone[stage]
    first = count_before(stages.gone, stage, many, old)
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
    come_at, gone, many_gone = stages.come_at, stages.gone, stages.many_gone[stage]
    low, high = 0, stages.many_come[stage]
    while low < high:  # how many of those that came have this rank at most
        middle = (low + high) >> 1
        at = come_at[stage, middle]
        if at - count_before(gone, stage, many_gone, at) + middle <= rank:
            low = middle + 1
        else:
            high = middle
    if low:
        at, column = come_at[stage, low - 1], stages.come[stage, low - 1]
        if at - count_before(gone, stage, many_gone, at) + low - 1 == rank:
            return now.n[column], now.d[column]
    at = rank - low
    for k in range(many_gone):
        if gone[stage, k] > at:
            break
        at += 1
    return then.n[then.row[at]], then.d[then.row[at]]
