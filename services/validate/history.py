"""What a unit had accepted before, as it grows while a batch is read. Pure."""

from collections.abc import Iterable

from services.validate.doubts import Previous
from services.validate.store import Accepted


class History:
    """What stands per scheme, unit and period. Submissions must be added in the order in which they arrived."""

    def __init__(self, standing: Iterable[Accepted]) -> None:
        self._standing: dict[tuple[str, str], dict[str, Accepted]] = {}
        for accepted in standing:
            self.add(accepted)

    def add(self, accepted: Accepted) -> None:
        """A revision that was assessed. A lower one than is here changes nothing."""
        periods = self._standing.setdefault((accepted.scheme, accepted.unit_id), {})
        held = periods.get(accepted.period)
        if held is None or accepted.revision >= held.revision:
            periods[accepted.period] = accepted

    def before(self, scheme: str, unit_id: str, period: str) -> Previous | None:
        """The latest period before this one in which anything stands; None for a unit without a past."""
        periods = self._standing.get((scheme, unit_id), {})
        earlier = [p for p, accepted in periods.items() if p < period and accepted.amounts]
        return Previous(max(earlier), periods[max(earlier)].amounts) if earlier else None
