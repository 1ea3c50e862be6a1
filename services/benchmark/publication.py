"""What a tick publishes: the cells of every group in which something changed, and where each unit is looked at. Pure."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.benchmark import cells, ordering
from services.benchmark.cell_columns import GroupCells
from services.benchmark.kernels import orders
from services.benchmark.ordering import Sorted
from services.benchmark.standing import Readings
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
        self._known: dict[str, Group] = {}

    def after(self, view: View, groups: Sequence[str], touched: Sequence[str], changed: Sequence[int]) -> "Shown":
        """The same for a later view, in which only some groups have changed, and only the records of some columns."""
        made, again, columns = Shown(view, self._readings, groups), set(touched), np.array(changed, dtype=np.int64)
        made._known = {group: one for group, one in self._known.items() if group not in again}
        for group in touched:
            if group in self._known:
                then = self._known[group].members
                made._known[group] = made._group(ordering.after(then, self.view, view, group, columns))
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
        for number, group in enumerate(self.names[1:], start=1):
            inside = self.view.membership.get(group)
            if inside is not None:
                orders.look(found, self.of(group).shown, inside, number)
        return found

    @functools.cached_property
    def quarters(self) -> NDArray[np.int8]:
        """The quarter of every unit in the group it is looked at in; 0 where none is shown. F x columns of the view."""
        found = self._empty(np.int8)
        for number in range(len(self.names)):
            self._fill(found, self.looked_at, number)
        return found

    def of(self, group: str) -> Group:
        """A group, sorted once."""
        if group not in self._known:
            self._known[group] = self._group(ordering.of(self.view, group))
        return self._known[group]

    def _group(self, members: Sorted) -> Group:
        counted = list(zip(self._readings, members.units.tolist(), members.holders.tolist(), strict=True))
        shown = [
            [r.public and r.meets(tier, *counts) for r, *counts in counted] for tier in (QUARTILE_TIER, MEDIAN_TIER)
        ]
        return Group(members, *np.array(shown, dtype=np.bool_).reshape(2, len(counted)))

    def _fill(self, quarters: NDArray[np.int8], looked_at: NDArray[np.int16], number: int) -> None:
        """Say the quarters of the units that are looked at in one group."""
        one = self.of(self.names[number])
        one.members.fill_quarters(quarters, self.view, self._lower, one.shown, looked_at, number)

    @functools.cached_property
    def _lower(self) -> NDArray[np.bool_]:
        return np.array([reading.better == "lower" for reading in self._readings], dtype=np.bool_)

    def _moved_on(
        self, before: "Shown", touched: Sequence[str], changed: Sequence[int]
    ) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
        """Both for a view in which every group shows what it showed before: only what was touched is worked out."""
        looked_at, quarters, width = self._empty(np.int16), self._empty(np.int8), before.looked_at.shape[1]
        looked_at[:, :width], quarters[:, :width] = before.looked_at, before.quarters
        numbers = {group: number for number, group in enumerate(self.names)}
        for column in changed:
            looked_at[:, column] = 0
            for group in self.view.groups[column]:
                looked_at[self.of(group).shown, column] = numbers.get(group, 0)
        quarters[:, list(changed)] = 0
        for group in touched:
            if group in numbers:
                self._fill(quarters, looked_at, numbers[group])
        return looked_at, quarters

    def _empty(self, kind: type[T]) -> NDArray[T]:
        return np.zeros((len(self.view.figures), len(self.view.unit_ids)), dtype=kind)


def updates(
    before: dict[str, GroupCells], after: Shown, touched: Sequence[str], readings: Readings
) -> Iterator[Updated]:
    """The cells of the groups that were touched, and what changed in them. `before` is brought up to date."""
    for group in touched:
        then = before.get(group)
        now = cells.of_group(after.view, group, readings, members=after.of(group).members, before=then)
        differs = list(range(len(now.figures))) if then is None else now.columns.differ(then.columns)
        if now.expected:
            before[group] = now
        else:  # nobody is there any more: as if it had never been, which is what a restart finds
            before.pop(group, None)
        yield Updated(now, tuple(differs))
