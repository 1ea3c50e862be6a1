"""Standings of many pairs of groups explained in one call, each group told by the address of its order."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.addresses import flags_at, order_at
from services.benchmark.kernels.exact import Ratios
from services.benchmark.kernels.orders import FLAGS, KINDS, LINE, WHOLE, Flags, Kinds, Whole
from services.benchmark.kernels.stages import Side
from services.benchmark.kernels.walks import Told, room_for, walk
from services.kernels import kernel, within

OFTEN = 8  # measured: where of so many units one is searched, all ratios are divided
GROUPS = f"{LINE}, {LINE}, {WHOLE}, boolean[:, :, ::1], {LINE}"
TOLD = "int64[:, :, :]"
EVERYBODY = f"{WHOLE}, {WHOLE}, {KINDS}, {FLAGS}"


class Vintage(NamedTuple):
    """G groups at a vintage, and what is known of everybody: see `explain`."""

    orders: Whole
    sizes: Whole
    units: Whole
    tiers: NDArray[np.bool_]
    members: Whole
    n: Whole
    d: Whole
    absences: Kinds
    reported: Flags


@within
def _inside(all: Vintage, g: int) -> Flags:
    """Who is in a group, by column."""
    inside: Flags = flags_at(all.members[g], len(all.reported))
    return inside


@within
def _concerned(changed: Whole, firsts: Whole, then: Vintage, now: Vintage) -> tuple[Whole, Whole]:
    """The columns, of those that changed, in each of P groups then or now, one group behind the other; and where each begins."""
    begins, mine, many = np.zeros(len(firsts) + 1, np.int64), np.empty(len(firsts) * len(changed), np.int64), 0
    for p in range(len(firsts)):
        was, is_in = _inside(then, firsts[p]), _inside(now, firsts[p])
        for column in changed:
            if is_in[column] or (column < len(was) and was[column]):
                mine[many] = column
                many += 1
        begins[p + 1] = many
    return mine[:many], begins


@within
def _side(all: Vintage, g: int, f: int, searches: int, room: Ratios) -> Side:
    """One figure of a group, in which is searched so often: its ratios are divided beforehand, into `room`, where that pays."""
    row, units, n, d = order_at(all.orders[g], len(all.n), all.sizes[g])[f], all.units[g, f], all.n[f], all.d[f]
    ratios = room[:units] if units <= OFTEN * searches else room[:0]
    for k in range(len(ratios)):
        ratios[k] = n[row[k]] / d[row[k]]
    return Side(row, ratios, units, n, d, all.absences[f], all.reported, _inside(all, g))


@kernel(
    f"void({LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {LINE}, {GROUPS}, {GROUPS}, {EVERYBODY}, {EVERYBODY}, {LINE}, {LINE},"
    f" int64[:, :], {TOLD}, {TOLD}, {TOLD}, int64[:, :], int64[:])"
)
def explain(
    rows: Whole,
    pairs: Whole,
    starts: Whole,
    columns: Whole,
    at: Whole,
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
    """Explain N standings, in runs of one figure and pair of groups: the one at the first vintage and the one at the second.

    rows, pairs, starts     (R,) figure and pair of each run, and where it begins, (R + 1,): a figure's runs one behind the other,
                            so that what is known of everybody's figure stays at hand
    columns, at             (N,) whose; and its place in what is filled in
    firsts, lasts           (P,) the groups of a pair
    orders, sizes           (G,) then and now: addresses, and how many members; members: addresses of who is inside, by column
    units                   G x F how many have each figure; tiers: G x 2 x F, whether a quartile and a gap is shown
    changed                 (k,) columns whose record is another one; better: (F,)
    there, ..., doubtful    filled in, see walking.TOLD: nothing that is said of one that is doubtful counts
    """
    everybody_then, everybody = (
        (n_then, d_then, absences_then, reported_then),
        (n_now, d_now, absences_now, reported_now),
    )
    then = Vintage(orders_then, sizes_then, units_then, tiers_then, members_then, *everybody_then)
    now = Vintage(orders_now, sizes_now, units_now, tiers_now, members_now, *everybody)
    told = Told(there, placed, own, parts, medians, doubtful)
    concerned, begins = _concerned(changed, firsts, then, now)
    room, tiers = room_for(len(changed), len(reported_now)), np.empty(4, np.bool_)
    ratios = np.empty((3, max(sizes_then.max(), sizes_now.max())))
    for r in range(len(rows)):
        f, a, b, mine = rows[r], firsts[pairs[r]], lasts[pairs[r]], slice(starts[r], starts[r + 1])
        theirs = concerned[begins[pairs[r]] : begins[pairs[r] + 1]]
        searches = len(columns[mine]) + len(theirs)
        first, first_now = _side(then, a, f, searches, ratios[0]), _side(now, a, f, searches, ratios[1])
        last = first_now if a == b else _side(now, b, f, searches, ratios[2])
        tiers[:2], tiers[2:] = then.tiers[a, :, f], now.tiers[b, :, f]
        walk(columns[mine], at[mine], first, first_now, last, theirs, better[f], tiers, a == b, told, room)
