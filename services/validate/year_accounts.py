"""What stands of whole years in one scheme, as columns: of units of which nothing else stands. Pure.

An account is a row. A unit's accounts are either here or in its history: they come here when many submissions at once are looked
at, and go back before anybody looks at the unit by itself.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from services.kernels import kernel
from services.validate.account import Accepted
from services.validate.compiled import Bytes, Flags, Texts, Whole
from services.validate.packed import Packed
from services.validate.periods import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from services.validate.numbered import Numbered

YEAR = Kind.YEAR.value
NO_ROW = -1
NEVER = 2**62  # later than any day
# What lies beside a year: nothing to be told, a gap, another account is partly in it, the year is there with other days.
ALONE, GAPS, OVERLAPS, OTHER_DAYS = range(4)
LEAST = 1024  # rows, and units, that there is room for
MOST_PLACES = 64  # of accounts; beyond it, begun anew


class Place(NamedTuple):
    """What accounts of many units have in common."""

    period: str
    first: str
    last: str


class Stands(NamedTuple):
    """What is to stand, U x D amounts.

    names      data points
    anything   U: something stands of it
    """

    revisions: Whole
    receipt_ids: Texts
    organisation_ids: Texts
    names: tuple[str, ...]
    amounts: Whole
    anything: Flags


class YearAccounts:
    """Accounts of units, by their numbers in `units`.

    here       N units: whether a unit's accounts are here
    lists      by row: number of its list of data points in `names`
    amounts    by row, of those data points; whatever, where nothing stands
    anything   by row: something stands
    """

    def __init__(self, scheme: str, units: "Numbered[str]") -> None:
        self._scheme, self.units = scheme, units
        self.here: Flags = np.zeros(0, dtype=np.bool_)
        self.names: list[tuple[str, ...]] = []
        self._lists: dict[tuple[str, ...], int] = {}
        self._places: list[Place] = []
        self._numbers: dict[Place, int] = {}
        self._days: Whole = np.empty((0, 3), dtype=np.int64)  # of places: first and last day, year
        self._rows: NDArray[np.int32] = np.empty((0, 0), dtype=np.int32)  # places x N
        self._free: Whole = np.empty(0, dtype=np.int64)  # rows
        self.amounts: Whole = np.empty((0, 0), dtype=np.int64)
        self.anything: Flags = np.empty(0, dtype=np.bool_)
        self.lists, self._revisions = (np.empty(0, dtype=np.int64) for _ in range(2))
        self._receipt_ids, self._organisation_ids = (np.empty(0, dtype=object) for _ in range(2))

    def __len__(self) -> int:
        return len(self.lists) - len(self._free)

    @property
    def full(self) -> bool:
        """Whether it is to be begun anew."""
        return len(self._places) > MOST_PLACES

    def room(self) -> None:
        """There is room for every unit that was met."""
        many = len(self.units.said)
        if len(self.here) < many:
            more = many - len(self.here) + many + LEAST
            self.here = _longer(self.here, (len(self.here) + more,))
            self._rows = np.pad(self._rows, ((0, 0), (0, more)), constant_values=NO_ROW)

    def beside(self, place: Place, units: Whole) -> tuple[Bytes, Whole]:
        """What lies beside the year of units that are here, and the row of the year it is held against, or NO_ROW."""
        number = self._number(place)
        found, before = np.empty(len(units), dtype=np.uint8), np.empty(len(units), dtype=np.int64)
        _look(self._rows, self._days, self.anything, units, number, found, before)
        return found, before

    def neighbours(self, unit: int, place: Place) -> tuple[Place, ...]:
        """Where else a unit has accounts."""
        there = (self._places[n] for n, row in enumerate(self._rows[:, unit].tolist()) if row != NO_ROW)
        return tuple([one for one in there if one != place])

    def put(self, place: Place, units: Whole, some: Stands) -> Flags:
        """Revisions of different units that are here; whether each is the newest of its place. A lower one changes nothing."""
        number, names = self._number(place), self._listed(some.names)
        rows = self._rows[number, units].astype(np.int64)
        new = (rows == NO_ROW).nonzero()[0]
        if len(new):
            rows[new] = self._taken(len(new))
            self._rows[number, units[new]], self._revisions[rows[new]] = rows[new], 0
        newest: Flags = some.revisions >= self._revisions[rows]
        mine = rows[newest]
        self._revisions[mine], self.lists[mine] = some.revisions[newest], names
        self.amounts[mine, : len(some.names)], self.anything[mine] = some.amounts[newest], some.anything[newest]
        self._receipt_ids[mine] = some.receipt_ids[newest]
        self._organisation_ids[mine] = some.organisation_ids[newest]
        return newest

    def take(self, unit: int, accounts: Iterable[Accepted]) -> None:
        """Have a unit's accounts here from now on, if they are of whole years that were not withdrawn: see `fit`."""
        self.here[unit] = True
        for one in accounts:
            number, (row,) = self._number(Place(one.period, one.period_start, one.period_end)), self._taken(1)
            self._rows[number, unit], self.lists[row] = row, self._listed(one.amounts.names)
            self._revisions[row], self.anything[row] = one.revision, bool(one.amounts)
            self._receipt_ids[row], self._organisation_ids[row] = one.receipt_id, one.organisation_id
            if one.amounts:
                self.amounts[row, : len(one.amounts.names)] = one.amounts.column()

    def given_back(self, unit: int) -> Iterator[Accepted]:
        """A unit's accounts, which are no longer here."""
        for number, row in enumerate(self._rows[:, unit].tolist()):
            if row != NO_ROW:
                yield self.account(row, unit, number)
                self._free = np.append(self._free, row)
        self._rows[:, unit], self.here[unit] = NO_ROW, False

    def account(self, row: int, unit: int, number: int) -> Accepted:
        """A row's account. `number`: of its place."""
        period, first, last = self._places[number]
        names, anything = self.names[self.lists[row]], self.anything[row]
        amounts = Packed(names, self.amounts[row, : len(names)].tobytes() if anything else b"")
        place = self.units.said[unit], self._scheme, period
        sender = self._receipt_ids[row], self._organisation_ids[row]
        return Accepted(*place, *sender, YEAR, first, last, self._revisions.item(row), False, amounts)

    def year_before(self, row: int, unit: int) -> Accepted:
        """The account of a row that a year is held against."""
        return self.account(row, unit, self._rows[:, unit].tolist().index(row))

    def _number(self, place: Place) -> int:
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self._places)
            self._places.append(place)
            days = [date.fromisoformat(day).toordinal() for day in place[1:]]
            self._days = np.vstack([self._days, np.array([*days, int(place.period)])])
            self._rows = np.pad(self._rows, ((0, 1), (0, 0)), constant_values=NO_ROW)
        return number

    def _listed(self, names: tuple[str, ...]) -> int:
        """The number of a list of data points; there is room for as many amounts."""
        number = self._lists.get(names)
        if number is None:
            number = self._lists[names] = len(self.names)
            self.names.append(names)
            self.amounts = _longer(self.amounts, (len(self.amounts), max(len(names), self.amounts.shape[1])))
        return number

    def _taken(self, many: int) -> Whole:
        """So many rows that were free."""
        if len(self._free) < many:
            old = len(self.lists)
            whole = old + max(many, old, LEAST)
            self._free = np.append(np.arange(whole - 1, old - 1, -1), self._free)
            self.amounts = _longer(self.amounts, (whole, self.amounts.shape[1]))
            self.anything, self.lists, self._revisions = (
                _longer(column, (whole,)) for column in (self.anything, self.lists, self._revisions)
            )
            self._receipt_ids, self._organisation_ids = (
                _longer(column, (whole,)) for column in (self._receipt_ids, self._organisation_ids)
            )
        found, self._free = self._free[-many:], self._free[:-many]
        return found


