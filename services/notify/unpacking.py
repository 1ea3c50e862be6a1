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


def check(event: pb.StandingChanged) -> None:
    """Raises ValueError where packed standings do not fit together: then they can be neither opened nor taken apart."""
    moved = event.moved
    k, steps, groups = (
        len(moved.key_figures.split("\n")) if moved.key_figures else 0,
        len(moved.steps),
        len(moved.peer_groups),
    )
    sizes = [(moved.peer_group_before, k), (moved.peer_group, k), (moved.to_quartile_e9, 8 * k)]
    sizes += [(moved.parts, 16 * k * steps), (moved.part_gaps_e9, 8 * k * steps)]
    sizes += [(moved.priced, k), (moved.priced_e4, 16 * k)] if moved.priced else []
    for side in (moved.before, moved.after):
        sizes += [(side.there, k)]
        sizes += [(side.places, 12 * k), (side.quartiles, k), (side.amounts, 24 * k)] if any(side.there) else []
        units = struct.unpack(f"<{3 * k}i", side.places)[1::3] if len(side.places) == 12 * k else ()
        if any(there and n <= 0 for there, n in zip(side.there, units, strict=False)):
            raise ValueError("packed standings among nobody")
    known = k == 0 or max((*moved.peer_group_before, *moved.peer_group), default=0) < groups
    if not known or len(moved.reported) != groups or len(moved.expected) != groups:
        raise ValueError("packed standings that do not fit together: a group is not there")
    if any(len(packed) != size for packed, size in sizes):
        raise ValueError("packed standings that do not fit together")


def apart(event: pb.StandingChanged) -> Iterator[tuple[str, pb.StandingChanged]]:
    """Key figure -> the event with its one standing, packed as it was."""
    bare = pb.StandingChanged()
    bare.CopyFrom(event)
    for name in ("explanations", "surroundings", "moved"):
        bare.ClearField(name)
    for number, one in enumerate(event.explanations):
        single = pb.StandingChanged()
        single.CopyFrom(bare)
        single.explanations.add().CopyFrom(one)
        single.surroundings.extend(event.surroundings[number : number + 1])
        yield one.key_figure, single
    moved = event.moved
    for n, key_figure in enumerate(moved.key_figures.split("\n") if moved.key_figures else ()):
        single = pb.StandingChanged()
        single.CopyFrom(bare)
        _cut(moved, n, key_figure, single.moved)
        yield key_figure, single


def _cut(moved: pb.MovedFigures, n: int, key_figure: str, one: pb.MovedFigures) -> None:
    """One row of packed standings."""

    def row(packed: bytes, size: int) -> bytes:
        return packed[size * n : size * (n + 1)]

    steps = len(moved.steps)
    one.method_version, one.key_figures, one.steps = moved.method_version, key_figure, moved.steps
    places = (moved.peer_group_before[n], moved.peer_group[n])
    one.peer_group_before, one.peer_group = b"\0", b"\1"
    one.peer_groups.extend(moved.peer_groups[place] for place in places)
    one.reported.extend(moved.reported[place] for place in places)
    one.expected.extend(moved.expected[place] for place in places)
    one.to_quartile_e9 = row(moved.to_quartile_e9, 8)
    one.parts, one.part_gaps_e9 = row(moved.parts, 16 * steps), row(moved.part_gaps_e9, 8 * steps)
    one.priced, one.priced_e4 = row(moved.priced, 1), row(moved.priced_e4, 16)
    for side, other in ((moved.before, one.before), (moved.after, one.after)):
        other.there = row(side.there, 1)
        if any(other.there):
            other.places, other.quartiles = row(side.places, 12), row(side.quartiles, 1)
            other.amounts = row(side.amounts, 24)


def opened(event: pb.StandingChanged, *, in_words: bool = True) -> pb.StandingChanged:
    """The same event with every standing among its explanations, and what surrounds each. Raises ValueError where it is torn.

    in_words   with a sentence each
    """
    moved = event.moved
    if not moved.key_figures:
        return event
    check(event)
    made = pb.StandingChanged()
    made.CopyFrom(event)
    made.ClearField("moved")
    around = len(made.surroundings)
    made.surroundings.extend(pb.Surroundings() for _ in range(len(made.explanations) - around))
    for one, surroundings in _explanations(event, in_words=in_words):
        made.explanations.append(one)
        made.surroundings.append(surroundings)
    return made


def _explanations(event: pb.StandingChanged, *, in_words: bool) -> Iterator[tuple[pb.Explanation, pb.Surroundings]]:
    moved = event.moved
    catalogue = editions.known(event.scheme, event.period) if in_words else None  # none: nothing is said in words
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
