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

    at_once items of a batch; what was put together stays together, be it more
    waiting items that may wait when more are put
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
        self._items: list[tuple[Sequence[A], asyncio.Future[Sequence[R]]]] = []
        self._count = 0  # of what is in them
        self._gathered = asyncio.Event()

    def put(self, items: Sequence[A]) -> asyncio.Future[Sequence[R]]:
        """Add items; the future has their results, in order, once they are durable. Raises Overloaded."""
        if self._count >= self._most:
            raise Overloaded
        future: asyncio.Future[Sequence[R]] = asyncio.get_running_loop().create_future()
        self._items.append((items, future))
        self._count += len(items)
        self._gathered.set()
        return future

    async def run(self) -> None:
        """Commit batches until cancelled. A batch that fails fails its callers; the next one is tried anew."""
        ended = -self._gather
        while True:
            await self._gathered.wait()
            if self._count < FEW and time.monotonic() - ended < self._gather:
                await asyncio.sleep(self._gather)
            batch = self._next()
            if not self._items:
                self._gathered.clear()
            await self._settle(batch)
            ended = time.monotonic()

    def _next(self) -> Sequence[tuple[Sequence[A], asyncio.Future[Sequence[R]]]]:
        """What is committed next: what has waited longest."""
        many, count = 1, len(self._items[0][0])
        while many < len(self._items) and count + len(self._items[many][0]) <= self._at_once:
            count += len(self._items[many][0])
            many += 1
        batch, self._items, self._count = self._items[:many], self._items[many:], self._count - count
        return batch

    async def _settle(self, batch: Sequence[tuple[Sequence[A], asyncio.Future[Sequence[R]]]]) -> None:
        whole = [item for items, _ in batch for item in items]
        (outcome,) = await asyncio.gather(self._commit(whole), return_exceptions=True)
        at = 0
        for items, future in batch:
            at += len(items)
            if future.done():  # the caller has gone
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome[at - len(items) : at])
