"""A candidate against every earlier release of its cell: whoever compares two must find nobody alone in between (rule D4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.benchmark.disclosure.contributions import Contributions

FEWEST_CHANGED = 4


@dataclass(frozen=True)
class Change:
    """Which holders' records differ between an earlier release and a candidate, and the denominators they stand for.

    weights   holder -> the larger of its denominators on the two sides
    """

    weights: dict[str, int]

    @property
    def hides(self) -> bool:
        """Whether each is hidden among the others: nobody differs, or at least 4 do and none has more than half the weight."""
        if not self.weights:
            return True
        return len(self.weights) >= FEWEST_CHANGED and 2 * max(self.weights.values()) <= sum(self.weights.values())


def between(earlier: Contributions, candidate: Contributions) -> Change:
    """What differs between two states of a cell."""
    differ = [
        holder
        for holder in sorted({*earlier, *candidate})
        if holder not in earlier or holder not in candidate or earlier[holder].content != candidate[holder].content
    ]
    return Change({holder: max(_weight(earlier, holder), _weight(candidate, holder)) for holder in differ})


def allowed(earlier: Sequence[Contributions], candidate: Contributions) -> bool:
    """Whether a candidate hides its changes against every earlier release, not against the last alone."""
    return all(between(one, candidate).hides for one in earlier)


def _weight(parts: Contributions, holder: str) -> int:
    return parts[holder].denominator if holder in parts else 0
