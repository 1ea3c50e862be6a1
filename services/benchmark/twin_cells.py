"""A unit among its twins: a peer group of its own, private to its organisation, of public figures only."""

from dataclasses import replace

import numpy as np
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import statistics_pb2 as pb

from services.benchmark import cells, wire
from services.benchmark.explanation import Comparison
from services.benchmark.period import Period
from services.benchmark.twins import Twin, TwinSets, matched_on
from services.benchmark.view import View

GROUP = "twins"


def answer(
    period: Period, at: View, sets: TwinSets, unit_id: str, column: int, key_figure: str
) -> api.ListTwinsResponse:
    """The twins of a unit, why they are, and the unit's standing among them per public key figure, at one vintage."""
    twins = sets.of(unit_id)
    view = among(at, [column, *(c for t in twins if (c := at.column(t.unit_id)) is not None)])
    message = api.ListTwinsResponse(
        twins=[_twin(twin) for twin in twins],
        matched_on=matched_on(period.catalogue),
        matched_value=sets.units[unit_id].kind,
        scales_year=sets.scales.year,
        vintage=at.vintage,
    )
    computed = cells.of_group(view, GROUP, period.readings)
    place = {"scheme": period.scheme, "period": period.name}
    for row, one in enumerate(computed.cells):
        if key_figure not in ("", one.key_figure) or not period.readings[row].public:
            continue
        scale = period.catalogue.scale(one.key_figure)
        message.cells.append(wire.cell(period.scheme, period.name, view, computed, one, scale=scale, quantile_type=8))
        standing = Comparison(view, view, row, GROUP, GROUP, period.readings[row]).after(column)
        if standing is not None:
            named = {"unit_id": unit_id, "peer_group": GROUP, "key_figure": one.key_figure}
            message.standings.append(wire.placed(wire.standing(standing), **place, **named, scale=scale, view=view))
    return message


def among(view: View, columns: list[int]) -> View:
    """The same vintage with one peer group: the units of these columns."""
    inside = np.zeros(len(view.unit_ids), dtype=np.bool_)
    inside[columns] = True
    return replace(view, membership={GROUP: inside}, registered={GROUP: inside})


def _twin(twin: Twin) -> pb.Twin:
    message = pb.Twin(unit_id=twin.unit_id, organisation_id=twin.organisation_id, distance_e6=twin.distance_e6)
    for attribute, apart in twin.parts.items():
        message.parts.add(attribute=attribute, apart_e6=apart, share_e4=twin.share_e4(attribute))
    return message
