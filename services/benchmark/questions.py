"""Answers about units at one vintage or between two, from views alone."""

import functools
from collections.abc import Iterator, Sequence

from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api

from services.benchmark import released, wire
from services.benchmark.described import Described
from services.benchmark.explanation import Comparison, Explanation
from services.benchmark.method_change import MethodComparison, comparison
from services.benchmark.period import Period
from services.benchmark.publication import Shown
from services.benchmark.view import View


def standings(
    period: Period,
    view: View,
    columns: Sequence[int],
    key_figure: str,
    peer_group: str,
    before: View | None = None,
    *,
    flagged: bool = False,
) -> Iterator[api.PlacedStanding]:
    """Standings of units in each of their groups, or in one; by unit, key figure in catalogue order, group in ladder order.

    A protected figure gives the band among the released numbers of each cell that shows any. `before`: the period before;
    `flagged`: whether flags are said.
    """
    described = Described(period, view, before, flagged=flagged)
    comparisons: dict[tuple[int, str], Comparison] = {}
    for column in columns:
        for row, name in enumerate(view.figures):
            if key_figure not in ("", name) or not view.reported[column]:
                continue
            for group in view.groups[column]:
                if peer_group not in ("", group):
                    continue
                place = _place(period, view, row, column, group, comparisons)
                if place is not None:
                    message = wire.placed(
                        place,
                        scheme=period.scheme,
                        period=period.name,
                        unit_id=view.unit_ids[column],
                        peer_group=group,
                        key_figure=name,
                        scale=period.catalogue.scale(name),
                        view=view,
                    )
                    yield described.add(message, row, column)


def earlier(periods: Sequence[Period], period: Period) -> Period | None:
    """The newest of some periods of a scheme that is older than one of them and of its kind, year or month; else None."""
    older = [one for one in periods if one.name < period.name and one.monthly == period.monthly]
    return max(older, key=lambda one: one.name, default=None)


def _place(
    period: Period, view: View, row: int, column: int, group: str, comparisons: dict[tuple[int, str], Comparison]
) -> pb.Standing | None:
    if not period.readings[row].public:
        shown = released.shown(view.releases, view.figures[row], group)
        if shown is None or view.absences[row, column] != 0:
            return None
        own = (int(view.numerators[row, column]), int(view.denominators[row, column]))
        return wire.banded(own, shown)
    if (row, group) not in comparisons:
        comparisons[row, group] = Comparison(view, view, row, group, group, period.readings[row])
    place = comparisons[row, group].after(column)
    return None if place is None else wire.standing(place)


def newest(views: Sequence[tuple[Period, View]], unit_id: str) -> tuple[Period, View]:
    """The newest of some periods that a unit has reported in; the newest of all where it has in none. At least one period."""
    for period, view in reversed(views):
        column = view.column(unit_id)
        if column is not None and view.reported[column]:
            return period, view
    return views[-1]


class Between:
    """Two vintages of a period, the columns of their views in one order; explains any unit of it, each cell compared once.

    `again` where they are of two series: `a` as `b`'s method has it.
    """

    def __init__(self, period: Period, a: View, b: View, again: View | None) -> None:
        self.period, self.a, self.b, self.again = period, a, b, again
        self._known: dict[tuple[int, str, str], Comparison | MethodComparison] = {}

    @functools.cached_property
    def _shown(self) -> tuple[Shown, Shown]:
        return self.period.shown(self.a), self.period.shown(self.b)

    def explain(self, row: int, column: int, peer_group: str) -> Explanation:
        """Why one unit's standing differs; in one group, or in the group it is looked at in at either vintage."""
        reading = self.period.readings[row]
        if not reading.public:
            return Explanation(peer_group, peer_group, None, None, ())
        before, after = peer_group, peer_group
        if not peer_group:
            first, last = self._shown
            after = last.group(row, column)
            was_there = column < len(self.a.unit_ids) and bool(self.a.reported[column])
            before = first.group(row, column) if was_there else after
        key = (row, before, after)
        if key not in self._known:
            self._known[key] = comparison(self.a, self.b, *key, reading, self.again)
        return self._known[key].explain(column)
