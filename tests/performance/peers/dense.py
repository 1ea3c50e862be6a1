"""One period's group as a dense matrix, for peers that keep a state per key: figures x units, sorted once per emission."""

from collections.abc import Sequence

import numpy as np

from tests.performance import lean

ROOM = 128


def cell(value: bytes) -> str:
    """Which period's group a submission belongs to: 2024/g07."""
    message = lean.Placed.FromString(value)
    return f"{message.submission.period_end[:4]}/{message.profile.attributes[0].value}"


class Group:
    """The latest revision of every unit of a period's group."""

    def __init__(self, figures: int) -> None:
        self.figures, self.seen = figures, 0
        self.places: dict[str, int] = {}  # unit -> column
        self.revisions: list[int] = []
        self.pairs = np.zeros((2 * figures, ROOM), dtype=np.int64)

    def take(self, values: Sequence[bytes]) -> None:
        """Let newer revisions hold, in the order they came."""
        self.seen += len(values)
        messages = [lean.Received.FromString(value) for value in values]
        columns, chosen = [], []
        for n, message in enumerate(messages):
            sent = message.submission
            column = self.places.get(sent.unit_id)
            if column is None:
                column = self.places[sent.unit_id] = len(self.places)
                self.revisions.append(0)
            if sent.revision > self.revisions[column]:
                self.revisions[column] = sent.revision
                columns.append(column)
                chosen.append(n)
        while len(self.places) > self.pairs.shape[1]:
            self.pairs = np.pad(self.pairs, ((0, 0), (0, self.pairs.shape[1])))
        rows = np.frombuffer(b"".join([messages[n].row.values for n in chosen]), dtype="<i8")
        self.pairs[:, columns] = rows.reshape(len(chosen), -1).T

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
