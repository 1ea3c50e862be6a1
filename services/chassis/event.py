"""Events: what can be read of records, of each by itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property, lru_cache, partial
from itertools import compress
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from google.protobuf.message import DecodeError, Message

from services.chassis import headers
from services.chassis.records import Records
from services.column import Flags

M = TypeVar("M", bound=Message)
M_co = TypeVar("M_co", bound=Message, covariant=True)


class InvalidMessage(Exception):
    """A record that can never be read. It is set aside with its bytes; it is not retried."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    contents   what all values of the batch were read as together, those of other records among them; absent if nothing was
    """

    def __init__(self, records: Records, messages: Sequence[Any], contents: Any = None) -> None:
        self.records, self.messages, self.contents = records, messages, contents

    def __len__(self) -> int:
        return len(self.messages)

    def __getitem__(self, n: Any) -> Any:
        return self._each[n]

    def __iter__(self) -> Iterator[Event[M_co]]:
        return iter(self._each)

    def chosen(self, which: Flags) -> "Events[M_co]":
        """Some of them."""
        return Events(self.records.chosen(which), [*compress(self.messages, which.tolist())], self.contents)

    @property
    def ids(self) -> list[bytes]:
        """Their ids as bytes, empty where there are none."""
        return self.records.told.texts(headers.ID)

    @property
    def times(self) -> list[datetime | None]:
        """When each was sent; absent where the sender gave none."""
        told, numbers = self.records.told.runs(headers.TIME)
        times = [*map(_time, told)]
        return [times[n] for n in numbers.tolist()]

    @property
    def sent_at(self) -> list[tuple[datetime, int]]:
        """When they were sent, and how many: of those that follow one another, where the sender told it."""
        told, numbers = self.records.told.runs(headers.TIME)
        runs = zip(map(_time, told), np.bincount(numbers).tolist(), strict=True)
        return [(time, many) for time, many in runs if time is not None]

    @cached_property
    def _each(self) -> list[Event[M_co]]:
        places, values, keys = self.records.where, self.records.values, _texts([*self.records.keys])
        topics, partitions, offsets = zip(*places, strict=True) if len(self) else ((), (), ())
        columns = self.messages, values, _texts(self.ids), self.times, topics, partitions, offsets, keys
        return [*map(_made, zip(*columns, strict=True))]


_made = partial(tuple.__new__, Event)  # of as many columns as there are fields: without a call of Python's for each


def decode(record: Any, message: type[M]) -> Event[M]:
    """Read one record, be it another client's. Raises InvalidMessage with a reason fit for a metric's label."""
    events, reasons = read(Records.of([record]), message)
    for reason in reasons.values():
        raise InvalidMessage(reason)
    return next(iter(events))


def read(records: Records, message: type[M], contents: Iterable[Any] | None = None) -> tuple[Events[M], dict[int, str]]:
    """Read many records that carry a message; of those that can never be read, by their place among them, why: see `decode`.

    contents   what the values say, of those where that has been read already, None for the others
    """
    name, parse = message.DESCRIPTOR.full_name.encode(), message.FromString
    said: list[Any] = [None] * len(records) if contents is None else [*contents]
    reasons = dict.fromkeys(records.without[:, 1].nonzero()[0].tolist(), "null-value")
    kinds, numbers = records.told.runs(headers.TYPE)
    if others := [n for n, kind in enumerate(kinds) if kind not in (b"", name)]:
        reasons = dict.fromkeys(np.isin(numbers, others).nonzero()[0].tolist(), "other-type") | reasons
    for n in [n for n, one in enumerate(said) if one is None and n not in reasons]:
        try:
            said[n] = parse(records.values[n])
        except DecodeError:
            reasons[n] = "undecodable"
    events: Events[M] = Events(records, said, contents)
    if not reasons:
        return events, reasons
    sound = np.ones(len(records), dtype=np.bool_)
    sound[[*reasons]] = False
    return events.chosen(sound), reasons


def _texts(raws: Sequence[bytes]) -> list[str]:
    try:
        return [raw.decode() for raw in raws]
    except UnicodeDecodeError:
        return [text(raw) for raw in raws]


def text(raw: bytes) -> str:
    """Header or key bytes as text, whatever they are."""
    return raw.decode("utf-8", "backslashreplace")


@lru_cache(maxsize=256)  # what one transaction announced has one time
def _time(raw: bytes) -> datetime | None:
    try:
        time = datetime.fromisoformat(text(raw))
    except ValueError:
        return None
    return time if time.tzinfo else None
