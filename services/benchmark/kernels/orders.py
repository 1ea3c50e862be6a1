"""The members of a peer group in order, kept in order as units change; and what is counted of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import compared, place
from services.kernels import kernel, within

Order = NDArray[np.int32]  # F x n: in each row the columns of the units with the figure, the smallest ratio first
Whole = NDArray[np.int64]
Kinds = NDArray[np.uint8]  # of absence
Flags = NDArray[np.bool_]

WHOLE, FLAGS, ORDER, KINDS, LINE = "int64[:, ::1]", "boolean[::1]", "int32[:, ::1]", "uint8[:, ::1]", "int64[::1]"
TABLE, CUBE = "boolean[:, ::1]", "int64[:, :, ::1]"
HALF = 26  # bits: sums are kept in an upper and a lower half, so that none outgrows 64 bits


@within
def add(sums: Whole, n: int, d: int, sign: int) -> None:
    """Add a pair to sums, or take it from them."""
    mask = (1 << HALF) - 1
    sums[0] += sign * (n >> HALF)
    sums[1] += sign * (n & mask)
    sums[2] += sign * (d >> HALF)
    sums[3] += sign * (d & mask)


@within
def _settle(row: Order, units: int, n: Whole, d: Whole) -> None:
    """Bring columns into exact order that are in the order of their floats, or nearly."""
    for at in range(1, units):
        column, free = row[at], at
        while free:
            other = row[free - 1]
            sign = compared(n[other], d[other], n[column], d[column])
            if sign < 0 or (sign == 0 and other < column):
                break
            row[free] = other
            free -= 1
        row[free] = column


@kernel(f"void({ORDER}, int64[:], {WHOLE}, {WHOLE})")
def settle(order: Order, units: Whole, numerators: Whole, denominators: Whole) -> None:
    """Bring rows into exact order, level ones by column, that are in the order of their floats."""
    for f in range(order.shape[0]):
        _settle(order[f], units[f], numerators[f], denominators[f])


@within
def _take_places(
    row: Order, units: int, n_then: Whole, d_then: Whole, gone: Order, come: Order, n: Whole, d: Whole, fresh: Order
) -> None:
    """Copy a row without some columns, which have the ratios of then, and with some more, each in its place: found by halving."""
    out = np.empty(len(gone), np.int64)
    for k in range(len(gone)):
        out[k] = place(row, units, n_then, d_then, n_then[gone[k]], d_then[gone[k]], gone[k])
    out.sort()
    columns, into = np.empty(len(come), np.int32), np.empty(len(come), np.int64)
    for many in range(len(come)):
        column = come[many]
        to = place(columns, many, n, d, n[column], d[column], column)
        columns[to + 1 : many + 1] = columns[to:many].copy()
        columns[to] = column
    for k in range(len(come)):
        into[k] = place(row, units, n_then, d_then, n[columns[k]], d[columns[k]], columns[k])
    at, to, left, put = 0, 0, 0, 0
    while True:
        until = units
        if left < len(out) and out[left] < until:
            until = out[left]
        if put < len(into) and into[put] < until:
            until = into[put]
        source, copy = row[at:until], fresh[to : to + until - at]
        for k in range(len(source)):
            copy[k] = source[k]
        to += until - at
        at = until
        if put < len(into) and into[put] == at:
            fresh[to] = columns[put]
            to += 1
            put += 1
        elif left < len(out):
            at += 1
            left += 1
        else:
            return


@within
def _merge(row: Order, units: int, gone: Order, come: Order, n: Whole, d: Whole, marks: Flags, fresh: Order) -> None:
    """The same, one column after another: quicker where many change. `marks`: by column, all false."""
    for column in gone:
        marks[column] = True
    ratios = n[come] / d[come]
    columns = come[np.argsort(ratios)]
    _settle(columns, len(columns), n, d)
    put, to = 0, 0
    for at in range(units):
        column = row[at]
        if marks[column]:
            marks[column] = False
            continue
        while put < len(columns):
            sign = compared(n[columns[put]], d[columns[put]], n[column], d[column])
            if sign > 0 or (sign == 0 and columns[put] > column):
                break
            fresh[to] = columns[put]
            to += 1
            put += 1
        fresh[to] = column
        to += 1
    for column in columns[put:]:
        fresh[to] = column
        to += 1


@within
def _count_holder(
    holder: int, holders: Whole, member: Flags, reported: Flags, absences: Kinds, sign: int, counted: Whole
) -> None:
    """Count a holder on, (F,): with the figures that some unit of theirs in the group has. `sign`: added or taken."""
    theirs, many = np.empty(len(holders), np.int64), 0
    for column in range(len(holders)):
        if holders[column] == holder and member[column] and reported[column]:
            theirs[many] = column
            many += 1
    for f in range(absences.shape[0]):
        for k in range(many):
            if absences[f, theirs[k]] == 0:
                counted[f] += sign
                break


@within
def _whose(moved: Flags, changed: Whole, was: Flags, is_there: Flags, then: Whole, now: Whole) -> Whole:
    """The holders, then or now, of units of whom some figure came or went, or who have another holder."""
    whose, many = np.empty(2 * len(changed), np.int64), 0
    for k in range(len(changed)):
        old = then[changed[k]] if was[k] else -1
        new = now[changed[k]] if is_there[k] else -1
        if moved[k] or old != new:
            for holder in (old, new):
                if holder >= 0 and holder not in whose[:many]:
                    whose[many] = holder
                    many += 1
    return whose[:many]


class Sides(NamedTuple):
    """A group, and all units, then and now, by column."""

    member_then: Flags
    reported_then: Flags
    n_then: Whole
    d_then: Whole
    absences_then: Kinds
    holders_then: Whole
    member_now: Flags
    reported_now: Flags
    n_now: Whole
    d_now: Whole
    absences_now: Kinds
    holders_now: Whole


@within
def follow(
    order: Order,
    kinds: Whole,
    sums: Whole,
    holders: Whole,
    s: Sides,
    changed: Whole,
    was: Flags,
    is_there: Flags,
    kind: Kinds,
    many: int,
    fresh: Order,
    kinds_now: Whole,
    sums_now: Whole,
    counted: Whole,
    differs: Flags,
) -> None:
    """Write the order of a group after some of its units changed, and count on what is counted of it.

    order, kinds, sums, holders    of the group then: as in ordering.Sorted
    changed                        (k,) columns; was, is_there: (k,) whether each is a member then and now, or both
    kind                           of each absence; many: where more than this part of a row changes it is merged
    fresh, ..., counted            of the group now
    differs                        (F,) told: whether anybody's ratio is another one, comes or goes, or the holders are others
    """
    n_then, d_then, absences_then, absences_now = s.n_then, s.d_then, s.absences_then, s.absences_now
    gone, come = np.empty(len(changed), np.int32), np.empty(len(changed), np.int32)
    marks, moved = np.zeros(len(s.reported_now), np.bool_), np.zeros(len(changed), np.bool_)
    kinds_now[:], sums_now[:], counted[:] = kinds, sums, holders
    for f in range(order.shape[0]):
        n, d, units, leaving, coming = s.n_now[f], s.d_now[f], kinds[f, 0], 0, 0
        for k in range(len(changed)):
            column = changed[k]
            had, has = was[k] and absences_then[f, column] == 0, is_there[k] and absences_now[f, column] == 0
            if was[k]:
                kinds_now[f, kind[absences_then[f, column]]] -= 1
            if is_there[k]:
                kinds_now[f, kind[absences_now[f, column]]] += 1
            moved[k] |= had != has
            if had == has and (not has or (n_then[f, column] == n[column] and d_then[f, column] == d[column])):
                continue
            if had:
                add(sums_now[f], n_then[f, column], d_then[f, column], -1)
                gone[leaving] = column
                leaving += 1
            if has:
                add(sums_now[f], n[column], d[column], 1)
                come[coming] = column
                coming += 1
        differs[f] = leaving + coming > 0
        if not differs[f]:
            source, copy = order[f, :units], fresh[f, :units]
            for k in range(len(source)):
                copy[k] = source[k]
        elif many * (leaving + coming) > units:
            _merge(order[f], units, gone[:leaving], come[:coming], n, d, marks, fresh[f])
        else:
            then = n_then[f], d_then[f]
            _take_places(order[f], units, *then, gone[:leaving], come[:coming], n, d, fresh[f])
    for holder in _whose(moved, changed, was, is_there, s.holders_then, s.holders_now):
        _count_holder(holder, s.holders_then, s.member_then, s.reported_then, absences_then, -1, counted)
        _count_holder(holder, s.holders_now, s.member_now, s.reported_now, absences_now, 1, counted)
    differs[:] |= counted != holders
