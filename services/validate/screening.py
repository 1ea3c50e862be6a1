"""Many submissions at once: what `assessing.assess` would say of each, where all that is in question is each figure by itself.

Whole years of units that stand alone and overlap nothing. The other submissions are left to be assessed one by one; of these, the
figures that are not plainly in order are left to the rules.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from services.catalogue import definitions
from services.catalogue.quartiles import Frozen
from services.validate import judging, periods, wire
from services.validate.clear import Clear
from services.validate.compiled import Whole
from services.validate.history import History, Span
from services.validate.judging import Candidates
from services.validate.past import Past, past
from services.validate.periods import Kind, Period
from services.validate.received import NO_LIST, Arrived
from services.validate.screen import UNREADABLE
from services.validate.sheet import MOST_KEPT, Sheets
from services.validate.year_accounts import YearAccounts

REASONS = np.full(256, UNREADABLE, dtype=np.uint8)  # number of a missing reason -> number of its absence
REASONS[0] = 0
REASONS[[*wire.MISSING]] = [absence.value for absence in wire.MISSING.values()]


class Screener:
    """Screens submissions; what it remembers between two batches follows from catalogues and fences alone."""

    def __init__(self, catalogue_year: int | None, frozen: Frozen | None) -> None:
        self._catalogue_year, self._frozen = catalogue_year, frozen
        self._years: dict[tuple[str, str], tuple[Period, Span] | None] = {}
        self._sheets: dict[tuple[str, str], Sheets] = {}

    def __call__(self, sent: Arrived, numbers: Whole, history: History) -> list[Clear]:
        """Assessments of submissions of different units, by their numbers; the others are to be assessed by themselves."""
        found, those = list[Clear](), numbers[sent.lists[numbers] != NO_LIST]
        years: dict[str, YearAccounts] = {}
        accounts = sent.accounts[those]
        for account in dict.fromkeys(accounts.tolist()):  # in order of arrival
            scheme, first, last = sent.known.accounts.said[account]
            year = self._year(first, last)
            sheets = self._sheet(scheme, year[1].name) if year else None
            if year and sheets:
                if scheme not in years:  # the same for all of a round
                    years[scheme] = history.years(scheme, sent.known.units)
                some = those[accounts == account]
                looked = partial(past, history, years[scheme], scheme)
                candidates = _candidates(sheets, scheme, *year, sent, some, looked)
                if len(candidates.numbers):
                    found.append(judging.judged(candidates))
                sheets.bounded()
        return found

    def _year(self, start: str, end: str) -> tuple[Period, Span] | None:
        if (start, end) not in self._years:
            if len(self._years) > MOST_KEPT:
                self._years.clear()
            period = periods.read(start, end)
            whole = isinstance(period, Period) and period.kind is Kind.YEAR
            self._years[start, end] = (period, Span.of(period)) if whole and isinstance(period, Period) else None
        return self._years[start, end]

    def _sheet(self, scheme: str, period: str) -> Sheets | None:
        try:
            catalogue = definitions.of(scheme, period, self._catalogue_year)
        except definitions.UnknownDefinitions:
            return None
        sheets = self._sheets.get((scheme, period))
        if sheets is None or sheets.catalogue is not catalogue:
            if len(self._sheets) > MOST_KEPT:
                self._sheets.clear()
            frozen = self._frozen.judging(scheme, period) if self._frozen else None
            sheets = self._sheets[scheme, period] = Sheets(catalogue, frozen, REASONS)
        return sheets if sheets.layout.fits else None


def _candidates(
    sheets: Sheets,
    scheme: str,
    period: Period,
    year: Span,
    sent: Arrived,
    numbers: Whole,
    past_of: Callable[[Span, Period, Whole], Past],
) -> Candidates:
    """Those of a whole year's submissions, by their numbers, that can be screened."""
    placed = sheets.placed(period, year, sent.profiles[numbers], sent.known.profiles)
    kinds, merged = placed.chosen(sent.profiles[numbers])
    alone = (~merged).nonzero()[0]
    looked = past_of(year, period, sent.units[numbers[alone]])
    apart = (~looked.overlaps).nonzero()[0]
    which = alone[apart]
    return Candidates(
        scheme, period, year, sheets, placed, sent, numbers[which], kinds.chosen(which), looked.chosen(apart)
    )
