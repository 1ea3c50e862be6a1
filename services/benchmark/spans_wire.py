"""Intervals and funnels as protobuf."""

from collections.abc import Iterator

from noegletal.v1 import benchmark_pb2 as benchmark
from noegletal.v1 import statistics_pb2 as pb

from services.benchmark.cells import GroupCells
from services.benchmark.funnel import Funnel, Without
from services.benchmark.spans import Spans
from services.benchmark.statistics import QUANTILES

OPEN = float("nan")


def intervals(spans: Spans) -> Iterator[pb.Interval]:
    """The intervals of a cell, by quantile."""
    for twentieths, span in spans.items():
        yield pb.Interval(twentieths=twentieths, lower=span.lower, upper=span.upper, coverage_e4=span.coverage_e4)


def add(message: benchmark.BenchmarkUpdated, group: GroupCells) -> None:
    """Add every figure's intervals to the event, those that are there only."""
    for row, cell in enumerate(group.cells):
        message.awaited.append(cell.awaited)
        for final, spans in enumerate((cell.intervals, cell.final)):
            for twentieths, span in spans.items():
                message.interval_places.append(10 * row + 5 * final + QUANTILES.index(twentieths))
                message.interval_lowers.append(OPEN if span.lower is None else span.lower)
                message.interval_uppers.append(OPEN if span.upper is None else span.upper)
                message.interval_coverages_e4.append(span.coverage_e4)


def funnel(one: Funnel | Without) -> pb.Funnel:
    """A funnel, or why there is none."""
    if isinstance(one, Without):
        return pb.Funnel(absence=f"FUNNEL_ABSENCE_{one.name}")
    return pb.Funnel(target=float(one.target), within=float(one.within), between=float(one.between))
