"""Delivering what is due: leased, sent outside any transaction, and recorded with the event that says how it went."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from noegletal.v1 import notification_pb2 as pb

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service
from services.notify import channels, mailing, schedule, store, wire
from services.notify.answers import Attempt
from services.notify.channels import Webhooks
from services.notify.schedule import Hand, Room
from services.notify.store import Claimed

LOOK_SECONDS = 0.25  # how often it is looked for what fell due meanwhile; news wake us at once


class Deliveries:
    """Keeps many deliveries going at once, few per endpoint, so that a slow receiver delays nobody else.

    Each turn is one transaction: what has ended is recorded, and what is due is taken in hand.
    """

    def __init__(
        self,
        service: Service,
        webhooks: Webhooks,
        mail: Callable[[Claimed], Awaitable[Attempt]],
        folder: Path,
        *,
        room: Room,
        steps: tuple[float, ...],
        lease_seconds: float,
        chance: Callable[[], float],
    ) -> None:
        self._service, self._webhooks, self._mail, self._folder = service, webhooks, mail, folder
        self._room, self._steps, self._lease_seconds, self._chance = room, steps, lease_seconds, chance
        self._running: dict[asyncio.Task[Attempt], Claimed] = {}
        self._ended: list[tuple[Claimed, Attempt]] = []  # not recorded yet
        self._due = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Tell, from any thread, that something may be due."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._due.set)

    async def run(self) -> None:
        """Deliver until cancelled. What was in hand then is due again when its lease ends."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._due.clear()
                taken = await self._turn()
                for claimed in taken:
                    self._begin(claimed)
                if not taken:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._due.wait(), LOOK_SECONDS)
        finally:
            for task in self._running:
                task.cancel()
            await self._webhooks.close()

    async def _turn(self) -> list[Claimed]:
        now, ended, hands = self._service.clock(), list(self._ended), self._hands()
        if not ended and not await self._service.read(lambda connection: store.is_due(connection, now)):
            return []
        chances = [self._chance() for _ in ended]

        def work(tx: Transaction) -> list[Claimed]:
            for (claimed, attempt), chance in zip(ended, chances, strict=True):
                self._record(tx, claimed, attempt, chance)
            return store.claim(tx, hands, self._room, self._lease_seconds)

        taken = await self._service.write(work)
        del self._ended[: len(ended)]
        return taken

    def _hands(self) -> dict[str, Hand]:
        hands: dict[str, Hand] = {}
        for claimed in self._running.values():
            count = hands[claimed.endpoint_id].count if claimed.endpoint_id in hands else 0
            hands[claimed.endpoint_id] = Hand(count + 1, claimed.proven)
        return hands

    def _begin(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._attempt(claimed))
        self._running[task] = claimed
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[Attempt]") -> None:
        claimed = self._running.pop(task)
        self._due.set()
        if task.cancelled():
            return
        if error := task.exception():
            self._service.log.error("delivery failed of itself", error=type(error).__name__, exc_info=error)
        attempt = Attempt(False, f"not attempted: {type(error).__name__}") if error else task.result()
        self._ended.append((claimed, attempt))

    async def _attempt(self, claimed: Claimed) -> Attempt:
        if claimed.channel == pb.CHANNEL_WEBHOOK:
            at, secret = self._service.clock(), claimed.secret
            return await self._webhooks.send(
                claimed.url, claimed.body, notification_id=claimed.notification_id, secret=secret, at=at
            )
        if claimed.channel == pb.CHANNEL_MAIL:
            return await self._mail(claimed)
        again, body, named = claimed.attempt > 1, claimed.body, claimed.notification_id
        to = (self._folder, claimed.organisation_id, body, named)
        return await asyncio.to_thread(channels.write_to_log, *to, again=again)

    def _record(self, tx: Transaction, claimed: Claimed, attempt: Attempt, chance: float) -> None:
        """Keep how an attempt ended, what follows, and the event that says so: all or nothing."""
        outcome, wait = self._outcome(claimed, attempt, chance, store.is_disabled(tx, claimed.endpoint_id))
        at = None if wait is None else tx.now + timedelta(seconds=wait)
        if at is not None and claimed.channel == pb.CHANNEL_MAIL:
            at = mailing.not_before(claimed.body, at)
        kept = store.settle(
            tx, claimed, outcome=outcome, detail=attempt.detail, next_attempt_at=at, delivered=attempt.delivered
        )
        if attempt.gone:
            store.disable(tx, claimed.endpoint_id)
        if attempt.throttle:
            seconds = schedule.pause(attempt.retry_after)
            store.pause(tx, claimed.endpoint_id, tx.now + timedelta(seconds=seconds))
        if kept:
            cause = deterministic_id("sent", claimed.notification_id, claimed.attempt)
            tx.announce(wire.sent(claimed, attempt, outcome, tx.now), key=claimed.organisation_id, id=cause)

    def _outcome(
        self, claimed: Claimed, attempt: Attempt, chance: float, disabled: bool
    ) -> tuple[pb.DeliveryOutcome, float | None]:
        """What an attempt comes to, and the seconds until the next one."""
        if attempt.delivered:
            return pb.DELIVERY_OUTCOME_DELIVERED, None
        wait = schedule.following(claimed.attempt, chance=chance, retry_after=attempt.retry_after, steps=self._steps)
        if wait is None or attempt.gone or attempt.abort or disabled:
            return pb.DELIVERY_OUTCOME_EXHAUSTED, None
        return pb.DELIVERY_OUTCOME_FAILED, wait
