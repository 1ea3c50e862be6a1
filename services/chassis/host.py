"""What a consumer needs of the service it works for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from services.chassis import messaging
from services.chassis.assignment import Assignment
from services.chassis.config import ServiceSettings
from services.chassis.database import Database
from services.chassis.logs import Log
from services.chassis.metrics import Metrics
from services.chassis.offsets import Partition
from services.chassis.outbox import Transaction


class Host(Protocol):
    """A service, as its consumer sees it."""

    name: str
    settings: ServiceSettings
    metrics: Metrics
    log: Log
    database: Database
    assignment: Assignment
    covered: Mapping[Partition, int]  # next offsets when what is kept in memory was read, or a little earlier

    def forget(self) -> None:
        """Bring memory back to what the database holds. For the database thread."""

    def transact(self, work: Callable[[Transaction], Any], *, cause: str) -> Any:
        """Run work in one transaction. For the database thread."""

    def apply(
        self,
        parts: Sequence[messaging.Part],
        positions: Mapping[Partition, int | None],
        *,
        waiting: int,
        was_idle: bool,
        meanwhile: Callable[[], None] | None,
    ) -> Sequence[messaging.Applied]:
        """Apply records, behind which so many wait, and move their offsets on, all topics in one transaction; what came of each
        part. `meanwhile` is done in the calling thread while the commit waits for the disk.
        """
