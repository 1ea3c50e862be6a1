"""Delivering what is due: leased, sent outside any transaction, and recorded with the event that says how it went."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from noegletal.v1 import notification_pb2 as pb

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service
from services.notify import (
    channels,
    delivery_store,
    endpoint_store,
    health,
    mail_store,
    mailing,
    notices,
    schedule,
    store,
    subscription_store,
    telling,
    wire,
)
from services.notify.answers import Attempt
from services.notify.channels import Webhooks
from services.notify.measures import Measures
from services.notify.schedule import SLOW_SECONDS, Hand, Room
from services.notify.sealing import Seal, WrongKey
from services.notify.store import Claimed

LOOK_SECONDS = 0.25  # how often it is looked for what fell due meanwhile; news wake us at once
MEASURE_SECONDS = 2.0  # how often what waits is counted


@dataclass(frozen=True)
class Plan:
    """How long is waited for what, in seconds; `most_per_minute` of an endpoint without a rate of its own, 0: no limit."""

    lease: float
    steps: tuple[float, ...] = schedule.SECONDS
    circuit: tuple[float, ...] = health.OPEN_SECONDS
    hopeless: float = health.HOPELESS_SECONDS
    most_per_minute: int = 0


@dataclass(frozen=True)
class _Begun:
    claimed: Claimed
    at: float  # of the loop's clock


@dataclass(frozen=True)
class _Ended:
    claimed: Claimed
    attempt: Attempt
    chance: float
    seconds: float


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
        seal: Seal,
        *,
        room: Room,
        plan: Plan,
        chance: Callable[[], float],
    ) -> None:
        self._service, self._webhooks, self._mail, self._folder, self._seal = service, webhooks, mail, folder, seal
        self._room, self._plan, self._chance = room, plan, chance
        self._measures = Measures(service.metrics)
        self._running: dict[asyncio.Task[Attempt], _Begun] = {}
        self._ended: list[_Ended] = []  # not recorded yet
        self._awaited: dict[str, asyncio.Event] = {}  # by notification id: somebody waits for its attempt's record
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
                        async with asyncio.timeout(LOOK_SECONDS):
                            await self._due.wait()
        finally:
            for task in self._running:
                task.cancel()
            await self._webhooks.close()

    async def measure(self) -> None:
        """Tell what waits, again and again, until cancelled."""
        while True:
            found = await self._service.read(lambda connection: store.waiting(connection, self._service.clock()))
            self._measures.waiting(**found)
            await asyncio.sleep(MEASURE_SECONDS)

    async def at_once(self, claimed: Claimed, seconds: float) -> None:
        """Make the attempt of what a caller has taken in hand, and wait for its record, for so long at most."""
        recorded = self._awaited.setdefault(claimed.notification_id, asyncio.Event())
        self._begin(claimed)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await recorded.wait()
        finally:
            self._awaited.pop(claimed.notification_id, None)

    async def _turn(self) -> list[Claimed]:
        now, ended, hands = self._service.clock(), list(self._ended), self._hands()
        if not ended and not await self._service.read(lambda connection: store.is_due(connection, now)):
            return []

        def work(tx: Transaction) -> list[Claimed]:
            for one in ended:
                self._record(tx, one)
            store.plan(tx, {one.claimed.endpoint_id for one in ended})
            return store.claim(tx, hands, self._room, self._plan.lease, self._plan.most_per_minute)

        taken = await self._service.write(work)
        del self._ended[: len(ended)]
        for one in ended:
            if recorded := self._awaited.get(one.claimed.notification_id):
                recorded.set()
        return taken

    def _hands(self) -> dict[str, Hand]:
        now = asyncio.get_running_loop().time()
        hands: dict[str, Hand] = {}
        for begun in self._running.values():
            before = hands.get(begun.claimed.endpoint_id, Hand(0, True))
            quick = begun.claimed.proven and now - begun.at < SLOW_SECONDS
            hands[begun.claimed.endpoint_id] = Hand(before.count + 1, before.proven and quick)
        return hands

    def _begin(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._attempt(claimed))
        self._running[task] = _Begun(claimed, asyncio.get_running_loop().time())
        task.add_done_callback(self._end)
        if claimed.attempt == 1:
            late = (self._service.clock() - claimed.made_at).total_seconds()
            self._measures.began(wire.channel(claimed.channel), late)

    def _end(self, task: "asyncio.Task[Attempt]") -> None:
        begun = self._running.pop(task)
        self._due.set()
        if task.cancelled():
            return
        if error := task.exception():
            self._service.log.error("delivery failed of itself", error=type(error).__name__, exc_info=error)
        ours = begun.claimed.channel == pb.CHANNEL_MAIL
        attempt = Attempt(False, f"not attempted: {type(error).__name__}", ours=ours) if error else task.result()
        seconds = asyncio.get_running_loop().time() - begun.at
        self._ended.append(_Ended(begun.claimed, attempt, self._chance(), seconds))

    async def _attempt(self, claimed: Claimed) -> Attempt:
        if claimed.channel == pb.CHANNEL_WEBHOOK:
            try:
                secrets = [self._seal.open(key) for key in claimed.keys]
            except WrongKey as error:
                self._service.log.error("signing key not opened", error=str(error))
                return Attempt(False, "not attempted: no signing key")
            at = self._service.clock()
            return await self._webhooks.send(
                claimed.url, claimed.body, notification_id=claimed.notification_id, secrets=secrets, at=at
            )
        if claimed.channel == pb.CHANNEL_MAIL:
            return await self._mail(claimed)
        again, body, named = claimed.attempt > 1, claimed.body, claimed.notification_id
        to = (self._folder, claimed.organisation_id, body, named)
        return await asyncio.to_thread(channels.write_to_log, *to, again=again)

    def _record(self, tx: Transaction, one: _Ended) -> None:
        """Keep how an attempt ended, what follows, and the events that say so: all or nothing."""
        claimed, attempt = one.claimed, one.attempt
        at = endpoint_store.found(tx.connection, claimed.endpoint_id)
        by_mail = claimed.channel == pb.CHANNEL_MAIL
        stopped = by_mail and mail_store.is_stopped(tx.connection, claimed.notification_id)
        outcome, wait = self._outcome(one, over=stopped or at is None or bool(at.disabled))
        following = None if wait is None else tx.now + timedelta(seconds=wait)
        if following is not None and by_mail:
            following = mailing.not_before(claimed.body, following)
        kept = delivery_store.settle(tx, claimed, outcome=outcome, detail=attempt.detail, next_attempt_at=following)
        if at is not None and (kept or attempt.gone) and not attempt.ours:
            self._note(tx, one, at)
        if kept:
            cause = deterministic_id("sent", claimed.notification_id, claimed.attempt)
            tx.announce(wire.sent(claimed, attempt, outcome, tx.now), key=claimed.organisation_id, id=cause)
            said = (wire.channel(claimed.channel), wire.kind(claimed.kind), wire.outcome(outcome))
            tx.after_commit(lambda: self._measures.attempt(*said, one.seconds))

    def _note(self, tx: Transaction, one: _Ended, at: "endpoint_store.Place") -> None:
        """Keep how the endpoint does; say so elsewhere when it begins to fail, and when sending there ends."""
        before = endpoint_store.health(at)
        now = health.after(before, one.attempt, tx.now, chance=one.chance, open_seconds=self._plan.circuit)
        endpoint_store.note(tx, at.endpoint_id, now)
        what = health.turn(before, now, tx.now, gone=one.attempt.gone, hopeless_seconds=self._plan.hopeless)
        if not what or at.disabled:
            return
        if what != "failing":
            why = endpoint_store.GONE if what == "gone" else endpoint_store.FAILING
            endpoint_store.disable(tx, at.endpoint_id, why)
        cause = deterministic_id("endpoint-failing", at.endpoint_id, what, now.failing_since or tx.now)
        whose = (at.organisation_id, at.endpoint_id, cause)
        due = notices.endpoint_failing(*whose, what=what, health=now, answer=one.attempt.detail, now=tx.now)
        followers = subscription_store.subscriptions(tx.connection, at.organisation_id, store.instant(tx.now))
        telling.make_due(tx, due, followers, but=frozenset({at.endpoint_id}))

    def _outcome(self, one: _Ended, *, over: bool) -> tuple[pb.DeliveryOutcome, float | None]:
        """What an attempt comes to, and the seconds until the next one. A test is tried once; `over`: no more is sent."""
        claimed, attempt = one.claimed, one.attempt
        if attempt.delivered:
            return pb.DELIVERY_OUTCOME_DELIVERED, None
        wait = schedule.following(
            claimed.tried, chance=one.chance, retry_after=attempt.retry_after, steps=self._plan.steps
        )
        once = claimed.kind == pb.NOTIFICATION_KIND_TEST
        if wait is None or attempt.gone or attempt.abort or over or once:
            return pb.DELIVERY_OUTCOME_EXHAUSTED, None
        return pb.DELIVERY_OUTCOME_FAILED, wait
