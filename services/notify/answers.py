"""What a receiver's answer means. Only 2xx is delivered; a redirect is an answer like any other, never followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

GONE = 410
SLOW_DOWN = frozenset({429, 502, 503, 504})
CONTROL = "webhook-delivery"  # a receiver's word about what is to follow: abort-message or disable


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended. `detail` is short and fit to be shown; `retry_after` in seconds where the receiver asked."""

    delivered: bool
    detail: str
    gone: bool = False  # the receiver wants nothing any more
    abort: bool = False  # the receiver wants this message never again
    throttle: bool = False  # the receiver is to be left alone for a while, by every message
    retry_after: float | None = None
    ours: bool = False  # a fault of ours or on the way: it says nothing about the endpoint


def judged(status: int, headers: Mapping[str, str], now: datetime) -> Attempt:
    """What an answer means. `headers` by lower-case name; `now` is aware."""
    control = headers.get(CONTROL, "").strip().lower()
    gone = status == GONE or control == "disable"
    if 200 <= status < 300:
        return Attempt(True, f"HTTP {status}", gone=gone)
    throttle = status in SLOW_DOWN
    wait = retry_after(headers.get("retry-after", ""), now) if throttle else None
    abort = control == "abort-message"
    return Attempt(False, f"HTTP {status}", gone=gone, abort=abort, throttle=throttle, retry_after=wait)


def retry_after(asked: str, now: datetime) -> float | None:
    """The wait of a Retry-After field in seconds, whether it counts them or names a time; None if it says neither.

    >>> retry_after("120", datetime(2026, 1, 1, tzinfo=UTC)), retry_after("soon", datetime(2026, 1, 1, tzinfo=UTC))
    (120.0, None)
    """
    asked = asked.strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked[:9])
    try:
        at = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
