"""What changed of many groups, each of their arrays told by its address: one call for all groups that a publication touches."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.addresses import flags_at, order_at
from services.benchmark.kernels.orders import (
    CUBE,
    FLAGS,
    KINDS,
    LINE,
    TABLE,
    WHOLE,
    Flags,
    Kinds,
    Order,
    Whole,
    add,
    by_holder,
    count_holder,
    move_on,
    units_of,
    whose,
)
from services.kernels import kernel, within

# Reported, numerators, denominators, absences, holders: by column.
EVERYBODY = f"{FLAGS}, {WHOLE}, {WHOLE}, {KINDS}, {LINE}"


@kernel(f"void({LINE}, {LINE}, {FLAGS}, {FLAGS}, {LINE}, {TABLE}, {TABLE})")
def inside(
    members_then: Whole,
    members_now: Whole,
    reported_then: Flags,
    reported_now: Flags,
    changed: Whole,
    was: Flags,
    is_there: Flags,
) -> None:
    """Tell which of some units are members of G groups then and now.

    members        (G,) addresses of who is in each group, by column
    reported       whether each unit has a record that counts, by column
    changed        (k,) columns; was, is_there: G x k, told
    """
    known = len(reported_then)
    for g in range(len(members_then)):
        then, now = flags_at(members_then[g], known), flags_at(members_now[g], len(reported_now))
        for k in range(len(changed)):
            c = changed[k]
            was[g, k] = c < known and then[c] and reported_then[c]
            is_there[g, k] = now[c] and reported_now[c]


@within
def _members(was: Flags, is_there: Flags, changed: Whole, then: Whole, now: Whole) -> tuple[Whole, Whole, Flags]:
    """Which of k units are members of each of G groups then or now, one group behind the other; where each group begins; whether
    each unit is another holder's there. `then`, `now`: holders, by column.
    """
    found, begins, many = np.empty(was.size, np.int64), np.zeros(len(was) + 1, np.int64), 0
    others = np.empty(was.size, np.bool_)
    for g in range(len(was)):
        for k in range(was.shape[1]):
            if was[g, k] or is_there[g, k]:
                c = changed[k]
                found[many] = k
                others[many] = not (was[g, k] and is_there[g, k] and then[c] == now[c])
                many += 1
        begins[g + 1] = many
    return found[:many], begins, others[:many]


class Moved(NamedTuple):
    """A figure then and now: everybody's, by column; of those that changed the absences too, and whether it is the same."""

    n_then: Whole
    d_then: Whole
    why_then: Kinds
    n: Whole
    d: Whole
    why_now: Kinds
    same: Flags


@within
def _sides(
    figure: Moved,
    mine: Whole,
    changed: Whole,
    was: Flags,
    is_there: Flags,
    kind: Kinds,
    kinds: Whole,
    sums: Whole,
    moved: Flags,
    gone: Order,
    come: Order,
) -> tuple[int, int]:
    """The columns that have gone from a figure of a group and that have come; how many. Counts on what is counted of it.

    mine    places in `changed` of its members, then or now; moved: told too, whose figure came or went
    """
    leaving, coming = 0, 0
    for at in range(len(mine)):
        k = mine[at]
        c, had, has = changed[k], was[k] and figure.why_then[k] == 0, is_there[k] and figure.why_now[k] == 0
        if was[k]:
            kinds[kind[figure.why_then[k]]] -= 1
        if is_there[k]:
            kinds[kind[figure.why_now[k]]] += 1
        moved[at] |= had != has
        if had == has and (not has or figure.same[k]):
            continue
        if had:
            add(sums, figure.n_then[c], figure.d_then[c], -1)
            gone[leaving] = c
            leaving += 1
        if has:
            add(sums, figure.n[c], figure.d[c], 1)
            come[coming] = c
            coming += 1
    return leaving, coming


