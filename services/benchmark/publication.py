"""What a tick publishes: the cells of every group in which something changed, and where each unit is looked at. Pure."""

import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.benchmark import addresses, cells, ordering
from services.benchmark.cell_columns import GroupCells
from services.benchmark.kernels import looking
from services.benchmark.ordering import Sorted
from services.benchmark.standing import Readings, readings_of
from services.benchmark.statistics import MEDIAN_TIER, QUARTILE_TIER, Whole
from services.benchmark.view import View

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
        moved = made._grouped(ordering.after(kept, self.view, view, columns))
        made._known |= zip((group for group, _ in kept), moved, strict=True)
        then = [self._known[group] for group, _ in kept]
        same = all(
            one.shown is now.shown or (one.shown == now.shown).all() for one, now in zip(then, moved, strict=True)
        )
        if same and made.names == self.names and {"looked_at", "quarters"} <= self.__dict__.keys():
            made.looked_at, made.quarters = made._moved_on(self, again, columns)
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
        self, before: "Shown", touched: Collection[str], columns: Whole
    ) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
        """Both for a view in which every group shows what it showed before: only what was touched is worked out."""
        view, width = self.view, before.looked_at.shape[1]
        looked_at, quarters = self._empty(np.int16, width), self._empty(np.int8, width)
        looked_at[:, :width], quarters[:, :width] = before.looked_at, before.quarters
        mine = [(number, group) for number, group in enumerate(self.names) if group in touched]
        if not mine:
            return looked_at, quarters
        self.sort([group for _, group in mine])
        groups, every = [self._known[group] for _, group in mine], np.ones(len(quarters), dtype=np.bool_)
        members = [group.members for group in groups]
        looking.move_on(
            columns,
            np.array([number for number, _ in mine], dtype=np.int64),
            view.addresses([group for _, group in mine]),
            addresses.of_orders(one.order for one in members),
            np.array([one.many for one in members], dtype=np.int64),
            np.array([one.units for one in members], dtype=np.int64),
            np.array([group.shown for group in groups], dtype=np.bool_),
            np.array([every if one.changed is None else one.changed for one in members], dtype=np.bool_),
            self._columns.lower,
            view.numerators,
            view.denominators,
            view.absences,
            view.reported,
            len(self.names),
            before.looked_at,
            looked_at,
            quarters,
        )
        return looked_at, quarters

    def _empty(self, kind: type[T], known: int = 0) -> NDArray[T]:
        """Nothing said of any unit but the first so many."""
        found = np.empty((len(self.view.figures), len(self.view.unit_ids)), dtype=kind)
        found[:, known:] = 0
        return found


def updates(
    before: dict[str, GroupCells], after: Shown, touched: Sequence[str], readings: Readings
) -> Iterator[Updated]:
    """The cells of the groups that were touched, and what changed in them. `before` is brought up to date."""
    after.sort(touched)
    asked = [(group, after.of(group).members, before.get(group)) for group in touched]
    for now, differs in zip(*cells.of_groups(after.view, asked, readings), strict=True):
        if now.expected:
            before[now.group] = now
        else:  # nobody is there any more: as if it had never been, which is what a restart finds
            before.pop(now.group, None)
        yield Updated(now, tuple(np.flatnonzero(differs).tolist()))
