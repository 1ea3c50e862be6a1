"""Why standings differ between two vintages, counted instead of sorted: `explanation.Comparison` for many units at once."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import below_and_up_to, compared, gap_e9
from services.benchmark.kernels.orders import Flags, Kinds, Whole
from services.benchmark.kernels.stages import (
    CORRECTED,
    EXCHANGED,
    LEFT,
    ORIGINAL,
    Side,
    Stages,
    count_before,
    exchange,
    prepare,
    ratio_at,
)
from services.kernels import within

POSITION, UNITS, MID_RANK, PERCENTILE, QUARTILE, GAP, HAS_GAP = range(7)  # of a standing; HAS_GAP -1: it is in doubt
E4 = 10**4
HIGHER, LOWER = 1, 2  # what reads as better; 0: neither


class Place(NamedTuple):
    """How many ratios of a group are smaller than a unit's, and smaller or level; between whom the median lies, by column."""

    below: int
    up_to: int
    low: int
    high: int


@within
def _middle(units: int) -> tuple[int, int, bool]:
    """Between which ranks from 0 the median of type 8 lies, and whether it is halfway between them: `statistics.weights`."""
    t = 30 * (units + 1)
    j = t // 60
    return min(max(j, 1), units) - 1, min(max(j + 1, 1), units) - 1, t % 60 != 0


@within
def _copy(steps: Whole, one: int, to: int) -> None:
    """Fill in one of some standings as another is."""
    for k in range(steps.shape[1]):
        steps[to, k] = steps[one, k]


