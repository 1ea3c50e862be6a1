"""What every contestant reads and writes, with as little as can be: needs numpy and protobuf alone, in whatever version.

In: SubmissionReceived, declared again with the fields the job needs and the packed ones as bytes; the others are passed over.
Out: of a period and group `seen` (its submissions so far) as int64, then n, ΣN, ΣD as 3 x F int64, then P10, Q1, median, Q3,
P90 as 5 x F doubles.
"""

from collections.abc import Sequence

import numpy as np
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
TEXT, BYTES, COUNT, PART = FIELD.TYPE_STRING, FIELD.TYPE_BYTES, FIELD.TYPE_UINT32, FIELD.TYPE_MESSAGE
MESSAGES = {
    "Sent": [("unit_id", 3, TEXT, ""), ("period_end", 6, TEXT, ""), ("revision", 7, COUNT, "")],
    "Attribute": [("key", 1, TEXT, ""), ("value", 2, TEXT, "")],
    "Profile": [("attributes", 4, PART, "Attribute")],
    "Row": [("data_points", 1, BYTES, ""), ("values", 2, BYTES, "")],
    "Updated": [("period", 2, TEXT, ""), ("peer_group", 3, TEXT, ""), ("vintage", 4, FIELD.TYPE_UINT64, "")],
    "Placed": [("submission", 1, PART, "Sent"), ("profile", 3, PART, "Profile")],
    "Received": [("submission", 1, PART, "Sent"), ("profile", 3, PART, "Profile"), ("row", 4, PART, "Row")],
}
# Hyndman and Fan's type 8 for p = c/20 in whole numbers: t = (3n + 1)c + 20, j = t div 60, the rest is the weight of the next
TWENTIETHS = np.array([2, 5, 10, 15, 18])


def _declared() -> dict[str, type]:
    file = descriptor_pb2.FileDescriptorProto(name="lean.proto", package="lean", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, number, kind, of in fields:
            label = FIELD.LABEL_REPEATED if field == "attributes" else FIELD.LABEL_OPTIONAL
            message.field.add(
                name=field, number=number, type=kind, label=label, type_name=f".lean.{of}" if of else None
            )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {n: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"lean.{n}")) for n in MESSAGES}


_all = _declared()
Received, Placed, Updated = (
    _all["Received"],
    _all["Placed"],
    _all["Updated"],
)  # the last is BenchmarkUpdated, of which one wants to know how far it is


class Reader:
    """Reads submissions into arrays. `units`: unit id -> number, in order of first mention; so are periods and groups."""

    def __init__(self) -> None:
        self.units: dict[str, int] = {}
        self.periods: dict[str, int] = {}
        self.groups: dict[str, int] = {}

    def numbers(self, value: bytes) -> tuple[int, int, int, int, bytes]:
        """One submission: its unit, period, group, revision, and the amounts as they came."""
        message = Received.FromString(value)
        sent = message.submission
        units, periods, groups = self.units, self.periods, self.groups
        return (
            units.setdefault(sent.unit_id, len(units)),
            periods.setdefault(sent.period_end[:4], len(periods)),
            groups.setdefault(message.profile.attributes[0].value, len(groups)),
            sent.revision,
            message.row.values,
        )

    def read(self, values: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
        """Submissions as B x 4 numbers (unit, period, group, revision) and B x 2F amounts, numerators first."""
        rows = [self.numbers(value) for value in values]
        numbers = np.array([row[:4] for row in rows], dtype=np.int64)
        amounts = np.frombuffer(b"".join([row[4] for row in rows]), dtype="<i8").reshape(len(rows), -1)
        return numbers, amounts

    def key(self, period: int, group: int) -> bytes:
        """The key of a period's group: 2024/g07."""
        if not hasattr(self, "_names") or len(self._names) < len(self.periods) * len(self.groups):
            self._names = {
                (p, g): f"{period}/{group}".encode()
                for period, p in self.periods.items()
                for group, g in self.groups.items()
            }
        return self._names[period, group]


def quantiles(ordered: np.ndarray) -> np.ndarray:
    """Five type-8 quantiles of ordered values, F x n -> 5 x F."""
    n = ordered.shape[1]
    at = (3 * n + 1) * TWENTIETHS + 20
    rank, weight = at // 60, (at % 60) / 60
    low, high = (ordered[:, np.clip(r, 1, n) - 1] for r in (rank, rank + 1))
    return (low + weight * (high - low)).T


def packed(seen: int, counts: np.ndarray, sums: np.ndarray, statistics: np.ndarray) -> bytes:
    """A period's group as it is emitted. F counts, 2 x F sums of numerators and denominators, 5 x F quantiles."""
    whole = np.concatenate([[seen], counts, sums.ravel()]).astype("<i8", copy=False)
    return whole.tobytes() + np.ascontiguousarray(statistics, dtype="<f8").tobytes()


def unpacked(value: bytes) -> tuple[int, np.ndarray, np.ndarray]:
    """What was packed: seen, 3 x F whole numbers, 5 x F quantiles."""
    figures = (len(value) // 8 - 1) // 8
    whole = np.frombuffer(value, dtype="<i8", count=3 * figures, offset=8).reshape(3, figures)
    rest = np.frombuffer(value, dtype="<f8", offset=8 * (1 + 3 * figures)).reshape(5, figures)
    return int.from_bytes(value[:8], "little"), whole, rest
