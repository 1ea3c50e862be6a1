"""What a file delivers: submissions with the place of every amount, and findings with theirs. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from services.catalogue.definitions import Catalogue
from services.catalogue.numbers import Convention
from services.ingest.amount_cells import Amount
from services.ingest.intake import place
from services.ingest.table import cell_name

KEPT = 10_000  # most findings of a file; whoever has more has one fault many times


class Severity(IntEnum):
    """How much a finding weighs; the numbers of the contract."""

    ERROR = 1
    CONFIRM = 2
    NOTE = 3


@dataclass(frozen=True)
class Place:
    """A cell, counted from 1. The sheet is empty in a CSV; row and column are 0 where the file is meant."""

    sheet: str
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        """What a program calls the cell."""
        return cell_name(self.row, self.column) if self.column else str(self.row or "")


@dataclass(frozen=True)
class Finding:
    """What is wrong in a file, and where."""

    code: str
    severity: Severity
    place: Place
    parameters: Mapping[str, str]
    unit_id: str = ""
    data_point: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What is known around a file.

    organisation_id  whose file it is; empty: an operator's, whose rows belong to whoever registered the unit
    units            organisation by unit, of those that may be in the file
    before           amounts of the period before, by unit and the place its revisions are counted by
    catalogue        definitions of a reporting year; the newest where there are none
    period           first and last day as the call says; empty where it does not
    """

    scheme: str
    organisation_id: str
    units: Mapping[str, str]
    before: Mapping[tuple[str, str], Mapping[str, int]]
    catalogue: Callable[[str], Catalogue]
    period: tuple[str, str] = ("", "")
    convention: Convention = ""


@dataclass
class Row:
    """One submission of a file. `places` says where each data point stands, `place` where the unit does."""

    unit_id: str
    organisation_id: str
    period_start: str
    period_end: str
    revision: int
    submission_id: str
    place: Place
    amounts: list[tuple[str, Amount]] = field(default_factory=list)
    confirmations: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)

    @property
    def counted_by(self) -> str:
        """The month or year that its revisions are counted by."""
        return place(self.period_start, self.period_end)


@dataclass
class Form:
    """What a file says: its submissions in its order, and what is wrong, of which the first ten thousand are kept.

    found             everything that is wrong
    cells             amounts that are not blank; of these `correct` cannot be read, and `confirm` wait for a reason
    """

    convention: Convention
    long: bool = False
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    found: int = 0
    cells: int = 0
    correct: int = 0
    confirm: int = 0

    def say(self, *findings: Finding) -> None:
        """Take findings up."""
        self.found += len(findings)
        self.findings += findings[: max(0, KEPT - len(self.findings))]

    @property
    def refused(self) -> bool:
        """Whether the file as a whole is refused: no submission comes of it."""
        return not self.rows
