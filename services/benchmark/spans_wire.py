"""Intervals and funnels as protobuf."""

from collections.abc import Iterator

from noegletal.v1 import statistics_pb2 as pb

from services.benchmark.funnel import Funnel, Without
from services.benchmark.spans import Spans


def intervals(spans: Spans) -> Iterator[pb.Interval]:
    """The intervals of a cell, by quantile."""
    for twentieths, span in spans.items():
        yield pb.Interval(twentieths=twentieths, lower=span.lower, upper=span.upper, coverage_e4=span.coverage_e4)


def funnel(one: Funnel | Without) -> pb.Funnel:
    """A funnel, or why there is none."""
    if isinstance(one, Without):
        return pb.Funnel(absence=f"FUNNEL_ABSENCE_{one.name}")
    return pb.Funnel(target=float(one.target), within=float(one.within), between=float(one.between))
