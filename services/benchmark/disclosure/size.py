"""Whether a cell is large and even enough to be shown: rules D1 to D3. One answer for every reason, so that it tells nothing.

The thresholds of counts and of dominance lean on what is publicly known, holders and denominators. The p % rule looks at
numerators as well; it is a further gate, not a further answer.
"""

from services.benchmark.disclosure.contributions import Contributions
from services.benchmark.statistics import MEDIAN_TIER, QUANTILES, TIER_OF

FEWEST_HOLDERS = 5
LARGEST_PERCENT, TWO_LARGEST_PERCENT = 25, 85  # of the denominator; Bundesbank: the two largest at most 85 %
P_PERCENT = 10


def enough(parts: Contributions, fewest_units: int = 0) -> bool:
    """Whether holders and units suffice for the first tier (D1, D3)."""
    units = sum(part.units for part in parts.values())
    return len(parts) >= FEWEST_HOLDERS and units >= fewest_units and MEDIAN_TIER.met(units, len(parts))


def dominated(parts: Contributions) -> bool:
    """Whether one holder has more than 25 % of the denominator, or two have more than 85 % (D2)."""
    shares = sorted((part.denominator for part in parts.values()), reverse=True)
    whole = sum(shares)
    return any(100 * share > LARGEST_PERCENT * whole for share in shares[:1]) or (
        100 * sum(shares[:2]) > TWO_LARGEST_PERCENT * whole
    )


def estimable(parts: Contributions) -> bool:
    """Whether the second largest holder can estimate the largest within p %: X - x1 - x2 < p/100 * x1, of magnitudes."""
    sizes = sorted((abs(part.numerator) for part in parts.values()), reverse=True)
    first, rest = sum(sizes[:1]), sum(sizes[2:])
    return 100 * rest < P_PERCENT * first


def may_be_shown(parts: Contributions, fewest_units: int = 0) -> bool:
    """Whether a cell may be shown at all. False has one meaning outwards: too few."""
    return enough(parts, fewest_units) and not dominated(parts) and not estimable(parts)


def quantiles_shown(units: int, holders: int) -> tuple[int, ...]:
    """Which quantiles (in twentieths) a cell of this size shows (D3); never the least, the largest or a rank."""
    return tuple(q for q in QUANTILES if holders >= FEWEST_HOLDERS and TIER_OF[q].met(units, holders))
