"""The history of one key figure: a unit's values or a peer group's medians, with limits of chance from its own past."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from noegletal.v1 import statistics_pb2 as pb

from services.benchmark import cells, control, released, spans, statistics
from services.benchmark.described import Described, observed
from services.benchmark.ordering import of as sort
from services.benchmark.period import Period
from services.benchmark.statistics import MEDIAN, MEDIAN_TIER, Q1, Q3, QUARTILE_TIER
from services.benchmark.view import View


@dataclass(frozen=True)
class Asked:
    """What history: of a unit, or with an empty unit id of the peer group itself."""

    scheme: str
    unit_id: str
    key_figure: str
    peer_group: str
    limits: Literal["mean", "median"]


def trend(asked: Asked, views: Sequence[tuple[Period, View]]) -> pb.Trend:
    """The history over periods, oldest first, each as one view has it. A period whose definitions lack the figure is left out.

    A figure that is not public has the medians and quartiles of its releases and no flags; a unit's own values stand.
    """
    message = pb.Trend(
        scheme=asked.scheme,
        unit_id=asked.unit_id,
        peer_group=asked.peer_group,
        key_figure=asked.key_figure,
        limits=asked.limits,
    )
    values: list[Fraction | None] = []
    before: View | None = None
    for period, view in views:
        if asked.key_figure in view.figures:
            values.append(_point(message.points.add(), asked, period, view, before))
            before = view
    said = control.chart([value for value in values if value is not None], asked.limits)
    for name in ("centre", "lower", "upper"):
        if (limit := getattr(said, name)) is not None:
            setattr(message, name, float(limit))
    there = [point for point in message.points if point.HasField("value")]
    for point, signals in zip(there, said.signals, strict=True):
        point.signals.extend(f"SIGNAL_{signal.name}" for signal in signals)  # type: ignore[misc]
    return message


def _point(point: pb.TrendPoint, asked: Asked, period: Period, view: View, before: View | None) -> Fraction | None:
    """Fill in one period; returns its value."""
    row = view.figures.index(asked.key_figure)
    [members], reading = sort(view, [asked.peer_group]), period.readings[row]
    units, holders = int(members.units[row]), int(members.holders[row])
    point.period, point.vintage, point.method_version = period.name, view.vintage, view.method_version
    if reading.public:  # live counts of a protected cell are not said
        point.units = units
        [absences], _ = cells.awaiting(view, [(asked.peer_group, members)])
        point.awaited = int(spans.awaited(members.units, absences)[row])
    pairs = members.pairs(view, row)
    shown: dict[str, Fraction] = {} if reading.public else _released(point, asked, view)
    for name, twentieths, tier in (
        ("q1", Q1, QUARTILE_TIER),
        ("median", MEDIAN, MEDIAN_TIER),
        ("q3", Q3, QUARTILE_TIER),
    ):
        if reading.public and reading.meets(tier, units, holders):
            shown[name] = Fraction(*statistics.quantile(pairs, twentieths))
    for name, number in shown.items():
        setattr(point, name, float(number))
    value = shown.get("median")
    if asked.unit_id:
        pair = observed(view, row, view.column(asked.unit_id))
        value = Fraction(*pair) if pair else None
        changes = Described(period, view, before, flagged=True).changes(row, asked.peer_group) if pair else None
        side = changes.side(asked.unit_id) if changes else None
        point.change_computable = side is not None
        if side:
            point.flags.append(pb.FLAG_ROSE if side > 0 else pb.FLAG_FELL)
    if value is not None:
        point.value = float(value)
    return value


def _released(point: pb.TrendPoint, asked: Asked, view: View) -> dict[str, Fraction]:
    """What the newest release of a protected cell shows; nothing where there is none."""
    shown = released.shown(view.releases, asked.key_figure, asked.peer_group)
    if shown is None:
        return {}
    point.release_number, point.units = shown.number, shown.numbers.units
    quantiles = shown.numbers.quantiles
    names = (("q1", Q1), ("median", MEDIAN), ("q3", Q3))
    return {name: shown.numbers.value(quantiles[twentieths]) for name, twentieths in names if twentieths in quantiles}
