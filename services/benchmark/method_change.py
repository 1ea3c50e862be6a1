"""Explanations across a change of method: the method's own part first, then the steps within the new series. Pure."""

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.benchmark import columns
from services.benchmark.explanation import Comparison, Explanation, telescoped
from services.benchmark.standing import Reading
from services.benchmark.view import View

T = TypeVar("T", bound=np.generic)


class MethodComparison:
    """One key figure of one group, or of two, at vintages of two series. `again` is `a` as `b`'s method has it.

    Columns of all three agree. Explains as `Comparison` does.
    """

    def __init__(
        self, a: View, again: View, b: View, row: int, group_before: str, group_after: str, reading: Reading
    ) -> None:
        self._a, self._again, self._row, self._groups = a, again, row, (group_before, group_after)
        self._then = Comparison(a, a, row, group_before, group_before, reading)
        self._b, self._reading = b, reading
        self._rest = Comparison(again, b, row, group_before, group_after, reading)
        self._concerned = changed(a, again, row, group_before)

    def explain(self, column: int) -> Explanation:
        """Explain one unit."""
        before, after = self._then.before(column), self._rest.after(column)
        if before is None or after is None:
            return Explanation(*self._groups, before, after, ())
        rest = self._rest
        if rest.before(column) is None:  # by the new method it is not in the cell: it stays until its own step
            rest = Comparison(kept(self._a, self._again, column), self._b, self._row, *self._groups, self._reading)
        walk, concerned = rest.walk(column, rest.between(column), after)
        parts = telescoped([before, *walk], (int(self._concerned.sum()), *concerned))
        return Explanation(*self._groups, before, after, parts)


def comparison(
    a: View, b: View, row: int, group_before: str, group_after: str, reading: Reading, again: View | None
) -> Comparison | MethodComparison:
    """How two vintages compare; `again` where they are of two series."""
    if again is None:
        return Comparison(a, b, row, group_before, group_after, reading)
    return MethodComparison(a, again, b, row, group_before, group_after, reading)


def changed(a: View, again: View, row: int, group: str) -> NDArray[np.bool_]:
    """Columns of a group that the method alone changed: in or out, or another ratio."""
    width = len(a.unit_ids)
    in_a, in_b = columns.inside(a, row, group, width), columns.inside(again, row, group, width)
    other = (columns.pairs(a, row, width) != columns.pairs(again, row, width)).any(axis=0)
    found: NDArray[np.bool_] = (in_a ^ in_b) | (in_a & in_b & other)
    return found


def kept(a: View, again: View, column: int) -> View:
    """`again`, but for one unit, which is as it was in `a`."""

    def own(new: NDArray[T], old: NDArray[T]) -> NDArray[T]:
        copy = new.copy()
        copy[..., column] = old[..., column]
        return copy

    nobody = np.zeros(len(a.unit_ids), dtype=np.bool_)
    places = {g: own(again.membership.get(g, nobody), a.membership.get(g, nobody)) for g in again.membership}
    return replace(
        again,
        groups=[*again.groups[:column], a.groups[column], *again.groups[column + 1 :]],
        numerators=own(again.numerators, a.numerators),
        denominators=own(again.denominators, a.denominators),
        absences=own(again.absences, a.absences),
        reported=own(again.reported, a.reported),
        membership=places,
    )
