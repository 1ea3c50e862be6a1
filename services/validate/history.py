"""What a unit had accepted, as it grows while a batch is read. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.validate.account import Accepted
from services.validate.doubts import Previous
from services.validate.finding import Finding
from services.validate.neighbours import Account, Around, found
from services.validate.periods import Kind, Period, eleven_after, twelve_to


@dataclass(frozen=True)
class Merged:
    """The units that became one, as its profile says, and the organisation that sends for it.

    Only what that same organisation sent for them is looked at: nobody reads another's amounts by naming its unit.
    """

    organisation_id: str = ""
    units: tuple[str, ...] = ()


NOBODY = Merged()
YEAR, MONTH = Kind.YEAR.value, Kind.MONTH.value


@dataclass(frozen=True)
class Span:
    """A whole year as text: its name, and the days that begin it, end it, and lie beside it; and how many days it has."""

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
NOTHING: Mapping[str, Accepted] = {}
NOBODYS: Mapping[str, Mapping[str, Accepted]] = {}


class History:
    """What stands per scheme, unit and period. Submissions must be added in the order in which they arrived."""

    def __init__(self, standing: Iterable[Accepted] = ()) -> None:
        self._standing: dict[str, dict[str, dict[str, Accepted]]] = {}
        self._count = 0
        for accepted in standing:
            self.add(accepted)

    def __len__(self) -> int:
        return self._count

    def add(self, accepted: Accepted) -> bool:
        """A revision that was assessed; whether it is the newest of its place. A lower one changes nothing."""
        unit_id, scheme, period, _, _, _, _, _, revision, _, _, event = accepted
        units = self._standing.get(scheme)
        if units is None:
            units = self._standing[scheme] = {}
        periods = units.get(unit_id)
        if periods is None:
            periods = units[unit_id] = {}
        held = periods.get(period)
        if held is None:
            self._count += 1
        elif revision < held.revision:
            return False
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
        own = self._years(self._accounts(scheme, unit_id), period)
        predecessors = [
            self._years(self._accounts(scheme, unit, merged), period) for unit in merged.units if unit != unit_id
        ]
        common = set.intersection(*(set(p) for p in predecessors)) if predecessors else set()
        latest = max([*own, *common], default=None)
        if latest is None:
            return None
        return Previous(latest, own[latest] if latest in own else _added([p[latest] for p in predecessors]))

    def plain(
        self, scheme: str, unit_id: str, year: Span, period: Period
    ) -> tuple[tuple[Finding, ...] | None, Accepted | None]:
        """Of a whole year of a unit without predecessors: the gaps `around` finds, None where there is an overlap; and the
        account whose year and amounts `before` gives.
        """
        ended, begun, latest, before = "", "", None, ""
        name, first, last = year.name, year.first, year.last
        for period_name, other in self._periods(scheme, unit_id).items():
            if period_name == name or other.withdrawn or other.kind == MONTH:
                continue
            start, end = other.period_start, other.period_end
            if end < first:
                ended = max(ended, end)
            elif start > last:
                if not begun or start < begun:
                    begun = start
            else:
                return None, None
            if before < period_name < name and other.kind == YEAR and other.amounts:
                latest, before = other, period_name
        alone = ended in ("", year.day_before) and begun in ("", year.day_after)
        return () if alone else self.around(scheme, unit_id, period).findings, latest

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
        return self._standing.get(scheme, NOBODYS).get(unit_id, NOTHING)

    @staticmethod
    def _years(accounts: Iterable[Accepted], before: str) -> dict[str, Mapping[str, int]]:
        """Whole years before a reporting year, with the amounts of the figures that stand."""
        return {a.period: a.amounts for a in accounts if a.kind == YEAR and a.amounts and a.period < before}


def predecessors(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """The units that a profile says became this one: the attribute `merged_from`, ids joined by ;.

    >>> predecessors({"merged_from": "7-12; 7-13;"}), predecessors({})
    (('7-12', '7-13'), ())
    """
    said = attributes.get("merged_from", "")
    return tuple(sorted({unit.strip() for unit in said.split(";") if unit.strip()})) if said else ()


def _beside(year: Period) -> tuple[int, int]:
    return year.first.toordinal() - 1, year.last.toordinal() + 1


def _added(amounts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several units' amounts, of the data points that all of them have."""
    return {name: sum(a[name] for a in amounts) for name in amounts[0] if all(name in a for a in amounts)}


def _account(accepted: Accepted) -> Account:
    first, last = date.fromisoformat(accepted.period_start), date.fromisoformat(accepted.period_end)
    return Account(accepted.unit_id, first, last)
