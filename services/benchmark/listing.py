"""A long list that is read page by page: made as far as it is read, and only once. Pure."""

from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Listing(Generic[T]):
    """The last list that had more than one page. Asked for the next page, and nothing having changed, it goes on where it was."""

    def __init__(self) -> None:
        self._asked: Hashable = None
        self._first = 0  # where `_made` begins: at the page read last
        self._made: list[T] = []
        self._rest: Iterator[T] = iter(())

    def page(self, asked: Hashable, make: Callable[[], Iterator[T]], first: int, size: int) -> tuple[list[T], bool]:
        """Entries from `first` on, at most `size`, and whether there are more behind them.

        `asked` names the question and the vintages it is answered at; `make` begins the list where it is another one.
        """
        if asked == self._asked and first >= self._first:
            begun, made, rest = self._first, self._made, self._rest
        else:
            begun, made, rest = 0, [], make()
        made = [*made, *islice(rest, max(0, first - begun + size + 1 - len(made)))][first - begun :]
        more = len(made) > size
        if more:
            self._asked, self._first, self._made, self._rest = asked, first, made, rest
        return made[:size], more
