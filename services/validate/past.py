"""What lies beside a year, and the year it is held against: of many units without predecessors. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from services.validate.account import Accepted
from services.validate.compiled import Flags, Whole
from services.validate.finding import Finding
from services.validate.history import History, Span
from services.validate.neighbours import Account, found
from services.validate.periods import Period
from services.validate.year_accounts import GAPS, NO_ROW, OTHER_DAYS, OVERLAPS, Place, YearAccounts

Gaps = tuple[Finding, ...]


@dataclass(frozen=True)
class Past:
    """U units.

    years      where the accounts of most are, in columns
    rows       U: of the year before, NO_ROW where there is none there
    accounts   by their places among the U: years before of the others
    gaps       likewise, of those where something is to be told of the periods beside the year
    overlaps   U: another account is partly in this year
    """

    years: YearAccounts
    units: Whole
    rows: Whole
    accounts: Mapping[int, Accepted]
    gaps: Mapping[int, Gaps]
    overlaps: Flags

    def chosen(self, which: Whole) -> "Past":
        """Of some of them, by their places in order."""
        again = {n: k for k, n in enumerate(which.tolist())} if self.accounts or self.gaps else {}
        accounts = {again[n]: one for n, one in self.accounts.items() if n in again}
        gaps = {again[n]: some for n, some in self.gaps.items() if n in again}
        return Past(self.years, self.units[which], self.rows[which], accounts, gaps, self.overlaps[which])

    def before(self, n: int) -> Accepted | None:
        """The account of the year before."""
        row = self.rows.item(n)
        return self.accounts.get(n) if row == NO_ROW else self.years.year_before(row, self.units.item(n))


def past(history: History, years: YearAccounts, scheme: str, year: Span, period: Period, units: Whole) -> Past:
    """Of different units, by their numbers in the columns."""
    place = Place(year.name, year.first, year.last)
    history.into_years(years, scheme, units)
    rows, overlaps = np.full(len(units), NO_ROW, dtype=np.int64), np.zeros(len(units), dtype=np.bool_)
    accounts, gaps = dict[int, Accepted](), dict[int, Gaps]()
    here = years.here[units].nonzero()[0]
    state, rows[here] = years.beside(place, units[here])
    overlaps[here] = state == OVERLAPS
    told: dict[tuple[Place, ...], Gaps] = {}  # for many it is the same
    for n in here[state == GAPS].tolist():
        others = years.neighbours(units.item(n), place)
        if others not in told:
            told[others] = _gaps(period, others)
        if told[others]:
            gaps[n] = told[others]
    for unit in units[here[state == OTHER_DAYS]].tolist():
        history.back(years.units.said[unit])
    for n in (~years.here[units]).nonzero()[0].tolist():
        some, before = history.beside(scheme, years.units.said[units.item(n)], year, period)
        rows[n], overlaps[n] = NO_ROW, some is None
        if some:
            gaps[n] = some
        if before:
            accounts[n] = before
    return Past(years, units, rows, accounts, gaps, overlaps)


def _gaps(period: Period, others: Iterable[Place]) -> Gaps:
    """What is told of a period that overlaps no other. Of whose it is, nothing."""
    days = ((date.fromisoformat(one.first), date.fromisoformat(one.last)) for one in others)
    return tuple(found(period, [Account("", first, last) for first, last in days], ()))
