"""A webhook receiver on loopback: verifies each signature with an independent library and keeps what came."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError


@dataclass(frozen=True)
class Received:
    """A message that was verified. `at` is a monotonic time."""

    id: str
    type: str
    data: dict[str, Any]
    at: float


class Receiver:
    """Listens on a free port. `secret` is set once the endpoint is known; before that nothing is accepted."""

    def __init__(self) -> None:
        self.secret = ""
        self.received: list[Received] = []
        self.refused = 0
        self.url = ""
        self._arrived = asyncio.Event()
        application = web.Application()
        application.router.add_post("/", self._take)
        self._runner = web.AppRunner(application)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def wait_for(self, wanted: Callable[[Received], bool], seconds: float) -> Received | None:
        """The first message that is wanted; None when it does not come in time."""
        deadline = time.monotonic() + seconds
        while True:
            found = next((r for r in self.received if wanted(r)), None)
            left = deadline - time.monotonic()
            if found is not None or left <= 0:
                return found
            self._arrived.clear()
            try:
                async with asyncio.timeout(left):
                    await self._arrived.wait()
            except TimeoutError:
                continue

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.text()
        try:
            content = Webhook(self.secret).verify(body, dict(request.headers))
        except (WebhookVerificationError, ValueError):
            self.refused += 1
            return web.Response(status=401)
        known = {r.id for r in self.received}
        if request.headers["webhook-id"] not in known:
            self.received.append(
                Received(request.headers["webhook-id"], content["type"], content["data"], time.monotonic())
            )
            self._arrived.set()
        return web.Response(status=204)
