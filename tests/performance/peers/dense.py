"""One period's group as a dense matrix, for peers that keep a state per key: figures x units, sorted once per emission."""

import numpy as np

from tests.performance import lean

ROOM = 128


def cell(value: bytes) -> str:
    """Which period's group a submission belongs to: 2024/g07."""
    message = lean.Received.FromString(value)
    return f"{message.submission.period_end[:4]}/{message.profile.attributes[0].value}"


class Group:
    """The latest revision of every unit of a period's group."""

    def __init__(self, figures: int) -> None:
        self.figures, self.seen = figures, 0
        self.places: dict[str, int] = {}  # unit -> column
        self.revisions: list[int] = []
        self.pairs = np.zeros((2 * figures, ROOM), dtype=np.int64)

    def take(self, value: bytes) -> None:
        """Let a newer revision hold."""
        message = lean.Received.FromString(value)
        unit, revision = message.submission.unit_id, message.submission.revision
        self.seen += 1
        column = self.places.get(unit)
        if column is None:
            column = self.places[unit] = len(self.places)
            self.revisions.append(0)
            if column == self.pairs.shape[1]:
                self.pairs = np.pad(self.pairs, ((0, 0), (0, column)))
        if revision > self.revisions[column]:
            self.revisions[column] = revision
            self.pairs[:, column] = np.frombuffer(message.row.values, dtype="<i8")

    def output(self) -> bytes:
        """As it is emitted."""
        n = len(self.places)
        pairs = self.pairs[:, :n]
        ordered = np.sort(pairs[: self.figures] / pairs[self.figures :], axis=1)
        sums = pairs.sum(axis=1)
        return lean.packed(self.seen, np.full(self.figures, n), sums, lean.quantiles(ordered))


def figures(value: bytes) -> int:
    """How many key figures a submission has."""
    return len(lean.Received.FromString(value).row.values) // 16
