"""Why standings differ between two vintages, counted instead of sorted: `explanation.Comparison` for many units at once.

A stage of the walk is the group as it was, without some of its units' ratios and with some others. So a ratio's place in it is its
place then, less the ones that are gone before it, plus the ones that came before it.
"""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels import compiled
from services.benchmark.kernels.exact import below_and_up_to, compared, gap_e9, place
from services.benchmark.kernels.orders import Flags, Kinds, Order, Whole

POSITION, UNITS, MID_RANK, PERCENTILE, QUARTILE, GAP, HAS_GAP = range(7)  # of a standing
E4 = 10**4
HIGHER, LOWER = 1, 2  # what reads as better; 0: neither
ORIGINAL, CORRECTED, JOINED, LEFT, EXCHANGED = range(5)  # the stages, each after the one before it; and a unit's own
WHOLE, FLAGS, ORDER, KINDS = "int64[:, ::1]", "boolean[::1]", "int32[:, ::1]", "uint8[:, ::1]"
LINE = "int64[::1]"
STAGES = "int64[:, ::1], int64[:, ::1], int64[:, ::1], int64[::1], int64[::1]"


@compiled(f"int64({LINE}, int64, int64)")
def _before(places: Whole, many: int, place_: int) -> int:
    """How many of the first places are smaller than one; they rise."""
    low, high = 0, many
    while low < high:
        middle = (low + high) >> 1
        if places[middle] < place_:
            low = middle + 1
        else:
            high = middle
    return low


@compiled(f"UniTuple(int64, 2)(int32[::1], {LINE}, {LINE}, {LINE}, {LINE}, {STAGES}, int64, int64)")
def _at(
    row: NDArray[np.int32],
    n_then: Whole,
    d_then: Whole,
    n_now: Whole,
    d_now: Whole,
    gone: Whole,
    come: Whole,
    come_at: Whole,
    many_gone: Whole,
    many_come: Whole,
    stage: int,
    rank: int,
) -> tuple[int, int]:
    """The ratio at a rank from 0 of a stage."""
    low, high = 0, many_come[stage]
    while low < high:  # how many that came have at most this rank
        middle = (low + high) >> 1
        at = come_at[stage, middle]
        if at - _before(gone[stage], many_gone[stage], at) + middle <= rank:
            low = middle + 1
        else:
            high = middle
    if low:
        at = come_at[stage, low - 1]
        if at - _before(gone[stage], many_gone[stage], at) + low - 1 == rank:
            column = come[stage, low - 1]
            return n_now[column], d_now[column]
    at = rank - low
    for k in range(many_gone[stage]):
        if gone[stage, k] > at:
            break
        at += 1
    return n_then[row[at]], d_then[row[at]]


@compiled(f"void({LINE}, {LINE}, {STAGES}, int64, int64, int64, int64)")
def _exchange(
    n_now: Whole,
    d_now: Whole,
    gone: Whole,
    come: Whole,
    come_at: Whole,
    many_gone: Whole,
    many_come: Whole,
    stage: int,
    column: int,
    old_place: int,
    new_place: int,
) -> None:
    """Make the last stage one in which a unit that another holds with its old ratio has its new one."""
    many, to = many_gone[stage], 0
    first = _before(gone[stage], many, old_place)
    gone[EXCHANGED, :first], gone[EXCHANGED, first] = gone[stage, :first], old_place
    gone[EXCHANGED, first + 1 : many + 1] = gone[stage, first:many]
    many_gone[EXCHANGED] = many + 1
    many = many_come[stage]
    while to < many:
        other = come[stage, to]
        sign = compared(n_now[other], d_now[other], n_now[column], d_now[column])
        if sign > 0 or (sign == 0 and other > column):
            break
        to += 1
    for lines, one in ((come, column), (come_at, new_place)):
        lines[EXCHANGED, :to], lines[EXCHANGED, to] = lines[stage, :to], one
        lines[EXCHANGED, to + 1 : many + 1] = lines[stage, to:many]
    many_come[EXCHANGED] = many + 1


@compiled("UniTuple(int64, 3)(int64)")
def _middle(units: int) -> tuple[int, int, int]:
    """Between which ranks from 0 the median of type 8 lies, and whether it is halfway between them: `statistics.weights`."""
    t = 30 * (units + 1)
    j = t // 60
    return min(max(j, 1), units) - 1, min(max(j + 1, 1), units) - 1, 1 if t % 60 else 0