@kernel(
    f"void({LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {LINE}, {LINE}, {EVERYBODY}, {EVERYBODY}, {LINE}, {TABLE}, {TABLE},"
    f" uint8[::1], int64, {LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {TABLE})"
)
def follow_all(
    orders: Whole,
    sizes: Whole,
    kinds: NDArray[np.int64],
    sums: NDArray[np.int64],
    holders: Whole,
    members_then: Whole,
    members_now: Whole,
    reported_then: Flags,
    n_then: Whole,
    d_then: Whole,
    absences_then: Kinds,
    holders_then: Whole,
    reported_now: Flags,
    n_now: Whole,
    d_now: Whole,
    absences_now: Kinds,
    holders_now: Whole,
    changed: Whole,
    was: Flags,
    is_there: Flags,
    kind: Kinds,
    many: int,
    fresh: Whole,
    sizes_now: Whole,
    kinds_now: NDArray[np.int64],
    sums_now: NDArray[np.int64],
    counted: Whole,
    differs: Flags,
) -> None:
    """Write the orders of G groups after some units changed, and count on what is counted of them.

    orders, sizes, kinds, ...      of the groups then, as in ordering.Sorted: (G,) addresses and members, G x F x 10, ...
    members                        (G,) addresses of who is in each group then and now, by column
    reported, ..., holders         of all units then and now, by column
    changed                        (k,) columns; was, is_there: G x k whether each is a member then and now
    kind                           of each absence; many: where more than this part of a row changes it is merged
    fresh, ..., counted            of the groups now
    differs                        G x F told: whether anybody's ratio is another one, comes or goes, or the holders are others
    """
    figures, known, everybody = len(n_now), len(reported_then), len(reported_now)
    mine, begins, moved = _members(was, is_there, changed, holders_then, holders_now)
    marks = np.zeros(everybody, np.bool_)
    why_then, why_now = np.empty(len(changed), np.uint8), np.empty(len(changed), np.uint8)
    same = np.empty(len(changed), np.bool_)
    gone, come = np.empty(len(changed), np.int32), np.empty(len(changed), np.int32)
    kinds_now[:], sums_now[:], counted[:] = kinds, sums, holders
    for f in range(figures):  # of all groups, so that what is known of everybody's figure stays at hand
        n, d = n_now[f], d_now[f]
        for k in range(len(changed)):
            c = changed[k]
            why_now[k] = absences_now[f, c]
            why_then[k] = absences_then[f, c] if c < known else why_now[k]
            same[k] = c < known and n_then[f, c] == n[c] and d_then[f, c] == d[c]
        here = Moved(n_then[f], d_then[f], why_then, n, d, why_now, same)
        for g in range(len(orders)):
            some = slice(begins[g], begins[g + 1])
            counts = kinds_now[g, f], sums_now[g, f], moved[some]
            leaving, coming = _sides(here, mine[some], changed, was[g], is_there[g], kind, *counts, gone, come)
            differs[g, f] = leaving + coming > 0
            row, into = order_at(orders[g], figures, sizes[g])[f], order_at(fresh[g], figures, sizes_now[g])[f]
            sides = gone[:leaving], come[:coming]
            move_on(row, kinds[g, f, 0], *sides, here.n_then, here.d_then, n, d, many, marks, into)
    if moved.any():
        units_then, units_now = by_holder(holders_then), by_holder(holders_now)
        met = np.full(max(len(units_then[1]), len(units_now[1])), -1, np.int64)
        for g in range(len(orders)):
            these, turned = mine[begins[g] : begins[g + 1]], moved[begins[g] : begins[g + 1]]
            inside_then, inside_now = flags_at(members_then[g], known), flags_at(members_now[g], everybody)
            both = was[g][these], is_there[g][these]
            for holder in whose(turned, changed[these], *both, holders_then, holders_now, met, g):
                theirs = units_of(holder, units_then)
                count_holder(theirs, inside_then, reported_then, absences_then, -1, counted[g])
                theirs = units_of(holder, units_now)
                count_holder(theirs, inside_now, reported_now, absences_now, 1, counted[g])
    differs |= counted != holders


@kernel(f"void({LINE}, {LINE}, {LINE}, {KINDS}, int64, {CUBE}, {LINE})")
def await_missing(
    registered: Whole,
    unreported: Whole,
    taken_back: Whole,
    absences: Kinds,
    not_reported: int,
    counted: NDArray[np.int64],
    waiting: Whole,
) -> None:
    """How many registered units of G groups have still to report; counted with the members who lack each figure, by reason,
    G x F x 9.

    registered     (G,) addresses of who is in each group by their registered profile, by column
    unreported     columns of units without a record that counts
    taken_back     those whose record does not count: they are withdrawn from the figures they had, the others absent
    not_reported   the absence code of a unit without a record
    waiting        (G,) told
    """
    for g in range(len(registered)):
        mine, late = flags_at(registered[g], absences.shape[1]), 0
        for column in unreported:
            late += mine[column]
        waiting[g] = late
        for f in range(counted.shape[1]):
            counted[g, f, 0] += late
            for column in taken_back:
                if mine[column] and absences[f, column] != not_reported:
                    counted[g, f, 0] -= 1
                    counted[g, f, -1] += 1
