"""Submissions of one scheme and reporting year as rows of numbers: read together, screened together, written together. Pure.

A sheet has a row per submission: U x D data points, U x F key figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.kernels import kernel
from services.validate import factor_columns, normalisation, rules, wire
from services.validate.account import Accepted
from services.validate.compiled import Bytes, Compiled, Flags, Whole, compiled, fenced
from services.validate.factor_columns import FactorTable
from services.validate.history import Span
from services.validate.packed import LITTLE, NONE
from services.validate.periods import Period
from services.validate.profile import MOST_PROFILES, Profile
from services.validate.screen import ABSENT, UNREADABLE, Sent
from services.validate.verdict_bytes import Layout, told_factors

MOST_KEPT = 4096  # of what is remembered per list of names, but for profiles; beyond it, begun anew


@dataclass(frozen=True)
class Names:
    """A list of data points as it was sent or kept.

    columns, rows   where in it each data point of the catalogue stands, for the last time, and the data point's number
    twice           numbers of data points that stand in it more than once
    spoken          of some of them something is to be said
    """

    columns: Whole
    rows: Whole
    twice: Whole
    spoken: bool


@dataclass(frozen=True)
class Place:
    """What a profile says.

    attributes   those that the catalogue or its factors look at
    merged       it names units that became this one
    unknown      something in it is to be told
    named        what factors ask of it
    fences       number of the fences of its groups
    """

    groups: tuple[str, ...]
    attributes: Mapping[str, str]
    merged: bool
    unknown: bool
    named: tuple[str, str]
    fences: int


class Sheets:
    """What the submissions of one scheme and reporting year have in common, worked out once.

    reasons   number of a missing reason -> number of its Absence, UNREADABLE where it is none; 0 -> 0
    """

    def __init__(self, catalogue: Catalogue, frozen: Frozen | None, reasons: Bytes) -> None:
        self.catalogue, self.frozen, self.reasons = catalogue, frozen, reasons
        self.rules: Compiled = compiled(catalogue)
        self.layout = Layout(catalogue.key_figures)
        self.names = tuple(catalogue.data_point)
        self.rule_set = rules.rule_set(catalogue, frozen)
        self.looks_back = bool(self.rules.figures[:, 2].any())
        self.looks_at = [self._looked_at(name) for name in catalogue.key_figures]  # numbers of data points
        self.absences: dict[bytes, Any] = {}  # see judging.py
        pins = catalogue.normalisation
        asked = [pin.attribute for pin in (pins.degree_days, pins.weather_independent) if pin is not None]
        self._watched = list(dict.fromkeys([*catalogue.attribute, *asked, "merged_from"]))
        self._begin_anew()

    def _looked_at(self, key_figure: str) -> list[int]:
        """The data points a figure's verdict rests on: its parts, and those they go beside."""
        parts, points = self.catalogue.key_figure[key_figure].parts, self.catalogue.data_point
        beside = [one.data_point for part in parts if (one := points[part].beside)]
        return [self.rules.place[name] for name in dict.fromkeys([*parts, *beside])]

    def _begin_anew(self) -> None:
        self._places: dict[tuple[str, ...], Place] = {}
        self._placed: dict[Span, dict[Profile, tuple[Place, int]]] = {}  # those that were met themselves
        self._factors: dict[tuple[tuple[str, str], str, str], int] = {}
        self.factors = FactorTable(len(self.catalogue.key_figure))
        self.endings = _Endings(self.rule_set, self.factors)
        self._names: dict[tuple[object, ...], Names] = {}
        self._fences: dict[tuple[str, ...], int] = {}
        self._low, self._high = (np.full((1, len(self.catalogue.key_figure)), end) for end in (-np.inf, np.inf))

    def bounded(self) -> None:
        """Forget what was remembered of many profiles, lists or absences; between two batches alone."""
        profiles = sum(map(len, self._placed.values()))
        if profiles > MOST_PROFILES or max(len(self._factors), len(self._names)) > MOST_KEPT:
            self._begin_anew()
        if len(self.absences) > MOST_KEPT:
            self.absences.clear()

    def placed(self, period: Period, year: Span, profiles: Sequence[Profile]) -> list[tuple[Place, int]]:
        """What profiles say, each with the number of the factors of the period and that profile, in `factors`."""
        known = self._placed.setdefault(year, {})
        return [known.get(profile) or self._met(known, profile, period, year) for profile in profiles]

    def _met(
        self, known: dict[Profile, tuple[Place, int]], profile: Profile, period: Period, year: Span
    ) -> tuple[Place, int]:
        place = self._read(profile)
        key = place.named, year.first, year.last
        if key not in self._factors:
            self._factors[key] = self.factors.add(factor_columns.column(period, place.attributes, self.catalogue))
        known[profile] = place, self._factors[key]
        return known[profile]

    def _read(self, profile: Profile) -> Place:
        key = tuple([profile.attributes.get(name, "") for name in self._watched])
        found = self._places.get(key)
        if found is None:
            said = {name: value for name, value in zip(self._watched, key, strict=True) if value}
            placement = peer_groups.place(said, self.catalogue)
            named = normalisation.named(said, self.catalogue)
            merged, unknown = bool(said.get("merged_from", "").strip(" ;")), bool(placement.unknown)
            fences = self._fenced(placement.groups)
            found = self._places[key] = Place(placement.groups, said, merged, unknown, named, fences)
        return found

    def _fenced(self, groups: tuple[str, ...]) -> int:
        if self.frozen is None:
            return 0
        if groups not in self._fences:
            low, high = fenced(self.catalogue, self.frozen, groups)
            self._fences[groups] = len(self._low)
            self._low, self._high = np.vstack([self._low, low]), np.vstack([self._high, high])
        return self._fences[groups]

    def sent(
        self,
        rows: Sequence[wire.Row],
        days: Sequence[int],
        before: Sequence[Accepted | None],
        factors: Sequence[int],
        places: Sequence[Place],
    ) -> tuple[Sent, Flags]:
        """Everything that is screened; and U: whether of the list of data points or the profile something is to be said.

        before    accounts of the year before
        factors   numbers in `factors`
        """
        amounts, missing, spoken = self._amounts(rows)
        table, fences = self.factors.stacked(), np.array([place.fences for place in places])
        spoken |= np.array([place.unknown for place in places])
        numbers = np.array(factors), table.above, table.below, table.lacking
        return Sent(
            amounts, missing, np.array(days), self._before(before), *numbers, fences, self._low, self._high
        ), spoken

    def _amounts(self, rows: Sequence[wire.Row]) -> tuple[Whole, Bytes, Flags]:
        """U x D amounts and missing numbers, of names, values and missing reasons; and U: whether something is to be said."""
        amounts = np.zeros((len(rows), len(self.names)), dtype=np.int64)
        missing = np.full(amounts.shape, ABSENT, dtype=np.uint8)
        spoken = np.zeros(len(rows), dtype=np.bool_)
        by_names: dict[tuple[str, int], list[int]] = {}
        for n, (names, values, _) in enumerate(rows):
            by_names.setdefault((names, len(values)), []).append(n)
        for (names, size), some in by_names.items():
            shape, nothing, at = (len(some), size // 8), bytes(size // 8), np.array(some)
            listed = self._names.get((names, size)) or self._listed((names, size), names.split("\n") if size else ())
            sent = np.frombuffer(bytearray().join([rows[n][1] for n in some]), dtype=LITTLE).reshape(shape)
            said = np.frombuffer(bytearray().join([rows[n][2] or nothing for n in some]), dtype=np.uint8).reshape(shape)
            _read(sent, said, at, listed.columns, listed.rows, listed.twice, self.reasons, amounts, missing)
            spoken[at] = listed.spoken
        return amounts, missing, spoken

    def _before(self, accounts: Sequence[Accepted | None]) -> Whole:
        """U x D amounts of the year before, NONE where nothing stands; no D where no figure is held against them."""
        if not self.looks_back:
            return np.empty((len(accounts), 0), dtype=np.int64)
        found = np.full((len(accounts), len(self.names)), NONE, dtype=np.int64)
        by_names: dict[tuple[str, ...], tuple[list[int], list[bytes]]] = {}
        for n, one in enumerate(accounts):
            if one and one.amounts:
                some, values = by_names.setdefault(one.amounts.names, ([], []))
                some.append(n)
                values.append(one.amounts.content)
        for names, (some, values) in by_names.items():
            listed = self._names.get(names) or self._listed(names, names)
            kept = np.frombuffer(bytearray().join(values), dtype=LITTLE).reshape(len(some), len(names))
            _copy(kept, np.array(some), listed.columns, listed.rows, found)
        return found

    def _listed(self, key: tuple[object, ...], listed: Sequence[str]) -> Names:
        """A list of data points that was not seen before. `key`: what it is remembered by."""
        place = self.rules.place
        last = {name: n for n, name in enumerate(listed) if name in place}
        twice = [place[name] for name in last if listed.count(name) > 1] if len(set(listed)) < len(listed) else []
        some = [*last.values()], [place[n] for n in last], twice
        columns, rows, again = (np.array(numbers, dtype=np.int64) for numbers in some)
        found = self._names[key] = Names(columns, rows, again, bool(twice) or len(last) < len(listed))
        return found


class _Endings(dict[tuple[int, int], bytes]):
    """SubmissionAssessed behind its findings, by the number of the column of factors, and which of them are told: see Layout."""

    def __init__(self, rule_set: str, factors: FactorTable) -> None:
        self._rule_set, self._factors = rule_set, factors

    def __missing__(self, which: tuple[int, int]) -> bytes:
        column, told = which
        those = [self._factors.columns[column].factors[k] for k in told_factors(told)]
        self[which] = wire.ending(self._rule_set, those)
        return self[which]


@kernel("void(i8[:,::1], u1[:,::1], i8[::1], i8[::1], i8[::1], i8[::1], u1[::1], i8[:,::1], u1[:,::1])")
def _read(
    sent: Whole,
    said: Bytes,
    at: Whole,
    columns: Whole,
    rows: Whole,
    twice: Whole,
    reasons: Bytes,
    amounts: Whole,
    missing: Bytes,
) -> None:
    """Put amounts and missing reasons of some submissions where their data points are."""
    for n in range(len(at)):
        for k in range(len(rows)):
            reason = said[n, columns[k]]
            missing[at[n], rows[k]] = reasons[reason]
            if reason == 0:
                amounts[at[n], rows[k]] = sent[n, columns[k]]
        for row in twice:
            missing[at[n], row] = UNREADABLE


@kernel("void(i8[:,::1], i8[::1], i8[::1], i8[::1], i8[:,::1])")
def _copy(kept: Whole, at: Whole, columns: Whole, rows: Whole, found: Whole) -> None:
    """Put amounts that were kept where their data points are."""
    for n in range(len(at)):
        for k in range(len(rows)):
            found[at[n], rows[k]] = kept[n, columns[k]]
