"""The raw limit: one bare process from Kafka to Kafka, dense matrices, SQLite with synchronous=FULL, one commit per micro-batch.

It knows nothing but the job: no rules, no receipts, no explanations. python -m tests.performance.raw_limit --help
"""

import json
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.performance import lean, loop

GROUPS, PERIODS = 64, 4  # at most
ROOM, MORE, UNITS = 128, 16, 8192  # units of a group, of all; more as they come


class State:
    """The latest revision of every unit and period: cells x figures x units of the group, absent ones at infinity."""

    def __init__(self, figures: int) -> None:
        self.figures, self.room = figures, ROOM
        cells = PERIODS * GROUPS
        self.numerators = np.zeros((cells, figures, ROOM), dtype=np.int64)
        self.denominators = np.zeros((cells, figures, ROOM), dtype=np.int64)
        self.ratios = np.full((cells, figures, ROOM), np.inf)
        self.reported = np.zeros((cells, ROOM), dtype=np.bool_)
        self.seen = np.zeros(cells, dtype=np.int64)
        self.slots = np.full(UNITS, -1)  # unit -> its place in its group's matrices
        self.taken = np.zeros(GROUPS, dtype=np.int64)
        self.revisions = np.zeros((PERIODS, UNITS), dtype=np.int64)

    def take(self, numbers: np.ndarray, amounts: np.ndarray) -> np.ndarray:
        """Let newer revisions hold; returns the cells that changed."""
        unit, period, group, revision = numbers.T
        while unit.max() >= len(self.slots):
            self.slots = np.concatenate([self.slots, np.full_like(self.slots, -1)])
            self.revisions = np.concatenate([self.revisions, np.zeros_like(self.revisions)], axis=1)
        for n in np.flatnonzero(self.slots[unit] < 0):
            if self.slots[unit[n]] < 0:
                self.slots[unit[n]] = self.taken[group[n]]
                self.taken[group[n]] += 1
        if self.taken.max() > self.room:
            self._grow()
        cells = period * GROUPS + group
        self.seen += np.bincount(cells, minlength=len(self.seen))
        newer = revision > self.revisions[period, unit]
        if not newer.all():
            unit, period, cells, revision, amounts = (x[newer] for x in (unit, period, cells, revision, amounts))
        slots, n, d = self.slots[unit], amounts[:, : self.figures], amounts[:, self.figures :]
        self.revisions[period, unit] = revision
        self.numerators[cells, :, slots], self.denominators[cells, :, slots] = n, d
        self.ratios[cells, :, slots] = n / d
        self.reported[cells, slots] = True
        return np.unique(cells)

    def statistics(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each cell: counts, ΣN, ΣD as C x 3 x F and five quantiles as C x 5 x F."""
        counts = self.reported[cells].sum(axis=1)
        whole = np.stack(
            [
                np.repeat(counts[:, None], self.figures, axis=1),
                self.numerators[cells].sum(axis=2),
                self.denominators[cells].sum(axis=2),
            ],
            axis=1,
        )
        ordered = self.ratios[cells]
        ordered.sort(axis=2)
        at = (3 * counts[:, None] + 1) * lean.TWENTIETHS + 20
        rank, weight = at // 60, ((at % 60) / 60)[:, None, :]
        last = counts[:, None]
        low, high = (
            np.take_along_axis(ordered, (np.clip(r, 1, last) - 1)[:, None, :], axis=2) for r in (rank, rank + 1)
        )
        return whole, (low + weight * (high - low)).transpose(0, 2, 1)

    def _grow(self) -> None:
        wanted = -(-int(self.taken.max()) // MORE) * MORE
        more = ((0, 0), (0, 0), (0, wanted - self.room))
        self.numerators, self.denominators = np.pad(self.numerators, more), np.pad(self.denominators, more)
        self.ratios = np.pad(self.ratios, more, constant_values=np.inf)
        self.reported = np.pad(self.reported, more[1:])
        self.room = wanted


class Log:
    """An append log of micro-batches in SQLite, and how far each partition is read."""

    def __init__(self, folder: Path) -> None:
        self._named: tuple[int, int, int] = (0, 0, 0)
        self._pending: tuple[np.ndarray, np.ndarray, str] | None = None
        self.database = sqlite3.connect(folder / "raw.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self.database.execute(f"PRAGMA {pragma}")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS log (n INTEGER PRIMARY KEY, numbers BLOB, amounts BLOB, names TEXT)"
        )
        self.database.execute("CREATE TABLE IF NOT EXISTS following (part INTEGER PRIMARY KEY, next INTEGER)")

    def append(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> str:
        """Have a micro-batch in the next commit; returns the names that are new in it as JSON, empty where none is."""
        known, self._named = self._named, (len(reader.units), len(reader.periods), len(reader.groups))
        words = (list(d)[n:] for d, n in zip((reader.units, reader.periods, reader.groups), known, strict=True))
        names = json.dumps(list(words)) if known != self._named else ""
        self._pending = (numbers, amounts, names)
        return names

    def commit(self, offsets: dict[int, int]) -> None:
        """One transaction, fsynced."""
        assert self._pending is not None
        numbers, amounts, names = self._pending
        self.database.execute("BEGIN IMMEDIATE")
        self.database.execute(
            "INSERT INTO log (numbers, amounts, names) VALUES (?, ?, ?)", (numbers.tobytes(), amounts.tobytes(), names)
        )
        self.database.executemany("INSERT OR REPLACE INTO following VALUES (?, ?)", list(offsets.items()))
        self.database.execute("COMMIT")


class RawLimit(Log):
    """State in memory, a log, outputs after the commit."""

    def __init__(self, folder: Path, steps: loop.Steps) -> None:
        super().__init__(folder)
        self.steps = steps
        self.state: State | None = None

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """One micro-batch."""
        self.state = self.state or State(amounts.shape[1] // 2)
        with self.steps.of("state"):
            cells = self.state.take(numbers, amounts)
        with self.steps.of("quantiles"):
            whole, statistics = self.state.statistics(cells)
        with self.steps.of("encode"):
            self.append(numbers, amounts, reader)
            heads = np.concatenate([self.state.seen[cells][:, None], whole.reshape(len(cells), -1)], axis=1)
            tails = np.ascontiguousarray(statistics).reshape(len(cells), -1)
            return [
                (reader.key(cell // GROUPS, cell % GROUPS), heads[n].tobytes() + tails[n].tobytes())
                for n, cell in enumerate(cells.tolist())
            ]

    def rebuild(self) -> tuple[int, float]:
        """Read the log into a new state, statistics and all; returns submissions and seconds."""
        began, count = time.perf_counter(), 0
        for numbers, amounts in self.database.execute("SELECT numbers, amounts FROM log ORDER BY n"):
            batch = np.frombuffer(numbers, dtype=np.int64).reshape(-1, 4)
            values = np.frombuffer(amounts, dtype=np.int64).reshape(len(batch), -1)
            self.state = self.state or State(values.shape[1] // 2)
            self.state.take(batch, values)
            count += len(batch)
        if self.state is not None:
            self.state.statistics(np.flatnonzero(self.state.seen))
        return count, time.perf_counter() - began


def main() -> None:
    """Run, or rebuild and say how long it took."""
    told, steps = loop.options(), loop.Steps()
    engine = RawLimit(told.folder, steps)
    if told.rebuild:
        count, seconds = engine.rebuild()
        print(json.dumps({"submissions": count, "seconds": seconds}))
    else:
        loop.run(engine, told, steps)


if __name__ == "__main__":
    main()
