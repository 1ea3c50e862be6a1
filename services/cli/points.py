"""The point a read looks back to, as people write it: a vintage, a date or a time."""

from datetime import UTC, datetime, timedelta

from noegletal.v1 import benchmark_service_pb2 as api

from services.cli.talk import Exit, Stop, coded

NOTHING, TO_ITS_END = timedelta(), timedelta(days=1, microseconds=-1)


def as_of(written: str | int | datetime, language: str = "en") -> api.AsOf | None:
    """A vintage, or an ISO 8601 date or time; 0 or nothing is now, None. Raises Stop.

    A date counts to its end. A time or date that names no zone is one of this machine's.

    >>> as_of("360").vintage, as_of("2025-03-01T12:00+01:00").time.ToJsonString(), as_of("0")
    (360, '2025-03-01T11:00:00Z', None)
    """
    if isinstance(written, datetime):
        return _at(written)
    text = str(written).strip()
    if not text or text.isdecimal():
        return api.AsOf(vintage=int(text)) if text and int(text) else None
    try:
        return _at(moment(text, TO_ITS_END if len(text) == len("2025-03-01") else NOTHING))
    except ValueError:
        raise Stop(coded("NT-3011", language, written=text[:40]), Exit.USAGE) from None


def moment(text: str, later: timedelta = NOTHING) -> datetime:
    """An ISO 8601 date or time, of this machine where no zone is named; in UTC. `later` goes by its own clock.

    Raises ValueError for anything else, and where UTC has no such day.
    """
    try:
        return (datetime.fromisoformat(text) + later).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _at(point: datetime) -> api.AsOf:
    made = api.AsOf()
    made.time.FromDatetime(point.astimezone(UTC))
    return made
