"""What a unit had accepted, as it grows while a batch is read. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from services.validate.account import Accepted
from services.validate.compiled import Whole
from services.validate.doubts import Previous
from services.validate.finding import Finding
from services.validate.neighbours import Account, Around, found
from services.validate.periods import Kind, Period, eleven_after, twelve_to
from services.validate.year_accounts import YEAR, YearAccounts, fit

if TYPE_CHECKING:
    from services.validate.numbered import Numbered


@dataclass(frozen=True)
class Merged:
    """The units that became one, as its profile says, and the organisation that sends for it.

    Only what that same organisation sent for them is looked at: nobody reads another's amounts by naming its unit.
    """

    organisation_id: str = ""
    units: tuple[str, ...] = ()


NOBODY = Merged()
MONTH = Kind.MONTH.value


@dataclass(frozen=True, eq=False)
class Span:
    """A whole year as text: its name, and the days that begin it, end it, and lie beside it; and how many days it has.

    The same as nothing but itself.
    """

    name: str
    first: str
    last: str
    day_before: str
    day_after: str
    days: int

    @classmethod
    def of(cls, year: Period) -> "Span":
        """A year's. At the calendar's own ends there is no day beside it, and no account either."""
        before, after = (str(date.fromordinal(n)) if 0 < n <= LAST else "" for n in _beside(year))
        return cls(year.name, str(year.first), str(year.last), before, after, year.days)


LAST = date.max.toordinal()
Beside = tuple[tuple[Finding, ...] | None, str]  # what is said of a year's gaps, None: it overlaps; the year before


class Accounts(dict[str, Accepted]):
    """A unit's accounts by period. `beside`: what follows from their periods alone, worked out once for years that were sent."""

    __slots__ = ("beside",)

    def __init__(self) -> None:
        self.beside: dict[Span, Beside] = {}


NOTHING: Mapping[str, Accepted] = {}
NOBODYS: Mapping[str, Accounts] = {}


