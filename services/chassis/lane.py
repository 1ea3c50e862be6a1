"""One thread that does what it is given, in order: a hand-over costs half of what an executor's does."""

import asyncio
import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Told = Callable[[Any, BaseException | None], None]  # what came of a piece of work: its result, or what it raised


class Lane:
    """A thread and the work that waits for it. Begun with the first piece of work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._waiting: queue.SimpleQueue[tuple[Callable[[], Any], Told] | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def do(self, work: Callable[[], T]) -> T:
        """Have work done; the calling thread waits."""
        return self.begin(work)()

    def begin(self, work: Callable[[], T]) -> Callable[[], T]:
        """Have work done; the calling thread goes on. What it gets waits for the result, once."""
        done = threading.Lock()
        done.acquire()
        outcome: list[Any] = [None, None]

        def told(result: Any, error: BaseException | None) -> None:
            outcome[:] = result, error
            done.release()

        def wait() -> T:
            done.acquire()
            result, error = outcome
            if error is not None:
                raise error
            return result  # type: ignore[no-any-return]

        self._put(work, told)
        return wait

    async def done(self, work: Callable[[], T]) -> T:
        """Have work done, with the context of the caller; the event loop stays free."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            if future.done():  # whoever waited has gone
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)

        def told(result: Any, error: BaseException | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, result, error)

        self._put(lambda: context.run(work), told)
        return await future

    def close(self) -> None:
        """Let what waits be done, then end the thread."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _put(self, work: Callable[[], Any], told: Told) -> None:
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                    self._thread.start()
        self._waiting.put((work, told))

    def _run(self) -> None:
        while (given := self._waiting.get()) is not None:
            work, told = given
            outcome = _Outcome()
            with outcome:
                outcome.result = work()
            told(outcome.result, outcome.error)
            del given, work, told, outcome  # nothing of it stays while the thread waits


class _Outcome:
    """What came of a piece of work. What it raised is nobody's here: whoever waits meets it."""

    result: Any = None
    error: BaseException | None = None

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        self.error = error
        return True
