"""One key figure's columns in a view, widened to another view's: who has it, who is in a group, with which pair. Pure."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.statistics import Pair
from services.benchmark.view import View


def has(view: View, row: int, width: int) -> NDArray[np.bool_]:
    """Columns with an observation of the figure, in whatever group."""
    return _widened((view.absences[row] == 0) & view.reported, width, 0).astype(np.bool_)


def inside(view: View, row: int, group: str, width: int) -> NDArray[np.bool_]:
    """Columns with an observation of the figure that belong to the group."""
    members = view.membership.get(group)
    if members is None:
        return np.zeros(width, dtype=np.bool_)
    return _widened(members, width, 0).astype(np.bool_) & has(view, row, width)


def pairs(view: View, row: int, width: int) -> NDArray[np.int64]:
    """Numerators and denominators, 2 x width; 0 and 0 where there is no observation."""
    found = _widened(np.stack([view.numerators[row], view.denominators[row]]), width, 0).astype(np.int64)
    found[:, ~has(view, row, width)] = 0
    return found


def pair(both: NDArray[np.int64], column: int) -> Pair:
    """One column of pairs."""
    return int(both[0, column]), int(both[1, column])


def holders(view: View, chosen: NDArray[np.bool_]) -> int:
    """How many holders units have at a vintage: each vintage counts its own, as it did when it was published."""
    return len(np.unique(view.holders[np.flatnonzero(chosen)]))


def _widened(values: NDArray[np.generic], width: int, fill: int) -> NDArray[np.generic]:
    missing = width - values.shape[-1]
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, missing)], constant_values=fill) if missing else values
