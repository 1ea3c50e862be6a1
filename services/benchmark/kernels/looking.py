"""Where units are looked at: in which of their groups, and in which of its quarters."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.addresses import flags_at, order_at
from services.benchmark.kernels.exact import below_and_up_to
from services.benchmark.kernels.orders import FLAGS, KINDS, LINE, ORDER, TABLE, WHOLE, Flags, Kinds, Order, Whole
from services.kernels import kernel, within


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
        n, d = numerators[column], denominators[column]
        first, last = below_and_up_to(row, np.empty(0), units, numerators, denominators, n, d)
        at = first if 2 * (first + last) >= least else last
    return min(at, units)


@kernel(f"void({ORDER}, int64[:], {WHOLE}, {WHOLE}, {FLAGS}, {FLAGS}, {FLAGS}, int16[:, ::1], int64, int8[:, ::1])")
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


@kernel(f"void(int16[:, ::1], {FLAGS}, {LINE}, int64)")
def look(looked_at: NDArray[np.int16], shown: Flags, columns: Whole, number: int) -> None:
    """Say that some units are looked at in a group, by its number, where its quartiles are shown."""
    for f in range(looked_at.shape[0]):
        if shown[f]:
            for column in columns:
                looked_at[f, column] = number


@kernel(
    f"void({LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {WHOLE}, {TABLE}, {TABLE}, {FLAGS}, {WHOLE}, {WHOLE}, {KINDS}, {FLAGS},"
    f" int64, int16[:, ::1], int16[:, ::1], int8[:, ::1])"
)
def move_on(
    columns: Whole,
    numbers: Whole,
    members: Whole,
    orders: Whole,
    sizes: Whole,
    units: Whole,
    shown: Flags,
    changed: Flags,
    lower: Flags,
    numerators: Whole,
    denominators: Whole,
    absences: Kinds,
    reported: Flags,
    many: int,
    looked_at_then: NDArray[np.int16],
    looked_at: NDArray[np.int16],
    quarters: NDArray[np.int8],
) -> None:
    """Bring up to date where units are looked at, and their quarters, where each of G groups shows what it showed before.

    columns            of the units that changed; each of their groups is among these
    numbers            (G,) of the groups, rising: the narrowest that shows quartiles has the last word
    members, orders    (G,) addresses of who is in each, and of its order; sizes: of how many
    units              G x F how many have each figure; shown: whether its quartiles are
    changed            G x F whether anybody's ratio is another one
    many               how many numbers there are
    """
    figures, width = len(numerators), looked_at_then.shape[1]
    come = np.zeros((many, figures), np.bool_)  # also with the ratio they had: that changes nothing else
    for c in columns:
        looked_at[:, c] = 0
        for g in range(len(numbers)):
            if numbers[g] and flags_at(members[g], len(reported))[c]:
                for f in range(figures):
                    if shown[g, f]:
                        looked_at[f, c] = numbers[g]
        for f in range(figures):
            if absences[f, c] != 0 or not reported[c]:
                quarters[f, c] = 0
            if c < width and looked_at[f, c] != looked_at_then[f, c]:
                come[looked_at[f, c], f] = True
    for g in range(len(numbers)):
        rows = changed[g] | come[numbers[g]]
        order = order_at(orders[g], figures, sizes[g])
        quarter(order, units[g], numerators, denominators, rows, lower, shown[g], looked_at, numbers[g], quarters)
