"""Protobuf on one side, matrices, cells and explanations on the other."""

import json
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError
from noegletal.v1 import assessment_pb2 as assessment
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import submission_pb2 as registry

from services.benchmark import batch_bytes, release_wire, released, spans_wire, statistics
from services.benchmark.batch import WITHDRAWN, Batch
from services.benchmark.batch_bytes import Dense
from services.benchmark.cell_columns import Cell, GroupCells
from services.benchmark.disclosure import rounding
from services.benchmark.explanation import Explanation
from services.benchmark.priced import PricedGap
from services.benchmark.released import Shown
from services.benchmark.standing import WIDEST_GAP, Standing
from services.benchmark.statistics import MEDIAN, P10, P90, Q1, Q3, Pair
from services.benchmark.view import View

EXACT = 2**53  # magnitudes below it divide with one rounding
SHOWN = (P10, Q1, MEDIAN, Q3, P90)  # after the pooled ratio, in the order of BenchmarkUpdated.statistics


class Sent(NamedTuple):
    """A batch of a period; absent where its parts do not fit together, or a number cannot be reckoned with. `more_follow` as
    it says itself.
    """

    scheme: str
    period: str
    batch: Batch | None
    more_follow: bool


def at_once(values: Sequence[bytes]) -> list[Sent | None]:
    """Many batches from their bytes; None for one that cannot be read."""
    return [*map(_sent, values)]


def _sent(value: bytes) -> Sent | None:
    try:
        read = batch_bytes.read(value)
    except DecodeError:
        return None
    try:
        made = batch(read)
    except ValueError:
        made = None
    return Sent(read.rest.scheme, read.rest.period, made, read.rest.more_follow)


def batch(sent: Dense) -> Batch:
    """A dense batch as matrices. Raises ValueError where its parts do not fit together, or a number cannot be reckoned with."""
    message = sent.rest
    figures, units = len(message.key_figures), len(message.unit_ids)
    revisions, index = list(message.revisions), tuple(message.peer_group_index)
    starts = list(accumulate(message.peer_group_count, initial=0))
    lengths = (
        len(message.organisation_index),
        len(message.holder_index),
        len(message.peer_group_count),
        len(revisions),
    )
    if {*lengths, len(message.withdrawn)} != {units} or starts[-1] != len(index):
        raise ValueError("columns of different length")
    if 0 in revisions or len(set(message.key_figures)) != figures:
        raise ValueError("a revision 0, or a figure twice")
    try:
        dictionary, places = list(message.peer_groups), [index[a:b] for a, b in pairwise(starts)]
        # Units of one place share its tuple.
        known = {place: tuple(map(dictionary.__getitem__, place)) for place in set(places)}
        organisations, holders = list(message.organisations), list(message.holders)
        made = Batch(
            method_version=f"{message.method_version}+statistics-{statistics.VERSION}",
            key_figures=list(message.key_figures),
            unit_ids=list(message.unit_ids),
            organisations=[*map(organisations.__getitem__, message.organisation_index)],
            holders=[*map(holders.__getitem__, message.holder_index)],
            groups=[*map(known.__getitem__, places)],
            revisions=revisions,
            withdrawn=[*map(bool, message.withdrawn)],
            numerators=np.frombuffer(sent.numerators, dtype="<i8").reshape(figures, units),
            denominators=np.frombuffer(sent.denominators, dtype="<i8").reshape(figures, units),
            absences=np.frombuffer(sent.absences, dtype=np.uint8).reshape(figures, units),
        )
    except IndexError as error:
        raise ValueError("a dictionary lacks a word") from error
    _assert_exact(made)
    return made


def _assert_exact(made: Batch) -> None:
    """An observation has a denominator above 0, and magnitudes that a double holds; else a known absence. Raises ValueError."""
    n, d, absent = made.numerators, made.denominators, made.absences
    if absent.any():
        if (absent > WITHDRAWN).any():
            raise ValueError("an absence that the contract does not know")
        n, d = np.where(absent, 0, n), np.where(absent, 1, d)
    if d.min(initial=1) <= 0 or d.max(initial=1) >= EXACT or n.min(initial=0) <= -EXACT or n.max(initial=0) >= EXACT:
        raise ValueError("an observation that cannot be reckoned with exactly")


