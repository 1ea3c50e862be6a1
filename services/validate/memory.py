"""What stands of the units seen lately, from batch to batch: the database is asked of others alone. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from services.validate.account import Accepted
from services.validate.history import History

MOST_KEPT = 100_000  # accounts, about a kilobyte each; beyond it, begun anew
NEVER = datetime.min.replace(tzinfo=UTC)
LONGEST = timedelta(minutes=10)  # after which everything is read again: see Memory


class Place(Protocol):
    """Where a record stood."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...


class Memory:
    """A history that goes on for as long as nobody else can have assessed what it is of.

    All submissions of a unit are in one partition, and one instance reads it at a time: as long as the records of each partition
    follow one another without a gap, this one has seen them all. After a gap, and in a partition that is new to this instance,
    everything is read again. Where partitions were added, a unit's old and new one may be two instances' for as long as the old
    one has records left: what the other assessed then is seen after LONGEST at the latest.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: what was remembered may not have become durable."""
        self._following: dict[tuple[str, int], int] = {}
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._history, self._units, self._since = History(), set[str](), NEVER

    def history(
        self,
        records: Sequence[Place],
        now: datetime,
        units: Iterable[str],
        others: Iterable[str],
        read: Callable[[set[str]], Iterable[Accepted]],
    ) -> History:
        """What stands before these records are assessed.

        units    those the records are of
        others   units they look at besides, which another instance may be assessing: always read
        read     what stands of units by the database
        """
        if not self._goes_on(records) or len(self._history) > MOST_KEPT or now - self._since > LONGEST:
            self._begin_anew()
            self._since = now
        units = set(units)
        for accepted in read((units - self._units).union(others)):
            self._history.add(accepted)
        self._units |= units
        return self._history

    def _goes_on(self, records: Sequence[Place]) -> bool:
        goes_on, following = True, self._following
        for record in records:
            partition = record.topic, record.partition
            goes_on &= following.get(partition) == record.offset
            following[partition] = record.offset + 1
        return goes_on
