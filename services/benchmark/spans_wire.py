"""Intervals and funnels as protobuf."""

from collections.abc import Iterator

import numpy as np
from noegletal.v1 import statistics_pb2 as pb
from noegletal.v1.benchmark_pb2 import BenchmarkUpdated as Updated

from services.benchmark import packed
from services.benchmark.cell_columns import Columns
from services.benchmark.funnel import Funnel, Without
from services.benchmark.plans import NOT_THERE
from services.benchmark.spans import Spans
from services.benchmark.statistics import Whole


def intervals(spans: Spans) -> Iterator[pb.Interval]:
    """The intervals of a cell, by quantile."""
    for twentieths, span in spans.items():
        yield pb.Interval(twentieths=twentieths, lower=span.lower, upper=span.upper, coverage_e4=span.coverage_e4)


def there(columns: Columns) -> Whole:
    """The places of the intervals there are, I of them, among all there could be."""
    return np.flatnonzero(columns.coverages != NOT_THERE)


def ends(columns: Columns, there: Whole) -> list[bytes]:
    """The ends of those intervals, as the event has them."""
    return [
        packed.doubles(Updated.INTERVAL_LOWERS_FIELD_NUMBER, columns.lowers.take(there)),
        packed.doubles(Updated.INTERVAL_UPPERS_FIELD_NUMBER, columns.uppers.take(there)),
    ]


def add(message: Updated, columns: Columns, there: Whole) -> None:
    """Add the rest of every figure's intervals to the event."""
    message.awaited.extend(columns.awaited.tolist())
    message.interval_places.extend(there.tolist())
    message.interval_coverages_e4.extend(columns.coverages.take(there).tolist())


def funnel(one: Funnel | Without) -> pb.Funnel:
    """A funnel, or why there is none."""
    if isinstance(one, Without):
        return pb.Funnel(absence=f"FUNNEL_ABSENCE_{one.name}")
    return pb.Funnel(target=float(one.target), within=float(one.within), between=float(one.between))
