"""What a tick publishes: the cells of every group in which something changed, and the standings that moved. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark import cells
from services.benchmark.cells import GroupCells
from services.benchmark.explanation import Comparison, Explanation
from services.benchmark.standing import Better, quartiles
from services.benchmark.state import View
from services.benchmark.statistics import QUARTILE_TIER, codes

EVERYBODY = "all"


@dataclass(frozen=True)
class Rules:
    """What the catalogue says about publishing, per key figure in catalogue order."""

    public: tuple[bool, ...]
    better: tuple[Better, ...]


@dataclass(frozen=True)
class Updated:
    """The cells of a group as they now stand, and which figures differ from what was published before."""

    cells: GroupCells
    changed: tuple[int, ...]


@dataclass(frozen=True)
class Moved:
    """One unit's standings that moved: (row of the key figure, explanation)."""

    column: int
    own_submission: bool
    explanations: tuple[tuple[int, Explanation], ...]


@dataclass(frozen=True)
class Quarters:
    """One key figure of one group: the columns with the figure, and the quarter of each; none where quartiles are not shown."""

    columns: NDArray[np.int64]
    quarters: NDArray[np.int64]
    shown: bool


class Shown:
    """Where each unit is looked at, per key figure, and its quarter there. Worked out group by group, when asked for.

    `inherited` is what an earlier view worked out for groups that have not changed since.
    """

    def __init__(
        self, view: View, rules: Rules, groups: Sequence[str], inherited: Mapping[tuple[int, str], Quarters]
    ) -> None:
        self.view, self._rules, self._groups = view, rules, groups  # in ladder order, wide to narrow
        self._known = dict(inherited)

    def after(self, view: View, groups: Sequence[str], touched: Sequence[str]) -> "Shown":
        """The same for a later view, in which only some groups have changed."""
        changed = set(touched)
        return Shown(view, self._rules, groups, {k: v for k, v in self._known.items() if k[1] not in changed})

    def group(self, row: int, column: int) -> str:
        """The narrowest of the unit's groups that shows quartiles, else everybody's."""
        for group in reversed(self.view.groups[column]):
            if self._in(row, group).shown:
                return group
        return EVERYBODY

    def quarters(self, row: int, width: int) -> NDArray[np.int64]:
        """The quarter of every unit in the group it is looked at in; 0 where none is shown. Shape (width,)."""
        found = np.zeros(width, dtype=np.int64)
        for group in self._groups:
            one = self._in(row, group)
            if one.shown:
                found[one.columns] = one.quarters
        return found

    def _in(self, row: int, group: str) -> Quarters:
        if (row, group) not in self._known:
            self._known[row, group] = self._work_out(row, group)
        return self._known[row, group]

    def _work_out(self, row: int, group: str) -> Quarters:
        members = self.view.members(group)
        columns = members[np.flatnonzero(self.view.absences[row, members] == 0)]
        holders = len(np.unique(self.view.holders[columns]))
        if not (self._rules.public[row] and QUARTILE_TIER.met(len(columns), holders)):
            return Quarters(columns, columns, shown=False)
        order = codes(self.view.numerators[row, columns], self.view.denominators[row, columns])
        return Quarters(columns, quartiles(order, np.sort(order), self._rules.better[row]), shown=True)


def updates(
    before: dict[str, GroupCells], after: View, touched: Sequence[str], rules: Rules, quantile_type: Literal[7, 8] = 8
) -> Iterator[Updated]:
    """The cells of the groups that were touched, and what changed in them. `before` is brought up to date."""
    for group in touched:
        now, then = cells.of_group(after, group, rules.public, quantile_type), before.get(group)
        differs = [row for row, cell in enumerate(now.cells) if then is None or cell != then.cells[row]]
        before[group] = now
        yield Updated(now, tuple(differs))


def moves(before: Shown, after: Shown, submitted: Sequence[int], rules: Rules) -> Iterator[Moved]:
    """Units to be told: those that submitted, and those whose quarter changed in the group they are looked at in."""
    a, b, own = before.view, after.view, set(submitted)
    due: dict[int, list[tuple[int, Explanation]]] = {column: [] for column in submitted}
    comparisons: dict[tuple[int, str, str], Comparison] = {}
    for row in range(len(b.figures)):
        for column in _to_tell(row, submitted, before, after) if rules.public[row] else ():
            group = after.group(row, column)
            was_there = column < len(a.unit_ids) and a.reported[column]
            key = (row, before.group(row, column) if was_there else group, group)
            if key not in comparisons:
                comparisons[key] = Comparison(a, b, *key, rules.better[row])
            explained = comparisons[key].explain(column)
            if explained.before is not None or explained.after is not None:
                due.setdefault(column, []).append((row, explained))
    for column in sorted(due):
        if due[column]:
            yield Moved(column, column in own, tuple(due[column]))


def _to_tell(row: int, submitted: Sequence[int], before: Shown, after: Shown) -> list[int]:
    """Columns of one figure: who submitted, and whose quarter is another one than before."""
    width = len(after.view.unit_ids)
    then, now = before.quarters(row, width), after.quarters(row, width)
    turned = np.flatnonzero((then != now) & (then > 0) & (now > 0))
    return sorted({*submitted, *turned.tolist()})
