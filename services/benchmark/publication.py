"""What a tick publishes: the cells of every group in which something changed, and where each unit is looked at. Pure."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.benchmark import cells, ordering
from services.benchmark.cell_columns import GroupCells
from services.benchmark.kernels import looking
from services.benchmark.ordering import Sorted
from services.benchmark.standing import Readings, readings_of
from services.benchmark.state import View
from services.benchmark.statistics import MEDIAN_TIER, QUARTILE_TIER

EVERYBODY = "all"
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class Updated:
    """The cells of a group as they now stand, and which figures differ from what was published before."""

    cells: GroupCells
    changed: tuple[int, ...]


@dataclass(frozen=True)
class Group:
    """A group at a vintage: its members sorted; whether each figure's quartiles, and its median, are shown, (F,)."""

    members: Sorted
    shown: NDArray[np.bool_]
    median_shown: NDArray[np.bool_]


class Shown:
    """Where each unit is looked at, per key figure, and its quarter there. Worked out group by group, when asked for."""

    def __init__(self, view: View, readings: Readings, groups: Sequence[str]) -> None:
        self.view, self.groups, self._readings = view, groups, readings  # in ladder order, wide to narrow
        self._columns = readings_of(readings)
        self._known: dict[str, Group] = {}

    def after(self, view: View, groups: Sequence[str], touched: Sequence[str], changed: Sequence[int]) -> "Shown":
        """The same for a later view, in which only some groups have changed, and only the records of some columns."""
        made, again, columns = Shown(view, self._readings, groups), set(touched), np.array(changed, dtype=np.int64)
        made._known = {group: one for group, one in self._known.items() if group not in again}
        kept = [(group, self._known[group].members) for group in touched if group in self._known]
        moved = ordering.after(kept, self.view, view, columns)
        made._known |= zip((group for group, _ in kept), made._grouped(moved), strict=True)
        same = all(g not in self._known or (self._known[g].shown == made.of(g).shown).all() for g in touched)
        if same and made.names == self.names and {"looked_at", "quarters"} <= self.__dict__.keys():
            made.looked_at, made.quarters = made._moved_on(self, touched, changed)
        return made

    def group(self, row: int, column: int) -> str:
        """The narrowest of the unit's groups that shows quartiles, else everybody's."""
        for group in reversed(self.view.groups[column]):
            if self.of(group).shown[row]:
                return group
        return EVERYBODY

    @functools.cached_property
    def names(self) -> list[str]:
        """The groups, everybody's first."""
        return [EVERYBODY, *(group for group in self.groups if group != EVERYBODY)]

    @functools.cached_property
    def looked_at(self) -> NDArray[np.int16]:
        """The place in `names` of the group each unit is looked at in. F x columns of the view."""
        found = self._empty(np.int16)
        self.sort(self.names)
        for number, group in enumerate(self.names[1:], start=1):
            inside = self.view.membership.get(group)
            if inside is not None:
                looking.look(found, self.of(group).shown, np.flatnonzero(inside), number)
        return found

    @functools.cached_property
    def quarters(self) -> NDArray[np.int8]:
        """The quarter of every unit in the group it is looked at in; 0 where none is shown. F x columns of the view."""
        found = self._empty(np.int8)
        for number in range(len(self.names)):
            self._fill(found, self.looked_at, number, np.ones(len(found), dtype=np.bool_))
        return found

    def of(self, group: str) -> Group:
        """A group, sorted once."""
        if group not in self._known:
            self.sort([group])
        return self._known[group]

    def sort(self, groups: Sequence[str]) -> None:
        """Have groups sorted that are not yet, at once."""
        if fresh := [group for group in groups if group not in self._known]:
            self._known |= zip(fresh, self._grouped(ordering.of(self.view, fresh)), strict=True)

    def _grouped(self, members: Sequence[Sorted]) -> list[Group]:
        """Groups with what each may show."""
        if not members:
            return []
        units, holders = (np.stack(some) for some in zip(*((one.units, one.holders) for one in members), strict=True))
        shown, median_shown = (self._columns.met(tier, units, holders) for tier in (QUARTILE_TIER, MEDIAN_TIER))
        return [Group(*one) for one in zip(members, shown, median_shown, strict=True)]

    def _fill(
        self, quarters: NDArray[np.int8], looked_at: NDArray[np.int16], number: int, rows: NDArray[np.bool_]
    ) -> None:
        """Say the quarters of the units that are looked at in one group, in some rows."""
        one = self.of(self.names[number])
        lower = self._columns.lower
        one.members.fill_quarters(quarters, self.view, lower, one.shown, looked_at, number, rows)

    def _moved_on(
        self, before: "Shown", touched: Sequence[str], changed: Sequence[int]
    ) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
        """Both for a view in which every group shows what it showed before: only what was touched is worked out."""
        looked_at, quarters, width = self._empty(np.int16), self._empty(np.int8), before.looked_at.shape[1]
        looked_at[:, :width], quarters[:, :width] = before.looked_at, before.quarters
        columns, every = np.array(changed, dtype=np.int64), np.ones(len(quarters), dtype=np.bool_)
        looked_at[:, columns] = 0
        some = set(touched)
        mine = [(number, group) for number, group in enumerate(self.names) if group in some]
        for number, group in mine:  # the narrowest that shows quartiles has the last word
            inside = self.view.membership.get(group)
            if number and inside is not None:
                looking.look(looked_at, self.of(group).shown, columns[inside[columns]], number)
        quarters[:, columns] *= (self.view.absences[:, columns] == 0) & self.view.reported[columns]
        known = columns[columns < width]
        there, come = looked_at[:, known], np.zeros((len(self.names), len(quarters)), dtype=np.bool_)
        moved = np.nonzero(there != before.looked_at[:, known])
        come[there[moved], moved[0]] = True  # also with the ratio they had: that changes nothing else
        for number, group in mine:
            rows = self.of(group).members.changed
            self._fill(quarters, looked_at, number, rows | come[number] if rows is not None else every)
        return looked_at, quarters

    def _empty(self, kind: type[T]) -> NDArray[T]:
        return np.zeros((len(self.view.figures), len(self.view.unit_ids)), dtype=kind)


def updates(
    before: dict[str, GroupCells], after: Shown, touched: Sequence[str], readings: Readings
) -> Iterator[Updated]:
    """The cells of the groups that were touched, and what changed in them. `before` is brought up to date."""
    after.sort(touched)
    asked = [(group, after.of(group).members, before.get(group)) for group in touched]
    for (group, _, then), now in zip(asked, cells.of_groups(after.view, asked, readings), strict=True):
        differs = list(range(len(now.figures))) if then is None else now.columns.differ(then.columns)
        if now.expected:
            before[group] = now
        else:  # nobody is there any more: as if it had never been, which is what a restart finds
            before.pop(group, None)
        yield Updated(now, tuple(differs))
