"""Who is in each peer group, kept up to date and handed out. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FEWEST = 64  # units there is room for


class Places:
    """Who is in each group, by column. What a view was given is not written any more: it is copied first."""

    def __init__(self) -> None:
        self._inside: dict[str, NDArray[np.bool_]] = {}
        self._own: set[str] = set()  # groups whose array no view has
        self._capacity = FEWEST
        self._frozen: tuple[int, Mapping[str, NDArray[np.bool_]]] | None = None  # as handed out last: of so many units

    def move(self, before: Mapping[int, tuple[str, ...]], now: Sequence[tuple[str, ...]]) -> None:
        """Let some units be in other groups than before, by column: in those that all units are in now."""
        self._frozen = None
        self._make_room(len(now))
        alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
        for column, groups in before.items():
            alike.setdefault((groups, now[column]), []).append(column)
        for (then, since), columns in alike.items():
            theirs = np.array(columns, dtype=np.int64)
            for group in {*then} ^ {*since}:
                self._mine(group)[theirs] = group in since

    def frozen(self, units: int) -> Mapping[str, NDArray[np.bool_]]:
        """As it now is, to keep."""
        if self._frozen is None or self._frozen[0] != units:
            self._own.clear()
            self._make_room(units)
            self._frozen = units, {group: inside[:units] for group, inside in self._inside.items()}
        return self._frozen[1]

    def _mine(self, group: str) -> NDArray[np.bool_]:
        """Who is in a group, to be written."""
        if group not in self._own:
            known = self._inside.get(group)
            self._inside[group] = np.zeros(self._capacity, dtype=np.bool_) if known is None else known.copy()
            self._own.add(group)
        return self._inside[group]

    def _make_room(self, units: int) -> None:
        if units > self._capacity:
            capacity = max(units, 2 * self._capacity)
            more = np.zeros(capacity - self._capacity, dtype=np.bool_)
            self._inside = {group: np.concatenate([inside, more]) for group, inside in self._inside.items()}
            self._own, self._capacity = {*self._inside}, capacity
