"""The consumer of a service, in a thread of its own: batches of records, offsets from the database, bounded back-off."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa

from services.chassis import group, messaging, offsets
from services.chassis.event import Event
from services.chassis.host import Host
from services.chassis.offsets import Partition
from services.chassis.outbox import Transaction
from services.chassis.topics import Topic

NOT_OURS = 2**63  # no offset reaches it
FEW, LITTLE = 200, 2**18  # records, or bytes; more are not waited for
TELL_SECONDS = 1.0  # how often the group is told how far we are
BACK_OFF_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5)
DATABASE_AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, OSError)


class Consumer:
    """Reads the topics of one service. `handlers`: heading in the map -> what the service does with its records."""

    def __init__(self, service: Host, handlers: messaging.Handlers) -> None:
        self._service, self._handlers = service, handlers
        self._settings, self._metrics, self._log = service.settings, service.metrics, service.log
        self._positions: dict[Partition, int | None] = {}
        self._owned: set[Partition] = set()  # assigned and not stopped
        self._invalid = messaging.InvalidInARow(self._settings.max_invalid_in_a_row, {})
        self._member: group.Member
        self._covered: dict[Partition, int] = {}  # up to where the service's memory has every record at least
        self._told: dict[Partition, int] = {}  # what the group knows of our positions
        self._stopping = threading.Event()
        self._was_idle = True
        self._ahead: list[messaging.Part] = []  # taken and read while those before them were committed
        self._broken: Exception | None = None  # why nothing could be taken ahead
        self.failing = ""  # why nothing moves just now; empty while all is well
        self.assigned = False
        self.busy = False
        self.alive_at = time.monotonic()

    def run(self, stopping: threading.Event) -> None:
        """Join the group and read until told to stop; then tell Kafka how far we are and leave."""
        self._stopping, self._covered = stopping, dict(self._service.covered)
        self._ahead, self._broken = [], None
        entries = [topic for topic, _ in self._handlers.values()]
        assert len(entries) == 1 or not any(t.pattern for t in entries), (
            "a service reads topics by name or by a pattern"
        )
        self._member = group.Member(
            self._settings,
            self._service.name,
            [topic.subscribed for topic in entries],
            [topic.dead_letter for topic in entries],
            given=self._given,
            taken=self._taken,
        )
        told = time.monotonic()
        try:
            self._until_kafka_answers()
            self.assigned = any(topic.pattern for topic in entries)  # there may be no such topic yet
            while not stopping.is_set():
                self._turn()
                if time.monotonic() - told >= TELL_SECONDS:
                    self._tell_kafka()
                    told = time.monotonic()
            self._tell_kafka()
        finally:
            self._member.leave()

    def _until_kafka_answers(self) -> None:
        while not self._stopping.is_set():
            try:
                self._member.look()
                return
            except group.Away as error:
                self._log.warning("Kafka away", error=_name(error))
                self._stopping.wait(0.5)

    def _turn(self) -> None:
        """Take what has come, unless that was done already, and apply it."""
        parts, self._ahead = self._ahead or self._take(), []
        self.alive_at, self.busy = time.monotonic(), True
        self._settle(parts)
        if self._broken is not None:
            raise self._broken
        if self._member.lost:
            self._go_on()
        self.busy = False
        if not self._was_idle and not _are_many(parts):  # a transaction costs about as much for more
            self._stopping.wait(self._settings.gather_ms / 1000)

    def _take(self, *, wait: bool = True) -> list[messaging.Part]:
        """What has come, and what it says. Where partitions are given meanwhile, it is what comes behind their positions."""
        records, self._was_idle = self._member.take(wait=wait)
        self.alive_at, self.busy = time.monotonic(), True
        for fault in self._member.faults:
            self._log.warning("not read", error=fault)
        self._member.faults.clear()
        return [self._read(part) for part in messaging.parts(records, self._handlers)] if records else []

    def _read(self, part: messaging.Part) -> messaging.Part:
        try:
            return part._replace(said=messaging.said(part.records, part.topic))
        except Exception:  # noqa: BLE001 - a bug: met again, and narrowed down, where the part is applied
            return part

    def _take_ahead(self) -> None:
        """Take what waits while what is before it is committed."""
        try:
            self._ahead = self._take(wait=False)
        except Exception as error:  # noqa: BLE001 - told when what is being committed has been
            self._broken = error

    def _tell_kafka(self) -> None:
        """Commit the positions to the group as well, for lag tools. The database stays the truth."""
        known = {p: position for p, position in self._positions.items() if position is not None}
        if known and known != self._told:
            try:
                self._member.tell(known)
                self._told = known
            except group.Away as error:
                self._log.debug("group offsets not told", error=_name(error))

    def _taken(self) -> None:
        """Others read our partitions now, or we do again in a moment."""
        self._owned.clear()
        self._positions = {}
        self._service.assignment.take()

    def _given(self, partitions: Sequence[Partition]) -> None:
        self._metrics.count(self._metrics.rebalances)
        self._owned = set(partitions)
        for partition in partitions:
            self._invalid.counts.pop(partition, None)
        self._go_on(self._service.assignment.wait_for_others)
        self._service.assignment.give(partitions)
        self.assigned = True

    def _go_on(self, first: Callable[[threading.Event], None] = lambda _: None) -> None:
        """Read on where the database says, not where the group says; tried until the database is there."""
        failures = 0
        while not self._stopping.is_set():
            try:
                first(self._stopping)
                self._position()
                return
            except (group.Away, *DATABASE_AWAY) as error:
                self._log.warning("position not found yet", error=_name(error))
                self._stopping.wait(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
                failures += 1

    def _position(self) -> None:
        """Begin each partition at its stored offset, or where its log does; one that is lost and whose log is shorter than that
        began anew and is read from its start.
        """
        database = self._service.database
        self._ahead = []
        known = database.do(lambda: database.read(lambda connection: offsets.read(connection, self._owned)))
        extents = self._member.extents(self._owned)
        anew = {p: extents[p].first for p in self._member.lost & extents.keys() if known.get(p, 0) > extents[p].end}
        if anew:
            self._log.error("log began anew, read from its start", partitions=sorted(anew))
            for topic, _ in anew:
                self._metrics.count(self._metrics.offset_resets, topic)
            database.do(lambda: self._service.transact(lambda tx: offsets.reset(tx.connection, anew), cause="call"))
            known |= anew
        if any(known.get(p) != self._covered.get(p) for p in self._owned):  # others have read on meanwhile
            database.do(self._service.forget)
            self._covered |= known
        self._positions = {p: known.get(p) for p in self._owned}
        begins = {p: max(at or 0, extents[p].first if p in extents else 0) for p, at in self._positions.items()}
        if dropped := sorted(p for p, at in self._positions.items() if at is not None and at < begins[p]):
            self._log.warning("log begins behind what was read of it", partitions=dropped)
        self._member.begin(begins, extents)
        self._member.lost.clear()

    def _settle(self, parts: Sequence[messaging.Part]) -> bool:
        """Apply records until they are done: what may pass is retried, a bug is narrowed down to its record.

        Whether to go on: not where positions were looked up anew, since all behind them is read again.
        """
        failures = 0
        while (fresh := self._fresh(parts)) and not self._stopping.is_set():
            names = [part.topic.name for part in fresh]
            try:
                self._apply(fresh)
                return True
            except offsets.Fenced as fenced:
                self._metrics.count(self._metrics.fenced, fenced.topic)
                self._log.warning("another instance has moved on", partition=str(fenced))
                self._go_on()
                return False
            except DATABASE_AWAY as error:
                self.failing = f"database: {type(error).__name__}"
                self._log.warning("database away", error=type(error).__name__, failures=failures)
            except Exception as bug:  # noqa: BLE001 - the one place that meets a bug: tried again, then set aside, loudly
                self._log.exception("handler failed", topics=names, failures=failures)
                if len(fresh) > 1:
                    return self._narrow(fresh, bug)
                self._metrics.count(self._metrics.failures, *names)
                if failures + 1 >= messaging.TRIES:
                    return self._narrow(fresh, bug)
            self._stopping.wait(BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS) - 1)])
            failures += 1
            parts = [part._replace(said=None) for part in fresh]  # whatever became of it
        return not fresh

    def _apply(self, parts: Sequence[messaging.Part]) -> None:
        positions, waiting = self._positions, self._waiting(parts)
        meanwhile = self._take_ahead if waiting and not self._ahead and _are_many(parts) else None
        outcome = self._service.apply(parts, positions, waiting=waiting, was_idle=self._was_idle, meanwhile=meanwhile)
        self.failing = ""
        if self._positions is not positions:  # given up meanwhile; what is looked up since then is behind the commit
            return
        for part, applied in zip(parts, outcome, strict=True):
            self._positions |= applied.following
            self._covered |= applied.following
            for partition in self._invalid.note(part.records, applied.reasons) & self._positions.keys():
                self._stop_reading(partition, part.topic)

    def _narrow(self, parts: Sequence[messaging.Part], bug: Exception) -> bool:
        """Try each topic by itself, then each half; a record that still fails alone is set aside with the bug's last line."""
        if len(parts) > 1:
            return all(self._settle([part]) for part in parts)
        (part,) = parts
        if middle := len(part.records) // 2:
            halves = part.records[:middle], part.records[middle:]
            return all(self._settle([messaging.Part.of(part.topic, part.handler, half)]) for half in halves)
        ((topic, partition, offset),), reason = part.records.where, f"bug: {type(bug).__name__}"
        self._log.error("record set aside", topic=topic, partition=partition, offset=offset)

        def set_aside(events: Sequence[Event[Any]], transaction: Transaction) -> None:
            for event in events:
                transaction.reject(event, reason)

        return self._settle([part._replace(handler=set_aside)])

    def _fresh(self, parts: Sequence[messaging.Part]) -> list[messaging.Part]:
        """The records that are ours and not done yet; no part without any."""
        due = {p: position or 0 for p, position in self._positions.items()}
        found = []
        for part in parts:
            if all(first >= due.get(partition, NOT_OURS) for partition, first in part.firsts.items()):
                found.append(part)
                continue
            where = [*part.records.where]
            begins = [(offset, due.get((topic, number))) for topic, number, offset in where]
            fresh = [begin is not None and offset >= begin for offset, begin in begins]
            again = sum(begin is not None for _, begin in begins) - sum(fresh)
            self._metrics.count(self._metrics.redeliveries, where[0][0], by=again)
            if any(fresh):
                found.append(messaging.Part.of(part.topic, part.handler, part.records.chosen(np.array(fresh))))
        return found

    def _waiting(self, parts: Sequence[messaging.Part]) -> int:
        """How many records are known to wait behind these; their partitions' lag is noted."""
        waiting = 0
        for part in parts:
            for partition, offset in part.lasts.items():
                lag = self._member.waiting(partition, offset)
                self._metrics.set(self._metrics.lag, lag, part.topic.name, str(partition[1]))
                waiting += lag
        return waiting

    def _stop_reading(self, partition: Partition, topic: Topic) -> None:
        """Too many unusable records in a row: rather stop here than set everything aside. A restart reads on."""
        self._log.error(
            "partition stopped: too many unusable records in a row", topic=partition[0], partition=partition[1]
        )
        self._member.pause(partition)
        del self._positions[partition]
        self._owned.discard(partition)
        self._metrics.set(self._metrics.paused, 1, topic.name)
        if not topic.pattern:
            self.failing = (
                f"{partition[0]}/{partition[1]} stopped after too many unusable records; see {topic.dead_letter}"
            )


def _are_many(parts: Sequence[messaging.Part]) -> bool:
    records = [part.records for part in parts]
    return sum(map(len, records)) >= FEW or sum(len(some.values.whole) for some in records) >= LITTLE


def _name(error: Exception) -> str:
    return str(error) if isinstance(error, group.Away) else type(error).__name__
