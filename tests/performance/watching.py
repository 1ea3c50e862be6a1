"""Watches a topic of outputs from outside: how much of the job shows, and whether it is what the oracle says."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from confluent_kafka import Consumer, Message
from noegletal.v1 import benchmark_pb2
from numpy.typing import NDArray

from tests.performance import lean

Cells = tuple[NDArray[np.int64], NDArray[np.float64]]  # n, ΣN, ΣD as 3 x F; five quantiles as 5 x F
LOOK_SECONDS = 0.05


@dataclass
class Watch:
    """The newest output of every key, since the watch began."""

    bootstrap: str
    topic: str
    newest: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)  # key -> value, milliseconds since the epoch
    messages: int = 0
    last: int = 0  # when the newest record of all came, in milliseconds since the epoch

    def __post_init__(self) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": self.bootstrap,
                "log_level": 2,
                "group.id": f"watch-{time.time_ns()}",
                "enable.auto.commit": False,
                "auto.offset.reset": "latest",
                "fetch.wait.max.ms": 20,
            }
        )

    def begin(self, places: list[object]) -> None:
        """Watch from these offsets on."""
        self._consumer.assign(places)

    def fresh(self, seconds: float) -> list[Message]:
        """Outputs as soon as there are any; none when there were none for so long."""
        first = self._consumer.poll(seconds)
        found = [first, *self._consumer.consume(5000, 0)] if first is not None else []
        return [message for message in found if message.error() is None and message.value() is not None]

    def look(self) -> int:
        """Take in what has come, for a moment; returns how many outputs."""
        found = self._consumer.consume(5000, LOOK_SECONDS)
        for message in found:
            if message.error() is None and message.value() is not None and not _taken_back(message):
                stamp = message.timestamp()[1]
                self.newest[message.key() or b""] = (message.value(), stamp)
                self.last = max(self.last, stamp)
                self.messages += 1
        return len(found)

    def close(self) -> None:
        """Stop watching."""
        self._consumer.close()


def _taken_back(message: Message) -> bool:
    """Whether it says that an output before it holds no more, as Pathway's do; the next one says what holds."""
    return ("pathway_diff", b"-1") in (message.headers() or ())


def lean_seen(newest: Mapping[bytes, tuple[bytes, int]]) -> int:
    """Submissions in the outputs of the bare loop and the peers."""
    return sum(int.from_bytes(value[:8], "little") for value, _ in newest.values())


def lean_cells(newest: Mapping[bytes, tuple[bytes, int]]) -> dict[bytes, Cells]:
    """Cells of the same."""
    return {key: lean.unpacked(value)[1:] for key, (value, _) in newest.items()}


def vintages(newest: Mapping[bytes, tuple[bytes, int]]) -> dict[str, int]:
    """Each period's newest vintage in what benchmark published."""
    found: dict[str, int] = {}
    for value, _ in newest.values():
        update = lean.Updated.FromString(value)
        found[update.period] = max(found.get(update.period, 0), update.vintage)
    return found


def our_seen(newest: Mapping[bytes, tuple[bytes, int]]) -> int:
    """Submissions in what benchmark published: each period's newest vintage."""
    return sum(vintages(newest).values())


def our_cells(newest: Mapping[bytes, tuple[bytes, int]]) -> dict[bytes, Cells]:
    """Cells of the same, but everybody's."""
    found = {}
    for value, _ in newest.values():
        update = benchmark_pb2.BenchmarkUpdated.FromString(value)
        if update.peer_group != "all":
            whole = np.array(
                [
                    list(update.units),
                    *([int(s or 0) for s in sums] for sums in (update.numerator_sums, update.denominator_sums)),
                ]
            )
            statistics = np.array(update.statistics).reshape(-1, 6)[:, 1:].T
            found[f"{update.period}/{update.peer_group.removeprefix('group=')}".encode()] = (whole, statistics)
    return found


def difference(cells: Mapping[bytes, Cells], expected: Mapping[bytes, Cells]) -> str:
    """Where outputs are not what is expected, in a few words; empty where they are. Quantiles may differ by their last bits."""
    for key, (whole, quantiles) in expected.items():
        if key not in cells:
            return f"{key.decode()} is not there"
        found, shown = cells[key]
        if found.shape != whole.shape or (found != whole).any():
            return f"{key.decode()} has other counts or sums"
        if not np.allclose(shown, quantiles, rtol=1e-12, atol=0):
            return f"{key.decode()} has other quantiles"
    return ""


@dataclass(frozen=True)
class Readings:
    """How outputs are read."""

    seen: Callable[[Mapping[bytes, tuple[bytes, int]]], int]
    cells: Callable[[Mapping[bytes, tuple[bytes, int]]], dict[bytes, Cells]]


LEAN, OURS = Readings(lean_seen, lean_cells), Readings(our_seen, our_cells)
