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
    ORDER,
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
    note,
    units_of,
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


class Members(NamedTuple):
    """In which of G groups each of k units is, then or now: unit after unit, M in all.

    units     (k + 1,) where each unit's begin
    groups    (M,); was, is_there: (M,) whether it is a member then, and now
    moved     (M,) told: whether it is another holder's there, or some figure came or went
    rooms     (G + 1,) where each group's would begin, one group behind the other
    """

    units: Whole
    groups: Whole
    was: Flags
    is_there: Flags
    moved: Flags
    rooms: Whole


@within
def _members(was: Flags, is_there: Flags, changed: Whole, then: Whole, now: Whole) -> Members:
    """Of units whether they were and are in groups, G x k. `then`, `now`: holders, by column."""
    units, rooms, many = np.zeros(len(changed) + 1, np.int64), np.zeros(len(was) + 1, np.int64), 0
    groups, flags = np.empty(was.size, np.int64), np.empty((3, was.size), np.bool_)
    for k in range(len(changed)):
        for g in range(len(was)):
            if was[g, k] or is_there[g, k]:
                groups[many], flags[0, many], flags[1, many] = g, was[g, k], is_there[g, k]
                c = changed[k]
                flags[2, many] = not (was[g, k] and is_there[g, k] and then[c] == now[c])
                rooms[g + 1] += 1
                many += 1
        units[k + 1] = many
    return Members(units, groups[:many], flags[0, :many], flags[1, :many], flags[2, :many], np.cumsum(rooms))


class Figure(NamedTuple):
    """A figure of k units then and now, and their places among them in its order now, those without it behind.

    same   whether a unit's ratio now is the one it had, told in the same numbers; what is said of then counts for members alone
    """

    n_then: Whole
    d_then: Whole
    absences_then: Kinds
    n: Whole
    d: Whole
    absences: Kinds
    same: Flags
    order: Order


@within
def _figure(
    changed: Whole,
    n_then: Whole,
    d_then: Whole,
    absences_then: Kinds,
    n: Whole,
    d: Whole,
    absences: Kinds,
    order: Order,
) -> Figure:
    """Of everybody's numbers, by column, those of some units: read in their order, and near to one another from then on."""
    numbers, why, same = (
        np.empty((4, len(changed)), np.int64),
        np.empty((2, len(changed)), np.uint8),
        np.empty(len(changed), np.bool_),
    )
    for k in range(len(changed)):
        c = changed[k]
        then = min(c, len(n_then) - 1)  # who was not known then was no member
        numbers[0, k], numbers[1, k], why[0, k] = n_then[then], d_then[then], absences_then[then]
        numbers[2, k], numbers[3, k], why[1, k] = n[c], d[c], absences[c]
        same[k] = n_then[then] == n[c] and d_then[then] == d[c]
    return Figure(numbers[0], numbers[1], why[0], numbers[2], numbers[3], why[1], same, order)


class Sides(NamedTuple):
    """The columns that have gone from a figure of G groups, and those that have come, in order: each group's in its room.

    leaving, coming    (G,) how many
    kinds, sums        G x 10 and 4, counted on
    """

    gone: Order
    come: Order
    leaving: Whole
    coming: Whole
    kinds: Whole
    sums: Whole


@within
def _deal(figure: Figure, changed: Whole, members: Members, kind: Kinds, sides: Sides) -> None:
    """Deal those that changed out to their groups."""
    sides.leaving[:], sides.coming[:] = 0, 0
    for k in figure.order:
        c, why, why_then = changed[k], figure.absences[k], figure.absences_then[k]
        for at in range(members.units[k], members.units[k + 1]):
            g, had, has = members.groups[at], members.was[at] and why_then == 0, members.is_there[at] and why == 0
            if why != why_then or members.was[at] != members.is_there[at]:
                sides.kinds[g, kind[why_then]] -= members.was[at]
                sides.kinds[g, kind[why]] += members.is_there[at]
            if had != has:
                members.moved[at] = True
            elif not has or figure.same[k]:
                continue
            if had:
                add(sides.sums[g], figure.n_then[k], figure.d_then[k], -1)
                sides.gone[members.rooms[g] + sides.leaving[g]] = c
                sides.leaving[g] += 1
            if has:
                add(sides.sums[g], figure.n[k], figure.d[k], 1)
                sides.come[members.rooms[g] + sides.coming[g]] = c
                sides.coming[g] += 1


