"""What changed of many groups, each of their arrays told by its address: one call for all groups that a publication touches."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.addresses import NOTHING, flags_at, order_at
from services.benchmark.kernels.orders import CUBE, FLAGS, KINDS, LINE, TABLE, WHOLE, Flags, Kinds, Sides, Whole, follow
from services.kernels import kernel

# Reported, numerators, denominators, absences, holders: by column.
EVERYBODY = f"{FLAGS}, {WHOLE}, {WHOLE}, {KINDS}, {LINE}"


@kernel(f"void({LINE}, {LINE}, {EVERYBODY}, {EVERYBODY}, {LINE}, {TABLE}, {TABLE}, float64[::1])")
def inside(
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
    turned: NDArray[np.float64],
) -> None:
    """Tell which of some units are members of G groups then and now, and how much of them is another.

    members        (G,) addresses of who is in each group, by column
    changed        (k,) columns; was, is_there: G x k, told
    turned         (k,) told: which part of its figures a unit has another ratio of, or had none of
    """
    known, figures = len(reported_then), len(n_now)
    for k in range(len(changed)):
        c, many = changed[k], 0
        for f in range(figures):
            many += (
                c >= known
                or n_then[f, c] != n_now[f, c]
                or d_then[f, c] != d_now[f, c]
                or absences_then[f, c] != absences_now[f, c]
            )
        turned[k] = many / figures
    for g in range(len(members_then)):
        then, now = flags_at(members_then[g], known), flags_at(members_now[g], len(reported_now))
        for k in range(len(changed)):
            c = changed[k]
            was[g, k] = c < known and then[c] and reported_then[c]
            is_there[g, k] = now[c] and reported_now[c]


@kernel(
    f"void({LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {LINE}, {LINE}, {EVERYBODY}, {EVERYBODY}, {LINE}, {TABLE}, {TABLE},"
    f" uint8[::1], int64, {LINE}, {LINE}, {CUBE}, {CUBE}, {WHOLE}, {TABLE})"
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
    changed                        (k,) columns; was, is_there: G x k whether each is a member then and now
    kind                           of each absence; many: where more than this part of a row changes it is merged
    fresh, ..., counted            of the groups now; those without an address are left out
    differs                        G x F told: whether anybody's ratio is another one, comes or goes, or the holders are others
    """
    figures = len(n_now)
    for g in range(len(orders)):
        if fresh[g] == NOTHING:
            continue
        mine = was[g] | is_there[g]
        then, now = flags_at(members_then[g], len(reported_then)), flags_at(members_now[g], len(reported_now))
        sides = Sides(
            then,
            reported_then,
            n_then,
            d_then,
            absences_then,
            holders_then,
            now,
            reported_now,
            n_now,
            d_now,
            absences_now,
            holders_now,
        )
        follow(
            order_at(orders[g], figures, sizes[g]),
            kinds[g],
            sums[g],
            holders[g],
            sides,
            changed[mine],
            was[g][mine],
            is_there[g][mine],
            kind,
            many,
            order_at(fresh[g], figures, sizes_now[g]),
            kinds_now[g],
            sums_now[g],
            counted[g],
            differs[g],
        )


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
