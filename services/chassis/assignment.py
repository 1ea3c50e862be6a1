"""Which partitions are this instance's, and how they change hands: what one instance announced is out before the next goes on."""

import threading
from collections.abc import Callable, Iterable

from services.chassis.database import Database
from services.chassis.offsets import Partition
from services.chassis.relay import Relay


class Assignment:
    """The partitions that the group has given this instance. All of them where no other instance can be: before a start, and
    with a database of its own.

    It changes in the database thread: between two transactions, and none of them sees it change.
    """

    def __init__(self, database: Database, relay: Relay) -> None:
        self._database, self._relay = database, relay
        self._given: frozenset[Partition] | None = None
        self._afterwards: list[Callable[[], None]] = []

    def has(self, topic: str, partition: int) -> bool:
        """Whether a partition is this instance's. For the database thread."""
        return self._given is None or (topic, partition) in self._given

    def then(self, action: Callable[[], None]) -> None:
        """Have something done whenever partitions were given. It is called in the database thread."""
        self._afterwards.append(action)

    def begin(self) -> None:
        """From here on the group says; nothing until it does. For the database thread."""
        self._given = frozenset() if self._database.shared else None

    def wait_for_others(self, stopping: threading.Event) -> None:
        """Let what other instances announced go out. What one has left behind that is gone is taken up, before anything new."""
        self._relay.wait_for_others(stopping)

    def give(self, partitions: Iterable[Partition]) -> None:
        """These are this instance's, and no others."""
        given = frozenset(partitions)

        def work() -> None:
            self._given = given if self._database.shared else None
            for action in self._afterwards:
                action()

        self._database.do(work)

    def take(self) -> None:
        """None is this instance's any more. Returns when what it announced is out, or cannot go out now."""
        self._database.do(self.begin)
        self._relay.drain()
