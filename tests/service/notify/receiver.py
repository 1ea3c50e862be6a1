"""Receivers of webhooks on loopback, of every temper, and a running notify service to send to them."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import standardwebhooks
from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait for a condition; a deadline passed is a failure. Returns what the condition gave."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if found := await found if asyncio.iscoroutine(found) else found:
                return found
            await asyncio.sleep(0.01)


@dataclass
class Got:
    """One request as it came in."""

    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The payload, if the signature is right by a library that is not ours."""
        return standardwebhooks.Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Answers one request after another as told; the last answer stays."""

    answers: list[Answer]
    got: list[Got] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(headers, (await request.read()).decode()))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answer(request)


def status(code: int, **headers: str) -> Answer:
    """An answer that is a status and headers; underscores stand for dashes."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers={n.replace("_", "-"): v for n, v in headers.items()})

    return answer


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def endless(request: web.Request) -> web.StreamResponse:
    """200, and then a body without end."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)


async def silent_body(request: web.Request) -> web.StreamResponse:
    """200, and then a body that never comes."""
    response = web.StreamResponse()
    await response.prepare(request)
    await asyncio.Event().wait()
    return response


class Gate:
    """Holds answers back until it is opened."""

    def __init__(self) -> None:
        self.waiting, self._open = 0, asyncio.Event()

    def open(self) -> None:
        self._open.set()

    def then(self, answer: Answer) -> Answer:
        async def held(request: web.Request) -> web.StreamResponse:
            self.waiting += 1
            await self._open.wait()
            return await answer(request)

        return held


@contextlib.asynccontextmanager
async def receiving(*answers: Answer) -> AsyncIterator[Receiver]:
    """A receiver that listens on loopback."""
    receiver = Receiver(list(answers or (status(204),)))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def raw(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[str]:
    """A receiver that speaks as `talk` does once it has read a request's head. Yields its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Cut the connection without a word."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def endless_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A head that has no end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    number = 0
    while True:
        writer.write(f"x-{number}: {'y' * 100}\r\n".encode())
        await writer.drain()
        number += 1
