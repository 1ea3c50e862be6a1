"""When to publish, and a publication's events on their way into the outbox."""

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.benchmark import moved_wire, records
from services.benchmark.book import Book, Published
from services.benchmark.period import Period
from services.benchmark.update_wire import Update
from services.benchmark.watchers import Watchers
from services.chassis.offsets import Fenced
from services.chassis.outbox import Transaction, deterministic_id, deterministic_ids, id_begins, ids_together
from services.chassis.service import Service

UPDATED = "updated"  # how the causes of a benchmark-updated begin
QUICK_SECONDS = 0.005  # a publication is taken to last at least so long
LIGHT_SECONDS = 0.025  # one that lasted less is followed by the next sooner
FEW = 200  # records; more are not published at once
FLOW_SECONDS = 0.5  # between two publications while many follow
LOOK_SECONDS = 15.0  # how often a service with nothing to do looks for what other instances have entered


class Tick:
    """When to publish: with a batch that had not to wait and behind which nothing waits, if few records are due; else half of the
    time at most, and four fifths of it where it is quickly done. While many follow, once in half a second, since a publication of
    more costs little more; and at once with the batch that is the last of them. After a start, what is there already is taken in
    first.

    at_most_every   seconds between two under load, and after a start; sooner, as long after the last one as it took, where that
                    took less than one, and a quarter of that where it took less than LIGHT_SECONDS
    """

    def __init__(self, service: Service, book: Book, watchers: Watchers, at_most_every: float) -> None:
        self._service, self._book, self._watchers, self._every = service, book, watchers, at_most_every
        self._published_at, self._took = 0.0, 0.0  # took nothing: nothing was published since the start
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting, self._left = False, asyncio.Event()
        self._behind = False  # whether records are known to wait behind the last batch
        self._flows = False  # whether many follow it
        self._ebbed = False  # whether many did, and what they left is not published

    def after(self, tx: Transaction, *, more_follow: bool = False) -> None:
        """Publish in the batch's own transaction, or leave it to a later one. `more_follow`: many do, validate says."""
        self._ebbed = not more_follow and (self._flows or self._ebbed)
        self._waiting, self._behind, self._flows = True, not tx.caught_up, more_follow
        at_once = tx.caught_up and (self._ebbed or (tx.was_idle and self._book.due() < FEW))
        if at_once or self._is_due(tx.now.timestamp()):
            self.publish(tx)
        else:
            self._wake()

    def publish(self, tx: Transaction, also: Period | None = None) -> None:
        """Announce whatever has moved on. A function of the ledger: after a crash the same events with the same ids.

        also    a period that is published whoever reads its batches
        """
        began = self._service.clock().timestamp()
        everything = self._book.publish(tx, also)
        for published in everything:
            announce(tx, published)
            tx.after_commit(lambda updates=published.updates: self._tell(updates))  # type: ignore[misc]
        if self._book.snapshots_due():  # by itself, so that nobody waits for it
            tx.after_commit(lambda: self._service.transact(self._book.keep_snapshots, cause="call"))
        self._published_at = self._service.clock().timestamp()  # its end: then batches are applied
        self._took = max(self._published_at - began, QUICK_SECONDS) if everything else self._took
        self._waiting = self._ebbed = False

    def _leftovers(self, tx: Transaction) -> None:
        if self._waiting and self._is_due(tx.now.timestamp()):  # still: a batch may have published meanwhile
            self.publish(tx)

    def again(self) -> None:
        """A transaction failed, or partitions were given: something may wait to be published."""
        self._waiting = True
        self._wake()

    async def run(self) -> None:
        """Publish what a backlog left behind, and what a crash did."""
        self._loop, self._waiting = asyncio.get_running_loop(), True
        while True:
            self._left.clear()
            if not self._waiting:
                woken = await self._woken_within(LOOK_SECONDS)
                if not woken and await self._service.read(self._book.is_behind):  # other instances tell nobody
                    self._waiting = True
            elif (due := self._due_in(self._service.clock().timestamp())) > 0:
                await self._woken_within(due)  # a batch behind which no more follow makes it due sooner
            else:
                with contextlib.suppress(Fenced):  # another instance was first: then with other memory
                    await self._service.write(self._leftovers)

    async def _woken_within(self, seconds: float) -> bool:
        """Wait for a batch that leaves something to be published; whether one came."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._left.wait()
        return False

    def _wake(self) -> None:
        """Something waits that no batch may come for."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._left.set)

    def _is_due(self, now: float) -> bool:
        return self._due_in(now) <= 0

    def _due_in(self, now: float) -> float:
        """Seconds until the next publication may begin; 0 where it may."""
        pause = min(1.0, self._took) / (4 if self._took < LIGHT_SECONDS else 1) if self._took else float(self._behind)
        return max(0.0, self._published_at + self._every * max(pause, FLOW_SECONDS * self._flows) - now)

    def _tell(self, updates: Sequence[Update]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._watchers.offer, updates)


def caused_by(key: str, vintage: int, method_version: str) -> tuple[str, ...]:
    """What the id of a benchmark-updated follows from, after UPDATED. `key`: scheme/period/peer group."""
    return key, str(vintage), method_version


class Told(NamedTuple):
    """Which publication an event tells of."""

    scheme: str
    period: str
    peer_group: str
    vintage: int
    method_version: str


def find(event_id: str, everything: Iterable[records.Published]) -> Told | None:
    """The publication whose benchmark-updated has an id; None where it is none of them."""
    try:
        begins = uuid.UUID(event_id).bytes[:6]
    except ValueError:
        return None
    for one in everything:
        for group, method in itertools.product(one.groups, one.methods):
            causes = (UPDATED, *caused_by(f"{one.scheme}/{one.period}/{group}", one.vintage, method))
            if id_begins(*causes) == begins and deterministic_id(*causes) == str(uuid.UUID(event_id)):
                return Told(one.scheme, one.period, group, one.vintage, method)
    return None


def announce(tx: Transaction, published: Published) -> None:
    """Put a publication's events into the outbox."""
    period = f"{published.period.scheme}/{published.period.name}"
    keys = [f"{period}/{update.peer_group}" for update in published.updates]
    causes = [
        caused_by(key, update.vintage, update.method_version)
        for key, update in zip(keys, published.updates, strict=True)
    ]
    contents = [update.content for update in published.updates]
    tx.announce_all(Update.KIND, keys, contents, deterministic_ids(UPDATED, causes))
    changes, vintages = published.changes, f"{published.before.vintage}/{published.after.vintage}"
    units = [unit.encode() for unit in changes.unit_ids]
    ids = ids_together("moved", [f"{period}/{unit}/{vintages}" for unit in changes.unit_ids])
    tx.announce_run(moved_wire.EVENT, units, changes.content, changes.ends, ids, f"{period}/".encode())
