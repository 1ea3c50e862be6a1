"""Group commit: whatever has gathered while the last transaction ran goes into the next one. Where one follows the other at once,
the next waits a moment for more: a transaction costs about as much for ten as for one, here and in every service behind.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")
FEW = 50  # items; more are not waited for


class Overloaded(Exception):
    """More is waiting than may wait."""


class GroupCommit(Generic[A, R]):
    """Gathers items from many callers; `commit` makes a batch durable and returns one result per item, in order.

    gather  seconds that few items wait for more, where the last commit ended less than that ago
    """

    def __init__(
        self,
        commit: Callable[[Sequence[A]], Awaitable[Sequence[R]]],
        *,
        at_once: int,
        waiting: int,
        gather: float = 0.0,
    ) -> None:
        self._commit, self._at_once, self._most, self._gather = commit, at_once, waiting, gather
        self._items: list[tuple[A, asyncio.Future[R]]] = []
        self._gathered = asyncio.Event()

    def put(self, item: A) -> asyncio.Future[R]:
        """Add an item; the future has its result once it is durable. Raises Overloaded."""
        if len(self._items) >= self._most:
            raise Overloaded
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._items.append((item, future))
        self._gathered.set()
        return future

    async def run(self) -> None:
        """Commit batches until cancelled. A batch that fails fails its callers; the next one is tried anew."""
        ended = -self._gather
        while True:
            await self._gathered.wait()
            if len(self._items) < FEW and time.monotonic() - ended < self._gather:
                await asyncio.sleep(self._gather)
            batch, self._items = self._items[: self._at_once], self._items[self._at_once :]
            if not self._items:
                self._gathered.clear()
            await self._settle(batch)
            ended = time.monotonic()

    async def _settle(self, batch: Sequence[tuple[A, asyncio.Future[R]]]) -> None:
        (outcome,) = await asyncio.gather(self._commit([item for item, _ in batch]), return_exceptions=True)
        for n, (_, future) in enumerate(batch):
            if future.done():  # the caller has gone
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome[n])
