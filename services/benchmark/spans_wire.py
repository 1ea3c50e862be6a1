"""Intervals and funnels as protobuf."""

from collections.abc import Iterator

import numpy as np
from noegletal.v1 import benchmark_pb2 as benchmark
from noegletal.v1 import statistics_pb2 as pb

from services.benchmark.cell_columns import Columns
from services.benchmark.funnel import Funnel, Without
from services.benchmark.plans import NOT_THERE
from services.benchmark.spans import Spans


def intervals(spans: Spans) -> Iterator[pb.Interval]:
    """The intervals of a cell, by quantile."""
    for twentieths, span in spans.items():
        yield pb.Interval(twentieths=twentieths, lower=span.lower, upper=span.upper, coverage_e4=span.coverage_e4)


def add(message: benchmark.BenchmarkUpdated, columns: Columns) -> None:
    """Add every figure's intervals to the event, those that are there only."""
    there = columns.coverages != NOT_THERE
    message.awaited.extend(columns.awaited.tolist())
    message.interval_places.extend(np.flatnonzero(there).tolist())
    message.interval_lowers.extend(columns.lowers[there].tolist())
    message.interval_uppers.extend(columns.uppers[there].tolist())
    message.interval_coverages_e4.extend(columns.coverages[there].tolist())


def funnel(one: Funnel | Without) -> pb.Funnel:
    """A funnel, or why there is none."""
    if isinstance(one, Without):
        return pb.Funnel(absence=f"FUNNEL_ABSENCE_{one.name}")
    return pb.Funnel(target=float(one.target), within=float(one.within), between=float(one.between))
