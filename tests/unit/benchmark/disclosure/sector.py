"""A small sector with one protected figure, built by saying what units report."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from services.benchmark import released
from services.benchmark.batch import Batch, Registration
from services.benchmark.disclosure import planning
from services.benchmark.disclosure.planning import Figure, Order, Plan
from services.benchmark.released import Decision, Held, Kind, Outcome, Release
from services.benchmark.series import PeriodSeries
from services.benchmark.view import View

NAME = "COST"
FIGURE = Figure(NAME, 0, ("all", "type=A", "type=B"), 0, Fraction(1, 100), True)
CALENDAR: tuple[Kind, ...] = ("provisional", "revised", "final")


class Sector:
    """One scheme and period; every unit is a holder of its own unless said otherwise."""

    def __init__(self, figure: Figure = FIGURE) -> None:
        self.state, self.figure = PeriodSeries((figure.key_figure,)), figure
        self.earlier: list[tuple[Release, View]] = []
        self._revisions: dict[str, int] = {}

    def expect(self, units: Iterable[str], *groups: str) -> None:
        """Register units."""
        self.state.register([Registration(u, u, 1, ("all", *groups)) for u in units])

    def report(
        self,
        units: Mapping[str, tuple[int, int]],
        *groups: str,
        holders: Mapping[str, str] | None = None,
        withdrawn: bool = False,
    ) -> None:
        """Let units report, correct or withdraw."""
        names = list(units)
        for unit in names:
            self._revisions[unit] = self._revisions.get(unit, 0) + 1
        self.state.apply(
            Batch(
                method_version="test",
                key_figures=(NAME,),
                unit_ids=names,
                organisations=names,
                holders=[(holders or {}).get(u, u) for u in names],
                groups=[("all", *groups)] * len(names),
                revisions=[self._revisions[u] for u in names],
                withdrawn=[withdrawn] * len(names),
                numerators=np.array([[n for n, _ in units.values()]], dtype=np.int64),
                denominators=np.array([[d for _, d in units.values()]], dtype=np.int64),
                absences=np.array([[9 if withdrawn else 0] * len(names)], dtype=np.uint8),
            )
        )

    def withdraw(self, *units: str) -> None:
        """Let units take their figures back."""
        self.report(dict.fromkeys(units, (0, 0)), withdrawn=True)

    def plan(self, kind: Kind, calendar: tuple[Kind, ...] = CALENDAR) -> Plan:
        """What a release would be now."""
        order = Order(len(self.earlier) + 1, kind, kind == calendar[-1], "2025-04-01")
        return planning.plan(self.state.freeze(), self.earlier, [self.figure], order)

    def release(self, kind: Kind) -> dict[str, tuple[Outcome, Held]]:
        """Make a release; what it decided about each group."""
        plan = self.plan(kind)
        self.state.release(plan.release)
        self.earlier.append((plan.release, self.state.freeze()))
        return {d.group: (d.outcome, d.held) for d in plan.release.decisions}

    def blank(self, *groups: str) -> None:
        """Withdraw released cells at once."""
        cells = [(self.figure.key_figure, group) for group in groups]
        vintage = self.state.vintage + 1
        one = released.withdrawal([r for r, _ in self.earlier], cells, "law", vintage=vintage, made_on="2025-05-01")
        self.state.release(one)
        self.earlier.append((one, self.state.freeze()))

    def decision(self, group: str = "all") -> Decision:
        """What the newest release decided about a group."""
        return self.earlier[-1][0].by_cell[self.figure.key_figure, group]


def units(first: int, last: int, *, start: int = 100) -> dict[str, tuple[int, int]]:
    """Units u first to u last - 1 with denominators of 10 and ratios that rise by 1."""
    return {f"u{n:03}": (10 * (start + n), 10) for n in range(first, last)}
