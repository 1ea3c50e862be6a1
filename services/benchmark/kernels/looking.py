"""Where units are looked at: in which of their groups, and in which of its quarters."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.exact import below_and_up_to
from services.benchmark.kernels.orders import FLAGS, LINE, ORDER, WHOLE, Flags, Order, Whole
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
        first, last = below_and_up_to(row, units, numerators, denominators, numerators[column], denominators[column])
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
