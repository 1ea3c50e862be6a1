"""Submissions of one scheme and reporting year as columns: read together, screened together, written together. Pure.

A sheet has a column per submission: D data points x U, F key figures x U.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.validate import factor_columns, rules
from services.validate.compiled import Compiled, Whole, compiled, fenced
from services.validate.factor_columns import FactorColumn
from services.validate.key_figures import Absence
from services.validate.packed import LITTLE, NONE, Packed
from services.validate.periods import Period
from services.validate.screen import ABSENT, UNREADABLE, Sent
from services.validate.verdict_bytes import Layout

MOST_KEPT = 4096  # of what is remembered per profile or list of names; beyond it, begun anew


@dataclass(frozen=True)
class Place:
    """What a profile says: its groups, or None where something in it is told or asks for more than one unit's past."""

    groups: tuple[str, ...]
    attributes: Mapping[str, str]
    plain: bool
    number: int


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
        self._factors: dict[tuple[Period, int], int] = {}
        self.columns: list[FactorColumn] = []
        self._numbers: dict[str, NDArray[np.intp] | None] = {}

    def bounded(self) -> None:
        """Forget what was remembered of many profiles; between two batches alone."""
        if max(len(self._places), len(self._factors), len(self._numbers)) > MOST_KEPT:
            self._begin_anew()

    def place(self, attributes: Mapping[str, str]) -> Place:
        """What a profile says."""
        key = tuple([attributes.get(name, "") for name in self._watched])
        found = self._places.get(key)
        if found is None:
            said = {name: value for name, value in zip(self._watched, key, strict=True) if value}
            placement = peer_groups.place(said, self.catalogue)
            plain = not placement.unknown and not said.get("merged_from", "").strip(" ;")
            found = self._places[key] = Place(placement.groups, said, plain, len(self._places))
        return found

    def factors(self, period: Period, place: Place) -> int:
        """The number of the factors of a period and a profile, in `columns`."""
        found = self._factors.get((period, place.number))
        if found is None:
            column = factor_columns.column(period, place.attributes, self.catalogue)
            found = self._factors[period, place.number] = len(self.columns)
            self.columns.append(column)
        return found

    def takes(self, row: tuple[str, bytes, bytes]) -> bool:
        """Whether every data point of a row is known and there once."""
        return self.numbers(row[0]) is not None and bool(row[0]) is bool(row[1])

    def numbers(self, names: str) -> NDArray[np.intp] | None:
        """The rows of data points, a line feed between two; None where one is unknown or there twice."""
        if names not in self._numbers:
            listed = names.split("\n") if names else []
            known = len(set(listed)) == len(listed) and all(name in self.rules.place for name in listed)
            self._numbers[names] = np.array([self.rules.place[n] for n in listed], dtype=np.intp) if known else None
        return self._numbers[names]

    def amounts(self, rows: Sequence[tuple[str, bytes, bytes]]) -> tuple[Whole, NDArray[np.uint8]]:
        """D x U amounts and missing numbers, of names, values and missing reasons; every list of names is known."""
        amounts = np.zeros((len(self.names), len(rows)), dtype=np.int64)
        missing = np.full(amounts.shape, ABSENT, dtype=np.uint8)
        by_names: dict[str, list[int]] = {}
        for n, (names, _, _) in enumerate(rows):
            by_names.setdefault(names, []).append(n)
        for names, columns in by_names.items():
            numbers = self.numbers(names)
            assert numbers is not None
            shape = (len(columns), len(numbers))
            values = np.frombuffer(b"".join([rows[n][1] for n in columns]), dtype=LITTLE).reshape(shape).T
            nothing = bytes(len(numbers))
            said = np.frombuffer(b"".join([rows[n][2] or nothing for n in columns]), dtype=np.uint8).reshape(shape).T
            place = np.ix_(numbers, columns)
            missing[place] = self.reasons[said]
            amounts[place] = np.where(said == 0, values, 0)
        return amounts, missing

    def before(self, pasts: Sequence[Mapping[str, int] | None]) -> Whole:
        """D x U amounts of the year before; NONE where nothing stands."""
        found = np.full((len(self.names), len(pasts)), NONE, dtype=np.int64)
        by_names: dict[tuple[str, ...], tuple[list[int], list[bytes]]] = {}
        for n, past in enumerate(pasts):
            if past:
                packed = past if isinstance(past, Packed) else Packed.of(past, tuple(past))
                columns, values = by_names.setdefault(packed.names, ([], []))
                columns.append(n)
                values.append(packed.values)
        for names, (columns, values) in by_names.items():
            there = [k for k, name in enumerate(names) if name in self.rules.place]
            rows = [self.rules.place[names[k]] for k in there]
            matrix = np.frombuffer(b"".join(values), dtype=LITTLE).reshape(len(columns), len(names)).T
            found[np.ix_(rows, columns)] = matrix[there]
        return found

    def sent(
        self, rows: Sequence[tuple[str, bytes, bytes]], pasts: Sequence[Mapping[str, int] | None], factors: NDArray[np.intp], places: Sequence[Place]
    ) -> Sent:
        """Everything that is screened."""
        above = np.stack([c.above for c in self.columns], axis=1)[:, factors]
        below = np.stack([c.below for c in self.columns], axis=1)[:, factors]
        lacking = np.stack([c.lacking for c in self.columns], axis=1)[:, factors]
        low, high = np.array([[-np.inf]]), np.array([[np.inf]])
        if self.frozen is not None:
            fences = [fenced(self.catalogue, self.frozen, place.groups) for place in places]
            low, high = (np.stack([fence[side] for fence in fences], axis=1) for side in (0, 1))
        return Sent(*self.amounts(rows), self.before(pasts), above, below, lacking, low, high)