class Belonging(NamedTuple):
    """Who is inside each of G groups, (G,) addresses; and of everybody, by column, what they have reported and whose they are."""

    inside: Whole
    reported: Flags
    absences: Kinds
    holders: Whole


@within
def _count_on(side: Belonging, theirs: Whole, g: int, sign: int, counted: Whole) -> None:
    """Count a holder of such units on in a group."""
    count_holder(theirs, flags_at(side.inside[g], len(side.reported)), side.reported, side.absences, sign, counted)


@within
def _count_holders(members: Members, changed: Whole, then: Belonging, now: Belonging, counted: Whole) -> None:
    """Count the holders on, G x F, then and now, of units that moved: each once a group."""
    if not members.moved.any():
        return
    units_then, units_now = by_holder(then.holders), by_holder(now.holders)
    met = np.zeros((len(counted), max(len(units_then[1]), len(units_now[1]))), np.bool_)
    for k in range(len(changed)):
        c = changed[k]
        for at in range(members.units[k], members.units[k + 1]):
            if not members.moved[at]:
                continue
            g = members.groups[at]
            for holder in (then.holders[c] if members.was[at] else -1, now.holders[c] if members.is_there[at] else -1):
                if holder >= 0 and not met[g, holder]:
                    met[g, holder] = True
                    _count_on(then, units_of(holder, units_then), g, -1, counted[g])
                    _count_on(now, units_of(holder, units_now), g, 1, counted[g])


@kernel(
    f"void({LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {LINE}, {LINE}, {EVERYBODY}, {EVERYBODY}, {LINE}, {TABLE}, {TABLE},"
    f" {ORDER}, uint8[::1], int64, {LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {TABLE})"
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
    ordered: Order,
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
    changed                        (k,) columns, rising; was, is_there: G x k whether each is a member then and now
    ordered                        F x k, their places in `changed` in order of each figure now, those without it behind
    kind                           of each absence; many: where more than this part of a row changes it is merged
    fresh, ..., counted            of the groups now
    differs                        G x F told: whether anybody's ratio is another one, comes or goes, or the holders are others
    """
    figures, everybody, all_groups = len(n_now), len(reported_now), len(orders)
    is_many = 2 * many * len(changed) > everybody  # one that changed has gone, and come
    members = _members(was, is_there, changed, holders_then, holders_now)
    marks, ratios, room, moving = (
        np.zeros(everybody, np.bool_),
        np.empty(everybody),
        np.empty((2, len(members.groups)), np.int32),
        np.empty((2, all_groups), np.int64),
    )
    for f in range(figures):  # of all groups, so that what is known of everybody's figure stays at hand
        then, now = (n_then[f], d_then[f]), (n_now[f], d_now[f])
        figure = _figure(changed, *then, absences_then[f], *now, absences_now[f], ordered[f])
        sides = Sides(room[0], room[1], moving[0], moving[1], kinds[:, f].copy(), sums[:, f].copy())
        _deal(figure, changed, members, kind, sides)
        kinds_now[:, f], sums_now[:, f] = sides.kinds, sides.sums
        if is_many:
            note(ratios, np.arange(everybody), *now)
        for g in range(all_groups):
            begin = members.rooms[g]
            gone, come = sides.gone[begin : begin + sides.leaving[g]], sides.come[begin : begin + sides.coming[g]]
            differs[g, f] = len(gone) + len(come) > 0
            row, into = order_at(orders[g], figures, sizes[g])[f], order_at(fresh[g], figures, sizes_now[g])[f]
            move_on(row, kinds[g, f, 0], gone, come, *then, *now, many, ratios, is_many, marks, into)
    counted[:] = holders
    before = Belonging(members_then, reported_then, absences_then, holders_then)
    after = Belonging(members_now, reported_now, absences_now, holders_now)
    _count_holders(members, changed, before, after, counted)
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
