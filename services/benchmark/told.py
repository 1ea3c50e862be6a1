"""Whom a publication tells what, as events: standings that moved among figures shown live, and bands among released numbers."""

from collections.abc import Callable, Sequence

from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import bands_wire, moved_wire, moves, surroundings, wire
from services.benchmark.explanation import Explanation
from services.benchmark.period import Period
from services.benchmark.publication import Shown
from services.benchmark.state import View


def changes(
    period: Period,
    before: Shown,
    after: Shown,
    submitted: Sequence[int],
    again: View | None,
    said: Callable[[int, int, Explanation], pb.Explanation],
) -> list[pb.StandingChanged]:
    """The event of every unit that is told anything, by unit.

    again   what was published before, as the new method has it, where the series changed
    said    an explanation of a row and column as it travels
    """
    a, b, place = before.view, after.view, (period.scheme, period.name)
    events: dict[int, pb.StandingChanged]
    if again is None:
        moved = moves.moves(before, after, submitted, period.readings, period.prices)
        events = dict(moved_wire.changed(moved, *place, a, b, submitted, period.cells))
    else:
        events = {}
        for one in moves.across_methods(before, after, submitted, period.readings, again):
            explanations = [said(row, one.column, explained) for row, explained in one.explanations]
            event = wire.standing_changed(*place, a, b, one.column, own=one.own_submission, explanations=explanations)
            surroundings.add(event, one, period.cells)
            events[one.column] = event
    own, rows = set(submitted), {name: row for row, name in enumerate(b.figures)}
    for column, bands in bands_wire.bands(period.name, period.catalogue, period.readings, a, b, submitted).items():
        event = events.get(column) or wire.standing_changed(*place, a, b, column, own=column in own)
        known = [(e, event.surroundings[n]) for n, e in enumerate(event.explanations)]
        unsaid = [(e, pb.Surroundings()) for e in bands]  # live counts of a protected cell are not said
        together = sorted([*known, *unsaid], key=lambda both: rows[both[0].key_figure])
        del event.explanations[:], event.surroundings[:]
        event.explanations.extend(e for e, _ in together)
        event.surroundings.extend(around for _, around in together)
        events[column] = event
    return [events[column] for column in sorted(events)]


def is_moved(event: pb.StandingChanged) -> bool:
    """Whether a standing among figures shown live moved: not bands alone."""
    return bool(event.moved.key_figures) or any(not one.after.release_number for one in event.explanations)