@compiled(f"void({LINE}, int64, int64, int64, int64, int64, int64)")
def _stand(line: Whole, below: int, up_to: int, units: int, better: int, gap: int, has_gap: int) -> None:
    """Fill in a standing: `standing.place`."""
    level, above = up_to - below, units - up_to
    worse, ahead = (above if better == LOWER else below), (above if better == HIGHER else below)
    mid = 2 * worse + level
    whole, rest = divmod(100 * E4 * mid, 2 * units)
    if 2 * rest > 2 * units or (2 * rest == 2 * units and whole % 2 == 1):
        whole += 1
    line[POSITION], line[UNITS], line[MID_RANK], line[PERCENTILE] = 1 + ahead, units, mid, whole
    line[QUARTILE] = min(4, 1 + 4 * mid // (2 * units))
    line[GAP], line[HAS_GAP] = gap, has_gap


@compiled(f"void({WHOLE}, int64[:, :, ::1], int64)")
def _tell(steps: Whole, placed: Whole, out: int) -> None:
    """Fill in the standings before and after."""
    for field in range(7):
        placed[0, field, out], placed[1, field, out] = steps[0, field], steps[6, field]


@compiled(
    f"void({LINE}, {LINE}, {LINE}, {ORDER}, {ORDER}, {ORDER}, {LINE}, {LINE}, {LINE}, {FLAGS}, {FLAGS}, {FLAGS},"
    f" {WHOLE}, {WHOLE}, {KINDS}, {FLAGS}, {WHOLE}, {WHOLE}, {KINDS}, {FLAGS}, {LINE}, {LINE}, boolean[:, ::1],"
    f" {FLAGS}, {FLAGS}, int64[:, :, ::1], int64[:, :, ::1], int64[:, :, ::1], {FLAGS})"
)
def walk(
    rows: Whole,
    columns: Whole,
    at: Whole,
    order_then: Order,
    order_now: Order,
    order_end: Order,
    units_then: Whole,
    units_now: Whole,
    units_end: Whole,
    member_then: Flags,
    member_now: Flags,
    member_end: Flags,
    n_then: Whole,
    d_then: Whole,
    absences_then: Kinds,
    reported_then: Flags,
    n_now: Whole,
    d_now: Whole,
    absences_now: Kinds,
    reported_now: Flags,
    changed: Whole,
    better: Whole,
    tiers: Flags,
    was: Flags,
    is_there: Flags,
    placed: Whole,
    own: Whole,
    parts: Whole,
    doubtful: Flags,
) -> None:
    """Explain standings of one pair of groups, the one at the first vintage and the one at the second.

    rows, columns, at   (T,) of what, rows rising; and its place in what is filled in
    order, units        the first group then and now, and the second one now; `member`: who belongs to them, by column
    changed             (k,) columns whose record is another one
    better              (F,); tiers: 4 x F, whether a quartile and a gap was shown then, and is shown now
    was, is_there       filled in: whether there is a standing before and after
    placed, own, parts  2 x 7 x N, 2 x 2 x N and 6 x 5 x N, filled in
    doubtful            filled in: a gap on the way is left to whole numbers, so nothing that is said of this one counts
    """
    most = len(changed)
    place_gone, is_left = np.empty(most, np.int64), np.empty(most, np.bool_)
    place_come, column_come, is_joined = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.bool_)
    gone, come, come_at, come_now = (
        np.empty((5, most + 1), np.int64),
        np.empty((5, most + 1), np.int64),
        np.empty((5, most + 1), np.int64),
        np.empty((5, most + 1), np.int64),
    )
    many_gone, many_come = np.zeros(5, np.int64), np.zeros(5, np.int64)
    steps = np.zeros((7, 7), np.int64)
    concerned = np.zeros(6, np.int64)
    corrected = joined = left = moved = 0
    f = -1
    for t in range(len(rows)):
        column, out = columns[t], at[t]
        if rows[t] != f:
            f = rows[t]
            then, now, end = order_then[f], order_now[f], order_end[f]
            nt, dt, nn, dn = n_then[f], d_then[f], n_now[f], d_now[f]
            corrected = joined = left = moved = leaving = coming = 0
            for k in range(most):
                c = changed[k]
                had = c < len(reported_then) and reported_then[c] and absences_then[f, c] == 0
                has = reported_now[c] and absences_now[f, c] == 0
                in_then, in_now = had and member_then[c], has and member_now[c]
                if not in_then and not in_now:
                    continue
                if in_then != in_now and had and has:
                    moved += 1
                    continue
                if in_then and in_now and nt[c] == nn[c] and dt[c] == dn[c]:
                    continue
                if in_then:
                    place_gone[leaving] = place(then, units_then[f], nt, dt, nt[c], dt[c], c)
                    is_left[leaving] = not in_now
                    leaving += 1
                if in_now:
                    place_come[coming] = place(now, units_now[f], nn, dn, nn[c], dn[c], c)
                    column_come[coming] = c
                    is_joined[coming] = not in_then
                    coming += 1
                corrected += in_then and in_now
                joined += in_now and not in_then
                left += in_then and not in_now
            many_gone[:], many_come[:] = 0, 0
            for k in np.argsort(place_gone[:leaving]):
                for stage in range(CORRECTED, LEFT + 1):
                    if stage == LEFT or not is_left[k]:
                        gone[stage, many_gone[stage]] = place_gone[k]
                        many_gone[stage] += 1
            for k in np.argsort(place_come[:coming]):
                c = column_come[k]
                before = place(then, units_then[f], nt, dt, nn[c], dn[c], c)
                for stage in range(CORRECTED, LEFT + 1):
                    if stage >= JOINED or not is_joined[k]:
                        last = many_come[stage]
                        come[stage, last], come_at[stage, last], come_now[stage, last] = c, before, place_come[k]
                        many_come[stage] += 1
        had = column < len(reported_then) and reported_then[column] and absences_then[f, column] == 0
        has = reported_now[column] and absences_now[f, column] == 0
        was[out] = had and member_then[column]
        is_there[out] = has and member_end[column]
        old_n, old_d, new_n, new_d = 0, 0, 0, 0
        if had:
            old_n, old_d = nt[column], dt[column]
        if has:
            new_n, new_d = nn[column], dn[column]
        own[0, 0, out], own[0, 1, out], own[1, 0, out], own[1, 1, out] = old_n, old_d, new_n, new_d
        steps[:] = 0
        if was[out]:
            below, up_to = below_and_up_to(then, units_then[f], nt, dt, old_n, old_d)
            gap, fits = 0, 0
            if tiers[1, f]:
                low, high, half = _middle(units_then[f])
                a, b = then[low], then[high]
                gap, fits = gap_e9(old_n, old_d, nt[a], dt[a], nt[b], dt[b], half != 0)
            _stand(steps[0], below, up_to, units_then[f], better[f], gap, fits)
            if not tiers[0, f]:
                steps[0, QUARTILE] = 0
        if is_there[out]:
            below, up_to = below_and_up_to(end, units_end[f], nn, dn, new_n, new_d)
            gap, fits = 0, 0
            if tiers[3, f]:
                low, high, half = _middle(units_end[f])
                a, b = end[low], end[high]
                gap, fits = gap_e9(new_n, new_d, nn[a], dn[a], nn[b], dn[b], half != 0)
            _stand(steps[6], below, up_to, units_end[f], better[f], gap, fits)
            if not tiers[2, f]:
                steps[6, QUARTILE] = 0
        if not was[out] or not is_there[out]:
            _tell(steps, placed, out)
            doubtful[out] = steps[0, HAS_GAP] < 0 or steps[6, HAS_GAP] < 0
            continue
        other = compared(old_n, old_d, new_n, new_d) != 0
        stays = member_now[column]
        below_then, up_to_then = below_and_up_to(then, units_then[f], nt, dt, new_n, new_d)
        below_now, up_to_now = below_and_up_to(now, units_now[f], nn, dn, new_n, new_d)
        old_place, new_place = 0, 0
        if other:
            old_place = place(then, units_then[f], nt, dt, old_n, old_d, column)
            new_place = place(then, units_then[f], nt, dt, new_n, new_d, column)
        steps[1] = steps[0]
        for step in range(2, 6):
            stage = step - 2
            if step == 2 and not other:
                steps[2] = steps[1]
                continue
            last, itself = stage, 0
            if other and (step == 2 or not stays):
                _exchange(
                    nn, dn, gone, come, come_at, many_gone, many_come, stage, column, old_place, new_place
                )
                last, itself = EXCHANGED, 1
            below = below_then - _before(gone[last], many_gone[last], below_then)
            up_to = up_to_then - _before(gone[last], many_gone[last], up_to_then) + itself
            below += _before(come_now[stage], many_come[stage], below_now)
            up_to += _before(come_now[stage], many_come[stage], up_to_now)
            units = units_then[f] - many_gone[last] + many_come[last]
            low, high, half = _middle(units)
            state = (then, nt, dt, nn, dn, gone, come, come_at, many_gone, many_come, last)
            low_n, low_d = _at(*state, low)
            high_n, high_d = _at(*state, high)
            gap, fits = gap_e9(new_n, new_d, low_n, low_d, high_n, high_d, half != 0)
            _stand(steps[step], below, up_to, units, better[f], gap, fits)
        own_correction = stays and (old_n != new_n or old_d != new_d)
        concerned[1], concerned[2] = other, corrected - own_correction
        concerned[3], concerned[4], concerned[5] = joined, left, moved
        shown_gap, doubt = True, False
        for step in range(7):
            shown_gap &= steps[step, HAS_GAP] > 0
            doubt |= steps[step, HAS_GAP] < 0
        doubtful[out] = doubt
        shown_quartile = steps[0, QUARTILE] > 0 and steps[6, QUARTILE] > 0
        for step in range(6):
            x, y = steps[step], steps[step + 1]
            parts[step, 0, out] = y[POSITION] - x[POSITION]
            parts[step, 1, out] = y[PERCENTILE] - x[PERCENTILE]
            parts[step, 2, out] = y[QUARTILE] - x[QUARTILE] if shown_quartile else 0
            parts[step, 3, out] = y[GAP] - x[GAP] if shown_gap else 0
            parts[step, 4, out] = concerned[step]
        _tell(steps, placed, out)
