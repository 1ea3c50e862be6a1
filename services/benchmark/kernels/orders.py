"""The members of a peer group in order, kept in order as units change, and cut into quarters."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import below_and_up_to, compared, place
from services.kernels import kernel, within

Order = NDArray[np.int32]  # F x n: in each row the columns of the units with the figure, the smallest ratio first
Whole = NDArray[np.int64]
Kinds = NDArray[np.uint8]  # of absence
Flags = NDArray[np.bool_]

HALF = 26  # bits: sums are kept in an upper and a lower half, so that none outgrows 64 bits


@within
def _add(sums: Whole, n: int, d: int, sign: int) -> None:
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


@kernel("void(int32[:, ::1], int64[::1], int64[:, ::1], int64[:, ::1])")
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
        for k in range(until - at):
            fresh[to + k] = row[at + k]
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


@kernel(
    "void(int32[:, ::1], int64[:, ::1], int64[:, ::1], int64[:, ::1], uint8[:, ::1],"
    " int64[:, ::1], int64[:, ::1], uint8[:, ::1], int64[::1], boolean[::1], boolean[::1], uint8[::1],"
    " int32[:, ::1], int64[:, ::1], boolean[::1], boolean[::1], int64)"
)
def move(
    order: Order,
    kinds: Whole,
    n_then: Whole,
    d_then: Whole,
    absences_then: Kinds,
    n_now: Whole,
    d_now: Whole,
    absences_now: Kinds,
    changed: Whole,
    was: Flags,
    is_there: Flags,
    kind: Kinds,
    fresh: Order,
    sums: Whole,
    differs: Flags,
    comes_or_goes: Flags,
    many: int,
) -> None:
    """Write the order of a group after some units changed, and count on what is counted of it.

    order, fresh        before and after
    kinds               F x 10, of the members by kind of absence, 0 = none: counted on
    changed             (k,) columns; was, is_there: (k,) whether each is a member before and after; `kind` of each absence
    sums                F x 4: of numerators and of denominators the upper and the lower half; counted on
    differs             (F,) told: whether anybody's ratio is another one, comes or goes
    comes_or_goes       (k,) told: who has some figure at one of both only
    many                where more than this part of a row changes it is merged
    """
    gone, come = np.empty(len(changed), np.int32), np.empty(len(changed), np.int32)
    marks = np.zeros(n_now.shape[1], np.bool_)
    for f in range(order.shape[0]):
        n, d, units, leaving, coming = n_now[f], d_now[f], kinds[f, 0], 0, 0
        for k in range(len(changed)):
            column = changed[k]
            had, has = was[k] and absences_then[f, column] == 0, is_there[k] and absences_now[f, column] == 0
            if was[k]:
                kinds[f, kind[absences_then[f, column]]] -= 1
            if is_there[k]:
                kinds[f, kind[absences_now[f, column]]] += 1
            if had != has:
                comes_or_goes[k] = True
            elif not has or (n_then[f, column] == n[column] and d_then[f, column] == d[column]):
                continue
            differs[f] = True
            if had:
                _add(sums[f], n_then[f, column], d_then[f, column], -1)
                gone[leaving] = column
                leaving += 1
            if has:
                _add(sums[f], n[column], d[column], 1)
                come[coming] = column
                coming += 1
        if many * (leaving + coming) > units:
            _merge(order[f], units, gone[:leaving], come[:coming], n, d, marks, fresh[f])
        else:
            then = n_then[f], d_then[f]
            _take_places(order[f], units, *then, gone[:leaving], come[:coming], n, d, fresh[f])


@kernel("void(int64[::1], boolean[::1], uint8[:, ::1], int64[::1], int64, int64[::1])")
def count_holders(holders: Whole, inside: Flags, absences: Kinds, whose: Whole, sign: int, counted: Whole) -> None:
    """Count some holders of a group's members, (F,): of each figure those of whom some unit has it. `sign`: added or taken."""
    theirs = np.empty(len(inside), np.int64)
    for holder in whose:
        many = 0
        for column in range(len(inside)):
            if holders[column] == holder and inside[column]:
                theirs[many] = column
                many += 1
        for f in range(absences.shape[0]):
            for k in range(many):
                if absences[f, theirs[k]] == 0:
                    counted[f] += sign
                    break


@within
def _cut(row: Order, units: int, numerators: Whole, denominators: Whole, part: int, lower: bool) -> int:
    """The place in a row where a quarter ends, the first to the third from the left.

    A unit is in the quarter of its mid rank, four times the share below it; each quarter includes its lower end, which is its
    right one where a lower ratio reads as better. Units that are level are in one quarter: without them the mid rank of the one
    at i is 2i + 1 of 2 units, of a run from s to t it is s + t.
    """
    least = part * units + (1 if lower else 0)  # twice the mid rank from which on a unit lies behind
    at = max(0, -(-(least - 2) // 4))
    if at < units:
        column = row[at]
        first, last = below_and_up_to(row, units, numerators, denominators, numerators[column], denominators[column])
        at = first if 2 * (first + last) >= least else last
    return min(at, units)


@kernel(
    "void(int32[:, ::1], int64[::1], int64[:, ::1], int64[:, ::1], boolean[::1], boolean[::1], boolean[::1],"
    " int16[:, ::1], int64, int8[:, ::1])"
)
def quarter(
    order: Order,
    units: Whole,
    numerators: Whole,
    denominators: Whole,
    rows: Flags,
    lower: Flags,
    shown: Flags,
    looked_at: NDArray[np.int16],
    number: int,
    quarters: NDArray[np.int8],
) -> None:
    """Say the quarters of the units that are looked at in a group, by its number, in some rows; 0 where they are not shown."""
    for f in range(order.shape[0]):
        if not rows[f]:
            continue
        at = 0
        for part in range(1, 5):
            until = units[f]
            if part < 4:
                until = _cut(order[f], units[f], numerators[f], denominators[f], part, lower[f])
            mine = (5 - part if lower[f] else part) if shown[f] else 0
            for k in range(at, until):
                if looked_at[f, order[f, k]] == number:
                    quarters[f, order[f, k]] = mine
            at = until


@kernel("void(int16[:, ::1], boolean[::1], int64[::1], int64)")
def look(looked_at: NDArray[np.int16], shown: Flags, columns: Whole, number: int) -> None:
    """Say that some units are looked at in a group, by its number, where its quartiles are shown."""
    for f in range(looked_at.shape[0]):
        if shown[f]:
            for column in columns:
                looked_at[f, column] = number
