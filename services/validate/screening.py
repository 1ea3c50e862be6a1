"""Many submissions at once: what `assessing.assess` would say of each, where all that is in question is each figure by itself.

Whole years of units that stand alone and overlap nothing. The other submissions are left to be assessed one by one; of these, the
figures that are not plainly in order are left to the rules.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from services.catalogue import definitions
from services.catalogue.quartiles import Frozen
from services.validate import judging, periods, wire
from services.validate.dense_wire import Clear
from services.validate.history import History, Span
from services.validate.judging import Candidate
from services.validate.periods import Kind, Period
from services.validate.received import Account, Received
from services.validate.screen import UNREADABLE
from services.validate.sheet import MOST_KEPT, Sheets

REASONS = np.full(256, UNREADABLE, dtype=np.uint8)  # number of a missing reason -> number of its absence
REASONS[0] = 0
REASONS[[*wire.MISSING]] = [absence.value for absence in wire.MISSING.values()]


class Screener:
    """Screens submissions; what it remembers between two batches follows from catalogues and fences alone."""

    def __init__(self, catalogue_year: int | None, frozen: Frozen | None) -> None:
        self._catalogue_year, self._frozen = catalogue_year, frozen
        self._years: dict[tuple[str, str], tuple[Period, Span] | None] = {}
        self._sheets: dict[tuple[str, str], Sheets] = {}

    def __call__(self, sent: Sequence[Received], history: History) -> list[Clear | None]:
        """An assessment of each submission, None where it is to be assessed by itself."""
        found: list[Clear | None] = [None] * len(sent)
        accounts: dict[Account, list[int]] = {}
        for at, one in enumerate(sent):
            if one.accepted:
                accounts.setdefault(one.account, []).append(at)
        together: dict[tuple[str, str], list[Candidate]] = {}
        for account, numbers in accounts.items():
            scheme, first, last = account
            year = self._year(first, last)
            if year and (sheets := self._sheet(scheme, year[1].name)):
                candidates = _candidates(sheets, scheme, *year, sent, numbers, history)
                together.setdefault((scheme, year[1].name), []).extend(candidates)
        for key, some in together.items():
            if some:
                sheets = self._sheets[key]
                for candidate, item in zip(some, judging.judged(sheets, *key, some), strict=True):
                    found[candidate.at] = item
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
    sent: Sequence[Received],
    numbers: Sequence[int],
    history: History,
) -> Iterator[Candidate]:
    """Those of a whole year's submissions, by their numbers, that can be screened."""
    those = [sent[n] for n in numbers]
    places = sheets.placed(period, year, [one.profile for one in those])
    pasts = history.plain(scheme, [one.unit_id for one in those], year, period)
    for at, one, (place, factors), (gaps, before) in zip(numbers, those, places, pasts, strict=True):
        if place.merged or gaps is None:
            continue
        message = one.message
        row = one.row if message is None else wire.row(message)
        if row is not None:
            confirmed = message is not None and len(message.submission.confirmations) > 0
            yield _made((at, one, row, confirmed, gaps, before, period, year, place, factors))


_made = partial(tuple.__new__, Candidate)  # without a call of Python's for each
