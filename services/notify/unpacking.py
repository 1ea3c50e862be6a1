"""Standings that travel packed, as the explanations they are: with a sentence each, in every language. For who follows them.

The layout is that of MovedFigures and MovedStandings of the contract.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from noegletal.v1 import benchmark_pb2 as pb

from services.catalogue import sentences
from services.catalogue.numerals import rounded
from services.notify import editions

STEPS = 6


@dataclass(frozen=True)
class _Place:
    """A standing, as sentences speak of it."""

    position: int
    units: int
    percentile_e4: int
    quartile: int
    gap_e9: int | None


@dataclass(frozen=True)
class _Cause:
    """A part, as sentences speak of it."""

    step: int
    position: int
    percentile_e4: int
    quartile: int
    units: int
    gap_e9: int


@dataclass(frozen=True)
class _Change:
    """An explanation, as sentences speak of it."""

    group_after: str
    before: _Place | None
    after: _Place | None
    parts: tuple[_Cause, ...]


def opened(event: pb.StandingChanged) -> pb.StandingChanged:
    """The same event with every standing among its explanations, and what surrounds each. Raises ValueError where it is torn."""
    moved = event.moved
    if not moved.key_figures:
        return event
    made = pb.StandingChanged()
    made.CopyFrom(event)
    made.ClearField("moved")
    around = len(made.surroundings)
    made.surroundings.extend(pb.Surroundings() for _ in range(len(made.explanations) - around))
    try:
        for one, surroundings in _explanations(event):
            made.explanations.append(one)
            made.surroundings.append(surroundings)
    except (struct.error, IndexError) as torn:
        raise ValueError("packed standings that do not fit together") from torn
    return made


def _explanations(event: pb.StandingChanged) -> Iterator[tuple[pb.Explanation, pb.Surroundings]]:
    moved, catalogue = event.moved, editions.known(event.scheme, event.period)  # none: nothing is said in words
    for n, key_figure in enumerate(moved.key_figures.split("\n")):
        place, place_before = moved.peer_group[n], moved.peer_group_before[n]
        group, group_before = moved.peer_groups[place], moved.peer_groups[place_before]
        one = pb.Explanation(
            unit_id=event.unit_id,
            scheme=event.scheme,
            period=event.period,
            peer_group=group,
            peer_group_before=group_before if group_before != group else "",
            key_figure=key_figure,
            vintage_before=event.vintage_before,
            vintage_after=event.vintage_after,
            method_version=moved.method_version,
        )
        before, after = _standing(moved.before, n, one.before), _standing(moved.after, n, one.after)
        parts = _parts(moved, n, one) if before and after else ()
        _priced(moved, n, one)
        if catalogue is not None and key_figure in catalogue.key_figure:
            change, figure = _Change(group, before, after, parts), catalogue.key_figure[key_figure]
            for language in sentences.LANGUAGES:
                one.text[language] = sentences.sentence(change, figure, catalogue, language)
        surroundings = pb.Surroundings(reported=moved.reported[place], expected=moved.expected[place])
        (near,) = struct.unpack_from("<q", moved.to_quartile_e9, 8 * n)
        if near >= 0:
            surroundings.to_quartile_e9 = near
        yield one, surroundings


def _standing(side: pb.MovedStandings, n: int, standing: pb.Standing) -> _Place | None:
    """Fill in a standing; None, and nothing is filled in, where there is none."""
    if not side.there[n]:
        return None
    position, units, mid = struct.unpack_from("<3i", side.places, 12 * n)
    gap, numerator, denominator = struct.unpack_from("<3q", side.amounts, 24 * n)
    place = _Place(
        position=position,
        units=units,
        percentile_e4=rounded(500_000 * mid, units),
        quartile=side.quartiles[n],
        gap_e9=gap if side.there[n] == 2 else None,
    )
    standing.position, standing.units, standing.mid_rank = position, units, mid
    standing.percentile_e4, standing.quartile = place.percentile_e4, place.quartile
    standing.numerator, standing.denominator = numerator, denominator
    if place.gap_e9 is not None:
        standing.gap_to_median_e9 = place.gap_e9
    return place


def _parts(moved: pb.MovedFigures, n: int, one: pb.Explanation) -> tuple[_Cause, ...]:
    """Fill in the six parts, in order."""
    places = {step: n * len(moved.steps) + at for at, step in enumerate(moved.steps)}
    found = []
    for step in range(1, STEPS + 1):
        cause = _Cause(step, 0, 0, 0, 0, 0)
        if step in places:
            numbers = struct.unpack_from("<4i", moved.parts, 16 * places[step])
            cause = _Cause(step, *numbers, *struct.unpack_from("<q", moved.part_gaps_e9, 8 * places[step]))
        one.parts.add(
            step=step,
            position=cause.position,
            percentile_e4=cause.percentile_e4,
            quartile=cause.quartile,
            gap_to_median_e9=cause.gap_e9,
            units=cause.units,
        )
        found.append(cause)
    return tuple(found)


def _priced(moved: pb.MovedFigures, n: int, one: pb.Explanation) -> None:
    """Fill in the priced gap, where there is one."""
    if moved.priced and moved.priced[n]:
        one.priced.per_year_e4, monthly = struct.unpack_from("<2q", moved.priced_e4, 16 * n)
        if moved.priced[n] == 2:
            one.priced.per_dwelling_month_e4 = monthly
