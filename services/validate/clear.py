"""Submissions that were assessed together, as columns. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from services import pieces
from services.catalogue.definitions import Catalogue
from services.pieces import Piece
from services.validate import account, wire
from services.validate.account import Accepted
from services.validate.compiled import Bytes, Flags, Whole
from services.validate.history import History
from services.validate.packed import Packed
from services.validate.received import Arrived
from services.validate.record_bytes import HEAD, ORGANISATION, RECEIPT_ID
from services.validate.year_accounts import YEAR, Place, Stands, YearAccounts


@dataclass(frozen=True)
class Columns:
    """U x F key figures of submissions assessed together. `stands`: there is a pair, else whatever numbers."""

    numerators: Whole
    denominators: Whole
    absences: Bytes
    stands: Flags


@dataclass(frozen=True, eq=False)
class Clear:
    """U submissions of different units and one account, of a whole year, with no fault in their data points.

    place      scheme, reporting period, rule set
    days       first, last
    numbers    U: of the submissions
    of         U: where in the columns each is
    units      U: numbers of units in `years`
    grouped    U: which of `groups` are each one's
    amounts    U x D: those that stand, see `packed`; of the catalogue's data points
    anything   U: something stands
    said       SubmissionAssessed behind its period
    newest     U: it is the newest revision of its place
    """

    place: tuple[str, str, str]
    days: tuple[str, str]
    catalogue: Catalogue
    columns: Columns
    numbers: Whole
    of: Whole
    units: Whole
    years: YearAccounts
    groups: list[tuple[str, ...]]
    grouped: Whole
    amounts: Whole
    anything: Flags
    said: list[Piece]
    newest: Flags = field(default_factory=lambda: np.empty(0, dtype=np.bool_))

    def __len__(self) -> int:
        return len(self.numbers)

    def without(self, those: Collection[int]) -> "Clear":
        """The others; `those`: their places among them."""
        kept = np.setdiff1d(np.arange(len(self.numbers)), [*those])
        chosen = {
            name: getattr(self, name)[kept] for name in ("numbers", "of", "units", "grouped", "amounts", "anything")
        }
        return replace(self, **chosen, said=[(content, spans[kept]) for content, spans in self.said])

    def put(self, sent: Arrived, history: History) -> "Clear":
        """With them among what stands."""
        said, here = sent.known.organisations.said, self.years.here[self.units]
        names, newest = tuple(self.catalogue.data_point), np.empty(len(self), dtype=np.bool_)
        those = here.nonzero()[0]
        numbers = self.numbers[those]
        stands = Stands(
            sent.revisions[numbers],
            sent.receipt_ids[numbers],
            np.array([said[n] for n in sent.organisations[numbers].tolist()], dtype=object),
            names,
            self.amounts if len(those) == len(self) else self.amounts[those],
            self.anything[those],
        )
        newest[those] = self.years.put(Place(self.place[1], *self.days), self.units[those], stands)
        for n in (~here).nonzero()[0].tolist():
            number = self.numbers.item(n)
            amounts = Packed(names, self.amounts[n].tobytes() if self.anything[n] else b"")
            sender = sent.receipt_ids[number], said[sent.organisations.item(number)]
            place = sent.unit_id(number), *self.place[:2], *sender, YEAR, *self.days
            newest[n] = history.add(Accepted(*place, sent.revisions.item(number), False, amounts))
        return replace(self, newest=newest)

    def assessed(self, sent: Arrived) -> list[Piece]:
        """SubmissionAssessed of each, in pieces."""
        behind = wire.behind_receipt(*self.place[:2])
        head = sent.heads, sent.spans[self.numbers, HEAD]
        return [head, pieces.same(behind, len(self.numbers)), *self.said]

    def accounts(self, sent: Arrived, number: int) -> tuple[Whole, list[Piece]]:
        """Numbers of those that stand, and what is kept of each, in pieces. `number`: of the list of data points."""
        those, (scheme, period, _) = self.newest.nonzero()[0], self.place
        numbers, amounts = self.numbers[those], self.amounts
        width = amounts.itemsize * amounts.shape[1]
        spans = np.where(self.anything[those, np.newaxis], pieces.of_rows(those, width), 0)
        shared = pieces.same(account.shared(scheme, period, YEAR, *self.days), len(those))
        parts: list[Piece] = [shared, *((sent.whole, sent.spans[numbers, part]) for part in (RECEIPT_ID, ORGANISATION))]
        parts.append((amounts.view(np.uint8).reshape(-1), spans))
        return numbers, [account.heads(sent.revisions[numbers], number, parts), *parts]
