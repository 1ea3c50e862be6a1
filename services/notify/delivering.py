"""Delivering what is due: leased, sent outside any transaction, and recorded with the event that says how it went."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from noegletal.v1 import notification_pb2 as pb

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service
from services.notify import channels, schedule, store, wire
from services.notify.channels import Attempt, Webhooks
from services.notify.store import Claimed

LOOK_SECONDS = 0.1
PER_ENDPOINT = 4


class Deliveries:
    """Keeps many deliveries going at once, few per endpoint, so that a slow receiver delays nobody else."""

    def __init__(
        self,
        service: Service,
        webhooks: Webhooks,
        folder: Path,
        *,
        in_flight: int,
        steps: tuple[int, ...],
        lease: float,
        chance: Callable[[], float],
    ) -> None:
        self._service, self._webhooks, self._folder = service, webhooks, folder
        self._most, self._steps, self._lease, self._chance = in_flight, steps, lease, chance
        self._busy: Counter[str] = Counter()
        self._running: set[asyncio.Task[None]] = set()
        self._due = asyncio.Event()

    def wake(self) -> None:
        """Tell that something may be due. From the event loop."""
        self._due.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                free = self._most - len(self._running)
                taken = await self._service.write(lambda tx: self._claim(tx, free)) if free else []  # noqa: B023
                for claimed in taken:
                    self._begin(claimed)
                if not taken:
                    self._due.clear()
                    await asyncio.wait([asyncio.ensure_future(self._due.wait())], timeout=LOOK_SECONDS)
        finally:
            for task in self._running:
                task.cancel()
            await self._webhooks.close()

    def _claim(self, tx: Transaction, most: int) -> list[Claimed]:
        return store.claim(tx, most, dict(self._busy), PER_ENDPOINT, self._lease)

    def _begin(self, claimed: Claimed) -> None:
        self._busy[claimed.endpoint_id] += 1
        task = asyncio.create_task(self._deliver(claimed))
        self._running.add(task)
        task.add_done_callback(lambda done: self._end(done, claimed))

    def _end(self, task: "asyncio.Task[None]", claimed: Claimed) -> None:
        self._running.discard(task)
        self._busy[claimed.endpoint_id] -= 1
        self._due.set()
        if not task.cancelled() and (error := task.exception()):
            self._service.log.error(
                "delivery not recorded; tried again when its lease ends", error=type(error).__name__
            )

    async def _deliver(self, claimed: Claimed) -> None:
        if claimed.channel == pb.CHANNEL_WEBHOOK:
            attempt = await self._webhooks.send(
                claimed.url,
                claimed.body,
                notification_id=claimed.notification_id,
                secret=claimed.secret,
                at=self._service.clock(),
            )
        else:
            attempt = await asyncio.to_thread(
                channels.write_to_log,
                self._folder,
                claimed.organisation_id,
                claimed.body,
                claimed.notification_id,
                again=claimed.attempt > 1,
            )
        chance = self._chance()
        await self._service.write(lambda tx: self._record(tx, claimed, attempt, chance))

    def _record(self, tx: Transaction, claimed: Claimed, attempt: Attempt, chance: float) -> None:
        outcome, at = pb.DELIVERY_OUTCOME_DELIVERED, None
        if not attempt.delivered:
            wait = schedule.following(
                claimed.attempt, chance=chance, retry_after=attempt.retry_after, steps=self._steps
            ).seconds
            given_up = wait is None or attempt.gone or attempt.abort
            outcome = pb.DELIVERY_OUTCOME_EXHAUSTED if given_up else pb.DELIVERY_OUTCOME_FAILED
            at = None if given_up or wait is None else tx.now + timedelta(seconds=wait)
        if attempt.gone:
            store.disable(tx, claimed.endpoint_id)
        store.settle(tx, claimed.notification_id, outcome=outcome, detail=attempt.detail, next_attempt_at=at)
        said = wire.sent(
            notification_id=claimed.notification_id,
            organisation_id=claimed.organisation_id,
            endpoint_id=claimed.endpoint_id,
            kind=claimed.kind,
            channel=claimed.channel,
            attempt=claimed.attempt,
            outcome=outcome,
            detail=attempt.detail,
            caused_by=claimed.event_id,
        )
        said.attempted_at.FromDatetime(tx.now)
        cause = deterministic_id("sent", claimed.notification_id, claimed.attempt)
        tx.announce(said, key=claimed.organisation_id, id=cause)
