"""Answers about units at one vintage or between two, from views alone."""

from collections.abc import Iterator, Sequence

from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api

from services.benchmark import released, wire
from services.benchmark.book import Period
from services.benchmark.explanation import Comparison, Explanation
from services.benchmark.state import View


def standings(
    period: Period, view: View, columns: Sequence[int], key_figure: str, peer_group: str
) -> Iterator[api.PlacedStanding]:
    """Standings of units in each of their groups, or in one; by unit, key figure in catalogue order, group in ladder order.

    A protected figure gives the band among the released numbers of each cell that shows any.
    """
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
                    yield wire.placed(
                        place,
                        scheme=period.scheme,
                        period=period.name,
                        unit_id=view.unit_ids[column],
                        peer_group=group,
                        key_figure=name,
                        scale=period.catalogue.scale(name),
                        vintage=view.vintage,
                    )


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


def newest(periods: Sequence[Period], unit_id: str) -> Period:
    """The newest of some periods that a unit has reported in; the newest of all where it has in none. At least one period."""
    for period in reversed(periods):
        view = period.view()
        column = view.column(unit_id)
        if column is not None and view.reported[column]:
            return period
    return periods[-1]


def explain(period: Period, a: View, b: View, row: int, column: int, peer_group: str) -> Explanation:
    """Why one unit's standing differs; in one group, or in the group it is looked at in at either vintage."""
    if not period.readings[row].public:
        return Explanation(peer_group, peer_group, None, None, ())
    after = peer_group or period.shown(b).group(row, column)
    was_there = column < len(a.unit_ids) and bool(a.reported[column])
    before = peer_group or (period.shown(a).group(row, column) if was_there else after)
    return Comparison(a, b, row, before, after, period.readings[row]).explain(column)
