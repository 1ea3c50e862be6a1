"""When a delivery is tried again. Source of the steps: the schedule Standard Webhooks implementations share, over three days."""

from dataclasses import dataclass

SECONDS = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2


@dataclass(frozen=True)
class Next:
    """What follows an attempt: another one in so many seconds, or none any more."""

    seconds: float | None


def following(
    attempts: int, *, chance: float, retry_after: float | None = None, steps: tuple[int, ...] = SECONDS
) -> Next:
    """What follows so many attempts that failed. `chance` in [0, 1) spreads the wait by a fifth either way.

    A receiver's Retry-After is kept to where it asks for longer, up to a day.

    >>> following(1, chance=0.5), following(10, chance=0.5)
    (Next(seconds=5.0), Next(seconds=None))
    """
    if attempts >= len(steps):
        return Next(None)
    wait = steps[attempts] * (1 - JITTER + 2 * JITTER * chance)
    return Next(max(wait, min(retry_after or 0, 86_400)))
