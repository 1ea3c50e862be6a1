"""An invented sector as the text of its files: who sends what in which order, and what was planted. Pure.

A year's submissions come in this order: those in time, the late ones, then revisions: faults that are stood by, corrections,
withdrawals. Text is put together a submission at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue.definitions import Catalogue
from services.cli import invented
from services.cli.invented import Departments, Whole
from services.cli.planted import DEFECTS, GAP, Defect, Letter

MISSING, LATE, CORRECTED, WITHDRAWN = 0.02, 0.05, 0.03, 0.01  # parts of the departments each year; assumed
ONE_IN = 40  # department-years that carry a planted fault, and every fault once where the sector is large enough
HEAD = "unit_id,period_start,period_end,data_point,value,revision,confirmation,withdraw\n"
FATES = (  # in planted.csv: what, revision, code
    ("missing", "0", ""),
    ("late", "1", ""),
    ("corrected", "2", ""),
    ("withdrawn", "2", ""),
    ("year-between", "1", GAP),
)
PLANTED = ("unit_id", "period", "revision", "defect", "code", "data_points")


@dataclass
class Sector:
    """What is written, grown a year at a time.

    parts       submissions.csv, in the order things are sent
    planted     rows of planted.csv; without a code: missing, late, corrected, withdrawn
    registered  number of a unit -> attributes that are registered otherwise
    used        defect -> how often it was planted
    """

    units: Departments
    years: int
    parts: list[str] = field(default_factory=lambda: [HEAD])
    planted: list[list[str]] = field(default_factory=list)
    registered: dict[int, dict[str, str]] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=lambda: {defect.name: 0 for defect in DEFECTS})
    observations: int = 0
    amounts: int = 0

    def __post_init__(self) -> None:
        self._past: dict[str, Whole] = {}
        self._ever = np.zeros(len(self.units), dtype=bool)  # who has ever sent what stands
        self._well = np.zeros(len(self.units), dtype=bool)  # whose last submission stands
        self._spoilt = np.zeros(len(self.units), dtype=bool)

    def add_year(self, catalogue: Catalogue, rng: np.random.Generator) -> None:
        """Draw, write and spoil one year's submissions."""
        amounts = invented.year(self.units, catalogue, rng)
        year = _Year(self.units, catalogue, amounts)
        fates = _fates(rng.random(len(self.units)))
        after = self._faults(year, np.flatnonzero(fates["free"] & ~self._spoilt & ~(self._ever & ~self._well)), rng)
        after += [year.corrected(n) for n in np.flatnonzero(fates["corrected"]).tolist()]
        after += [f"{year.heads[n]},,2,,yes\n" for n in np.flatnonzero(fates["withdrawn"]).tolist()]
        stands = ~fates["missing"] & ~fates["withdrawn"] & ~self._spoilt
        fates["year-between"] = stands & self._ever & ~self._well
        for what, revision, code in FATES:
            for n in np.flatnonzero(fates[what]).tolist():
                self.planted.append([self.units.unit_ids[n], str(catalogue.year), revision, what, code, ""])
        in_time = ~fates["missing"] & ~fates["late"]
        order = [*np.flatnonzero(in_time).tolist(), *np.flatnonzero(fates["late"]).tolist()]
        written = [*(year.blocks[n] for n in order), *after]
        self.parts += written
        self.observations += len(order) * len(catalogue.key_figure)
        self.amounts += sum(block.count("\n") for block in written)
        self._past, self._well, self._ever = amounts, stands, self._ever | stands

    def _faults(self, year: "_Year", free: NDArray[np.int64], rng: np.random.Generator) -> list[str]:
        """Plant faults among the free units; returns the revisions in which senders stand by them."""
        after = []
        wanted = max(len(self.units) // ONE_IN, -(-len(DEFECTS) // self.years) + 2)
        for n in rng.permutation(free)[:wanted].tolist():
            defect = self._next("past" if self._well[n] else "" if self._past else "first")
            letter = year.letter(n, {name: int(column[n]) for name, column in self._past.items()})
            defect.spoil(letter)
            year.blocks[n] = _lines(letter)
            revision = 2 if defect.confirm else 1
            if defect.confirm:
                after.append(_lines(letter.confirmed(defect.confirm)))
            if letter.profile:
                self.registered[n] = letter.profile
            touched = ";".join(letter.touched)
            self.planted.append([letter.unit_id, letter.period, str(revision), defect.name, defect.code, touched])
            self.used[defect.name] += 1
            self._spoilt[n] = True
        return after

    def _next(self, when: str) -> Defect:
        """The fault planted least often so far, of those that can be planted in any year or then."""
        possible = [defect for defect in DEFECTS if defect.when in ("any", when)]
        return min(possible, key=lambda defect: (self.used[defect.name], defect.when == "any"))

    def unit_rows(self) -> Iterator[list[str]]:
        """Rows of units.csv, its head first."""
        columns = list(dict.fromkeys([*self.units.attributes, *(a for p in self.registered.values() for a in p)]))
        yield ["unit_id", "organisation_id", *columns]
        profiles = zip(*self.units.attributes.values(), strict=True)
        for n, (unit, owner, values) in enumerate(
            zip(self.units.unit_ids, self.units.organisations, profiles, strict=True)
        ):
            profile = dict(zip(self.units.attributes, values, strict=True)) | self.registered.get(n, {})
            yield [unit, owner, *(profile.get(column, "") for column in columns)]


class _Year:
    """One year's submissions as they are without any fault: a block of lines for each unit."""

    def __init__(self, units: Departments, catalogue: Catalogue, amounts: dict[str, Whole]) -> None:
        columns = invented.texts(amounts, units, catalogue)
        self.units, self.catalogue, self.amounts = units, catalogue, amounts
        self.names = list(columns)
        self.rows = list(zip(*columns.values(), strict=True))
        periods = {month: _period(catalogue.year, month) for month in set(units.begins)}
        self.periods = [periods[month] for month in units.begins]
        self.heads = [f"{unit},{start},{end}," for unit, (start, end) in zip(units.unit_ids, self.periods, strict=True)]
        lines = "".join(f"\0{name},%s,1,,\n" for name in self.names)
        self.blocks = [(lines % row).replace("\0", head) for row, head in zip(self.rows, self.heads, strict=True)]

    def letter(self, n: int, past: dict[str, int]) -> Letter:
        """One of them, to be spoilt."""
        now = {name: int(column[n]) for name, column in self.amounts.items()}
        sent = dict(zip(self.names, map(str, self.rows[n]), strict=True))
        return Letter(self.units.unit_ids[n], *self.periods[n], 1, self.catalogue, now, past, sent)

    def corrected(self, n: int) -> str:
        """A second revision, in which sundry costs are 100 kr. more."""
        row: dict[str, Any] = dict(zip(self.names, self.rows[n], strict=True))
        row["konto_119"] += 100
        return "".join(f"{self.heads[n]}{name},{value},2,,\n" for name, value in row.items())


def _fates(drawn: NDArray[np.float64]) -> dict[str, NDArray[np.bool_]]:
    """What becomes of each unit's submission; whoever is free may get a planted fault."""

    def between(low: float, part: float) -> NDArray[np.bool_]:
        return np.asarray((drawn >= low) & (drawn < low + part))

    return {
        "missing": between(0, MISSING),
        "late": between(MISSING, LATE),
        "corrected": between(0.1, CORRECTED),
        "withdrawn": between(0.15, WITHDRAWN),
        "free": drawn >= 0.2,
    }


def _period(year: int, month: int) -> tuple[date, date]:
    """The accounting period that begins in a month and ends in the reporting year."""
    start = date(year if month == 1 else year - 1, month, 1)
    return start, date(start.year + 1, month, 1) - timedelta(days=1)


def _lines(letter: Letter) -> str:
    """A submission as lines of the file; a reason stands at its data point, or on a line of its figure's own."""
    head, reasons = f"{letter.unit_id},{letter.start},{letter.end},", letter.confirmations
    rows: Sequence[tuple[str, str]] = [
        *letter.rows.items(),
        *letter.again,
        *((what, "") for what in reasons if what not in letter.rows),
    ]
    return "".join(f"{head}{name},{text},{letter.revision},{reasons.get(name, '')},\n" for name, text in rows)
