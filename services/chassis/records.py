"""Records as Kafka hands them out, many at once as columns; each by itself only once it is asked for. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from services.chassis.headers import Headers, Said, packed, said, unpacked
from services.column import Column, Flags, Whole

TOPIC, PARTITION, OFFSET = range(3)
Place = tuple[str, int, int]


class Record(NamedTuple):
    """A record by itself."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True)
class Records(Sequence[Record]):
    """R records, those of a partition in order.

    topics   names by number
    places   R x 3: number of the topic, partition, offset
    keys     empty, as values are, where there is none
    headers  see `headers`
    without  R x 2: whether there is no key, and no value
    """

    topics: Sequence[str]
    places: Whole
    keys: Column
    values: Column
    headers: Column
    without: Flags

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Records":
        """Records by themselves, be they another client's. As they are, if they are columns already."""
        if isinstance(records, cls):
            return records
        rows = [(r.topic, r.partition, r.offset, r.key, r.value, r.headers) for r in records]
        topics = list(dict.fromkeys(row[0] for row in rows))
        numbers = {topic: n for n, topic in enumerate(topics)}
        places = [(numbers[topic], partition, offset) for topic, partition, offset, *_ in rows]
        without = [(key is None, value is None) for *_, key, value, _ in rows]
        return cls(
            topics,
            np.array(places, dtype=np.int64).reshape(-1, 3),
            Column.of([key or b"" for *_, key, _, _ in rows]),
            Column.of([value or b"" for *_, value, _ in rows]),
            Column.of([packed(told) for *_, told in rows]),
            np.array(without, dtype=np.bool_).reshape(-1, 2),
        )

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            which = np.zeros(len(self), dtype=np.bool_)
            which[n] = True
            return self.chosen(which)
        (topic, partition, offset), (no_key, no_value) = self.places[n].tolist(), self.without[n].tolist()
        key, value = None if no_key else self.keys[n], None if no_value else self.values[n]
        return Record(self.topics[topic], partition, offset, key, value, unpacked(self.headers[n]))

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(len(self)))

    def chosen(self, which: Flags) -> "Records":
        """Some of them."""
        if which.all():
            return self
        keys, values, its = (column.chosen(which) for column in (self.keys, self.values, self.headers))
        return Records(self.topics, self.places[which], keys, values, its, self.without[which])

    @property
    def where(self) -> Iterator[Place]:
        """Topic, partition and offset of each."""
        topics, partitions, offsets = self.places.T.tolist()
        return zip(map(self.topics.__getitem__, topics), partitions, offsets, strict=True)

    @cached_property
    def runs(self) -> list[tuple[tuple[str, int], int, int]]:
        """Partitions whose records follow one another, in order, with the offsets of the first and the last of these."""
        if not len(self):
            return []
        partitions, offsets = self.places[:, :OFFSET], self.places[:, OFFSET]
        begins = np.concatenate([[0], (partitions[1:] != partitions[:-1]).any(axis=1).nonzero()[0] + 1])
        ends = np.append(begins[1:], len(self)) - 1
        each = zip(partitions[begins].tolist(), offsets[begins].tolist(), offsets[ends].tolist(), strict=True)
        return [((self.topics[topic], partition), first, last) for (topic, partition), first, last in each]

    @cached_property
    def told(self) -> Said:
        """What CloudEvents say of them."""
        return said(self.headers)
