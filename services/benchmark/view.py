"""The state of a scheme and period by one method as it was at one vintage."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark import addresses
from services.benchmark.batch import NOT_REPORTED
from services.benchmark.matrices import Loan
from services.benchmark.released import Release


@dataclass(frozen=True)
class View:
    """The state at one vintage; it does not change any more. Columns are units in order of first mention; matrices are laid out
    row by row.
    """

    figures: tuple[str, ...]
    vintage: int
    method_version: str
    index: Mapping[str, int]  # unit id -> column; may know later units, whose columns are not here
    unit_ids: Sequence[str]
    organisations: Sequence[str]
    groups: Sequence[tuple[str, ...]]  # of the record that holds
    revisions: Sequence[int]  # of the record that holds; 0 where there is none
    numerators: NDArray[np.int64]
    denominators: NDArray[np.int64]
    absences: NDArray[np.uint8]
    holders: NDArray[np.int64]
    reported: NDArray[np.bool_]
    membership: Mapping[str, NDArray[np.bool_]]  # group -> columns whose record is in it
    registered: Mapping[str, NDArray[np.bool_]]  # group -> columns whose registered profile is in it
    holder_names: Sequence[str]  # by the numbers of `holders`
    releases: Sequence[Release] = ()  # of protected cells, in order
    loan: Loan | None = None  # as long as it is held, the matrices are not written

    def inside(self, group: str) -> NDArray[np.bool_]:
        """Whether each unit has reported and belongs to a group."""
        inside = self.membership.get(group)
        return inside & self.reported if inside is not None else np.zeros(len(self.unit_ids), dtype=np.bool_)

    def members(self, group: str) -> NDArray[np.int64]:
        """Columns of the units that have reported and belong to a group."""
        return np.flatnonzero(self.inside(group))

    @functools.cached_property
    def unreported(self) -> NDArray[np.int64]:
        """Columns of all units without a record that counts."""
        return np.flatnonzero(~self.reported)

    @functools.cached_property
    def taken_back(self) -> NDArray[np.int64]:
        """Columns of all units with a record that does not count."""
        has_record = (self.absences[:, self.unreported] != NOT_REPORTED).any(axis=0)
        found: NDArray[np.int64] = self.unreported[has_record]
        return found

    def addresses(self, groups: Iterable[str]) -> NDArray[np.int64]:
        """Where in memory stands who is in each group by its record, by column; for as long as the view is held."""
        return addresses.of_flags([self.membership.get(group, self._nobody) for group in groups])

    def awaited(self, groups: Iterable[str]) -> NDArray[np.int64]:
        """The same by its registered profile."""
        return addresses.of_flags([self.registered.get(group, self._nobody) for group in groups])

    @functools.cached_property
    def _nobody(self) -> NDArray[np.bool_]:
        return np.zeros(len(self.unit_ids), dtype=np.bool_)

    def expected(self, group: str) -> int:
        """How many units a group is expected to have: those that reported in it, and registered ones still to report."""
        registered = self.registered.get(group)
        late = int(np.count_nonzero(registered[self.unreported])) if registered is not None else 0
        inside = self.membership.get(group)
        return (int(np.count_nonzero(inside & self.reported)) if inside is not None else 0) + late

    def column(self, unit_id: str) -> int | None:
        """A unit's column; None where it is not known at this vintage."""
        column = self.index.get(unit_id)
        return column if column is not None and column < len(self.unit_ids) else None
