"""Where units stand among released numbers, and who is told. A function of the own figure and of releases alone. Pure.

A unit is looked at in the narrowest of its groups that shows released quartiles, else in the widest that shows any number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.benchmark import released
from services.benchmark.released import Band, Shown
from services.benchmark.standing import Readings
from services.benchmark.statistics import Q1, Q3, Pair
from services.benchmark.view import View


@dataclass(frozen=True)
class Placed:
    """A unit's own figure and the cell it is looked at in, as that is shown."""

    group: str
    own: Pair
    shown: Shown

    @property
    def band(self) -> Band:
        """Between which released quantiles it lies."""
        return released.band(self.own, self.shown.numbers)


Change = tuple[int, Placed | None, Placed]  # row of the key figure, before, after


def changes(a: View, b: View, submitted: Sequence[int], readings: Readings) -> Mapping[int, list[Change]]:
    """Column -> the protected figures a unit is told its band of: of its own submission every one that is shown, else those a
    release gave it another band of. `submitted`: columns whose own record changed; columns of the views agree.
    """
    found: dict[int, list[Change]] = {}
    if not b.releases:
        return found
    before, after = _Bands(a), _Bands(b)
    published = len(a.releases) != len(b.releases)
    for row in (row for row, reading in enumerate(readings) if not reading.public):
        own = set(submitted)
        there = np.flatnonzero(b.reported & (b.absences[row] == 0)).tolist() if published else sorted(own)
        for column in there:
            now = after.of(row, column)
            if now is not None:
                then = before.of(row, column)
                if column in own or then is None or then.band != now.band:
                    found.setdefault(column, []).append((row, then, now))
    return found


class _Bands:
    """A view's units among what its releases show."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._shown: dict[tuple[int, str], Shown | None] = {}

    def of(self, row: int, column: int) -> Placed | None:
        """One unit; None where it has no such figure, or no cell of its shows a number."""
        view = self._view
        if column >= len(view.unit_ids) or not view.reported[column] or view.absences[row, column]:
            return None
        own = int(view.numerators[row, column]), int(view.denominators[row, column])
        widest = None
        for group in reversed(view.groups[column]):
            shown = self._cell(row, group)
            if shown is not None:
                widest = Placed(group, own, shown)
                if {Q1, Q3} <= shown.numbers.quantiles.keys():
                    return widest
        return widest

    def _cell(self, row: int, group: str) -> Shown | None:
        if (row, group) not in self._shown:
            self._shown[row, group] = released.shown(self._view.releases, self._view.figures[row], group)
        return self._shown[row, group]
