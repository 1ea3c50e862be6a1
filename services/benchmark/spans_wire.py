"""Intervals and funnels as protobuf."""

from collections.abc import Iterator

from noegletal.v1 import benchmark_pb2 as benchmark
from noegletal.v1 import statistics_pb2 as pb

from services.benchmark.cells import GroupCells
from services.benchmark.funnel import Funnel, Without
from services.benchmark.spans import Spans
from services.benchmark.statistics import QUANTILES

OPEN = float("nan")
PLACE = {twentieths: place for place, twentieths in enumerate(QUANTILES)}


def intervals(spans: Spans) -> Iterator[pb.Interval]:
    """The intervals of a cell, by quantile."""
    for twentieths, span in spans.items():
        yield pb.Interval(twentieths=twentieths, lower=span.lower, upper=span.upper, coverage_e4=span.coverage_e4)


def add(message: benchmark.BenchmarkUpdated, group: GroupCells) -> None:
    """Add every figure's intervals to the event, those that are there only."""
    found = [
        (10 * row + 5 * final + PLACE[twentieths], span)
        for row, cell in enumerate(group.cells)
        for final, spans in enumerate((cell.intervals, cell.final))
        for twentieths, span in spans.items()
    ]
    message.awaited.extend([cell.awaited for cell in group.cells])
    message.interval_places.extend([place for place, _ in found])
    message.interval_lowers.extend([OPEN if span.lower is None else span.lower for _, span in found])
    message.interval_uppers.extend([OPEN if span.upper is None else span.upper for _, span in found])
    message.interval_coverages_e4.extend([span.coverage_e4 for _, span in found])


def funnel(one: Funnel | Without) -> pb.Funnel:
    """A funnel, or why there is none."""
    if isinstance(one, Without):
        return pb.Funnel(absence=f"FUNNEL_ABSENCE_{one.name}")
    return pb.Funnel(target=float(one.target), within=float(one.within), between=float(one.between))
