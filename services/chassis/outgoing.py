"""What one transaction announces: its records in order, each kind of header once, and all of it as bytes to be kept."""

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.chassis.headers import ABSENT

Headers = Sequence[tuple[str, bytes]]
Numbers = NDArray[np.int32]
KEY, VALUE, ID, SUBJECT = range(4)
ID_BYTES = 36  # of a uuid as it is written
# Values of a content, unless one is longer by itself. Database and driver copy what they keep twice over: a megabyte after the
# other into the same places, where a row of forty asks for as much new memory each time. Measured, see DECISIONS.
MOST_BYTES = 2**20


Single = tuple[int, bytes | None, bytes | None, bytes | None, bytes | None]  # kind, key, value, ce_id, ce_subject


@dataclass(frozen=True)
class Run:
    """Records of one kind: values one behind the other, as they were made together.

    ends     where in `values` each ends
    ids      ID_BYTES each
    within   what precedes its key in the subject of each
    """

    kind: int
    keys: Sequence[bytes]
    values: bytes | memoryview
    ends: Sequence[int]
    ids: bytes
    within: bytes = b""

    def __len__(self) -> int:
        return len(self.keys)

    def between(self, first: int, behind: int) -> "Run":
        """Some of them, that follow one another."""
        if behind - first == len(self):
            return self
        begin = self.ends[first - 1] if first else 0
        ends, values = self.ends[first:behind], memoryview(self.values)[begin : self.ends[behind - 1]]
        ids = self.ids[first * ID_BYTES : behind * ID_BYTES]
        return Run(self.kind, self.keys[first:behind], values, [end - begin for end in ends], ids, self.within)


Part = Run | list[Single]


@dataclass
class Outgoing:
    """Records on their way out, in order.

    kinds    (topic, headers that every record of the kind has)
    parts    runs, and lists of records; ce_id and ce_subject are absent where the kind's headers are all there are
    """

    kinds: list[tuple[str, Headers]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def kind(self, topic: str, headers: Headers) -> int:
        """A new kind of record."""
        self.kinds.append((topic, headers))
        return len(self.kinds) - 1

    def add(self, some: Iterable[Single]) -> None:
        """Further records."""
        if not self.parts or isinstance(self.parts[-1], Run):
            self.parts.append([])
        last = self.parts[-1]
        assert isinstance(last, list)
        last.extend(some)

    def run(self, run: Run) -> None:
        """A further run of records."""
        self.parts.append(run)

    def packed(self) -> Iterator[tuple[int, bytes]]:
        """Everything, to be kept: contents in order, and how many records each has.

        A content is two lengths, five numbers a record, kinds as JSON, then the bytes, column by column. Numbers have 32 bits,
        in the machine's order; they are read and written at once.
        """
        kinds = json.dumps(
            [[topic, [[name, value.decode("latin-1")] for name, value in headers]] for topic, headers in self.kinds]
        ).encode()
        for parts in _together(self.parts):
            columns = [_columns(part) for part in parts]
            sizes = [size for column in zip(*columns, strict=True) for size, _ in column]
            contents = [content for column in zip(*columns, strict=True) for _, content in column]
            count = sum(map(len, parts))
            head = np.array([len(kinds), count], dtype=np.int32)
            yield count, b"".join([head.tobytes(), *(some.tobytes() for some in sizes), kinds, *contents])


def _together(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The same records, those that are kept together."""
    found, many = list[Part](), 0
    for part in (part for part in parts if part):
        for some, size in _apart(part):
            found.append(some)
            many += size
            if many >= MOST_BYTES:
                yield found
                found, many = [], 0
    if found:
        yield found


def _apart(part: Part) -> Iterator[tuple[Part, int]]:
    """A part, cut where its values are more than MOST_BYTES; how many bytes each piece has."""
    ends = (
        part.ends
        if isinstance(part, Run)
        else list(itertools.accumulate(len(value or b"") for _, _, value, *_ in part))
    )
    cuts = np.searchsorted(ends, np.arange(MOST_BYTES, ends[-1], MOST_BYTES)).tolist()
    for first, behind in itertools.pairwise([0, *dict.fromkeys(cut for cut in cuts if cut), len(ends)]):
        some = part.between(first, behind) if isinstance(part, Run) else part[first:behind]
        yield some, ends[behind - 1] - (ends[first - 1] if first else 0)


def _columns(part: Part) -> Sequence[tuple[Numbers, bytes | memoryview]]:
    """Kinds, and how long keys, values, ids and subjects are; each with what is written of them, one behind the other."""
    if isinstance(part, Run):
        keys, count, within = b"".join(part.keys), len(part), part.within
        sizes = np.fromiter(map(len, part.keys), np.int32, count)
        values = np.diff(part.ends, prepend=0).astype(np.int32)
        ids = np.full(count, ID_BYTES, dtype=np.int32)
        of_kind = np.full(count, part.kind, dtype=np.int32)
        subjects = within + within.join(part.keys) if within else keys
        everything = keys, part.values, part.ids, subjects
        return [(of_kind, b""), *zip((sizes, values, ids, sizes + len(within)), everything, strict=True)]
    kinds, *columns = zip(*part, strict=True)
    found = [(np.array(kinds, dtype=np.int32), b"")]
    for column in columns:
        lengths = [ABSENT if text is None else len(text) for text in column]
        found.append((np.array(lengths, dtype=np.int32), b"".join(filter(None, column))))
    return found


class Packed:
    """What was packed, read where it lies: R records, in order.

    kinds    (topic, headers that every record of the kind has)
    kind     of each record
    sizes    4 x R, by KEY, VALUE, ID and SUBJECT: how many bytes, or ABSENT
    begins   where in the content the first of each is, the others behind it
    """

    def __init__(self, content: bytes) -> None:
        length, count = np.frombuffer(content, dtype=np.int32, count=2).tolist()
        # A copy: kernels take no arrays that may not be written.
        numbers = np.frombuffer(bytearray(content[8 : 8 + 20 * count]), dtype=np.int32).reshape(5, count)
        begin = 8 + 20 * count
        self.content, self.kind, self.sizes = content, numbers[0], numbers[1:]
        self.kinds: list[tuple[str, Headers]] = [
            (topic, [(name, value.encode("latin-1")) for name, value in headers])
            for topic, headers in json.loads(content[begin : begin + length])
        ]
        taken = np.maximum(self.sizes, 0).sum(axis=1, dtype=np.int64)
        self.begins = np.cumsum(taken) - taken + begin + length

    def __len__(self) -> int:
        return len(self.kind)

    def by_topic(self) -> Mapping[str, int]:
        """How many records there are of each topic."""
        found = Counter[str]()
        for (topic, _), many in zip(
            self.kinds, np.bincount(self.kind, minlength=len(self.kinds)).tolist(), strict=True
        ):
            found[topic] += many
        return found

    def whole(self) -> Iterator[tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]]:
        """Each record as Kafka takes it: topic, key, value, headers."""
        columns = map(self._texts, range(4))
        for kind, key, value, id, subject in zip(self.kind.tolist(), *columns, strict=True):
            topic, shared = self.kinds[kind]
            own = [] if id is None else [("ce_id", id), ("ce_subject", subject or b"")]
            yield topic, key, value, [*shared, *own]

    def _texts(self, part: int) -> Iterator[bytes | None]:
        at = int(self.begins[part])
        for size in self.sizes[part].tolist():
            yield None if size == ABSENT else self.content[at : at + size]
            at += max(size, 0)