def cell(
    scheme: str, period: str, view: View, group: GroupCells, one: Cell, *, scale: int, quantile_type: int
) -> pb.Cell:
    """One cell of a group, as gRPC gives it."""
    message = pb.Cell(
        scheme=scheme,
        period=period,
        peer_group=group.group,
        key_figure=one.key_figure,
        units=one.units,
        holders=one.holders,
        reported=group.reported,
        expected=group.expected,
        numerator_sum=_sum(one.numerator_sum),
        denominator_sum=_sum(one.denominator_sum),
        suppression=f"SUPPRESSION_{one.suppression.name}",
        quantile_type=quantile_type,
        vintage=view.vintage,
        method_version=view.method_version,
        scale=scale,
        absences=[_absent(n, units) for n, units in enumerate(one.absences, start=1) if units],
        awaited=one.awaited,
        intervals=spans_wire.intervals(one.intervals),
        final_intervals=spans_wire.intervals(one.final),
    )
    for name, value in zip(
        ("pooled", "p10", "q1", "median", "q3", "p90"), (one.pooled, *map(one.quantiles.get, SHOWN)), strict=True
    ):
        if value is not None:
            setattr(message, name, value)
    if one.release is not None:
        message.release_number, message.release_kind = one.release.number, release_wire.kind_number(one.release.kind)
        message.rounding_base, message.quantile_type = rounding.text(one.release.numbers.base), 8
    return message


def standing(one: Standing) -> pb.Standing:
    """A unit's place."""
    message = pb.Standing(
        position=one.position,
        units=one.units,
        mid_rank=one.mid_rank,
        percentile_e4=one.percentile_e4,
        quartile=one.quartile,
        numerator=one.own[0],
        denominator=one.own[1],
    )
    if one.gap_e9 is not None:
        message.gap_to_median_e9 = one.gap_e9
    return message


def banded(own: Pair, shown: Shown) -> pb.Standing:
    """A unit's place in a protected cell: a function of its own figure and released numbers, whatever others report."""
    band, gap = released.band(own, shown.numbers), released.gap_e9(own, shown.numbers)
    message = pb.Standing(
        numerator=own[0],
        denominator=own[1],
        release_number=shown.number,
        band_lower_percent=band.lower,
        band_upper_percent=band.upper,
    )
    if gap is not None and abs(gap) < WIDEST_GAP:
        message.gap_to_median_e9 = gap
    return message


def explanation(
    one: Explanation,
    *,
    unit_id: str,
    scheme: str,
    period: str,
    key_figure: str,
    a: View,
    b: View,
    text: Mapping[str, str],
    measure: int,
    gap: PricedGap | None,
) -> pb.Explanation:
    """Why a unit's standing differs between two vintages."""
    message = pb.Explanation(
        unit_id=unit_id,
        scheme=scheme,
        period=period,
        peer_group=one.group_after,
        key_figure=key_figure,
        vintage_before=a.vintage,
        vintage_after=b.vintage,
        method_version=b.method_version,
        text=text,
        peer_group_before=one.group_before if one.group_before != one.group_after else "",
        measure=measure if measure > 1 else 0,  # type: ignore[arg-type]
        method_version_before=a.method_version if a.method_version != b.method_version else "",
    )
    if gap is not None:
        message.priced.CopyFrom(
            pb.PricedGap(per_year_e4=gap.per_year_e4, per_dwelling_month_e4=gap.per_dwelling_month_e4)
        )
    if one.before is not None:
        message.before.CopyFrom(standing(one.before))
    if one.after is not None:
        message.after.CopyFrom(standing(one.after))
    for part in one.parts:
        message.parts.add(
            step=f"STEP_{part.step.name}",
            position=part.position,
            percentile_e4=part.percentile_e4,
            quartile=part.quartile,
            gap_to_median_e9=part.gap_e9,
            units=part.units,
        )
    return message


def placed(
    one: pb.Standing,
    *,
    scheme: str,
    period: str,
    unit_id: str,
    peer_group: str,
    key_figure: str,
    scale: int,
    view: View,
) -> api.PlacedStanding:
    """A standing with the cell it is in."""
    return api.PlacedStanding(
        scheme=scheme,
        period=period,
        unit_id=unit_id,
        peer_group=peer_group,
        key_figure=key_figure,
        standing=one,
        scale=scale,
        vintage=view.vintage,
        method_version=view.method_version,
    )


def standing_changed(
    scheme: str,
    period: str,
    a: View,
    b: View,
    column: int,
    *,
    own: bool,
    explanations: Sequence[pb.Explanation] = (),
) -> pb.StandingChanged:
    """The event for one unit's organisation."""
    return pb.StandingChanged(
        organisation_id=b.organisations[column],
        unit_id=b.unit_ids[column],
        scheme=scheme,
        period=period,
        vintage_before=a.vintage,
        vintage_after=b.vintage,
        own_submission=own,
        explanations=explanations,
        revision=b.revisions[column],
    )


def _absent(number: int, units: int) -> pb.AbsenceCount:
    return pb.AbsenceCount(absence=assessment.Absence.Name(number), units=units)


def _sum(value: int | None) -> str:
    return "" if value is None else str(value)


def registered(profile: registry.Profile) -> dict[str, Any]:
    """A registered profile as the registry keeps it."""
    return {
        "unit_id": profile.unit_id,
        "version": profile.version,
        "organisation_id": profile.organisation_id,
        "attributes": json.dumps(dict(profile.attributes), sort_keys=True),
    }
