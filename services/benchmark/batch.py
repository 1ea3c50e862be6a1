"""What comes in: observation records as matrices, and registrations. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NOT_REPORTED = 255  # absence code of a unit without a record; no Absence of the contract has it
ABSENT, WITHDRAWN = 1, 9  # Absences of the contract; they are numbered from the first to the last


@dataclass(frozen=True)
class Batch:
    """Observation records: U columns, F rows. `absences` is 0 where there is an observation, else why there is none."""

    method_version: str
    key_figures: Sequence[str]
    unit_ids: Sequence[str]
    organisations: Sequence[str]  # U
    holders: Sequence[str]  # U
    groups: Sequence[tuple[str, ...]]  # U; ladder order
    revisions: Sequence[int]  # U
    withdrawn: Sequence[bool]  # U
    numerators: NDArray[np.int64]  # F x U
    denominators: NDArray[np.int64]  # F x U
    absences: NDArray[np.uint8]  # F x U

    def only(self, records: Sequence[int]) -> "Batch":
        """Some of the records, by number."""
        return Batch(
            method_version=self.method_version,
            key_figures=self.key_figures,
            unit_ids=[self.unit_ids[n] for n in records],
            organisations=[self.organisations[n] for n in records],
            holders=[self.holders[n] for n in records],
            groups=[self.groups[n] for n in records],
            revisions=[self.revisions[n] for n in records],
            withdrawn=[self.withdrawn[n] for n in records],
            numerators=self.numerators[:, records],
            denominators=self.denominators[:, records],
            absences=self.absences[:, records],
        )


class Registration(NamedTuple):
    """A unit is expected to report, and belongs to these groups by its registered profile."""

    unit_id: str
    organisation_id: str
    version: int
    groups: tuple[str, ...]
