"""Standings that moved, unpacked number by number: an Explanation per key figure, without its sentences."""

import struct
from collections.abc import Iterator
from fractions import Fraction

from noegletal.v1 import benchmark_pb2 as pb

from services.pieces import Joined


def events(told: Joined) -> dict[int, bytes]:
    """Column -> the event of the unit's organisation."""
    return {column: told.of(column) or b"" for column in told.numbers.tolist()}


def explanations(event: pb.StandingChanged) -> list[pb.Explanation]:
    """Everything an event tells of, whichever way it travels."""
    return [*event.explanations, *_unpacked(event)]


def _unpacked(event: pb.StandingChanged) -> Iterator[pb.Explanation]:
    moved = event.moved
    names = moved.key_figures.split("\n") if moved.key_figures else []
    for n, key_figure in enumerate(names):
        group, before = moved.peer_groups[moved.peer_group[n]], moved.peer_groups[moved.peer_group_before[n]]
        one = pb.Explanation(
            unit_id=event.unit_id,
            scheme=event.scheme,
            period=event.period,
            peer_group=group,
            peer_group_before="" if before == group else before,
            key_figure=key_figure,
            vintage_before=event.vintage_before,
            vintage_after=event.vintage_after,
            method_version=moved.method_version,
        )
        for side, standing in ((moved.before, one.before), (moved.after, one.after)):
            if side.there[n]:
                _standing(side, n, standing)
        if one.HasField("before") and one.HasField("after"):
            _parts(moved, n, one)
        if moved.priced and moved.priced[n]:
            one.priced.per_year_e4, monthly = struct.unpack_from("<2q", moved.priced_e4, 16 * n)
            if moved.priced[n] == 2:
                one.priced.per_dwelling_month_e4 = monthly
        yield one


def _standing(side: pb.MovedStandings, n: int, standing: pb.Standing) -> None:
    standing.SetInParent()
    standing.position, standing.units, standing.mid_rank = struct.unpack_from("<3i", side.places, 12 * n)
    standing.percentile_e4 = round(Fraction(500_000 * standing.mid_rank, standing.units))
    standing.quartile = side.quartiles[n]
    gap, standing.numerator, standing.denominator = struct.unpack_from("<3q", side.amounts, 24 * n)
    if side.there[n] == 2:
        standing.gap_to_median_e9 = gap


def _parts(moved: pb.MovedFigures, n: int, one: pb.Explanation) -> None:
    steps = list(moved.steps)
    for step in range(1, 7):
        part = one.parts.add(step=step)  # type: ignore[arg-type]
        if step in steps:
            at = n * len(steps) + steps.index(step)
            numbers = struct.unpack_from("<4i", moved.parts, 16 * at)
            part.position, part.percentile_e4, part.quartile, part.units = numbers
            (part.gap_to_median_e9,) = struct.unpack_from("<q", moved.part_gaps_e9, 8 * at)
