"""The members of a peer group in order, kept in order as units change; and what is counted of them."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import Ratios, place, precedes
from services.kernels import within

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
def _copy(row: Order, fresh: Order) -> None:
    for k in range(len(row)):
        fresh[k] = row[k]


@within
def _take_places(
    row: Order, units: int, n_then: Whole, d_then: Whole, gone: Order, come: Order, n: Whole, d: Whole, fresh: Order
) -> None:
    """Copy a row without some columns, which have the ratios of then, and with some more, each in its place: found by halving."""
    out, undivided = np.empty(len(gone), np.int64), np.empty(0)
    for k in range(len(gone)):
        out[k] = place(row, undivided, units, n_then, d_then, n_then[gone[k]], d_then[gone[k]], gone[k])
    out.sort()
    into = np.empty(len(come), np.int64)
    for k in range(len(come)):
        into[k] = place(row, undivided, units, n_then, d_then, n[come[k]], d[come[k]], come[k])
    at, to, left, put = 0, 0, 0, 0
    while True:
        until = units
        if left < len(out) and out[left] < until:
            until = out[left]
        if put < len(into) and into[put] < until:
            until = into[put]
        _copy(row[at:until], fresh[to : to + until - at])
        to += until - at
        at = until
        if put < len(into) and into[put] == at:
            fresh[to] = come[put]
            to += 1
            put += 1
        elif left < len(out):
            at += 1
            left += 1
        else:
            return


@within
def note(ratios: Ratios, columns: Order | Whole, n: Whole, d: Whole) -> None:
    """Note ratios as doubles, by column."""
    for column in columns:
        ratios[column] = n[column] / d[column]


@within
def _merge(
    row: Order, units: int, gone: Order, come: Order, n: Whole, d: Whole, ratios: Ratios, marks: Flags, fresh: Order
) -> None:
    """The same, one column after another: quicker where many change. `ratios`, `marks`: by column; all marks false."""
    for column in gone:
        marks[column] = True
    put, to = 0, 0
    following = ratios[come[0]] if len(come) else np.inf
    for at in range(units):
        column = row[at]
        if marks[column]:
            marks[column] = False
            continue
        while following <= ratios[column]:
            c = come[put]
            if following == ratios[column] and not precedes(n[c], d[c], c, n[column], d[column], column):
                break
            fresh[to] = c
            put, to = put + 1, to + 1
            following = ratios[come[put]] if put < len(come) else np.inf
        fresh[to] = column
        to += 1
    for column in come[put:]:
        fresh[to] = column
        to += 1


@within
def move_on(
    row: Order,
    units: int,
    gone: Order,
    come: Order,
    n_then: Whole,
    d_then: Whole,
    n: Whole,
    d: Whole,
    many: int,
    ratios: Ratios,
    are_noted: bool,
    marks: Flags,
    fresh: Order,
) -> None:
    """Write the row of a figure after some columns have gone, with their ratios of then, and some have come.

    come            in order
    many            where more than this part of a row changes it is merged
    ratios, marks   by column: now, see `note`, if they are noted already; all false
    """
    if len(gone) + len(come) == 0:
        _copy(row[:units], fresh[:units])
    elif many * (len(gone) + len(come)) > units:
        if not are_noted:
            note(ratios, row[:units], n, d)
            note(ratios, come, n, d)
        _merge(row, units, gone, come, n, d, ratios, marks, fresh)
    else:
        _take_places(row, units, n_then, d_then, gone, come, n, d, fresh)


@within
def by_holder(holders: Whole) -> tuple[Whole, Whole]:
    """The columns of everybody who has a holder, holder after holder; and where each holder's begin."""
    many = holders.max() + 1 if len(holders) else 0
    begins, at = np.zeros(many + 1, np.int64), np.empty(many, np.int64)
    for holder in holders:
        if holder >= 0:
            begins[holder + 1] += 1
    for holder in range(len(at)):
        begins[holder + 1] += begins[holder]
        at[holder] = begins[holder]
    columns = np.empty(begins[-1], np.int64)
    for column in range(len(holders)):
        if holders[column] >= 0:
            columns[at[holders[column]]] = column
            at[holders[column]] += 1
    return columns, begins


@within
def units_of(holder: int, everybody: tuple[Whole, Whole]) -> Whole:
    """The columns of a holder's units, as `by_holder` has them."""
    columns, begins = everybody
    return columns[begins[holder] : begins[holder + 1]] if holder + 1 < len(begins) else columns[:0]


@within
def count_holder(theirs: Whole, member: Flags, reported: Flags, absences: Kinds, sign: int, counted: Whole) -> None:
    """Count a holder on, (F,): with the figures that some unit of theirs in the group has. `sign`: added or taken."""
    inside, many = np.empty_like(theirs), 0
    for column in theirs:
        if member[column] and reported[column]:
            inside[many] = column
            many += 1
    for f in range(absences.shape[0]):
        for k in range(many):
            if absences[f, inside[k]] == 0:
                counted[f] += sign
                break