class History:
    """What stands per scheme, unit and period. Submissions must be added in the order in which they arrived.

    What stands of some units is in columns: see `years`.
    """

    def __init__(self, standing: Iterable[Accepted] = ()) -> None:
        self._standing: dict[str, dict[str, Accounts]] = {}
        self._count = 0
        self._years: dict[str, YearAccounts] = {}
        for accepted in standing:
            self.add(accepted)

    def __len__(self) -> int:
        return self._count + sum(map(len, self._years.values()))

    def years(self, scheme: str, units: "Numbered[str]") -> YearAccounts:
        """A scheme's accounts of whole years, of units by these numbers."""
        found = self._years.get(scheme)
        if found is None or found.units is not units or found.full:
            if found is not None:
                for unit_id in [found.units.said[n] for n in np.flatnonzero(found.here).tolist()]:
                    self.back(unit_id)
            found = self._years[scheme] = YearAccounts(scheme, units)
        found.room()
        return found

    def into_years(self, years: YearAccounts, scheme: str, units: Whole) -> None:
        """Have the accounts of units in columns, where they fit."""
        standing = self._standing.get(scheme, {})
        for unit in units[~years.here[units]].tolist():
            accounts = standing.get(years.units.said[unit])
            if accounts is None:
                years.take(unit, ())
            elif fit(accounts.values()):
                years.take(unit, accounts.values())
                self._count -= len(accounts)
                del standing[years.units.said[unit]]

    def add(self, accepted: Accepted) -> bool:
        """A revision that was assessed; whether it is the newest of its place. A lower one changes nothing."""
        self.back(accepted.unit_id)
        return self._add(accepted)

    def back(self, unit_id: str) -> None:
        """Have what stands of a unit here, and not in columns."""
        for years in self._years.values():
            unit = years.units.get(unit_id.encode())
            if unit is not None and unit < len(years.here) and years.here[unit]:
                for accepted in years.given_back(unit):
                    self._add(accepted)

    def _add(self, accepted: Accepted) -> bool:
        unit_id, scheme, period, _, _, _, _, _, revision, withdrawn, amounts, event = accepted
        units = self._standing.get(scheme)
        if units is None:
            units = self._standing[scheme] = {}
        periods = units.get(unit_id)
        if periods is None:
            periods = units[unit_id] = Accounts()
        held = periods.get(period)
        if held is None:
            self._count += 1
            periods.beside.clear()
        elif revision < held.revision:
            return False
        elif (
            held[5:8] != accepted[5:8]
            or held.withdrawn != withdrawn
            or (held.amounts.content == b"") != (amounts.content == b"")
        ):
            periods.beside.clear()
        periods[period] = accepted if event is None else accepted._replace(event=None)
        return True

    def around(self, scheme: str, unit_id: str, period: Period, merged: Merged = NOBODY) -> Around:
        """What stands around a unit's period, its own accounts and those of the units that became it."""
        if period.kind is Kind.MONTH:
            return self._window(scheme, unit_id, period.name)
        own = [a for a in self._accounts(scheme, unit_id) if a.period != period.name]
        before = [a for unit in merged.units if unit != unit_id for a in self._accounts(scheme, unit, merged)]
        return Around(tuple(found(period, map(_account, own), map(_account, before))))

    def before(self, scheme: str, unit_id: str, period: str, merged: Merged = NOBODY) -> Previous | None:
        """The latest whole year before this one in which anything stands, of the unit or else of those it was merged from.

        None for a unit without a past.
        """
        own = self._amounts(self._accounts(scheme, unit_id), period)
        predecessors = [
            self._amounts(self._accounts(scheme, unit, merged), period) for unit in merged.units if unit != unit_id
        ]
        common = set.intersection(*(set(p) for p in predecessors)) if predecessors else set()
        latest = max([*own, *common], default=None)
        if latest is None:
            return None
        return Previous(latest, own[latest] if latest in own else _added([p[latest] for p in predecessors]))

    def beside(
        self, scheme: str, unit_id: str, year: Span, period: Period
    ) -> tuple[tuple[Finding, ...] | None, Accepted | None]:
        """Of a whole year of a unit without predecessors: the gaps `around` finds, None where there is an overlap; and the
        account whose year and amounts `before` gives.
        """
        accounts = self._periods(scheme, unit_id)
        if not isinstance(accounts, Accounts):
            return (), None
        beside = accounts.beside.get(year)
        if beside is None:
            beside = accounts.beside[year] = self._gaps(scheme, accounts, year, unit_id, period)
        gaps, before = beside
        return gaps, accounts[before] if before else None

    def _gaps(self, scheme: str, accounts: Accounts, year: Span, unit_id: str, period: Period) -> Beside:
        ended, begun, before = "", "", ""
        for name, other in accounts.items():
            if name == year.name or other.withdrawn or other.kind == MONTH:
                continue
            if other.period_end < year.first:
                ended = max(ended, other.period_end)
            elif other.period_start > year.last:
                begun = min(begun or other.period_start, other.period_start)
            else:
                return None, ""
            if before < name < year.name and other.kind == YEAR and other.amounts:
                before = name
        alone = ended in ("", year.day_before) and begun in ("", year.day_after)
        return () if alone else self.around(scheme, unit_id, period).findings, before

    def later(self, scheme: str, unit_id: str, month: str) -> list[Accepted]:
        """The months after this one that have it in their twelve and were sent, in order."""
        periods = self._periods(scheme, unit_id)
        return [periods[later] for later in eleven_after(month) if later in periods]

    def _window(self, scheme: str, unit_id: str, month: str) -> Around:
        periods = self._periods(scheme, unit_id)
        there = {m: periods[m] for m in twelve_to(month)[:-1] if m in periods}
        revision = sum(a.revision for a in there.values())
        return Around(months={m: a.amounts for m, a in there.items()}, revision=revision)

    def _accounts(self, scheme: str, unit_id: str, merged: Merged = NOBODY) -> list[Accepted]:
        """Accounts of years and parts of years that were not taken back; of a predecessor, only the same organisation's."""
        accounts = [a for a in self._periods(scheme, unit_id).values() if a.kind != MONTH and not a.withdrawn]
        return [a for a in accounts if merged is NOBODY or a.organisation_id == merged.organisation_id]

    def _periods(self, scheme: str, unit_id: str) -> Mapping[str, Accepted]:
        self.back(unit_id)
        return self._standing.get(scheme, NOBODYS).get(unit_id, NOTHING)

    @staticmethod
    def _amounts(accounts: Iterable[Accepted], before: str) -> dict[str, Mapping[str, int]]:
        """Whole years before a reporting year, with the amounts of the figures that stand."""
        return {a.period: a.amounts for a in accounts if a.kind == YEAR and a.amounts and a.period < before}


def _beside(year: Period) -> tuple[int, int]:
    return year.first.toordinal() - 1, year.last.toordinal() + 1


def _added(amounts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several units' amounts, of the data points that all of them have."""
    return {name: sum(a[name] for a in amounts) for name in amounts[0] if all(name in a for a in amounts)}


def _account(accepted: Accepted) -> Account:
    first, last = date.fromisoformat(accepted.period_start), date.fromisoformat(accepted.period_end)
    return Account(accepted.unit_id, first, last)
