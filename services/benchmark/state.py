"""What is known of one scheme and period by one method: dense matrices, one row per key figure and one column per unit.

The state is a function of the set of records in its ledger, not of their order: a record counts once, the highest revision
of a unit holds, the highest version of a profile holds. The vintage is the number of distinct records.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.benchmark.batch import NOT_REPORTED, Batch, Registration
from services.benchmark.kernels import taking
from services.benchmark.matrices import Lent
from services.benchmark.places import Places
from services.benchmark.released import Release
from services.benchmark.view import View

FILLS = 0, 0, NOT_REPORTED, -1, 0  # of a unit without a record: numerators, denominators, absences, holder, reported
FEW = 2**14  # so many records may wait, or as many as there are units, until what they say is taken over
Whole = NDArray[np.int64]


class Said(NamedTuple):
    """Records of a batch that hold: the columns they are of, their places in it, and the rows of its figures."""

    batch: Batch
    columns: Whole
    sources: Whole
    rows: Whole


class PeriodState:
    """The state of one scheme and period. Which records hold is known at once, what they say when it is asked for."""

    def __init__(self, figures: Sequence[str]) -> None:
        self.figures = tuple(figures)
        self.vintage = 0
        self.method_version = ""
        self.index: dict[str, int] = {}
        self.unit_ids: list[str] = []
        self.organisations: list[str] = []
        self.groups: list[tuple[str, ...]] = []
        self.revisions: list[int] = []  # 0: no record
        self.versions: list[int] = []  # 0: not registered
        self.registered_groups: list[tuple[str, ...]] = []
        self.holder_numbers: dict[str, int] = {}
        self.revisions_behind: set[tuple[int, int]] = set()  # (column, revision) of the records that do not hold
        self.versions_behind: set[tuple[int, int]] = set()  # (column, version) of the registrations that do not hold
        self.touched: set[str] = set()  # groups in which something changed since the last clearing
        self.submitted: set[int] = set()  # columns whose own record changed since the last clearing
        self._membership, self._registered = Places(), Places()
        self._records = Lent(len(self.figures), FILLS)
        self._waiting, self._many = list[Said](), 0  # not taken over yet, in order; how many records they are
        self._moved: dict[int, tuple[str, ...]] = {}  # column -> the groups it is in still
        self._kept: tuple[list[str], list[str], list[tuple[str, ...]]] | None = None  # as a view has them

    def apply(self, batch: Batch, *, until: int | None = None) -> int:
        """Take records in, up to a vintage if one is given. Returns how many were new."""
        rows = self._rows(batch.key_figures)
        if until is None or until - self.vintage >= len(batch.unit_ids):
            return self._take(batch, rows)
        return sum(self._take(batch.only([n]), rows) for n in range(len(batch.unit_ids)) if self.vintage < until)

    def register(self, registrations: Sequence[Registration]) -> int:
        """Take registrations in. Returns how many were new."""
        before, fresh, units = self.vintage, list[tuple[int, Registration]](), dict[str, str]()
        for one in registrations:
            if one.unit_id not in self.index:
                units.setdefault(one.unit_id, one.organisation_id)
        self._begin(units)
        for one in registrations:
            column = self.index[one.unit_id]
            version = self.versions[column]
            if one.version != version and (column, one.version) not in self.versions_behind:
                self.vintage += 1
                if version:
                    self.versions_behind.add((column, min(version, one.version)))
                if one.version > version:
                    self.versions[column] = one.version
                    fresh.append((column, one))
        self._expect(fresh)
        return self.vintage - before

    def restore(self, batch: Batch, registrations: Sequence[Registration]) -> None:
        """Take over the state a snapshot holds: one column a unit; revision or version 0 stands for none."""
        self._take(batch, self._rows(batch.key_figures))
        self.method_version = batch.method_version
        self.register(registrations)
        self.clear_changes()

    def freeze(self, vintage: int | None = None, releases: Sequence[Release] = ()) -> View:
        """The state as it now is, to keep; of a series with the vintage of all of them, and with its releases."""
        self._take_over()
        n = len(self.unit_ids)
        records, loan = self._records.lend(n)
        if self._kept is None:
            self._kept = self.unit_ids[:], self.organisations[:], self.groups[:]
        unit_ids, organisations, groups = self._kept
        return View(
            figures=self.figures,
            vintage=self.vintage if vintage is None else vintage,
            method_version=self.method_version,
            index=self.index,
            unit_ids=unit_ids,
            organisations=organisations,
            groups=groups,
            revisions=self.revisions[:],
            **records._asdict(),
            membership=self._membership.frozen(n),
            registered=self._registered.frozen(n),
            holder_names=list(self.holder_numbers),
            releases=releases,
            loan=loan,
        )

    def covers(self, other: "PeriodState") -> bool:
        """Whether there is a record of every unit that counts in another state."""
        other._take_over()
        reported = [other.unit_ids[column] for column in np.flatnonzero(other._records.reported)]
        return all(unit in self.index and self.revisions[self.index[unit]] for unit in reported)

    def clear_changes(self) -> None:
        """Forget what changed: it has been published."""
        self.touched, self.submitted = set(), set()

    def _take(self, batch: Batch, rows: Whole) -> int:
        """Count the records that are new, and let the newest hold."""
        told, held = zip(batch.unit_ids, batch.organisations, strict=True), self.revisions
        self._begin({unit_id: organisation for unit_id, organisation in told if unit_id not in self.index})
        behind, holding, new = self.revisions_behind, dict[int, int](), 0  # column -> its record in the batch
        columns = map(self.index.__getitem__, batch.unit_ids)
        for source, (column, revision) in enumerate(zip(columns, batch.revisions, strict=True)):
            newest = held[column]
            if revision > newest:
                if newest:
                    behind.add((column, newest))
                held[column] = revision
                holding[column] = source
            elif revision == newest or (column, revision) in behind:
                continue
            else:
                behind.add((column, revision))
            new += 1
        if new:
            self.vintage += new
            self.method_version = max(self.method_version, batch.method_version)
        if holding:
            self._hold(batch, holding, rows)
        return new

    def _hold(self, batch: Batch, holding: Mapping[int, int], rows: Whole) -> None:
        """Let records hold, by column."""
        touched, theirs, organisations = set[tuple[str, ...]](), self.groups, self.organisations
        for column, source in holding.items():
            before, groups = theirs[column], batch.groups[source]
            touched.add(groups)
            if before != groups:
                touched.add(before)
                self._moved.setdefault(column, before)
                theirs[column], self._kept = groups, None
            if organisations[column] != batch.organisations[source]:
                organisations[column], self._kept = batch.organisations[source], None
        touched.update(map(self.registered_groups.__getitem__, holding))
        self.touched.update(*touched)
        self.submitted.update(holding)
        columns, sources = (np.fromiter(some, np.int64, len(holding)) for some in (holding.keys(), holding.values()))
        self._waiting.append(Said(batch, columns, sources, rows))
        self._many += len(holding)
        if self._many > max(FEW, len(self._records.reported)):
            self._take_over()

    def _take_over(self) -> None:
        """Take over what records say that hold."""
        if not self._waiting:
            return
        if self._moved:
            self._membership.move(self._moved, self.groups)
        every = np.concatenate([said.columns for said in self._waiting])
        mine, numbers = self._records.written(every, len(self.unit_ids)), self.holder_numbers
        for batch, columns, sources, rows in self._waiting:
            if len(rows) < len(self.figures):
                mine.absences[:, columns] = NOT_REPORTED
            sent, theirs = (batch.numerators, batch.denominators, batch.absences), mine[:3]
            taking.take(*sent, rows, sources, columns, *theirs)
            each = sources.tolist()
            mine.holders[columns] = [numbers.setdefault(batch.holders[s], len(numbers)) for s in each]
            mine.reported[columns] = [not batch.withdrawn[s] for s in each]
        self._waiting, self._many, self._moved = [], 0, {}

    def _expect(self, fresh: Sequence[tuple[int, Registration]]) -> None:
        """Let registrations hold, by column; of a unit's the last."""
        if not fresh:
            return
        self._take_over()
        reported, touched = self._records.reported.tolist(), set[tuple[str, ...]]()
        for column, one in fresh:
            if column >= len(reported) or not reported[column]:
                touched.update((self.registered_groups[column], one.groups))
        self.touched.update(*touched)
        before = {column: self.registered_groups[column] for column, _ in fresh}
        for column, one in fresh:
            self.registered_groups[column] = one.groups
        self._registered.move(before, self.registered_groups)

    def _begin(self, units: Mapping[str, str]) -> None:
        """Units that were not known, with their organisations."""
        if units:
            known, many = len(self.unit_ids), len(units)
            self.index.update(zip(units, range(known, known + many), strict=True))
            self._kept = None
            self.unit_ids += units
            self.organisations += units.values()
            self.groups += [()] * many
            self.registered_groups += [()] * many
            self.revisions += [0] * many
            self.versions += [0] * many

    def _rows(self, key_figures: Sequence[str]) -> Whole:
        """Rows of a batch's figures, one below the other. Raises ValueError for one the catalogue does not have."""
        if tuple(key_figures) == self.figures:
            return np.arange(len(self.figures))
        return np.array([self.figures.index(name) for name in key_figures], dtype=np.int64)
