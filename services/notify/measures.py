"""What Prometheus is told of deliveries, beside what every service tells."""

from services.chassis.metrics import Metrics


class Measures:
    """Attempts as they end, and what waits. No label holds an organisation or an endpoint."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._attempts = metrics.counter(
            "delivery_attempts_total", "Attempts to deliver, by how they ended", "channel", "kind", "outcome"
        )
        self._seconds = metrics.histogram("delivery_attempt_seconds", "From begin to answer or failure", "channel")
        self._lateness = metrics.histogram("delivery_lateness_seconds", "From due to first attempt begun", "channel")
        self._waiting = {
            "oldest": metrics.gauge(
                "delivery_oldest_due_seconds", "Age of the oldest that is due at a willing endpoint"
            ),
            "planned": metrics.gauge("deliveries_planned", "Deliveries with an attempt planned or under way"),
            "disabled": metrics.gauge("endpoints_disabled", "Endpoints nothing is sent to"),
            "open": metrics.gauge("endpoint_circuits_open", "Endpoints that failed so often that they are spared"),
        }

    def attempt(self, channel: str, kind: str, outcome: str, seconds: float) -> None:
        """An attempt ended."""
        self._metrics.count(self._attempts, channel, kind, outcome)
        self._metrics.observe(self._seconds, seconds, channel)

    def began(self, channel: str, late_seconds: float) -> None:
        """A message's first attempt began."""
        self._metrics.observe(self._lateness, max(0.0, late_seconds), channel)

    def waiting(self, **values: float) -> None:
        """What waits just now: oldest (seconds), planned, disabled, open."""
        for name, value in values.items():
            self._metrics.set(self._waiting[name], value)
