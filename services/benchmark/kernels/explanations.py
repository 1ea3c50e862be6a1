"""Standings of many pairs of groups explained in one call, each group told by the address of its order."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.addresses import flags_at, order_at
from services.benchmark.kernels.orders import FLAGS, KINDS, LINE, WHOLE, Flags, Kinds, Whole
from services.benchmark.kernels.walks import Sorted, Told, Vintage, walk
from services.kernels import kernel

GROUPS = f"{LINE}, {LINE}, {WHOLE}, boolean[:, :, ::1], {LINE}"
TOLD = "int64[:, :, :]"
EVERYBODY = f"{WHOLE}, {WHOLE}, {KINDS}, {FLAGS}"


@kernel(
    f"void({LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {GROUPS}, {GROUPS}, {EVERYBODY}, {EVERYBODY}, {LINE}, {LINE},"
    f" int64[:, :], {TOLD}, {TOLD}, {TOLD}, int64[:, :], int64[:])"
)
def explain(
    rows: Whole,
    columns: Whole,
    at: Whole,
    starts: Whole,
    firsts: Whole,
    lasts: Whole,
    orders_then: Whole,
    sizes_then: Whole,
    units_then: Whole,
    tiers_then: NDArray[np.bool_],
    members_then: Whole,
    orders_now: Whole,
    sizes_now: Whole,
    units_now: Whole,
    tiers_now: NDArray[np.bool_],
    members_now: Whole,
    n_then: Whole,
    d_then: Whole,
    absences_then: Kinds,
    reported_then: Flags,
    n_now: Whole,
    d_now: Whole,
    absences_now: Kinds,
    reported_now: Flags,
    changed: Whole,
    better: Whole,
    there: Whole,
    placed: NDArray[np.int64],
    own: NDArray[np.int64],
    parts: NDArray[np.int64],
    medians: Whole,
    doubtful: Whole,
) -> None:
    """Explain N standings, P pairs of groups one behind the other: the one at the first vintage and the one at the second.

    rows, columns, at   (N,) of what, rows of a pair rising; and its place in what is filled in
    starts              (P + 1,) where each pair begins; firsts, lasts: (P,) its groups
    orders, sizes       (G,) then and now: addresses, and how many members; members: addresses of who is inside, by column
    units               G x F how many have each figure; tiers: G x 2 x F, whether a quartile and a gap is shown
    changed             (k,) columns whose record is another one; better: (F,)
    there, ..., doubtful    filled in, see walking.TOLD: nothing that is said of one that is doubtful counts
    """
    told = Told(there, placed, own, parts, medians, doubtful)
    then, now = Vintage(n_then, d_then, absences_then, reported_then), Vintage(n_now, d_now, absences_now, reported_now)
    figures, tiers = len(n_now), np.empty((4, len(n_now)), np.bool_)
    for p in range(len(firsts)):
        a, b, mine = firsts[p], lasts[p], slice(starts[p], starts[p + 1])
        tiers[:2], tiers[2:] = tiers_then[a], tiers_now[b]
        first = Sorted(
            order_at(orders_then[a], figures, sizes_then[a]),
            units_then[a],
            flags_at(members_then[a], len(reported_then)),
        )
        first_now = Sorted(
            order_at(orders_now[a], figures, sizes_now[a]), units_now[a], flags_at(members_now[a], len(reported_now))
        )
        last = Sorted(
            order_at(orders_now[b], figures, sizes_now[b]), units_now[b], flags_at(members_now[b], len(reported_now))
        )
        walk(
            rows[mine], columns[mine], at[mine], first, first_now, last, then, now, changed, better, tiers, told, a == b
        )
