"""Releases: frozen, numbered, and all that a reader is ever shown of a protected cell (rules D4, D7, D8, D10)."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Literal

from services.benchmark import statistics
from services.benchmark.statistics import MEDIAN, QUANTILES, Pair
from services.catalogue.numerals import rounded

Kind = Literal["provisional", "revised", "final"]
Withdrawal = Literal["withdrawal"]


class Held(IntEnum):
    """Why a cell is held back; the numbers of the contract."""

    NOT = 0
    TOO_FEW_CHANGED = 1  # D4: too few holders differ from an earlier release of the cell
    AUDIT = 2  # D5: together with what is out, it would give a holder away
    FINAL_AT_RISK = 3  # D5b: the final release would then be impossible


class Outcome(IntEnum):
    """What a release decided about a cell; the numbers of the contract."""

    RELEASED = 1
    HELD_BACK = 2  # what an earlier release showed goes on being shown
    WAITING = 3  # too few have reported yet, enough are expected
    SUPPRESSED = 4  # too few, for the rest of the period
    WITHDRAWN = 5  # the law demands it gone: blank, until a later release shows it again


@dataclass(frozen=True)
class Numbers:
    """What a released cell shows, in whole multiples of its rounding base: ratio of the sums, quantiles by twentieth."""

    units: int
    holders: int
    base: Fraction
    pooled: int | None
    quantiles: Mapping[int, int]

    def value(self, steps: int) -> Fraction:
        """A number shown, in the ratio's own unit."""
        return steps * self.base

    @functools.cached_property
    def cuts(self) -> tuple[tuple[int, int, int], ...]:
        """The quantiles as (per cent, numerator, denominator), rising."""
        shown = ((5 * q, self.value(self.quantiles[q])) for q in QUANTILES if q in self.quantiles)
        return tuple((per_cent, value.numerator, value.denominator) for per_cent, value in shown)

    @property
    def spread(self) -> Fraction | None:
        """The interquartile range, from the rounded quartiles; None below their tier."""
        q1, q3 = (self.quantiles.get(q) for q in (statistics.Q1, statistics.Q3))
        return None if q1 is None or q3 is None else self.value(q3 - q1)


@dataclass(frozen=True)
class Decision:
    """What a release decided about one cell. Numbers where it was released."""

    key_figure: str
    group: str
    outcome: Outcome
    held: Held = Held.NOT
    numbers: Numbers | None = None


@dataclass(frozen=True)
class Release:
    """One release of a period, or a withdrawal of cells, with its reason. `vintage` is the ledger's with this entry; it shows the
    state right before it.
    """

    number: int
    kind: Kind | Withdrawal
    vintage: int
    made_on: str  # ISO date
    rules: str
    method_version: str
    decisions: tuple[Decision, ...]
    reason: str = ""

    @functools.cached_property
    def by_cell(self) -> Mapping[tuple[str, str], Decision]:
        """Decisions by key figure and group."""
        return {(d.key_figure, d.group): d for d in self.decisions}


@dataclass(frozen=True)
class Shown:
    """What a cell shows: the numbers of the newest release that let it out."""

    number: int
    kind: Kind
    numbers: Numbers


@dataclass(frozen=True)
class Band:
    """Where a ratio lies among released quantiles: at or above the one and below the other, in per cent; 0 and 100 the ends."""

    lower: int
    upper: int


def suppressed(releases: Sequence[Release], key_figure: str, group: str) -> bool:
    """Whether a cell was suppressed at any time in the period: then it stays so."""
    cell = (key_figure, group)
    return any(cell in r.by_cell and r.by_cell[cell].outcome is Outcome.SUPPRESSED for r in releases)


def shown(releases: Sequence[Release], key_figure: str, group: str) -> Shown | None:
    """What a protected cell shows; None where it shows nothing. It changes with a release and with nothing else."""
    if suppressed(releases, key_figure, group):
        return None
    release = _newest(releases, key_figure, group)
    numbers = release.by_cell[key_figure, group].numbers if release else None
    if release is None or release.kind == "withdrawal" or numbers is None:
        return None
    return Shown(release.number, release.kind, numbers)


def withdrawn(releases: Sequence[Release], key_figure: str, group: str) -> bool:
    """Whether a cell is blank since it was withdrawn."""
    release = _newest(releases, key_figure, group)
    return release is not None and release.kind == "withdrawal"


def withdrawal(
    releases: Sequence[Release], cells: Sequence[tuple[str, str]], reason: str, *, vintage: int, made_on: str
) -> Release:
    """Cells (key figure, group) that go blank. No number of it depends on what anybody reported."""
    last, decisions = releases[-1], tuple(Decision(*cell, Outcome.WITHDRAWN) for cell in cells)
    return Release(
        last.number + 1, "withdrawal", vintage, made_on, last.rules, last.method_version, decisions, reason=reason
    )


def _newest(releases: Sequence[Release], key_figure: str, group: str) -> Release | None:
    """The newest that let a cell out or withdrew it."""
    for release in reversed(releases):
        decision = release.by_cell.get((key_figure, group))
        if decision is not None and decision.outcome in (Outcome.RELEASED, Outcome.WITHDRAWN):
            return release
    return None


def band(own: Pair, numbers: Numbers) -> Band:
    """The own position, from the own figure and released numbers alone. Ends: 0 below all quantiles, 100 above all."""
    lower, upper = 0, 100
    for per_cent, n, d in numbers.cuts:
        if own[0] * d >= n * own[1]:
            lower = per_cent
        else:
            upper = min(upper, per_cent)
    return Band(lower, upper)


def gap_e9(own: Pair, numbers: Numbers) -> int | None:
    """The own ratio minus the released median in 1/1,000,000,000, rounded once; None where no median is shown."""
    if MEDIAN not in numbers.quantiles:
        return None
    median = numbers.value(numbers.quantiles[MEDIAN])
    n = own[0] * median.denominator - median.numerator * own[1]
    return rounded(n * 10**9, own[1] * median.denominator)
