"""The way out: publishes what was committed, in order, from memory; the outbox keeps it until the broker has it."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.chassis.config import ServiceSettings
from services.chassis.database import Database
from services.chassis.logs import Log
from services.chassis.metrics import Metrics
from services.chassis.outbox import outbox
from services.chassis.outgoing import Packed
from services.chassis.publisher import NotPublished, Publisher
from services.chassis.statement import Statement

AT_ONCE = 5000  # records published together, unless one transaction announced more
IN_MEMORY = 50_000  # waiting records that are held; those beyond are read from the outbox when it is their turn
TIDY_SECONDS = 0.5  # after which an idle relay empties the outbox itself; else the next transaction does
LOOK_SECONDS = 15.0  # how often a relay looks for what an instance that is gone has left in a shared database
OTHERS_SECONDS = 3.0  # after which what another instance was to publish was left by one that is gone
STEP_SECONDS = 0.05
BACK_OFF_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5)
_TAKE_OUT = Statement(sa.delete(outbox).where(outbox.c.id == sa.bindparam("published")))


@dataclass
class Waiting:
    """What one transaction announced and nobody has yet. `packed` is absent where it has to be read."""

    id: int
    records: int
    packed: Packed | None


class Relay:
    """Publishes the outbox. A repeat after a crash carries the same ids.

    A row is taken out by a later transaction, so that publishing costs no commit of its own.
    """

    def __init__(self, settings: ServiceSettings, database: Database, metrics: Metrics, log: Log) -> None:
        self._settings, self._database, self._metrics, self._log = settings, database, metrics, log
        self._publisher = Publisher(settings.kafka, settings.compression)
        self._waiting: deque[Waiting] = deque()
        self._published: set[int] = set()  # rows the broker has and the outbox still holds
        self._left: set[int] = set()  # rows that were nobody's when last looked
        self._looked_at = time.monotonic()
        self._due, self._out = threading.Event(), threading.Event()  # something to publish; everything is published
        self._out.set()
        self._counting = threading.Lock()
        self.pending = 0  # events committed and not yet published

    def load(self, connection: sa.Connection) -> None:
        """Take up what the outbox holds. For the database thread, before anything is committed.

        In a shared database it may be other instances', who publish it in a moment: then it is looked at again first.
        """
        found = self._others(connection)
        if self._database.shared:
            self._left = set(found)
        else:
            self._take_up(Waiting(id, records, None) for id, records in found.items())

    def committed(self, id: int, content: bytes) -> None:
        """Take up what a transaction announced. For the database thread, right after its commit."""
        packed = Packed(content)
        self._take_up([Waiting(id, len(packed), packed if self.pending + len(packed) <= IN_MEMORY else None)])

    def tidy(self, connection: sa.Connection) -> set[int]:
        """Take out of the outbox what the broker has; tell `tidied` what it was once that is durable."""
        done = set(self._published)
        if done:
            _TAKE_OUT.many(connection, [{"published": id} for id in sorted(done)])
        return done

    def tidied(self, done: set[int]) -> None:
        """The outbox no longer holds these rows."""
        self._published -= done

    def run(self, stopping: threading.Event) -> None:
        """Publish until told to stop, and then what is left, if the broker answers."""
        failures = 0
        while not stopping.is_set():
            try:
                self._publisher.connect()
                while self._publish_next():
                    failures = 0
                    self._look()
                self._something_due(stopping)
            except NotPublished as error:
                self._metrics.count(self._metrics.relay_failures)
                self._metrics.set(self._metrics.outbox_pending, self.pending)
                self._log.warning("outbox waits for Kafka", error=str(error), failures=failures)
                self._looked_at = time.monotonic()  # it waits in other instances as well
                self._left.clear()
                stopping.wait(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
                failures += 1
        self._close()

    def drain(self) -> None:
        """Wait until what was committed is published, as long as the broker answers; no longer than the grace period."""
        deadline = time.monotonic() + self._settings.stop_grace_seconds
        while not self._out.wait(STEP_SECONDS) and self._publisher.connected and time.monotonic() < deadline:
            pass
        with contextlib.suppress(sa.exc.DBAPIError):  # what is published already may stay: others wait a little longer
            self._tidy()

    def wait_for_others(self, stopping: threading.Event) -> None:
        """Wait until other instances have published what they announced so far; take up what one has left that is gone."""
        deadline = time.monotonic() + OTHERS_SECONDS
        there = self._database.do(lambda: set(self._database.read(self._others)))
        while there and time.monotonic() < deadline and not stopping.wait(STEP_SECONDS):
            there &= self._database.do(lambda: set(self._database.read(self._others)))
        if there and not stopping.is_set():
            self._database.do(lambda: self._adopt(there))

    def hurry(self) -> None:
        """The end is near: wait for the broker no longer than the grace period."""
        self._publisher.patience = self._settings.stop_grace_seconds
        self._due.set()

    def _close(self) -> None:
        """Publish what is left if the broker answers, then let go of it."""
        deadline = time.monotonic() + self._settings.stop_grace_seconds
        try:
            while self._publisher.connected and self._waiting:
                if time.monotonic() > deadline:
                    raise NotPublished("no time left")
                self._publish_next()
        except NotPublished:
            self._log.warning("outbox kept for the next start", pending=self.pending)
        self._publisher.let_go()
        self._tidy()

    def _something_due(self, stopping: threading.Event) -> None:
        """Wait for something to publish, and keep the outbox in order meanwhile."""
        while not self._due.wait(TIDY_SECONDS if self._published else LOOK_SECONDS) and not stopping.is_set():
            self._tidy()
            self._look()
        self._due.clear()

    def _look(self) -> None:
        """Look now and then for what an instance that is gone has left, also while there is much to do."""
        if self._database.shared and time.monotonic() >= self._looked_at + LOOK_SECONDS:
            self._database.do(self._adopt)
            self._looked_at = time.monotonic()

    def _publish_next(self) -> int:
        """Publish what has waited longest; how many records it was."""
        chosen, records = list[Waiting](), 0
        for n in range(len(self._waiting)):  # by number: the database thread may append meanwhile
            if chosen and records + self._waiting[n].records > AT_ONCE:
                break
            chosen.append(self._waiting[n])
            records += chosen[n].records
        if chosen:
            batches = [*filter(None, (w.packed or self._read(w.id) for w in chosen))]
            self._publisher.publish(batches)
            self._settled(chosen)
            for batch in batches:
                for topic, count in batch.by_topic().items():
                    self._metrics.count(self._metrics.published, topic, by=count)
        self._metrics.set(self._metrics.outbox_pending, self.pending)
        return records

    def _take_up(self, rows: Iterable[Waiting]) -> None:
        for row in rows:
            self._waiting.append(row)
            with self._counting:
                self.pending += row.records
                self._out.clear()
            self._due.set()

    def _settled(self, rows: Sequence[Waiting]) -> None:
        for row in rows:
            self._published.add(row.id)
            self._waiting.popleft()
            with self._counting:
                self.pending -= row.records
                if not self.pending:
                    self._out.set()

    def _read(self, id: int) -> Packed | None:
        """What a row of the outbox holds; absent if another instance took it out."""
        chosen = sa.select(outbox.c.content).where(outbox.c.id == id)
        content = self._database.do(lambda: self._database.read(lambda c: c.execute(chosen).scalar()))
        return Packed(bytes(content)) if content is not None else None

    def _tidy(self) -> None:
        def work() -> None:
            with self._database.begin() as connection:
                done = self.tidy(connection)
            self.tidied(done)

        if self._published:
            self._database.do(work)

    def _others(self, connection: sa.Connection) -> dict[int, int]:
        """Rows of the outbox that are not ours, in order, and how many records each has. For the database thread."""
        ours = {w.id for w in list(self._waiting)} | set(self._published)
        rows = connection.execute(sa.select(outbox.c.id, outbox.c.records).order_by(outbox.c.id))
        return {r.id: r.records for r in rows if r.id not in ours}

    def _adopt(self, left: Collection[int] | None = None) -> None:
        """Take up rows that another instance left: not ours, and there for two looks. For the database thread."""
        others = self._database.read(self._others)
        taken = others.keys() & (self._left if left is None else left)
        self._take_up(Waiting(id, records, None) for id, records in others.items() if id in taken)
        self._left = others.keys() - taken