@within
def _stand(steps: Whole, step: int, below: int, up_to: int, units: int, better: int) -> None:
    """Fill in one of some standings but for its gap: `standing.place`."""
    level, above = up_to - below, units - up_to
    worse, ahead = (above if better == LOWER else below), (above if better == HIGHER else below)
    mid = 2 * worse + level
    whole, rest = divmod(100 * E4 * mid, 2 * units)
    if 2 * rest > 2 * units or (2 * rest == 2 * units and whole % 2 == 1):
        whole += 1
    steps[step, POSITION], steps[step, UNITS] = 1 + ahead, units
    steps[step, MID_RANK], steps[step, PERCENTILE] = mid, whole
    steps[step, QUARTILE], steps[step, GAP], steps[step, HAS_GAP] = min(4, 1 + 4 * mid // (2 * units)), 0, 0


@within
def _end(steps: Whole, step: int, side: Side, column: int, better: int, quartile_shown: bool, gap_shown: bool) -> Place:
    """Fill in the standing of a unit that is there, by its tiers."""
    n, d = side.n[column], side.d[column]
    below, up_to = below_and_up_to(side.row, side.ratios, side.units, side.n, side.d, n, d)
    _stand(steps, step, below, up_to, side.units, better)
    if not quartile_shown:
        steps[step, QUARTILE] = 0
    low, high, is_halfway = _middle(side.units)
    a, b = 0 + side.row[low], 0 + side.row[high]  # of 64 bits
    if gap_shown:
        gap, has_gap = gap_e9(n, d, side.n[a], side.d[a], side.n[b], side.d[b], is_halfway)
        steps[step, GAP], steps[step, HAS_GAP] = gap, has_gap
    return Place(below, up_to, a, (b if is_halfway else a))


@within
def _median(stages: Stages, then: Side, now: Side, stage: int, medians: Whole) -> None:
    """Note between which ratios the median of a stage lies: two pairs, whether it is halfway, and that it is noted."""
    units = then.units - stages.many_gone[stage] + stages.many_come[stage]
    low, high, is_halfway = _middle(units)
    medians[stage, 0], medians[stage, 1] = ratio_at(stages, then, now, stage, low)
    medians[stage, 2], medians[stage, 3] = ratio_at(stages, then, now, stage, high)
    medians[stage, 4], medians[stage, 5] = is_halfway, 1


@within
def _is_same(stages: Stages, stage: int, only_itself: bool) -> bool:
    """Whether a stage is the one before it: nobody joined or left with it, or the unit alone was corrected."""
    gone, come = stages.many_gone, stages.many_come
    if stage > CORRECTED:
        return bool(gone[stage] == gone[stage - 1] and come[stage] == come[stage - 1])
    return bool(stage == CORRECTED and gone[stage] == only_itself and come[stage] == only_itself)


@within
def _between(
    steps: Whole,
    stages: Stages,
    medians: Whole,
    then: Side,
    now: Side,
    column: int,
    better: int,
    place_then: Place,
    place_now: Place,
    is_one_group: bool,
) -> None:
    """Fill in the standings between the ends, with the new ratio; the first of `steps` is there."""
    n, d = now.n[column], now.d[column]
    is_other = compared(then.n[column], then.d[column], n, d) != 0
    stays = now.member[column]  # else the stages hold its old ratio
    then_below, then_up_to, now_below, now_up_to = (
        place_then.below,
        place_then.up_to,
        place_now.below,
        place_now.up_to,
    )
    if is_other:
        then_below, then_up_to = below_and_up_to(then.row, then.ratios, then.units, then.n, then.d, n, d)
    if not is_one_group:
        now_below, now_up_to = below_and_up_to(now.row, now.ratios, now.units, now.n, now.d, n, d)
    _copy(steps, 0, 1)
    _copy(steps, 0, 2)
    for stage in range(0 if is_other else 1, LEFT + 1):
        step = 2 + stage
        if _is_same(stages, stage, is_other and stays):
            _copy(steps, step - 1, step)
            continue
        counted, itself = stage, 0
        if is_other and (stage == ORIGINAL or not stays):
            exchange(stages, then, now, stage, column)
            counted, itself = EXCHANGED, 1
            medians[EXCHANGED, 5] = 0
        many_gone, many_come = stages.many_gone[counted], stages.many_come[stage]
        below = (
            then_below
            - count_before(stages.gone, counted, many_gone, then_below)
            + count_before(stages.come_now, stage, many_come, now_below)
        )
        up_to = (
            then_up_to
            - count_before(stages.gone, counted, many_gone, then_up_to)
            + count_before(stages.come_now, stage, many_come, now_up_to)
            + itself
        )
        units = then.units - many_gone + many_come + itself
        if not medians[counted, 5]:
            _median(stages, then, now, counted, medians)
        _stand(steps, step, below, up_to, units, better)
        low_n, low_d, is_halfway = medians[counted, 0], medians[counted, 1], medians[counted, 4] != 0
        gap, has_gap = gap_e9(n, d, low_n, low_d, medians[counted, 2], medians[counted, 3], is_halfway)
        steps[step, GAP], steps[step, HAS_GAP] = gap, has_gap


@within
def _least(steps: Whole, which: int) -> int:
    """The smallest there is of one thing that standings say."""
    least: int = steps[0, which]
    for step in range(1, len(steps)):
        least = min(least, steps[step, which])
    return least


@within
def _telescope(steps: Whole, concerned: Whole, parts: Whole, out: int) -> None:
    """Fill in what each step contributed: the standing after it minus the one before it."""
    gap_shown = _least(steps, HAS_GAP) > 0
    quartile_shown = steps[0, QUARTILE] > 0 and steps[6, QUARTILE] > 0
    for step in range(6):
        parts[out, step, 0] = steps[step + 1, POSITION] - steps[step, POSITION]
        parts[out, step, 1] = steps[step + 1, PERCENTILE] - steps[step, PERCENTILE]
        parts[out, step, 2] = steps[step + 1, QUARTILE] - steps[step, QUARTILE] if quartile_shown else 0
        parts[out, step, 3] = steps[step + 1, GAP] - steps[step, GAP] if gap_shown else 0
        parts[out, step, 4] = concerned[step]


class Told(NamedTuple):
    """What is filled in of N standings, see `explanations.explain`."""

    there: Whole
    placed: NDArray[np.int64]
    own: NDArray[np.int64]
    parts: NDArray[np.int64]
    medians: Whole
    doubtful: Whole


class Room(NamedTuple):
    """What one explanation after another is worked out in.

    lists, many    what stages are made of; middles: of stages, see _median
    marks          by column, all 0
    steps          7 x 7, the standings before and after each step; concerned: (6,) how many units each is about
    """

    lists: NDArray[np.int64]
    many: Whole
    middles: Whole
    marks: Kinds
    steps: Whole
    concerned: Whole


@within
def room_for(changed: int, everybody: int) -> Room:
    """For groups in which so many units changed."""
    return Room(
        np.empty((4, 5, changed + 1), np.int64),
        np.empty((2, 5), np.int64),
        np.empty((5, 6), np.int64),
        np.zeros(everybody, np.uint8),
        np.empty((7, 7), np.int64),
        np.zeros(6, np.int64),
    )


@within
def walk(
    columns: Whole,
    at: Whole,
    then: Side,
    now: Side,
    end: Side,
    changed: Whole,
    better: int,
    tiers: Flags,
    is_one_group: bool,
    told: Told,
    room: Room,
) -> None:
    """Explain standings of one key figure and pair of groups, the one at the first vintage and the one at the second.

    columns, at     (T,) whose, and its place in what is filled in
    then, now       the first group then and now; end: the second one now
    changed         (k,) columns of its units then or now whose record is another one
    tiers           (4,) whether a quartile and a gap was shown then, and is shown now
    is_one_group    they are looked at in the same group then and now
    """
    stages = Stages(room.lists[0], room.lists[1], room.lists[2], room.lists[3], room.many[0], room.many[1])
    steps, concerned, middles = room.steps, room.concerned, room.middles
    corrected, concerned[3], concerned[4], concerned[5] = prepare(stages, then, now, changed, room.marks)
    is_still = is_one_group and corrected == 0 and concerned[3:].max() == 0
    is_shown_alike = tiers[0] == tiers[2] and tiers[1] == tiers[3]
    place_then, place_end, middles[:, 5] = Place(0, 0, 0, 0), Place(0, 0, 0, 0), 0
    reported_then, absences_then, reported, absences = then.reported, then.absences, now.reported, now.absences
    for t in range(len(columns)):
        column, out = columns[t], at[t]
        had = column < len(reported_then) and reported_then[column] and absences_then[column] == 0
        has = column < len(reported) and reported[column] and absences[column] == 0
        was, is_there = had and then.member[column], has and end.member[column]
        told.there[out, 0], told.there[out, 1] = was, is_there
        told.own[out, 0, 0], told.own[out, 0, 1] = (then.n[column], then.d[column]) if had else (0, 0)
        told.own[out, 1, 0], told.own[out, 1, 1] = (now.n[column], now.d[column]) if has else (0, 0)
        steps[:], place_end = 0, Place(0, 0, 0, 0)
        if was:
            place_then = _end(steps, 0, then, column, better, tiers[0], tiers[1])
        if is_still and was and is_there and is_shown_alike:
            _copy(steps, 0, 6)
            place_end = place_then
        elif is_there:
            place_end = _end(steps, 6, end, column, better, tiers[2], tiers[3])
        told.medians[out, 0], told.medians[out, 1] = place_end.low, place_end.high
        told.parts[out] = 0
        if was and is_there and not is_still:
            _between(steps, stages, middles, then, now, column, better, place_then, place_end, is_one_group)
            is_other = compared(then.n[column], then.d[column], now.n[column], now.d[column]) != 0
            is_corrected = now.member[column] and (then.n[column] != now.n[column] or then.d[column] != now.d[column])
            concerned[1], concerned[2] = is_other, corrected - is_corrected
            _telescope(steps, concerned, told.parts, out)
        told.doubtful[out] = _least(steps, HAS_GAP) < 0
        for k in range(steps.shape[1]):
            told.placed[out, 0, k], told.placed[out, 1, k] = steps[0, k], steps[6, k]
