"""Units that changed, dealt out to the groups they were in or are in, figure by figure."""

from typing import NamedTuple

import numpy as np

from services.benchmark.kernels.orders import Flags, Kinds, Order, Whole, add
from services.kernels import within


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
def members_of(was: Flags, is_there: Flags, changed: Whole, then: Whole, now: Whole) -> Members:
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
    """A figure of k units then and now; whether its numbers are the same; and the places of the units in its order now, those
    without it behind.
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
def figure_of(
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
    numbers[:2], why[0] = 0, 0  # of who was not known then
    for k in range(len(changed)):
        c = changed[k]
        numbers[2, k], numbers[3, k], why[1, k] = n[c], d[c], absences[c]
        if c < len(n_then):
            numbers[0, k], numbers[1, k], why[0, k] = n_then[c], d_then[c], absences_then[c]
        same[k] = numbers[0, k] == numbers[2, k] and numbers[1, k] == numbers[3, k]
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
def deal(figure: Figure, changed: Whole, members: Members, kind: Kinds, sides: Sides) -> None:
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
