"""Series: what the records of one method version add up to. One ledger holds every series of a scheme and period.

The vintage counts the distinct records of all series, so that it names one point of the ledger; a cell is made of one series
alone. Which series is the default at a vintage follows from the records alone, not from the order they came in.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.benchmark.batch import Batch, Registration
from services.benchmark.released import Release
from services.benchmark.state import PeriodState
from services.benchmark.view import View

NONE = ""  # the method version while nobody has reported
NUMBERED = re.compile(r"([a-z][a-z-]*)-([0-9]+)")  # rules-2
EDITION = re.compile(r"[^/+]*/[0-9]+\.([0-9]+)#")  # uk-tsm/2024.2#…


class UnknownMethod(LookupError):
    """No record of this method version is in the ledger at the vintage. `known` has those that are, oldest first."""

    def __init__(self, method_version: str, known: list[str]) -> None:
        super().__init__(method_version)
        self.method_version, self.known = method_version, known


def oldest_first(methods: Iterable[str]) -> list[str]:
    """Method versions by edition of the catalogue, then by the numbers of their parts by name, then as text.

    >>> oldest_first(["a/2024#f+rules-10", "a/2024.2#0+rules-2", "a/2024#0+rules-9"])
    ['a/2024#0+rules-9', 'a/2024#f+rules-10', 'a/2024.2#0+rules-2']
    """
    everything = sorted(methods)
    parts = {m: {n: int(v) for n, v in NUMBERED.findall(m.partition("+")[2])} for m in everything}
    names = sorted({name for numbers in parts.values() for name in numbers})
    return sorted(everything, key=lambda m: (_edition(m), [parts[m].get(name, 0) for name in names]))


def _edition(method_version: str) -> int:
    match = EDITION.match(method_version)
    return int(match[1]) if match else 1


def less_withdrawn(view: View, releases: Sequence[Release]) -> View:
    """An earlier view without the numbers that were withdrawn since: what the law demanded gone is not shown for asking back."""
    since = [one for one in releases if one.kind == "withdrawal" and one.vintage > view.vintage]
    return replace(view, releases=[*view.releases, *since]) if since else view


class PeriodSeries:
    """Every series of one scheme and period, kept up to date record by record.

    states          method version -> its state; NONE while nobody has reported: it knows the registrations alone
    registrations   unit -> the registration that holds; every series expects the same units
    releases        of protected cells, in order: each froze the series that was the default, and is shown whatever is asked for
    """

    def __init__(self, figures: Sequence[str]) -> None:
        self.figures = tuple(figures)
        self.vintage = 0
        self.states: dict[str, PeriodState] = {NONE: PeriodState(figures)}
        self.registrations: dict[str, Registration] = {}
        self.seen: set[tuple[str, int]] = set()  # registrations, also those that do not hold
        self.releases: list[Release] = []
        self._default = (0, NONE)  # at a vintage

    @property
    def default(self) -> str:
        """The method version of the series that is shown unless another is asked for.

        A newer method takes over when it has a record of every unit that counts in the series it follows.
        """
        if self._default[0] != self.vintage:
            chosen = NONE
            for method in self.methods:
                if chosen == NONE or self.states[method].covers(self.states[chosen]):
                    chosen = method
            self._default = (self.vintage, chosen)
        return self._default[1]

    @property
    def methods(self) -> list[str]:
        """The method versions there are records of, oldest first."""
        return oldest_first(m for m in self.states if m)

    @property
    def touched(self) -> set[str]:
        """Groups of the default series in which something changed since the last clearing."""
        return self.states[self.default].touched

    @property
    def submitted(self) -> set[int]:
        """Columns of the default series whose own record changed since the last clearing."""
        return self.states[self.default].submitted

    def apply(self, batch: Batch, *, until: int | None = None) -> int:
        """Take records of one method in, up to a vintage if one is given. Returns how many were new. Raises ValueError."""
        state = self.states.get(batch.method_version) or self.states.get(NONE) or self._begin()
        new = state.apply(batch, until=None if until is None else state.vintage + until - self.vintage)
        if new:
            self.states.pop(NONE, None)  # it is the first method's now
            self.states[batch.method_version] = state
        self.vintage += new
        return new

    def register(self, registrations: Sequence[Registration], *, until: int | None = None) -> int:
        """Take registrations in, up to a vintage if one is given. Returns how many were new."""
        fresh: list[Registration] = []
        for one in registrations:
            if self.vintage + len(fresh) == until:
                break
            if (one.unit_id, one.version) not in self.seen:
                self.seen.add((one.unit_id, one.version))
                fresh.append(one)
                held = self.registrations.get(one.unit_id)
                if held is None or one.version > held.version:
                    self.registrations[one.unit_id] = one
        for state in self.states.values():
            state.register(fresh)
        self.vintage += len(fresh)
        return len(fresh)

    def release(self, one: Release, *, until: int | None = None) -> int:
        """Take a release in: it shows the default series as it is. Returns whether it was new."""
        if self.vintage == until or any(earlier.number == one.number for earlier in self.releases):
            return 0
        self.states[self.default].touched.update(group for _, group in one.by_cell)
        self.releases.append(one)
        self.vintage += 1
        return 1

    def freeze(self, method_version: str = "") -> View:
        """One series as it now is, to keep; the default unless one is named. Raises UnknownMethod."""
        if method_version and method_version not in self.states:
            raise UnknownMethod(method_version, self.methods)
        return self.states[method_version or self.default].freeze(self.vintage, self.releases[:])

    def clear_changes(self) -> None:
        """Forget what changed: it has been published."""
        for state in self.states.values():
            state.clear_changes()

    def _begin(self) -> PeriodState:
        state = PeriodState(self.figures)
        state.register(list(self.registrations.values()))
        return state
