"""Numbers for what comes again and again. Pure."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Numbered(dict[bytes, int], Generic[T]):
    """Numbers of whatever was met, by its bytes; a new one is read once.

    raw, said     by number: its bytes, and what they say
    unreadable    numbers of those that say nothing
    """

    def __init__(self, read: Callable[[bytes], T]) -> None:
        self._read, self.raw, self.said = read, list[bytes](), list[T]()
        self.unreadable = set[int]()

    def __missing__(self, raw: bytes) -> int:
        number, said = len(self.said), self._read(raw)
        if not said:
            self.unreadable.add(number)
        self.raw.append(raw)
        self.said.append(said)
        self[raw] = number
        return number
