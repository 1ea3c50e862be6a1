"""Records and events: what Kafka hands out, and what can be read of it, each record by itself."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import compress
from typing import Any, Generic, NamedTuple, TypeVar

from google.protobuf.message import DecodeError, Message

M = TypeVar("M", bound=Message)
M_co = TypeVar("M_co", bound=Message, covariant=True)


class InvalidMessage(Exception):
    """A record that can never be read. It is set aside with its bytes; it is not retried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Headers = Sequence[tuple[str, bytes | None]]


class Record(NamedTuple):
    """A record as Kafka hands it out. `told`: its headers, or what tells them: they cost more than all else of a record."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    told: Headers | Callable[[], Headers | None] = ()

    @property
    def headers(self) -> Headers:
        """Its headers; none where the name of one is no text, which must not cost the record."""
        if not callable(self.told):
            return self.told
        try:
            return self.told() or ()
        except UnicodeDecodeError:
            return ()


class Event(NamedTuple, Generic[M_co]):
    """A record that could be read. `time` is absent where the sender gave none; `raw` is the message's bytes."""

    message: M_co
    raw: bytes
    id: str
    time: datetime | None
    topic: str
    partition: int
    offset: int
    key: str


class Events(Sequence[Event[M_co]]):
    """Records that could be read, in order. What they say is there at once; each as an event only once one is asked for.

    records    what Kafka handed out
    messages   what each says
    times      when it was sent; absent where the sender gave none
    ids        their ids as bytes, empty where there are none or they were not asked for
    contents   what all values of the batch were read as together, those of other records among them; absent if nothing was
    """

    def __init__(
        self,
        records: Sequence[Record],
        messages: Sequence[Any],
        times: Sequence[datetime | None],
        ids: Sequence[bytes],
        contents: Any = None,
    ) -> None:
        self.records, self.messages, self.times, self.ids, self.contents = records, messages, times, ids, contents

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, n: Any) -> Any:
        return self._each[n]

    def __iter__(self) -> Iterator[Event[M_co]]:
        return iter(self._each)

    def chosen(self, which: Sequence[bool]) -> "Events[M_co]":
        """Some of them."""
        columns = self.records, self.messages, self.times, self.ids
        records, messages, times, ids = ([*compress(column, which)] for column in columns)
        return Events(records, messages, times, ids, self.contents)

    @functools.cached_property
    def _each(self) -> list[Event[M_co]]:
        if not self.records:
            return []
        *places, keys, values, _ = zip(*self.records, strict=True)
        columns = self.messages, values, _texts(self.ids), self.times, *places, _texts([key or b"" for key in keys])
        return [*map(_made, zip(*columns, strict=True))]


def decode(record: Any, message: type[M]) -> Event[M]:
    """Read one record, be it another client's. Raises InvalidMessage with a reason fit for a metric's label."""
    one = Record(record.topic, record.partition, record.offset, record.key, record.value, record.headers)
    events, reasons = read([one], message)
    for reason in reasons.values():
        raise InvalidMessage(reason)
    return next(iter(events))


def read(
    records: Sequence[Record], message: type[M], contents: Iterable[Any] | None = None, *, step: int = 1
) -> tuple[Events[M], dict[int, str]]:
    """Read many records that carry a message; of those that can never be read, by their place among them, why: see `decode`.

    contents   what the values say, of those where that has been read already, None for the others
    step       of those that have been read, every so many-th is asked for its headers, and all if one of them says it is
               something else: the others have the time of the one before them, and no id
    """
    name, parse = message.DESCRIPTOR.full_name.encode(), message.FromString
    said: list[Any] = [None] * len(records) if contents is None else [*contents]
    reasons, times, ids = dict[int, str](), list[datetime | None](), list[bytes]()
    for n, record in enumerate(records):
        if n % step and said[n] is not None:
            times.append(times[-1])
            ids.append(b"")
            continue
        value, its = record.value, dict(record.headers)
        times.append(_time(its.get("ce_time") or b""))
        ids.append(its.get("ce_id") or b"")
        if value is None:
            reasons[n] = "null-value"
        elif (declared := its.get("ce_type")) != name and declared:
            if step > 1:
                return read(records, message, contents)
            reasons[n] = "other-type"
        elif said[n] is None:
            try:
                said[n] = parse(value)
            except DecodeError:
                reasons[n] = "undecodable"
    events: Events[M] = Events(records, said, times, ids, contents)
    return events.chosen([n not in reasons for n in range(len(records))]) if reasons else events, reasons


_made = partial(tuple.__new__, Event)  # of as many columns as there are fields: without a call of Python's for each


def _texts(raws: Sequence[bytes]) -> list[str]:
    try:
        return [raw.decode() for raw in raws]
    except UnicodeDecodeError:
        return [text(raw) for raw in raws]


def text(raw: bytes) -> str:
    """Header or key bytes as text, whatever they are."""
    return raw.decode("utf-8", "backslashreplace")


@functools.lru_cache(maxsize=256)  # what one transaction announced has one time
def _time(raw: bytes) -> datetime | None:
    try:
        time = datetime.fromisoformat(text(raw))
    except ValueError:
        return None
    return time if time.tzinfo else None
