"""What stands of the units seen lately, from batch to batch: the database is asked of others alone. Pure."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from services.validate.account import Accepted
from services.validate.history import History

MOST_KEPT = 100_000  # accounts, about a kilobyte each; beyond it, begun anew
NEVER = datetime.min.replace(tzinfo=UTC)
LONGEST = timedelta(minutes=10)  # after which everything is read again: see Memory


class Memory:
    """A history that goes on for as long as nobody else can have assessed what it is of.

    All submissions of a unit are in one partition, and whoever assesses them moves its offset on: a transaction fails where
    another instance has moved it on meanwhile. After that, and where another has read on before a partition was given to this
    one, `forget` is called. Where partitions were added, a unit's old and new one may be two instances' for as long as the old
    one has records left: what the other assessed then is seen after LONGEST at the latest.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was remembered may not have become durable, or another instance has gone on."""
        self._history, self._units, self._since = History(), set[str](), NEVER

    def history(
        self,
        now: datetime,
        units: Iterable[str],
        others: Iterable[str],
        read: Callable[[set[str]], Iterable[Accepted]],
    ) -> History:
        """What stands before submissions are assessed.

        units    those they are of
        others   units they look at besides, which another instance may be assessing: always read
        read     what stands of units by the database
        """
        if len(self._history) > MOST_KEPT or now - self._since > LONGEST:
            self.forget()
            self._since = now
        units = set(units)
        for accepted in read((units - self._units).union(others)):
            self._history.add(accepted)
        self._units |= units
        return self._history
