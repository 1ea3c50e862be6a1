"""How an endpoint does: failures in a row, since when, and how long it is left alone. Pure: chance and time come in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify import schedule
from services.notify.answers import Attempt

OPENS_AT = 5  # failures in a row after which the circuit opens: nothing is begun for a while, then one message alone
OPEN_SECONDS = (60.0, 120.0, 240.0, 480.0, 900.0)
HOPELESS_SECONDS = 432_000.0  # five days of nothing but failures: sending there ends. One message is tried for three


@dataclass(frozen=True)
class Health:
    """An endpoint's recent past. `failing_since`: its first failure after the last delivery; none where that was delivered."""

    failures: int = 0
    failing_since: datetime | None = None
    paused_until: datetime | None = None

    @property
    def circuit_open(self) -> bool:
        """Whether so many have failed in a row that the endpoint is only tried now and then."""
        return self.failures >= OPENS_AT

    def hopeless(self, now: datetime, after_seconds: float = HOPELESS_SECONDS) -> bool:
        """Whether nothing but failures came for so long that sending there ends."""
        since = self.failing_since
        return self.circuit_open and since is not None and now - since >= timedelta(seconds=after_seconds)


def after(
    before: Health, attempt: Attempt, now: datetime, *, chance: float, open_seconds: tuple[float, ...] = OPEN_SECONDS
) -> Health:
    """An endpoint's health after one more attempt.

    A pause is never cut short by a failure. A delivery closes the circuit; a pause the receiver asked for goes on.

    chance   in [0, 1): spreads the pause of an open circuit by a fifth either way.
    """
    if attempt.delivered:
        return Health(paused_until=None if before.circuit_open else before.paused_until)
    failures = before.failures + 1
    seconds = schedule.pause(attempt.retry_after) if attempt.throttle else 0.0
    if failures >= OPENS_AT and open_seconds:
        step = open_seconds[min(failures - OPENS_AT, len(open_seconds) - 1)]
        seconds = max(seconds, schedule.jittered(step, chance))
    until = now + timedelta(seconds=seconds) if seconds else None
    pauses = [p for p in (before.paused_until, until) if p is not None and p > now]
    return Health(failures, before.failing_since or now, max(pauses, default=None))


def turn(before: Health, now: Health, at: datetime, *, gone: bool, hopeless_seconds: float = HOPELESS_SECONDS) -> str:
    """What is to be told of an endpoint after an attempt: gone, hopeless, failing (its circuit opens), or nothing: empty."""
    if gone:
        return "gone"
    if now.hopeless(at, hopeless_seconds):
        return "hopeless"
    return "failing" if now.circuit_open and not before.circuit_open else ""
