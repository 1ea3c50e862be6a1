"""What a tick publishes: the cells of every group in which something changed, and where each unit is looked at. Pure."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import cells, ordering
from services.benchmark.cells import GroupCells
from services.benchmark.ordering import Sorted
from services.benchmark.standing import Readings
from services.benchmark.state import View
from services.benchmark.statistics import QUARTILE_TIER

EVERYBODY = "all"


@dataclass(frozen=True)
class Updated:
    """The cells of a group as they now stand, and which figures differ from what was published before."""

    cells: GroupCells
    changed: tuple[int, ...]


@dataclass(frozen=True)
class Quarters:
    """A group at a vintage. n members; `quarters` is F x n, 0 without the figure or where quartiles are not shown."""

    members: Sorted
    quarters: NDArray[np.int64]
    shown: NDArray[np.bool_]  # (F,) whether the figure's quartiles are shown


class Shown:
    """Where each unit is looked at, per key figure, and its quarter there. Worked out group by group, when asked for.

    `inherited` is what an earlier view worked out for groups that have not changed since.
    """

    def __init__(
        self, view: View, readings: Readings, groups: Sequence[str], inherited: Mapping[str, Quarters]
    ) -> None:
        self.view, self._readings, self._groups = view, readings, groups  # in ladder order, wide to narrow
        self._known = dict(inherited)

    def after(self, view: View, groups: Sequence[str], touched: Sequence[str]) -> "Shown":
        """The same for a later view, in which only some groups have changed."""
        changed = set(touched)
        return Shown(view, self._readings, groups, {g: q for g, q in self._known.items() if g not in changed})

    def group(self, row: int, column: int) -> str:
        """The narrowest of the unit's groups that shows quartiles, else everybody's."""
        for group in reversed(self.view.groups[column]):
            if self.of(group).shown[row]:
                return group
        return EVERYBODY

    @functools.cached_property
    def looked_at(self) -> NDArray[np.int64]:
        """The place in `names` of the group each unit is looked at in. F x columns of the view."""
        found = np.zeros((len(self.view.figures), len(self.view.unit_ids)), dtype=np.int64)
        for number, group in enumerate(self.names[1:], start=1):
            rows, inside = np.flatnonzero(self.of(group).shown), self.view.membership.get(group)
            if len(rows) and inside is not None:
                found[np.ix_(rows, np.flatnonzero(inside))] = number
        return found

    @functools.cached_property
    def names(self) -> list[str]:
        """The groups, everybody's first."""
        return [EVERYBODY, *(group for group in self._groups if group != EVERYBODY)]

    @functools.cached_property
    def quarters(self) -> NDArray[np.int64]:
        """The quarter of every unit in the group it is looked at in; 0 where none is shown. F x columns of the view."""
        found = np.zeros((len(self.view.figures), len(self.view.unit_ids)), dtype=np.int64)
        for group in self._groups:
            one = self.of(group)
            if one.shown.any():
                narrower = found[:, one.members.columns]
                found[:, one.members.columns] = np.where(one.quarters > 0, one.quarters, narrower)
        return found

    def of(self, group: str) -> Quarters:
        """A group, sorted once."""
        if group not in self._known:
            self._known[group] = self._work_out(group)
        return self._known[group]

    def _work_out(self, group: str) -> Quarters:
        members = ordering.of(self.view, group)
        counted = zip(self._readings, members.units.tolist(), members.holders.tolist(), strict=True)
        shown = np.array([r.public and r.meets(QUARTILE_TIER, *counts) for r, *counts in counted], dtype=np.bool_)
        turned = tuple(r.better for r in self._readings)
        return Quarters(members, members.quarters(turned) * shown[:, None], shown)


def updates(
    before: dict[str, GroupCells], after: Shown, touched: Sequence[str], readings: Readings
) -> Iterator[Updated]:
    """The cells of the groups that were touched, and what changed in them. `before` is brought up to date."""
    for group in touched:
        now = cells.of_group(after.view, group, readings, members=after.of(group).members)
        then = before.get(group)
        differs = [row for row, cell in enumerate(now.cells) if then is None or cell != then.cells[row]]
        if now.expected:
            before[group] = now
        else:  # nobody is there any more: as if it had never been, which is what a restart finds
            before.pop(group, None)
        yield Updated(now, tuple(differs))
