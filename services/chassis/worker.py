"""Work in a thread of its own, from start to stop."""

import asyncio
import threading
from collections.abc import Callable

from services.chassis.logs import Log


class Worker:
    """Does `work` in a thread until it ends by itself; begins it again, loudly, when it raises.

    stopping  set when work is to end; `work` looks at it, and waits by it instead of sleeping
    """

    def __init__(self, name: str, work: Callable[[], None], log: Log) -> None:
        self._name, self._work, self._log = name, work, log
        self._thread: threading.Thread | None = None
        self.stopping = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Have it end, and wait until it has."""
        self.stopping.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while True:
            try:
                self._work()
                return
            except Exception:  # noqa: BLE001 - a service without its consumer or relay would stand still in silence
                self._log.exception("background work failed, begun again", work=self._name)
                self.stopping.wait(1)
