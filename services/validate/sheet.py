"""Submissions of one scheme and reporting year as columns: read together, screened together, written together. Pure.

A sheet has a column per submission: D data points x U, F key figures x U.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.validate import factor_columns, normalisation, rules
from services.validate.compiled import Compiled, Flags, Numbers, Whole, compiled, fenced
from services.validate.factor_columns import FactorColumn
from services.validate.history import Span
from services.validate.packed import LITTLE, NONE, Packed
from services.validate.periods import Period
from services.validate.screen import ABSENT, UNREADABLE, Sent
from services.validate.verdict_bytes import Layout

MOST_KEPT = 4096  # of what is remembered per profile or list of names; beyond it, begun anew


@dataclass(frozen=True)
class Names:
    """A list of data points as it was sent.

    columns, rows   where in it each data point of the catalogue stands, for the last time, and the data point's number
    twice           numbers of data points that stand in it more than once
    spoken          of some of them something is to be said
    """

    columns: NDArray[np.intp]
    rows: NDArray[np.intp]
    twice: NDArray[np.intp]
    spoken: bool


@dataclass(frozen=True)
class Place:
    """What a profile says.

    attributes   those that the catalogue or its factors look at
    merged       it names units that became this one
    unknown      something in it is to be told
    named        what factors ask of it
    """

    groups: tuple[str, ...]
    attributes: Mapping[str, str]
    merged: bool
    unknown: bool
    named: tuple[str, str]


class Sheets:
    """What the submissions of one scheme and reporting year have in common, worked out once.

    reasons   number of a missing reason -> number of its Absence, UNREADABLE where it is none; 0 -> 0
    """

    def __init__(self, catalogue: Catalogue, frozen: Frozen | None, reasons: NDArray[np.uint8]) -> None:
        self.catalogue, self.frozen, self.reasons = catalogue, frozen, reasons
        self.rules: Compiled = compiled(catalogue)
        self.layout = Layout(catalogue.key_figures)
        self.names = tuple(catalogue.data_point)
        self.rule_set = rules.rule_set(catalogue, frozen)
        self.absences: dict[tuple[int, bytes], Any] = {}  # see judging.py
        pins = catalogue.normalisation
        asked = [pin.attribute for pin in (pins.degree_days, pins.weather_independent) if pin is not None]
        self._watched = list(dict.fromkeys([*catalogue.attribute, *asked, "merged_from"]))
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._places: dict[tuple[str, ...], Place] = {}
        self._factors: dict[tuple[str, str, tuple[str, str]], int] = {}
        self.columns: list[FactorColumn] = []
        self._names: dict[tuple[str, int], Names] = {}
        self._fences: dict[tuple[str, ...], tuple[Numbers, Numbers]] = {}

    def bounded(self) -> None:
        """Forget what was remembered of many profiles, lists or absences; between two batches alone."""
        if max(len(self._places), len(self._factors), len(self._names)) > MOST_KEPT:
            self._begin_anew()
        if len(self.absences) > MOST_KEPT:
            self.absences.clear()

    def place(self, attributes: Mapping[str, str]) -> Place:
        """What a profile says."""
        key = tuple([attributes.get(name, "") for name in self._watched])
        found = self._places.get(key)
        if found is None:
            said = {name: value for name, value in zip(self._watched, key, strict=True) if value}
            placement = peer_groups.place(said, self.catalogue)
            named = normalisation.named(said, self.catalogue)
            merged = bool(said.get("merged_from", "").strip(" ;"))
            found = self._places[key] = Place(placement.groups, said, merged, bool(placement.unknown), named)
        return found

    def factors(self, period: Period, year: Span, place: Place) -> int:
        """The number of the factors of a period and a profile, in `columns`."""
        key = year.first, year.last, place.named
        found = self._factors.get(key)
        if found is None:
            column = factor_columns.column(period, place.attributes, self.catalogue)
            found = self._factors[key] = len(self.columns)
            self.columns.append(column)
        return found

    def _fenced(self, frozen: Frozen, groups: tuple[str, ...]) -> tuple[Numbers, Numbers]:
        if groups not in self._fences:
            self._fences[groups] = fenced(self.catalogue, frozen, groups)
        return self._fences[groups]

    def listed(self, names: str, count: int) -> Names:
        """A list of so many data points, a line feed between two."""
        found = self._names.get((names, count))
        if found is None:
            listed, place = names.split("\n") if count else [], self.rules.place
            last = {name: n for n, name in enumerate(listed) if name in place}
            twice = [place[name] for name in last if listed.count(name) > 1] if len(set(listed)) < count else []
            columns, rows, again = (_numbers(some) for some in (last.values(), [place[n] for n in last], twice))
            found = Names(columns, rows, again, bool(twice) or len(last) < len(listed))
            self._names[names, count] = found
        return found

    def amounts(self, rows: Sequence[tuple[str, bytes, bytes]]) -> tuple[Whole, NDArray[np.uint8], Flags]:
        """D x U amounts and missing numbers, of names, values and missing reasons; and U: whether something is to be said."""
        amounts = np.zeros((len(self.names), len(rows)), dtype=np.int64)
        missing = np.full(amounts.shape, ABSENT, dtype=np.uint8)
        spoken = np.zeros(len(rows), dtype=bool)
        by_names: dict[tuple[str, int], list[int]] = {}
        for n, (names, values, _) in enumerate(rows):
            by_names.setdefault((names, len(values) // 8), []).append(n)
        for (names, count), columns in by_names.items():
            listed, nothing = self.listed(names, count), bytes(count)
            shape = (len(columns), count)
            sent = np.frombuffer(b"".join([rows[n][1] for n in columns]), dtype=LITTLE).reshape(shape)
            said = np.frombuffer(b"".join([rows[n][2] or nothing for n in columns]), dtype=np.uint8).reshape(shape)
            sent, said = sent.T[listed.columns], said.T[listed.columns]
            place = listed.rows[:, None], _numbers(columns)
            missing[place] = self.reasons[said]
            amounts[place] = np.where(said == 0, sent, 0)
            missing[listed.twice[:, None], place[1]] = UNREADABLE
            spoken[columns] = listed.spoken
        return amounts, missing, spoken

    def before(self, pasts: Sequence[Mapping[str, int] | None]) -> Whole:
        """D x U amounts of the year before; NONE where nothing stands."""
        found = np.full((len(self.names), len(pasts)), NONE, dtype=np.int64)
        by_names: dict[int, tuple[tuple[str, ...], list[int], list[bytes]]] = {}  # by identity: they are long
        for n, past in enumerate(pasts):
            if past:
                packed = past if isinstance(past, Packed) else Packed.of(past, tuple(past))
                _, columns, values = by_names.setdefault(id(packed.names), (packed.names, [], []))
                columns.append(n)
                values.append(packed.content)
        for names, columns, values in by_names.values():
            there = [k for k, name in enumerate(names) if name in self.rules.place]
            rows = [self.rules.place[names[k]] for k in there]
            matrix = np.frombuffer(b"".join(values), dtype=LITTLE).reshape(len(columns), len(names)).T
            found[_numbers(rows)[:, None], _numbers(columns)] = matrix[there]
        return found

    def sent(
        self,
        rows: Sequence[tuple[str, bytes, bytes]],
        days: Sequence[int],
        pasts: Sequence[Mapping[str, int] | None],
        factors: Sequence[FactorColumn],
        numbers: NDArray[np.intp],
        places: Sequence[Place],
    ) -> tuple[Sent, Flags]:
        """Everything that is screened; and U: whether of the list of data points or the profile something is to be said.

        factors, numbers   those of the submissions, and U: which is each one's
        """
        amounts, missing, spoken = self.amounts(rows)
        above, below, lacking = (
            factor_columns.of_each(factors, numbers, part) for part in ("above", "below", "lacking")
        )
        low, high = np.array([[-np.inf]]), np.array([[np.inf]])
        if self.frozen is not None:
            fences = [self._fenced(self.frozen, place.groups) for place in places]
            low, high = (np.stack([fence[side] for fence in fences], axis=1) for side in (0, 1))
        sent = Sent(amounts, missing, np.array(days), self.before(pasts), above, below, lacking, low, high)
        return sent, spoken | np.array([place.unknown for place in places])


def _numbers(some: Iterable[int]) -> NDArray[np.intp]:
    return np.array([*some], dtype=np.intp)
