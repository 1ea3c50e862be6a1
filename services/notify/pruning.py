"""Forgetting what is over: deliveries, and what made them once and would not again. Never what is still due."""

import asyncio
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.chassis.outbox import Transaction
from services.chassis.service import Service
from services.notify import delivery_store, judging, look_store, mail_store, meeting_store
from services.notify.store import instant

FIRST_SECONDS, EVERY_SECONDS = 60.0, 3600.0  # after the start; from then on
# Not below: longer than the week the topics keep what could make a message again, and than a month gathers.
KeepDays = Annotated[int, Field(ge=35)]  # a setting
MOST, MOST_LOOKS = 500, 100  # of one transaction: what else waits for the database is not kept long


class Pruning:
    """Forgets in the background, in small steps. `keep_days`: how long what is over is kept, from when it fell due or came."""

    def __init__(self, service: Service, keep_days: float) -> None:
        self._service, self._keep = service, timedelta(days=keep_days)

    async def run(self) -> None:
        """Forget until cancelled."""
        await asyncio.sleep(FIRST_SECONDS)
        while True:
            while await self._service.write(self.step):
                pass
            beyond: tuple[str, ...] = ()
            while looks := await self._service.write(lambda tx, beyond=beyond: self.fold(tx, beyond)):  # type: ignore[misc]
                beyond = looks[-1]
            await asyncio.sleep(EVERY_SECONDS)

    def step(self, tx: Transaction) -> int:
        """One step: deliveries, what gathered, halves of receipts; returns how many were forgotten."""
        before = tx.now - self._keep
        return sum(store.prune(tx, before, MOST) for store in (delivery_store, mail_store, meeting_store))

    def fold(self, tx: Transaction, beyond: tuple[str, ...]) -> list[tuple[str, ...]]:
        """One step among looks, from beyond one on; returns those it went through."""
        cutoff = tx.now - self._keep
        looks = look_store.old(tx.connection, instant(cutoff), beyond, MOST_LOOKS)
        judging.fold(tx, list(dict.fromkeys(place[1:] for place in looks)), cutoff)
        return looks
