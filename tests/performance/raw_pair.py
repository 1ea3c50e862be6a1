"""The raw limit in two processes, cut where ours are: the first makes submissions durable and passes them on, a record for each
micro-batch; the second is the bare loop over those. What two logs, two commits and a topic between cost, and nothing else.

python -m tests.performance.raw_pair --help; with `--out bench-passed` it is the first, with `--topic bench-passed` the second.
"""

import json
from collections.abc import Iterable, Sequence

import numpy as np

from tests.performance import lean, loop
from tests.performance.options import PASSED
from tests.performance.raw_limit import Log, RawLimit

NUMBERS = 4  # unit, period, group, revision


class Passing(Log):
    """Has nothing in memory but names."""

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """One micro-batch, passed on as it is."""
        names = self.append(numbers, amounts, reader).encode()
        head = np.array([len(names), len(numbers)], dtype="<i8")
        return [(b"passed", head.tobytes() + names + numbers.tobytes() + amounts.tobytes())]


class Passed(lean.Reader):
    """Reads what was passed on."""

    def read(self, values: Sequence[bytes]) -> tuple[np.ndarray, np.ndarray]:
        """The same arrays again, of one or more micro-batches in a row."""
        batches = [self._batch(value) for value in values]
        numbers, amounts = zip(*batches, strict=True)
        return np.concatenate(numbers), np.concatenate(amounts)

    def _batch(self, value: bytes) -> tuple[np.ndarray, np.ndarray]:
        named, count = np.frombuffer(value, dtype="<i8", count=2).tolist()
        if named:
            for known, words in zip(
                (self.units, self.periods, self.groups), json.loads(value[16 : 16 + named]), strict=True
            ):
                known.update((word, n) for n, word in enumerate(words, start=len(known)))
        numbers = np.frombuffer(value, dtype="<i8", count=count * NUMBERS, offset=16 + named).reshape(count, -1)
        amounts = np.frombuffer(value, dtype="<i8", offset=16 + named + numbers.nbytes).reshape(count, -1)
        return numbers, amounts


def main() -> None:
    """Run one of the two."""
    told, steps = loop.options(), loop.Steps()
    if told.out == PASSED:
        loop.run(Passing(told.folder), told, steps)
    else:
        loop.run(RawLimit(told.folder, steps), told, steps, Passed())


if __name__ == "__main__":
    main()
