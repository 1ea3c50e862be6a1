"""What the final release is expected to hold: what has been reported, and a unit for everybody who is still expected (D5b)."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from services.benchmark.disclosure.contributions import Line
from services.benchmark.view import View

UNREPORTED = -1  # a numerator that stands for whatever will be reported


class Expecting:
    """Who is still expected at a vintage. The holder of a unit without a report is that of its organisation's other units,
    else the organisation.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._waiting: dict[str, list[int]] = {}

    def final(self, group: str, lines: Sequence[Line]) -> list[Line]:
        """A cell's units as they are, and those expected in the group without a report, each of an average denominator."""
        if not self.waiting(group):
            return list(lines)
        average = max(1, sum(d for *_, d in lines) // len(lines)) if lines else 1
        return [*lines, *(self._line(column, average) for column in self.waiting(group))]

    def waiting(self, group: str) -> list[int]:
        """Columns of the units that are registered in a group and have not reported."""
        if group not in self._waiting:
            registered = self._view.registered.get(group)
            columns = np.flatnonzero(registered & ~self._view.reported).tolist() if registered is not None else []
            self._waiting[group] = columns
        return self._waiting[group]

    def _line(self, column: int, denominator: int) -> Line:
        organisation = self._view.organisations[column]
        return self._holders.get(organisation, organisation), self._view.unit_ids[column], UNREPORTED, denominator

    @functools.cached_property
    def _holders(self) -> Mapping[str, str]:
        view = self._view
        reported = np.flatnonzero(view.reported).tolist()
        return {view.organisations[c]: view.holder_names[view.holders[c]] for c in reported}
