"""Planning a release: what each protected cell may show, decided from what went out and what has been reported. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from services.benchmark import ordering, released, statistics
from services.benchmark.disclosure import RULES, calendar, changes, contributions, gate, rounding, size
from services.benchmark.disclosure.audit import Audit
from services.benchmark.disclosure.contributions import Contributions, Line
from services.benchmark.disclosure.expecting import Expecting
from services.benchmark.ordering import Sorted
from services.benchmark.released import Decision, Held, Kind, Numbers, Outcome, Release
from services.benchmark.statistics import MEDIAN, Q1, Q3
from services.benchmark.view import View

WIDEST = 40  # groups a calendar is judged by


@dataclass(frozen=True)
class Figure:
    """A protected key figure as a release sees it.

    row       in the view; groups: those it is released for, wide to narrow
    fewest    units it needs, whatever the tiers allow
    finest    the last decimal its ratio is shown with: no rounding base is finer
    """

    key_figure: str
    row: int
    groups: tuple[str, ...]
    fewest: int
    finest: Fraction
    mean_meaningful: bool


@dataclass(frozen=True)
class Order:
    """Which release is to be made. `last`: the calendar has none after it. `spreads`: the IQR of cells in the period before."""

    number: int
    kind: Kind
    last: bool
    made_on: str
    spreads: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A release that could be made, and what a statistician asks about it.

    changed   (key figure, group) -> release number -> how many holders differ from it
    audits    key figure -> audit of all that is out with what would go out
    """

    release: Release
    changed: Mapping[tuple[str, str], Mapping[int, int]]
    audits: Mapping[str, Audit]


Earlier = Sequence[tuple[Release, View]]  # releases in order, each with the state it showed


def plan(view: View, earlier: Earlier, figures: Sequence[Figure], order: Order) -> Plan:
    """Decide every cell. A function of its arguments: the same ledger gives the same release to the byte."""
    decisions: list[Decision] = []
    changed: dict[tuple[str, str], dict[int, int]] = {}
    audits: dict[str, Audit] = {}
    groups: dict[str, Sorted] = {}
    expecting = Expecting(view)
    for figure in figures:
        one = _Planned(view, earlier, figure, order, groups, expecting)
        audits[figure.key_figure] = one.audit
        decisions += one.decisions
        changed |= one.changed
    release = Release(
        order.number, order.kind, view.vintage + 1, order.made_on, RULES, view.method_version, tuple(decisions)
    )
    return Plan(release, changed, audits)


def went_out(earlier: Earlier, figure: Figure) -> list[tuple[int, str, list[Line]]]:
    """Every cell of a figure that was ever released: release number, group, its units then; in the order they went out."""
    return [
        (release.number, group, contributions.lines(then, figure.row, group))
        for release, then in earlier
        for (key_figure, group), decision in release.by_cell.items()
        if key_figure == figure.key_figure and decision.outcome is Outcome.RELEASED
    ]


def final_share(view: View, figure: Figure, releases: int) -> Fraction:
    """How many of a figure's widest cells could still show their final value after so many releases (D5b).

    By those expected now, who report evenly, in an order that depends on their names alone. Narrow cells would take long to
    go through and are mostly too small.
    """
    expecting = Expecting(view)
    lines = (expecting.final(group, contributions.lines(view, figure.row, group)) for group in figure.groups[:WIDEST])
    cells = [frozenset(holder for holder, *_ in one) for one in lines]
    arrival = sorted(frozenset().union(*cells), key=lambda holder: hashlib.sha256(holder.encode()).digest())
    return calendar.final_share(cells, arrival, releases)


