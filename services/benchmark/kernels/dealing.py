"""Units in order dealt out to their groups, in order there too."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.orders import KINDS, LINE, ORDER, WHOLE, Kinds, Order, Whole, add
from services.kernels import kernel


@kernel(
    f"void({ORDER}, {LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {WHOLE}, {WHOLE}, {KINDS}, {LINE}, uint8[::1],"
    f" int32[::1], int64[:, :, ::1], int64[:, :, ::1], {WHOLE})"
)
def deal(
    order: Order,
    starts: Whole,
    groups: Whole,
    many: Whole,
    begins: Whole,
    by_holder: Whole,
    numerators: Whole,
    denominators: Whole,
    absences: Kinds,
    holders: Whole,
    kind: Kinds,
    dealt: Order,
    kinds: NDArray[np.int64],
    sums: NDArray[np.int64],
    counted: Whole,
) -> None:
    """Deal units that are in order out to G groups, in order there too, and count what is counted of each group.

    order          of all that are a member of any of the groups, those with the figure first
    starts, groups which groups the unit of a column is in: groups[starts[column] : starts[column + 1]]
    many, begins   (G,) how many members each group has, and where its figures begin in `dealt`, one row after another
    by_holder      the columns of those members, by holder
    kind           of each absence
    kinds, sums    F x G x 10 and 4, counted: F x G, all 0: as in ordering.Sorted
    """
    at, last = np.empty(len(many), np.int64), np.empty(len(many), np.int64)
    for f in range(order.shape[0]):
        at[:], last[:] = begins + f * many, -1
        for column in order[f]:
            if absences[f, column] != 0:
                break
            for k in range(starts[column], starts[column + 1]):
                g = groups[k]
                dealt[at[g]] = column
                at[g] += 1
        for column in by_holder:
            why, holder, n, d = (
                kind[absences[f, column]],
                holders[column],
                numerators[f, column],
                denominators[f, column],
            )
            for k in range(starts[column], starts[column + 1]):
                g = groups[k]
                kinds[f, g, why] += 1
                if why == 0:
                    add(sums[f, g], n, d, 1)
                    counted[f, g] += last[g] != holder
                    last[g] = holder
