"""Why many standings differ between two vintages of one series: `explanation.Comparison`, where the steps are explained, for many
units at once. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import addresses, cores
from services.benchmark.explanation import Comparison, Explanation
from services.benchmark.kernels import explanations, walks
from services.benchmark.publication import Shown
from services.benchmark.standing import Readings, Standing
from services.benchmark.statistics import Whole
from services.benchmark.view import View

PLACED = ("position", "units", "mid_rank", "percentile_e4", "quartile", "gap_e9", "has_gap")
PARTS = ("position", "percentile_e4", "quartile", "gap_e9", "units")  # of a step, in this order
# Of a standing, side by side: whether it is there, its PLACED, its numerator and denominator, each before and after; the PARTS of
# six steps; columns of the units between which the median after lies halfway, one where it is that unit's ratio; whether a gap on
# the way was left to whole numbers. What is not there is 0.
TOLD = np.dtype(
    [
        ("there", np.int64, (2,)),
        ("placed", np.int64, (2, len(PLACED))),
        ("own", np.int64, (2, 2)),
        ("parts", np.int64, (6, len(PARTS))),
        ("medians", np.int64, (2,)),
        ("doubtful", np.int64),
    ]
)
Flags = NDArray[np.bool_]
MUCH = 2**13  # standings; measured: to explain so many takes 4.5 ms, to hand half of them over 0.04


@dataclass(frozen=True)
class Asked:
    """N standings: of which key figures and units, by row and column; and the places in `groups` of those they are looked at in,
    then and now.
    """

    rows: Whole
    columns: Whole
    groups: Sequence[str]
    first: Whole
    last: Whole


def walk(before: Shown, after: Shown, asked: Asked, changed: Sequence[int], readings: Readings) -> NDArray[np.void]:
    """Explain standings: (N,), of each what is TOLD. `changed`: columns of every unit whose record is another one."""
    a, b, many = before.view, after.view, len(asked.rows)
    told, columns = np.empty(many, dtype=TOLD), np.array(changed, dtype=np.int64)
    better = np.array([{"higher": walks.HIGHER, "lower": walks.LOWER}.get(r.better, 0) for r in readings])
    if not many:
        return told
    order = _by(asked.rows, asked.first, asked.last)
    rows, pairs = asked.rows[order], (asked.first * len(asked.groups) + asked.last)[order]
    starts = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(pairs, prepend=-1) != 0))
    each, run_pairs = np.unique(pairs[starts], return_inverse=True)
    used, ends = np.unique(np.divmod(each, len(asked.groups)), return_inverse=True)
    names = [asked.groups[number] for number in used.tolist()]
    first, last = ends.reshape(2, -1)
    figures, bounds, standings = rows[starts], np.append(starts, many), (asked.columns[order], order)
    vintages = (first, last, *_groups(before, names), *_groups(after, names))
    known = (*vintages, *_everybody(a), *_everybody(b), columns, better, *(told[name] for name in TOLD.names or ()))

    def explain(runs: slice) -> None:
        """Those of some runs."""
        own = figures[runs], run_pairs[runs], bounds[runs.start : runs.stop + 1]
        explanations.explain(*own, *standings, *known)

    cores.share(explain, bounds[1:], MUCH)
    for n in np.flatnonzero(told["doubtful"]).tolist():
        row, groups = int(asked.rows[n]), [asked.groups[int(some[n])] for some in (asked.first, asked.last)]
        _take(told[n], Comparison(a, b, row, groups[0], groups[1], readings[row]).explain(int(asked.columns[n])))
    return told


def _by(*keys: Whole) -> Whole:
    """Places in the order of the first key, level ones of the next. Keys below 2^16, which numpy sorts by their digits."""
    order = np.arange(len(keys[0]))
    for key in reversed(keys):
        order = order[np.argsort(key[order].astype(np.uint16), kind="stable")]
    return order


def _groups(shown: Shown, names: Sequence[str]) -> tuple[Whole, Whole, Whole, Flags, Whole]:
    """G groups: addresses of their orders, how many are in them, and have each figure; what is shown; addresses of who is in."""
    shown.sort(names)
    groups = [shown.of(name) for name in names]
    members = [group.members for group in groups]
    return (
        addresses.of_orders(one.order for one in members),
        np.array([one.many for one in members], dtype=np.int64),
        np.array([one.units for one in members], dtype=np.int64),
        np.array([(group.shown, group.median_shown) for group in groups], dtype=np.bool_),
        shown.view.addresses(names),
    )


def _everybody(view: View) -> tuple[Whole, Whole, NDArray[np.uint8], Flags]:
    return view.numerators, view.denominators, view.absences, view.reported


def _take(told: np.void, exact: Explanation) -> None:
    """Take over one explanation that was worked out in whole numbers."""
    for end, standing in enumerate((exact.before, exact.after)):
        told["placed"][end] = 0 if standing is None else _placed(standing)
    for step, part in enumerate(exact.parts):
        told["parts"][step] = [getattr(part, name) for name in PARTS]


def _placed(one: Standing) -> list[int]:
    return [
        one.position,
        one.units,
        one.mid_rank,
        one.percentile_e4,
        one.quartile,
        one.gap_e9 or 0,
        one.gap_e9 is not None,
    ]
