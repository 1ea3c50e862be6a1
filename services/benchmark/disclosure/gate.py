"""Which of a figure's candidate cells may go out together, so that neither now nor with the final release anything is given away.

Sums that went out stay out: where what is found needs a candidate, the narrowest candidate that it needs is held back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from services.benchmark.disclosure import audit
from services.benchmark.disclosure.audit import Atom, Audit, Sum
from services.benchmark.disclosure.contributions import Line
from services.benchmark.released import Held


class Atoms:
    """Numbers the versions of what each unit reported, in the order they are met."""

    def __init__(self) -> None:
        self._known: dict[Line, Atom] = {}
        self._versions: Counter[str] = Counter()

    def of(self, lines: Iterable[Line]) -> Sum:
        """The atoms of a cell's units."""
        return frozenset([self._known.get(line) or self._new(line) for line in lines])

    def _new(self, line: Line) -> Atom:
        holder, unit, _, _ = line
        atom = self._known[line] = (holder, unit, self._versions[unit])
        self._versions[unit] += 1
        return atom


def hold_back(
    out: Iterable[Sum], candidates: Mapping[str, Sum], finals: Mapping[str, Sum] | None
) -> tuple[dict[str, Held], Audit]:
    """Candidates (group -> atoms, wide to narrow) that may not go out, and the audit of those that may with all that is out.

    `finals` is what the final release is expected to hold; None where the candidates are the final release. Of the finals that
    would be possible without the candidates, all must stay so.
    """
    out = tuple(out)
    held, audited = _held(out, candidates, Held.AUDIT)
    kept = _without(candidates, held)
    known = {*out, *kept.values()}
    if finals is None or known.issuperset(finals.values()):
        return held, audited
    unreachable, _ = _held(out, finals, Held.AUDIT)
    at_risk, _ = _held((*out, *_without(finals, unreachable).values()), kept, Held.FINAL_AT_RISK)
    return held | at_risk, audit.of((*out, *_without(kept, at_risk).values()))


def _held(out: tuple[Sum, ...], candidates: Mapping[str, Sum], reason: Held) -> tuple[dict[str, Held], Audit]:
    """Take away what discloses, narrowest first, until no candidate has a part in it."""
    held: dict[str, Held] = {}
    while True:
        kept = _without(candidates, held)
        groups, sums = [*[None] * len(out), *kept], (*out, *kept.values())
        found = audit.quick(sums)
        if not found.disclosed:
            found = audit.of(sums)
        gone: set[str] = set()
        for one in found.disclosed:
            to_blame = [group for n in one.sums if (group := groups[n]) is not None]
            if to_blame and gone.isdisjoint(to_blame):
                gone.add(to_blame[-1])
        if not gone:
            return held, found
        held |= dict.fromkeys(gone, reason)


def _without(sums: Mapping[str, Sum], held: Mapping[str, Held]) -> dict[str, Sum]:
    return {group: one for group, one in sums.items() if group not in held}
