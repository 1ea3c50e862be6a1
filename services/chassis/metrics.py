"""Every Prometheus metric that services share, declared once, and how one declares its own. Labels never hold an organisation."""

import itertools
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import HistogramMetricFamily
from prometheus_client.registry import Collector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
M = TypeVar("M", Counter, Gauge, Histogram)
RECORDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


class Metrics:
    """The metrics of one service, in a registry of its own so that several services can share a process."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self._service = service
        self._known: dict[tuple[object, tuple[str, ...]], Any] = {}  # as many as the library itself keeps
        self.records = self.counter("records_total", "Records consumed, by what became of them", "topic", "outcome")
        self.event_age = Ages(service, self.registry)
        self.batch_size = self._histogram("batch_size_records", "Records per transaction", RECORDS, "topic")
        self.transaction = self._histogram("transaction_seconds", "From begin to durable", SECONDS, "cause")
        self.dead_letters = self.counter("dead_letters_total", "Records set aside, by reason", "topic", "reason")
        self.parse_failures = self.counter("parse_failures_total", "Records that could not be read", "topic")
        self.redeliveries = self.counter(
            "redeliveries_total", "Records seen again after their offset was kept", "topic"
        )
        self.fenced = self.counter("fenced_total", "Transactions refused because another instance moved on", "topic")
        self.failures = self.counter("handler_failures_total", "Attempts of a handler that raised", "topic")
        self.rebalances = self.counter("rebalances_total", "Times partitions were assigned")
        self.offset_resets = self.counter("offset_resets_total", "Partitions whose log began anew", "topic")
        self.paused = self.gauge("paused_partitions", "Partitions stopped after too many unreadable records", "topic")
        self.lag = self.gauge("consumer_lag_records", "Records not consumed yet", "topic", "partition")
        self.outbox_pending = self.gauge("outbox_pending", "Events committed and not yet published")
        self.published = self.counter("published_total", "Events published from the outbox", "topic")
        self.relay_failures = self.counter("relay_failures_total", "Attempts to publish that failed")
        self.last_commit = self.gauge("last_commit_timestamp_seconds", "When a transaction last became durable")
        self.calls = self.counter("rpc_calls_total", "gRPC calls, by method and status", "method", "status")
        self.call_seconds = self._histogram("rpc_seconds", "gRPC calls, from request to last answer", SECONDS, "method")
        self.ready = self.gauge("ready", "1 when the service can do its work")

    def counter(self, name: str, meaning: str, *labels: str) -> Counter:
        """A counter of this service."""
        return Counter(f"noegletal_{name}", meaning, ["service", *labels], registry=self.registry)

    def gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        """A gauge of this service."""
        return Gauge(f"noegletal_{name}", meaning, ["service", *labels], registry=self.registry)

    def histogram(self, name: str, meaning: str, *labels: str) -> Histogram:
        """A histogram of seconds that this service alone has."""
        return self._histogram(name, meaning, SECONDS, *labels)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"noegletal_{name}", meaning, ["service", *labels], registry=self.registry, buckets=buckets)

    def count(self, counter: Counter, *labels: str, by: float = 1) -> None:
        """Raise a counter of this service."""
        self._of(counter, labels).inc(by)

    def observe(self, histogram: Histogram, value: float, *labels: str) -> None:
        """Add an observation to a histogram of this service."""
        self._of(histogram, labels).observe(value)

    def set(self, gauge: Gauge, value: float, *labels: str) -> None:
        """Set a gauge of this service."""
        self._of(gauge, labels).set(value)

    def _of(self, metric: M, labels: tuple[str, ...]) -> M:
        """A metric with these labels, looked up once: finding it costs the library more than changing it."""
        found = self._known.get((metric, labels))
        if found is None:
            found = self._known[metric, labels] = metric.labels(self._service, *labels)
        return found


class Ages(Collector):
    """How old events were when they were applied: a histogram that takes a whole batch at once."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self._service, self._lock = service, threading.Lock()
        self._counts: dict[str, list[int]] = {}  # topic -> events per bucket; the last has no upper bound
        self._sums: dict[str, float] = {}
        registry.register(self)

    def note(self, topic: str, ages: Mapping[float, int]) -> None:
        """Count a batch: seconds -> how many events were so old."""
        with self._lock:
            counts = self._counts.setdefault(topic, [0] * (len(SECONDS) + 1))
            for age, events in ages.items():
                counts[bisect_left(SECONDS, age)] += events
                self._sums[topic] = self._sums.get(topic, 0.0) + age * events

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """The histogram as Prometheus reads it."""
        family = HistogramMetricFamily(
            "noegletal_event_age_seconds", "Now minus ce_time when an event was applied", labels=["service", "topic"]
        )
        with self._lock:
            for topic, counts in self._counts.items():
                bounds = [*map(str, map(float, SECONDS)), "+Inf"]
                buckets = list(zip(bounds, itertools.accumulate(counts), strict=True))
                family.add_metric([self._service, topic], buckets, self._sums.get(topic, 0.0))
        yield family
