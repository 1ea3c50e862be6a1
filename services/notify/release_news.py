"""Releases of protected figures, as messages: what went out, what did not, and which earlier numbers no longer hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.sentences import Given, Phrase, Sentence, Spoken
from services.notify.wording import About, Item, Said

WITHDRAWAL = "withdrawal"  # no release: cells that go blank at once
WITHDRAWN: Final = "withdrawn"  # what it decides of a cell that was shown
Outcome = Literal["released", "held_back", "waiting", "suppressed", "withdrawn"]
Change = Literal["", "corrected", "withdrawn"]
OUTCOMES: tuple[Outcome, ...] = ("released", "held_back", "waiting", "suppressed")
EVERYBODY = Phrase("group.all")


@dataclass(frozen=True)
class Cell:
    """What a release decided about a cell.

    change   corrected: it shows other numbers than an earlier release of the period; withdrawn: it was shown and no longer is
    since    number of the release that showed it before; 0: none did
    """

    key_figure: str
    peer_group: str
    outcome: Outcome
    change: Change = ""
    since: int = 0


@dataclass(frozen=True)
class Release:
    """One release, or a withdrawal. `names`: key figure -> its name, where we know it. `kind`: provisional, revised, final
    or withdrawal.
    """

    scheme: str
    period: str
    number: int
    kind: str
    cells: Sequence[Cell]
    names: Mapping[str, Spoken]

    @property
    def changed(self) -> Sequence[Cell]:
        """Cells whose earlier numbers no longer hold."""
        return [cell for cell in self.cells if cell.change]

    @property
    def given(self) -> Mapping[str, Given]:
        """What sentences about it name."""
        kind = Phrase(f"release.kind.{self.kind}")
        return {"scheme": self.scheme, "period": self.period, "number": self.number, "kind": kind}


def counts(cells: Sequence[Cell]) -> dict[str, int]:
    """Cells by what was decided."""
    return {outcome: sum(cell.outcome == outcome for cell in cells) for outcome in OUTCOMES}


def change(before: tuple[int, str] | None, outcome: Outcome, numbers: str) -> Change:
    """What a decision does to what an earlier release showed.

    before    (number, numbers shown) of the newest earlier release that showed the cell; None: it shows nothing
    numbers   what is shown now

    >>> change((1, "2|3"), "released", "2|4"), change((1, "2|3"), "suppressed", ""), change((1, "2|3"), "held_back", "")
    ('corrected', 'withdrawn', '')
    """
    if before is None or outcome not in ("released", "suppressed", WITHDRAWN):
        return ""
    if outcome != "released":
        return "withdrawn"
    return "corrected" if before[1] != numbers else ""


def group_name(peer_group: str) -> Phrase | str:
    """A peer group as it is said: its name, which is the same in every language, but for everybody's."""
    return EVERYBODY if peer_group == "all" else peer_group


def published(release: Release) -> Said:
    """A release: how many cells of each figure went out, and what became of the others."""
    given = {**release.given, **counts(release.cells)}
    by_figure: dict[str, list[Cell]] = {}
    for cell in release.cells:
        by_figure.setdefault(cell.key_figure, []).append(cell)
    return Said(
        Phrase("release.subject", {**given, "count": given["released"]}),
        Phrase("why.release"),
        [Phrase("release.counts", {**given, "count": given["released"]})],
        [_figure(release, name, cells) for name, cells in by_figure.items()],
    )


def corrected(release: Release) -> Said:
    """The cells of a release whose earlier numbers no longer hold."""
    given = {name: value for name, value in release.given.items() if name != "kind"} | {"count": len(release.changed)}
    items = []
    for cell in release.changed:
        about = {"figure": _name(release, cell.key_figure), "group": group_name(cell.peer_group), "since": cell.since}
        facts = {"key_figure": cell.key_figure, "peer_group": cell.peer_group, "change": cell.change}
        says = Phrase(f"corrected.{cell.change}", {**given, **about})
        items.append(
            Item(
                About(cell.key_figure, peer_group=cell.peer_group, scheme=release.scheme),
                says,
                {**facts, "since": cell.since},
            )
        )
    return Said(Phrase("corrected.subject", given), Phrase("why.corrected"), (), items)


def _figure(release: Release, key_figure: str, cells: Sequence[Cell]) -> Item:
    found = counts(cells)
    changes = {name: sum(cell.change == name for cell in cells) for name in ("corrected", "withdrawn")}
    given = {**found, "count": found["released"], "figure": _name(release, key_figure)}
    says: Sentence = Phrase("release.figure", given)
    if any(changes.values()):
        says = Phrase("release.figure.changed", {**changes, "told": says})
    return Item(About(key_figure, scheme=release.scheme), says, {"key_figure": key_figure, "cells": found, **changes})


def _name(release: Release, key_figure: str) -> Spoken | str:
    return release.names.get(key_figure, key_figure)