class _Planned:
    """One figure's decisions."""

    def __init__(
        self,
        view: View,
        earlier: Earlier,
        figure: Figure,
        order: Order,
        groups: dict[str, Sorted],
        expecting: Expecting,
    ) -> None:
        self._view, self._figure, self._order, self._groups = view, figure, order, groups
        self._releases = [release for release, _ in earlier]
        self._out = went_out(earlier, figure)
        self._then: dict[str, list[tuple[int, Contributions]]] = {}
        for number, group, lines in self._out:
            self._then.setdefault(group, []).append((number, contributions.of_lines(lines)))
        self.changed: dict[tuple[str, str], dict[int, int]] = {}
        self._lines = {group: contributions.lines(view, figure.row, group) for group in figure.groups}
        self._final = {g: expecting.final(g, lines) for g, lines in self._lines.items()}
        early = {group: self._early(group, lines) for group, lines in self._lines.items()}
        held, self.audit = self._held([group for group, decision in early.items() if decision is None])
        self.decisions = [
            decision or self._decision(group, held.get(group, Held.NOT)) for group, decision in early.items()
        ]

    def _early(self, group: str, lines: Sequence[Line]) -> Decision | None:
        """A decision that needs no other cell; None for a candidate."""
        name, parts = self._figure.key_figure, contributions.of_lines(lines)
        if outcome := self._too_small(group, parts):
            return Decision(name, group, outcome)
        differences = {number: changes.between(then, parts) for number, then in self._then.get(group, ())}
        self.changed[name, group] = {number: len(one.weights) for number, one in differences.items()}
        if not all(one.hides for one in differences.values()):
            return Decision(name, group, Outcome.HELD_BACK, Held.TOO_FEW_CHANGED)
        more_to_come = not self._order.last and len(self._final[group]) > len(lines)
        if more_to_come and not changes.between(parts, contributions.of_lines(self._final[group])).hides:
            return Decision(name, group, Outcome.HELD_BACK, Held.FINAL_AT_RISK)
        return None

    def _too_small(self, group: str, parts: Contributions) -> Outcome | None:
        """Suppressed, now or before; or waiting, where nothing went out yet and those expected would be enough."""
        fewest = self._figure.fewest
        if released.suppressed(self._releases, self._figure.key_figure, group):
            return Outcome.SUPPRESSED
        if size.may_be_shown(parts, fewest):
            return None
        undecided = not self._order.last and group not in self._then and not size.enough(parts, fewest)
        if undecided and size.enough(contributions.of_lines(self._final[group]), fewest):
            return Outcome.WAITING
        return Outcome.SUPPRESSED

    def _held(self, candidates: Sequence[str]) -> tuple[dict[str, Held], Audit]:
        atoms = gate.Atoms()
        out = [atoms.of(lines) for _, _, lines in self._out]
        sums = {group: atoms.of(self._lines[group]) for group in candidates}
        if self._order.last:
            return gate.hold_back(out, sums, None)
        later = {g: atoms.of(self._final[g]) for g in self._figure.groups if g in sums or g in self._then}
        return gate.hold_back(out, sums, later)

    def _decision(self, group: str, held: Held) -> Decision:
        name = self._figure.key_figure
        if held is not Held.NOT:
            return Decision(name, group, Outcome.HELD_BACK, held)
        return Decision(name, group, Outcome.RELEASED, numbers=self._numbers(group))

    def _numbers(self, group: str) -> Numbers:
        if group not in self._groups:
            [self._groups[group]] = ordering.of(self._view, [group])
        members, row = self._groups[group], self._figure.row
        units, holders = int(members.units[row]), int(members.holders[row])
        pairs = members.pairs(self._view, row)
        exact = {q: statistics.quantile(pairs, q) for q in (Q1, MEDIAN, Q3, *size.quantiles_shown(units, holders))}
        base = self._base(group, Fraction(*exact[Q3]) - Fraction(*exact[Q1]))
        pooled = (sum(n for n, _ in pairs), sum(d for _, d in pairs))
        return Numbers(
            units,
            holders,
            base,
            rounding.steps(pooled, base) if self._figure.mean_meaningful else None,
            {q: rounding.steps(exact[q], base) for q in size.quantiles_shown(units, holders)},
        )

    def _base(self, group: str, own_spread: Fraction) -> Fraction:
        """Fixed once per cell and period: from the period before, else from the cell's own first release."""
        cell = (self._figure.key_figure, group)
        for release in self._releases:
            decision = release.by_cell.get(cell)
            if decision is not None and decision.numbers is not None:
                return decision.numbers.base
        return rounding.base(self._order.spreads.get(cell, own_spread), self._figure.finest)
