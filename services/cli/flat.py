"""Answers as flat rows: one name per number, the same in CSV and in frames. What is not there is None, never 0."""

from collections.abc import Iterator
from typing import Any

from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import statistics_pb2 as said

Row = dict[str, Any]
STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")
NAMES = {2: "p10", 5: "q1", 10: "median", 15: "q3", 18: "p90"}  # quantiles by their twentieths


def cell(one: pb.Cell) -> Row:
    """A cell: counts, sums as whole numbers of its scale, statistics, and for each quantile its two intervals."""
    row: Row = {name: getattr(one, name) for name in ("scheme", "period", "peer_group", "key_figure")}
    row |= {name: getattr(one, name) for name in ("units", "holders", "reported", "expected", "awaited", "scale")}
    row |= {name: _whole(getattr(one, name)) for name in ("numerator_sum", "denominator_sum")}
    row |= {name: _value(one, name) for name in STATISTICS}
    for prefix, intervals in (("", one.intervals), ("final_", one.final_intervals)):
        found = {i.twentieths: i for i in intervals}
        for twentieths, name in NAMES.items():
            row |= _interval(f"{prefix}{name}", found.get(twentieths))
    row["suppression"] = pb.Suppression.Name(one.suppression).removeprefix("SUPPRESSION_").lower()
    return row | {"vintage": one.vintage, "method_version": one.method_version}


def standing(one: api.PlacedStanding, language: str = "en") -> Row:
    """A standing: its place, its class in words, and what stands apart."""
    row: Row = {name: getattr(one, name) for name in ("scheme", "period", "unit_id", "peer_group", "key_figure")}
    held = one.standing
    row["value"] = held.numerator / held.denominator if held.denominator else None
    row |= {name: getattr(held, name) for name in ("numerator", "denominator", "position", "units")}
    row |= {"percentile": held.percentile_e4 / 10**4, "quartile": held.quartile or None}
    row["gap_to_median"] = held.gap_to_median_e9 / 10**9 if held.HasField("gap_to_median_e9") else None
    row |= {"class": one.class_text.get(language), "is_shown": one.is_shown, "level": one.level, "levels": one.levels}
    row["flags"] = " ".join(said.Flag.Name(flag).removeprefix("FLAG_").lower() for flag in one.flags)
    row["not_computable"] = " ".join(said.Look.Name(look).removeprefix("LOOK_").lower() for look in one.not_computable)
    return row | {"vintage": one.vintage}


def trend(history: said.Trend) -> Iterator[Row]:
    """A history, a row a period, each with the limits that hold for all of them."""
    for point in history.points:
        row: Row = {name: getattr(history, name) for name in ("scheme", "unit_id", "peer_group", "key_figure")}
        row["period"] = point.period
        row |= {name: _value(point, name) for name in ("value", "q1", "median", "q3")}
        row |= {"units": point.units, "awaited": point.awaited}
        row |= {name: _value(history, name) for name in ("centre", "lower", "upper")}
        row["signals"] = " ".join(said.Signal.Name(s).removeprefix("SIGNAL_").lower() for s in point.signals)
        row["flags"] = " ".join(said.Flag.Name(flag).removeprefix("FLAG_").lower() for flag in point.flags)
        row |= {"change_computable": point.change_computable, "release": point.release_number or None}
        yield row | {"vintage": point.vintage, "method_version": point.method_version}


def twins(answer: api.ListTwinsResponse) -> Iterator[Row]:
    """Twins, the nearest first: how far, and each attribute's share of the distance in per cent."""
    for rank, twin in enumerate(answer.twins, start=1):
        row: Row = {"rank": rank, "unit_id": twin.unit_id, "organisation_id": twin.organisation_id}
        row["distance"] = twin.distance_e6 / 10**6
        yield row | {f"{part.attribute}_share": part.share_e4 / 100 for part in twin.parts}


def explanation(one: pb.Explanation) -> Iterator[Row]:
    """The parts of a change, one a row; each column sums to the change."""
    for part in one.parts:
        row: Row = {name: getattr(one, name) for name in ("scheme", "period", "unit_id", "peer_group", "key_figure")}
        row["step"] = pb.Step.Name(part.step).removeprefix("STEP_").lower()
        row |= {"units": part.units, "position": part.position, "percentile": part.percentile_e4 / 10**4}
        yield row | {"quartile": part.quartile, "gap_to_median": part.gap_to_median_e9 / 10**9}


def update(one: pb.BenchmarkUpdated) -> Iterator[Row]:
    """A publication, one key figure a row."""
    for n, figure in enumerate(one.key_figures):
        row: Row = {"scheme": one.scheme, "period": one.period, "peer_group": one.peer_group, "key_figure": figure}
        row |= {"units": one.units[n], "holders": one.holders[n], "reported": one.reported, "expected": one.expected}
        row |= {"awaited": one.awaited[n] if one.awaited else None}
        row |= {"numerator_sum": _whole(one.numerator_sums[n]), "denominator_sum": _whole(one.denominator_sums[n])}
        for bit, name in enumerate(STATISTICS):
            row[name] = one.statistics[6 * n + bit] if one.shown[n] >> bit & 1 else None
        row["suppression"] = pb.Suppression.Name(one.suppressions[n]).removeprefix("SUPPRESSION_").lower()
        yield row | {"changed": n in one.changed, "vintage": one.vintage, "method_version": one.method_version}


def _interval(name: str, one: said.Interval | None) -> Row:
    return {
        f"{name}_lower": _value(one, "lower") if one else None,
        f"{name}_upper": _value(one, "upper") if one else None,
        f"{name}_coverage": one.coverage_e4 / 10**4 if one else None,
    }


def _value(message: Any, name: str) -> float | None:
    return getattr(message, name) if message.HasField(name) else None


def _whole(text: str) -> int | None:
    return int(text) if text else None
