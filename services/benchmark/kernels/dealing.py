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
    kinds, sums    F x G x 10, all 0, and F x G x 4; counted: F x G: as in ordering.Sorted
    """
    ends = many.cumsum()
    members, at = np.empty(starts[-1], np.int64), ends - many
    for column in by_holder:
        for g in groups[starts[column] : starts[column + 1]]:
            members[at[g]] = column
            at[g] += 1
    for f in range(order.shape[0]):
        at[:] = begins + f * many
        for column in order[f]:
            if absences[f, column] != 0:
                break
            for g in groups[starts[column] : starts[column + 1]]:
                dealt[at[g]] = column
                at[g] += 1
        for g in range(len(many)):
            total, last, theirs = np.zeros(4, np.int64), -1, 0
            for column in members[ends[g] - many[g] : ends[g]]:
                why = kind[absences[f, column]]
                kinds[f, g, why] += 1
                if why == 0:
                    add(total, numerators[f, column], denominators[f, column], 1)
                    theirs += holders[column] != last
                    last = holders[column]
            sums[f, g], counted[f, g] = total, theirs
