"""The amounts of one submission that stand, as whole numbers behind a list of data points. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

NONE = -(2**63)  # stands for an amount that is not there: every amount that stands is below 2^53
LITTLE = "<i8"


class Packed(Mapping[str, int]):
    """Data point -> amount in its scale, unpacked when first asked for.

    names    data points, in the order of a catalogue
    content  as many little-endian 64-bit numbers, NONE where nothing stands; empty: nothing stands at all
    """

    __slots__ = ("_amounts", "content", "names")

    def __init__(self, names: tuple[str, ...], content: bytes) -> None:
        self.names, self.content = names, content
        self._amounts: dict[str, int] | None = None

    @classmethod
    def of(cls, amounts: Mapping[str, int], names: Sequence[str]) -> "Packed":
        """Amounts of some of these data points."""
        column = [amounts.get(name, NONE) for name in names] if amounts else []
        return cls(tuple(names), np.array(column, dtype=LITTLE).tobytes())

    def column(self) -> NDArray[np.int64]:
        """As many numbers as names, NONE where nothing stands."""
        if not self.content:
            return np.full(len(self.names), NONE, dtype=np.int64)
        return np.frombuffer(self.content, dtype=LITTLE)

    def __bool__(self) -> bool:
        return bool(self.content)

    def __getitem__(self, name: str) -> int:
        return self.unpacked()[name]

    def get(self, name: str, default: Any = None) -> Any:
        """An amount, or the default where nothing stands; without the exception that Mapping's own goes by."""
        return self.unpacked().get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.unpacked())

    def __len__(self) -> int:
        return len(self.unpacked())

    def __repr__(self) -> str:
        return f"Packed({self.unpacked()})"

    def unpacked(self) -> dict[str, int]:
        """Everything that stands."""
        if self._amounts is None:
            there = zip(self.names, self.column().tolist(), strict=True)
            self._amounts = {name: amount for name, amount in there if amount != NONE}
        return self._amounts
