"""What came of a batch of submissions, as everything that is written of it. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services import pieces
from services.pieces import Joined
from services.validate import account, wire
from services.validate.account import Accepted
from services.validate.clear import Clear
from services.validate.compiled import Whole
from services.validate.received import Arrived

Place = tuple[str, str, str]  # scheme, reporting period, rule set


class Alone(NamedTuple):
    """A submission that was assessed by itself.

    kept      what of it stands; absent where nothing does, or a newer revision arrived before it
    records   what goes to the benchmarks: of a month also those made anew
    """

    number: int
    item: wire.Assessed
    kept: Accepted | None
    records: Sequence[wire.Assessed]


@dataclass(frozen=True)
class Taken:
    """What came of a batch of submissions: of those not assessed before, together or alone."""

    sent: Arrived
    together: list[Clear]
    alone: list[Alone]

    def assessed(self) -> Joined:
        """SubmissionAssessed of each, in order of arrival."""
        parts = [(clear.numbers, clear.assessed(self.sent)) for clear in self.together]
        return pieces.joined(len(self.sent), parts, {one.number: one.item.said for one in self.alone})

    def accounts(self, numbered: Callable[[tuple[str, ...]], int]) -> Joined:
        """What of each stands, as it is kept. `numbered`: the number of a list of data points."""
        parts = [clear.accounts(self.sent, numbered(tuple(clear.catalogue.data_point))) for clear in self.together]
        kept = {one.number: one.kept for one in self.alone if one.kept is not None}
        written = {number: account.written(one, numbered(one.amounts.names)) for number, one in kept.items()}
        return pieces.joined(len(self.sent), parts, written)

    def records(self) -> Iterator[tuple[int, wire.Assessed]]:
        """What goes to the benchmarks of those assessed alone, with their numbers."""
        for one in self.alone:
            for item in one.records:
                yield one.number, item

    def units(self, numbers: Whole) -> list[int]:
        """Numbers of the units that submissions are of."""
        found: list[int] = self.sent.units[numbers].tolist()
        return found

    def places(self, numbers: Whole) -> list[Place]:
        """Where each was assessed."""
        which, found = np.zeros(len(self.sent), dtype=np.int64), list[Place]()
        for clear in self.together:
            which[clear.numbers] = len(found)
            found.append(clear.place)
        for one in self.alone:
            which[one.number] = len(found)
            found.append(one.item.place)
        return [found[n] for n in which[numbers].tolist()]

    def receipt_ids(self, numbers: Whole) -> list[str]:
        """Their receipts."""
        found: list[str] = self.sent.receipt_ids[numbers].tolist()
        return found

    def by_rule_set(self) -> dict[str, list[str]]:
        """The receipts of each rule set."""
        found: dict[str, list[str]] = {}
        for clear in self.together:
            found.setdefault(clear.place[2], []).extend(self.receipt_ids(clear.numbers))
        for one in self.alone:
            found.setdefault(one.item.rule_set, []).append(one.item.receipt_id)
        return found
