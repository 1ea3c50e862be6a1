"""Whom a publication tells what, as events: standings that moved among figures shown live, and bands among released numbers."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from noegletal.v1 import benchmark_pb2 as pb

from services import pieces
from services.benchmark import bands_wire, moved_wire, moves, surroundings, wire
from services.benchmark.explanation import Explanation
from services.benchmark.period import Period
from services.benchmark.publication import Shown
from services.benchmark.view import View


class Told(NamedTuple):
    """What the organisations of units are told: events as they travel, one behind the other.

    ends    where in `content` each ends
    moved   units whose standing among figures shown live moved: of the others, bands alone did
    """

    unit_ids: Sequence[str]
    content: memoryview
    ends: Sequence[int]
    moved: Sequence[str]


NOBODY = Told((), memoryview(b""), (), ())


def changes(
    period: Period,
    before: Shown,
    after: Shown,
    submitted: Sequence[int],
    again: View | None,
    said: Callable[[int, int, Explanation], pb.Explanation],
) -> Told:
    """The event of every unit that is told anything, by column.

    again   what was published before, as the new method has it, where the series changed
    said    an explanation of a row and column as it travels
    """
    a, b, place = before.view, after.view, (period.scheme, period.name)
    told, alone = pieces.NOTHING, dict[int, bytes]()
    if again is None:
        moved = moves.moves(before, after, submitted, period.readings, period.prices)
        told = moved_wire.changed(moved, *place, a, b, submitted, period.cells)
    else:
        for one in moves.across_methods(before, after, submitted, period.readings, again):
            explanations = [said(row, one.column, explained) for row, explained in one.explanations]
            event = wire.standing_changed(*place, a, b, one.column, own=one.own_submission, explanations=explanations)
            surroundings.add(event, one, period.cells)
            alone[one.column] = event.SerializeToString(deterministic=True)
    live = [*told.numbers.tolist(), *alone]  # one of both is empty
    own, rows = set(submitted), {name: row for row, name in enumerate(b.figures)}
    for column, bands in bands_wire.bands(period.name, period.catalogue, period.readings, a, b, submitted).items():
        said_live = alone.get(column) or told.of(column)
        if said_live:
            event = pb.StandingChanged.FromString(said_live)
        else:
            event = wire.standing_changed(*place, a, b, column, own=column in own)
        known = [(e, event.surroundings[n]) for n, e in enumerate(event.explanations)]
        unsaid = [(e, pb.Surroundings()) for e in bands]  # live counts of a protected cell are not said
        together = sorted([*known, *unsaid], key=lambda both: rows[both[0].key_figure])
        del event.explanations[:], event.surroundings[:]
        event.explanations.extend(e for e, _ in together)
        event.surroundings.extend(around for _, around in together)
        alone[column] = event.SerializeToString(deterministic=True)
    if alone:
        told = pieces.replaced(len(b.unit_ids), told, alone)
    unit_ids = [b.unit_ids[column] for column in told.numbers.tolist()]
    return Told(unit_ids, told.content, told.ends, [b.unit_ids[column] for column in live] if alone else unit_ids)
