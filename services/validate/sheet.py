"""Submissions of one scheme and reporting year as rows of numbers: read together, screened together, written together. Pure.

A sheet has a row per submission: U x D data points, U x F key figures.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from services import pieces
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.kernels import kernel
from services.validate import factor_columns, normalisation, rules
from services.validate.compiled import Bytes, Compiled, Flags, Whole, compiled, fenced
from services.validate.endings import Endings
from services.validate.factor_columns import FactorTable
from services.validate.history import Span
from services.validate.numbered import Numbered
from services.validate.packed import LITTLE, NONE
from services.validate.past import Past
from services.validate.periods import Period
from services.validate.placed import Kinds, Place, Placed
from services.validate.profile import Profile
from services.validate.received import Arrived
from services.validate.record_bytes import MISSING, VALUES
from services.validate.screen import ABSENT, UNREADABLE, Sent
from services.validate.verdict_bytes import Layout
from services.validate.year_accounts import NO_ROW

MOST_KEPT = 4096  # of what is remembered per list of names; beyond it, begun anew
MOST_YEARS = 256  # likewise, of first and last days


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
        self._placed: dict[Span, Placed] = {}
        self._factors: dict[tuple[tuple[str, str], str, str], int] = {}
        self.factors = FactorTable(len(self.catalogue.key_figure))
        self.endings = Endings(self.rule_set, self.factors)
        self._names: dict[tuple[str, ...], Names] = {}
        self._fences: dict[tuple[str, ...], int] = {}
        self._low, self._high = (np.full((1, len(self.catalogue.key_figure)), end) for end in (-np.inf, np.inf))

    def bounded(self) -> None:
        """Forget what was remembered of many periods, lists or absences; between two batches alone."""
        if len(self._placed) > MOST_YEARS or max(len(self._factors), len(self._names)) > MOST_KEPT:
            self._begin_anew()
        if len(self.absences) > MOST_KEPT:
            self.absences.clear()

    def placed(self, period: Period, year: Span, profiles: Whole, known: Numbered[Profile | None]) -> Placed:
        """What profiles say, by their numbers, with the factors of the period and each."""
        found = self._placed.get(year)
        if found is None or found.known is not known:
            found = self._placed[year] = Placed(known)
        for number in found.unmet(profiles):
            profile = known.said[number]
            assert profile is not None
            place = self._read(profile)
            key = place.named, year.first, year.last
            if key not in self._factors:
                self._factors[key] = self.factors.add(factor_columns.column(period, place.attributes, self.catalogue))
            found.met(number, place, self._factors[key])
        return found

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

    def sent(self, arrived: Arrived, numbers: Whole, days: int, past: Past, kinds: Kinds) -> tuple[Sent, Flags]:
        """Everything that is screened; and U: whether of the list of data points or the profile something is to be said.

        numbers   of submissions
        """
        amounts, missing, spoken = self._amounts(arrived, numbers)
        table = self.factors.stacked()
        spoken |= kinds.unknown
        factors = kinds.factors, table.above, table.below, table.lacking
        every_day = np.full(len(numbers), days, dtype=np.int64)
        fences = kinds.fences, self._low, self._high
        return Sent(amounts, missing, every_day, self._before(past), *factors, *fences), spoken

    def _amounts(self, arrived: Arrived, numbers: Whole) -> tuple[Whole, Bytes, Flags]:
        """U x D amounts and missing numbers; and U: whether something is to be said."""
        amounts = np.zeros((len(numbers), len(self.names)), dtype=np.int64)
        missing = np.full(amounts.shape, ABSENT, dtype=np.uint8)
        spoken = np.zeros(len(numbers), dtype=np.bool_)
        lists, spans, whole = arrived.lists[numbers], arrived.spans[numbers], arrived.whole
        for number in np.unique(lists).tolist():
            at = (lists == number).nonzero()[0]
            names = tuple(arrived.known.lists.said[number].split("\n"))
            listed, mine = self._names.get(names) or self._listed(names), spans[at]
            sent = pieces.rows(whole, mine[:, VALUES], 8 * len(names)).view(LITTLE)
            said = pieces.rows(whole, mine[:, MISSING], len(names))
            _read(sent, said, at, listed.columns, listed.rows, listed.twice, self.reasons, amounts, missing)
            spoken[at] = listed.spoken
        return amounts, missing, spoken

    def _before(self, past: Past) -> Whole:
        """U x D amounts of the year before, NONE where nothing stands; no D where no figure is held against them."""
        years, rows = past.years, past.rows
        if not self.looks_back:
            return np.empty((len(rows), 0), dtype=np.int64)
        found = np.full((len(rows), len(self.names)), NONE, dtype=np.int64)
        for n, one in past.accounts.items():
            listed = self._names.get(one.amounts.names) or self._listed(one.amounts.names)
            _copy(one.amounts.column()[np.newaxis].copy(), np.array([n]), listed.columns, listed.rows, found)
        those = (rows != NO_ROW).nonzero()[0]
        lists = years.lists[rows[those]]
        for number in np.unique(lists).tolist():
            names, at = years.names[number], those[lists == number]
            listed = self._names.get(names) or self._listed(names)
            kept = years.amounts[rows[at]]
            _copy(kept, at, listed.columns, listed.rows, found)
        return found

    def _listed(self, listed: tuple[str, ...]) -> Names:
        """A list of data points that was not seen before."""
        place = self.rules.place
        last = {name: n for n, name in enumerate(listed) if name in place}
        twice = [place[name] for name in last if listed.count(name) > 1] if len(set(listed)) < len(listed) else []
        some = [*last.values()], [place[n] for n in last], twice
        columns, rows, again = (np.array(numbers, dtype=np.int64) for numbers in some)
        found = self._names[listed] = Names(columns, rows, again, bool(twice) or len(last) < len(listed))
        return found


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
