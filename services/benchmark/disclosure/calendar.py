"""The calendar of releases: few, in order, and so that the final one still shows most cells (rule D5b)."""

from collections.abc import Sequence
from fractions import Fraction

from services.benchmark.disclosure import gate
from services.benchmark.disclosure.audit import Sum
from services.benchmark.disclosure.changes import FEWEST_CHANGED
from services.benchmark.disclosure.size import FEWEST_HOLDERS
from services.benchmark.released import Kind

KINDS: tuple[Kind, ...] = ("provisional", "revised", "final")


def may_follow(calendar: Sequence[Kind], made: Sequence[Kind], kind: Kind) -> bool:
    """Whether a release of a kind may be made now: each at most once, in the calendar's order; earlier ones may be left out."""
    later = calendar[calendar.index(made[-1]) + 1 :] if made else calendar
    return kind in later


def final_share(cells: Sequence[frozenset[str]], arrival: Sequence[str], releases: int) -> Fraction:
    """How many of the cells large enough would show their final value after so many releases, evenly spread over the arrivals.

    `cells`: holders of each cell, wide to narrow, one unit each; `arrival`: every holder, in the order they report.
    """
    out: list[Sum] = []
    shown: list[list[frozenset[str]]] = [[] for _ in cells]
    final = 0
    for n in range(1, releases + 1):
        present = frozenset(arrival[: len(arrival) * n // releases])
        candidates = {str(k): cell & present for k, cell in enumerate(cells)}
        large = {k: one for k, one in candidates.items() if len(one) >= FEWEST_HOLDERS and _hides(shown[int(k)], one)}
        sums = {k: frozenset((holder, holder, 0) for holder in one) for k, one in large.items()}
        held, _ = gate.hold_back(out, sums, None)
        for k, one in sums.items():
            if k not in held:
                out.append(one)
                shown[int(k)].append(large[k])
                final += n == releases
    return Fraction(final, sum(len(cell) >= FEWEST_HOLDERS for cell in cells) or 1)


def _hides(earlier: Sequence[frozenset[str]], candidate: frozenset[str]) -> bool:
    return all(one == candidate or len(one ^ candidate) >= FEWEST_CHANGED for one in earlier)