def _longer(column: Any, shape: tuple[int, ...]) -> Any:
    """With zeros behind it."""
    found = np.zeros(shape, dtype=column.dtype)
    found[tuple(map(slice, column.shape))] = column
    return found


def fit(accounts: Iterable[Accepted]) -> bool:
    """Whether accounts can be here."""
    return all(one.kind == YEAR and not one.withdrawn for one in accounts)


@kernel("void(i4[:,::1], i8[:,::1], b1[::1], i8[::1], i8, u1[::1], i8[::1])")
def _look(
    rows: "NDArray[np.int32]", days: Whole, anything: Flags, units: Whole, mine: int, found: Bytes, before: Whole
) -> None:
    """`beside` of a place by its number."""
    first, last, year = days[mine]
    for u in range(len(units)):
        ended, begun, latest = 0, NEVER, 0
        found[u], before[u] = ALONE, NO_ROW
        for n in range(len(rows)):
            row = rows[n, units[u]]
            if n == mine or row == NO_ROW:
                continue
            if days[n, 2] == year:
                found[u] = OTHER_DAYS
            elif days[n, 1] < first:
                ended = max(ended, days[n, 1])
            elif days[n, 0] > last:
                begun = min(begun, days[n, 0])
            else:
                found[u] = max(found[u], OVERLAPS)
            if latest < days[n, 2] < year and anything[row]:
                before[u], latest = row, days[n, 2]
        if found[u] == ALONE and (ended not in (0, first - 1) or begun not in (NEVER, last + 1)):
            found[u] = GAPS
