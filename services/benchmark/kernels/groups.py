"""What changed of many groups, each of their arrays told by its address: one call for all groups that a publication touches."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.addresses import flags_at, order_at
from services.benchmark.kernels.changes import Members, Sides, deal, figure_of, members_of
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
    by_holder,
    count_holder,
    move_on,
    note,
    units_of,
)
from services.kernels import kernel, within


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
    f"void(int64, int64, {LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {WHOLE}, {KINDS}, {LINE}, {WHOLE}, {WHOLE}, {KINDS}, {LINE},"
    f" {LINE}, {TABLE}, {TABLE}, {ORDER}, uint8[::1], int64, {LINE}, {LINE}, {CUBE}, {CUBE}, {TABLE}, {FLAGS})"
)
def follow(
    first: int,
    behind: int,
    orders: Whole,
    sizes: Whole,
    kinds: NDArray[np.int64],
    sums: NDArray[np.int64],
    n_then: Whole,
    d_then: Whole,
    absences_then: Kinds,
    holders_then: Whole,
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
    differs: Flags,
    moved: Flags,
) -> None:
    """Write the orders of G groups after some units changed, in the figures from `first` to before `behind`.

    orders, sizes, kinds, ...      of the groups then, as in ordering.Sorted: (G,) addresses and members, G x F x 10, ...
    numerators, ..., holders       of all units then and now, by column
    changed                        (k,) columns, rising; was, is_there: G x k whether each is a member then and now
    ordered                        figures x k, their places in `changed` in order of each of those, those without it behind
    kind                           of each absence; many: where more than this part of a row changes it is merged
    fresh, ..., sums_now           of the groups now
    differs                        G x F told: whether anybody's ratio is another one, comes or goes
    moved                          told, as in Members, of G x k at most; several at a time may tell it
    """
    figures, everybody, all_groups = len(n_now), n_now.shape[1], len(orders)
    is_many = 2 * many * len(changed) > everybody  # one that changed has gone, and come
    members = members_of(was, is_there, changed, holders_then, holders_now)
    marks, ratios, room, moving = (
        np.zeros(everybody, np.bool_),
        np.empty(everybody),
        np.empty((2, len(members.groups)), np.int32),
        np.empty((2, all_groups), np.int64),
    )
    for f in range(first, behind):  # of all groups, so that what is known of everybody's figure stays at hand
        then, now = (n_then[f], d_then[f]), (n_now[f], d_now[f])
        figure = figure_of(changed, *then, absences_then[f], *now, absences_now[f], ordered[f - first])
        sides = Sides(room[0], room[1], moving[0], moving[1], kinds[:, f].copy(), sums[:, f].copy())
        deal(figure, changed, members, kind, sides)
        kinds_now[:, f], sums_now[:, f] = sides.kinds, sides.sums
        if is_many:
            note(ratios, np.arange(everybody), *now)
        for g in range(all_groups):
            begin = members.rooms[g]
            gone, come = sides.gone[begin : begin + sides.leaving[g]], sides.come[begin : begin + sides.coming[g]]
            differs[g, f] = len(gone) + len(come) > 0
            row, into = order_at(orders[g], figures, sizes[g])[f], order_at(fresh[g], figures, sizes_now[g])[f]
            move_on(row, kinds[g, f, 0], gone, come, *then, *now, many, ratios, is_many, marks, into)
    for at in range(len(members.moved)):
        if members.moved[at]:
            moved[at] = True


@kernel(
    f"void({LINE}, {FLAGS}, {KINDS}, {LINE}, {LINE}, {FLAGS}, {KINDS}, {LINE}, {LINE}, {TABLE}, {TABLE}, {FLAGS}, {WHOLE},"
    f" {WHOLE}, {TABLE})"
)
def count_on(
    members_then: Whole,
    reported_then: Flags,
    absences_then: Kinds,
    holders_then: Whole,
    members_now: Whole,
    reported_now: Flags,
    absences_now: Kinds,
    holders_now: Whole,
    changed: Whole,
    was: Flags,
    is_there: Flags,
    moved: Flags,
    counted_then: Whole,
    counted: Whole,
    differs: Flags,
) -> None:
    """Count on of how many holders the units with each figure are, in G groups after some units changed.

    members, reported, absences, holders      as in Belonging, then and now
    changed, was, is_there, differs, moved    as `follow` has them
    counted                                   G x F, then, and told: now
    """
    members = members_of(was, is_there, changed, holders_then, holders_now)
    members.moved[:] = moved[: len(members.moved)]
    counted[:] = counted_then
    before = Belonging(members_then, reported_then, absences_then, holders_then)
    after = Belonging(members_now, reported_now, absences_now, holders_now)
    _count_holders(members, changed, before, after, counted)
    differs |= counted != counted_then


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
