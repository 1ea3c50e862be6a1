"""Who is in each peer group, kept up to date and handed out. Pure."""

import numpy as np
from numpy.typing import NDArray


class Places:
    """Who is in each group, by column. What a view was given is not written any more: it is copied first."""

    def __init__(self) -> None:
        self._inside: dict[str, NDArray[np.bool_]] = {}
        self._own: set[str] = set()  # groups whose array no view has
        self._capacity = 0

    def move(self, columns: int | list[int], before: tuple[str, ...], after: tuple[str, ...]) -> None:
        """Let a unit, or some, be in other groups than before."""
        for group in {*before, *after}:
            if group not in self._own:
                known = self._inside.get(group)
                self._inside[group] = np.zeros(self._capacity, dtype=np.bool_) if known is None else known.copy()
                self._own.add(group)
            self._inside[group][columns] = group in after

    def frozen(self, units: int) -> dict[str, NDArray[np.bool_]]:
        """As it now is, to keep."""
        self._own.clear()
        return {group: inside[:units] for group, inside in self._inside.items()}

    def grow(self, capacity: int) -> None:
        """Make room for more units."""
        more = np.zeros(capacity - self._capacity, dtype=np.bool_)
        self._inside = {group: np.concatenate([inside, more]) for group, inside in self._inside.items()}
        self._own, self._capacity = {*self._inside}, capacity
