"""Values one behind the other, as kernels read them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Column(Sequence[bytes]):
    """Values one behind the other; each by itself only once it is asked for.

    ends   where in `whole` each ends
    """

    whole: Bytes
    ends: Whole

    @classmethod
    def of(cls, values: Sequence[bytes]) -> "Column":
        """Values as they are, if they are joined already."""
        if isinstance(values, cls):
            return values
        whole = np.frombuffer(bytearray().join(values), dtype=np.uint8)
        return cls(whole, np.cumsum(np.fromiter(map(len, values), np.int64, len(values))))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, n: Any) -> Any:
        if isinstance(n, slice):
            return [*self][n]
        at = range(len(self))[n]
        return self.whole[self.ends[at - 1] if at else 0 : self.ends[at]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        whole, begin = self.whole.data, 0  # none is held here: who reads one after the other needs no more than one
        for end in self.ends.tolist():
            yield bytes(whole[begin:end])
            begin = end

    def chosen(self, which: Flags) -> "Column":
        """Some of them."""
        return Column.of([*compress(self, which.tolist())])
