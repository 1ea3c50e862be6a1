"""What one transaction announces: its records in order, each kind of header once, and all of it as one run of bytes."""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Headers = Sequence[tuple[str, bytes]]
ABSENT = -1  # the length of a key or value that is not there


@dataclass
class Outgoing:
    """Records on their way out, in order.

    kinds    (topic, headers that every record of the kind has)
    records  (kind, key, value, ce_id, ce_subject); the last two are absent where the kind's headers are all there are
    """

    kinds: list[tuple[str, Headers]] = field(default_factory=list)
    records: list[tuple[int, bytes | None, bytes | None, bytes | None, bytes | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.records)

    def kind(self, topic: str, headers: Headers) -> int:
        """A new kind of record."""
        self.kinds.append((topic, headers))
        return len(self.kinds) - 1

    def whole(self) -> Iterator[tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]]:
        """Each record as Kafka takes it: topic, key, value, headers."""
        for kind, key, value, id, subject in self.records:
            topic, shared = self.kinds[kind]
            own = [] if id is None else [("ce_id", id), ("ce_subject", subject or b"")]
            yield topic, key, value, [*shared, *own]

    def packed(self) -> bytes:
        """Everything, to be kept: two lengths, five numbers a record, kinds as JSON, then the bytes, column by column.

        Numbers have 32 bits, in the machine's order; they are read and written at once.
        """
        kinds = json.dumps(
            [[topic, [[name, value.decode("latin-1")] for name, value in headers]] for topic, headers in self.kinds]
        ).encode()
        numbers = array("i", [len(kinds), len(self.records)])
        parts = [b"", kinds]
        of_kind, *columns = zip(*self.records, strict=True)
        numbers.extend(of_kind)
        for column in columns:
            absent = None in column
            numbers.extend([ABSENT if text is None else len(text) for text in column] if absent else map(len, column))
            parts.extend(filter(None, column) if absent else column)
        parts[0] = numbers.tobytes()
        return b"".join(parts)


def unpacked(content: bytes) -> Outgoing:
    """What was packed."""
    head, numbers = array("i"), array("i")
    head.frombytes(content[:8])
    length, count = head
    numbers.frombytes(content[8 : 8 + 20 * count])
    at = 8 + 20 * count + length
    kinds = json.loads(content[at - length : at])
    columns = list[list[bytes | None]]()
    for n in range(1, 5):
        columns.append([])
        for size in numbers[n * count : (n + 1) * count]:
            columns[-1].append(None if size == ABSENT else content[at : at + size])
            at += max(size, 0)
    return Outgoing(
        [(topic, [(name, value.encode("latin-1")) for name, value in headers]) for topic, headers in kinds],
        list(zip(numbers[:count], *columns, strict=True)),
    )
