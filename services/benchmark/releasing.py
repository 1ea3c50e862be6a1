"""Releases of a period out of its book: what a release would be, making it, and making it again to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.benchmark import released
from services.benchmark.book import Book
from services.benchmark.disclosure import audit, calendar, gate, planning, publicity
from services.benchmark.disclosure.audit import Audit
from services.benchmark.disclosure.planning import Earlier, Figure, Order, Plan
from services.benchmark.period import Period
from services.benchmark.released import Kind, Release, Withdrawal
from services.benchmark.view import View
from services.catalogue import peer_groups


class NotNow(Exception):
    """No release can be made: the code says why, its parameters are those of its words."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters


@dataclass(frozen=True)
class Draft:
    """All that a plan is a function of, frozen: it can be worked out beside whatever comes in meanwhile."""

    view: View
    earlier: Earlier
    figures: tuple[Figure, ...]
    order: Order

    releases: int  # of the calendar

    def final_percent(self) -> int:
        """How many of the cells could still show their final value after every release of the calendar, in per cent."""
        return int(100 * planning.final_share(self.view, self.figures[0], self.releases))

    def plan(self) -> Plan:
        """What the release would be."""
        return planning.plan(self.view, self.earlier, self.figures, self.order)


def draft(connection: Any, book: Book, period: Period, kind: Kind | Withdrawal | None, today: date) -> Draft:
    """A release of a kind, or of the calendar's next, to be planned. Raises NotNow.

    NT-3101: the period is not over. NT-3102: the calendar has no such release now. NT-3103: no figure is protected.
    """
    name, kinds = f"{period.scheme}/{period.name}", period.catalogue.releases
    made = [one.kind for one in period.state.releases if one.kind != "withdrawal"]
    possible = [k for k in kinds if calendar.may_follow(kinds, made, k)]
    if not publicity.closed(period.name, today):
        raise NotNow("NT-3101", period=name)
    if not _figures(period, period.view()):
        raise NotNow("NT-3103", period=name)
    if kind not in (None, *possible) or not possible:
        raise NotNow(
            "NT-3102", period=name, kind=kind or "–", made=", ".join(made) or "–", possible=", ".join(possible) or "–"
        )
    chosen = next(k for k in possible if kind in (None, k))
    order = _order(book, period, len(period.state.releases) + 1, chosen, today.isoformat())
    earlier = _earlier(connection, book, period, period.state.releases)
    return Draft(period.view(), earlier, _figures(period, period.view()), order, len(kinds))


def withdrawal(period: Period, key_figure: str, group: str, reason: str, today: date) -> Release:
    """Cells that a release shows, or the figure's every one, to go blank as the ledger's next entry. Raises NotNow.

    NT-3030: no such cell shows a number. NT-3031: no reason is given.
    """
    releases, figures = period.state.releases, period.catalogue.key_figures
    shown = [(f, g) for f in figures for g in period.groups(period.view()) if released.shown(releases, f, g)]
    cells = [cell for cell in shown if cell[0] == key_figure and group in ("", cell[1])]
    if not reason.strip():
        raise NotNow("NT-3031", figure=key_figure)
    if not cells:
        known = [g for f, g in shown if f == key_figure] or list(dict.fromkeys(f for f, _ in shown))
        raise NotNow("NT-3030", cell=f"{key_figure}/{group or '–'}", known=", ".join(known) or "–")
    vintage = period.state.vintage + 1
    return released.withdrawal(releases, cells, reason.strip(), vintage=vintage, made_on=today.isoformat())


def drafted_again(connection: Any, book: Book, period: Period, number: int) -> Draft | Release:
    """A release to be made again from the ledger as it was then; of a withdrawal that itself, from its cells and reason.

    It becomes the same, or the engine is wrong.
    """
    kept = period.state.releases[number - 1]
    if kept.kind == "withdrawal":
        before, at = period.state.releases[: number - 1], kept.vintage
        return released.withdrawal(before, list(kept.by_cell), kept.reason, vintage=at, made_on=kept.made_on)
    then = book.view_at(connection, period, kept.vintage - 1)
    earlier = _earlier(connection, book, period, period.state.releases[: number - 1])
    order = _order(book, period, number, kept.kind, kept.made_on)
    return Draft(then, earlier, _figures(period, then), order, len(period.catalogue.releases))


def released_so_far(connection: Any, book: Book, period: Period) -> tuple[Earlier, tuple[Figure, ...]]:
    """Every release with the state it showed, and the figures released."""
    return _earlier(connection, book, period, period.state.releases), _figures(period, period.view())


def audits(earlier: Earlier, figures: Sequence[Figure]) -> dict[str, Audit]:
    """The audit of everything released, figure by figure."""
    found = {}
    for figure in figures:
        atoms = gate.Atoms()
        found[figure.key_figure] = audit.of(
            tuple(atoms.of(lines) for _, _, lines in planning.went_out(earlier, figure))
        )
    return found


def sums(releases: Sequence[Release]) -> dict[str, list[tuple[int, str]]]:
    """What an audit's places stand for: key figure -> release number and group, in the order they went out."""
    found: dict[str, list[tuple[int, str]]] = {}
    for one in releases:
        for decision in one.decisions:
            out = found.setdefault(decision.key_figure, [])
            if decision.numbers is not None:
                out.append((one.number, decision.group))
    return found


def _figures(period: Period, view: View) -> tuple[Figure, ...]:
    """The protected figures, each with the groups it is released for."""
    catalogue, groups = period.catalogue, period.groups(view)
    found = []
    for row, (name, figure) in enumerate(catalogue.key_figure.items()):
        if publicity.protected(figure.publicity):
            steps = len(publicity.classifications(figure.publicity, catalogue.ladder))
            chosen = tuple(g for g in groups if peer_groups.order(g, catalogue)[0] < steps)
            finest = Fraction(1, 10**figure.show.ratio_decimals)
            found.append(Figure(name, row, chosen, figure.min_units or 0, finest, figure.mean_meaningful))
    return tuple(found)


def _order(book: Book, period: Period, number: int, kind: Kind, made_on: str) -> Order:
    before = book.periods.get((period.scheme, str(int(period.name) - 1))) if period.name.isdecimal() else None
    known = [one for one in before.state.releases if one.made_on < made_on] if before else []
    spreads = {
        cell: decision.numbers.spread
        for one in known
        for cell, decision in one.by_cell.items()
        if decision.numbers is not None and decision.numbers.spread is not None
    }
    return Order(number, kind, kind == period.catalogue.releases[-1], made_on, spreads)


def _earlier(connection: Any, book: Book, period: Period, releases: Sequence[Release]) -> Earlier:
    """Releases, each with the state it showed, replayed from the ledger."""
    return [(one, book.view_at(connection, period, one.vintage)) for one in releases]
