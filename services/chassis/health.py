"""What is asked over HTTP: /healthz (is the process alive), /readyz (can it do its work), /metrics, /asyncapi.json."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

ASYNCAPI = (
    Path(__file__).resolve().parents[2] / "deploy" / "asyncapi.json"
)  # the topics, as deploy/asyncapi.py says them
Checks = Callable[[], Mapping[str, str]]  # what is checked -> "" when well, else what is wrong


class _Quiet(uvicorn.Server):
    """A uvicorn server that leaves signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Health:
    """The operators' HTTP server. Alive is not ready: a service waiting for Kafka is alive and must not be killed."""

    def __init__(self, address: str, registry: CollectorRegistry, *, alive: Checks, ready: Checks) -> None:
        host, _, port = address.rpartition(":")
        self._host, self._registry = host, registry
        routes = [
            Route("/healthz", _answer(alive)),
            Route("/readyz", _answer(ready)),
            Route("/metrics", self._metrics),
            Route("/asyncapi.json", _asyncapi),
        ]
        self._app = Starlette(routes=routes)
        config = uvicorn.Config(self._app, host=host, port=int(port), log_config=None, access_log=False, lifespan="off")
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None
        self.address = ""

    def add(self, routes: Sequence[BaseRoute]) -> None:
        """Answer more, before it listens."""
        self._app.router.routes.extend(routes)

    async def start(self) -> None:
        """Listen. Raises OSError when the address is taken."""
        self._task = asyncio.create_task(self._serve())
        while not self._server.started:
            if self._task.done():
                await self._task
                raise OSError(f"{self._host}:{self._server.config.port} cannot be listened on")
            await asyncio.sleep(0.005)
        self.address = f"{self._host}:{self._server.servers[0].sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

    async def _serve(self) -> None:
        try:
            await self._server.serve()
        except SystemExit as error:  # uvicorn's way to say that the address is taken
            raise OSError(f"{self._host}:{self._server.config.port} cannot be listened on") from error

    async def _metrics(self, _request: Request) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


def _asyncapi(_request: Request) -> FileResponse:
    return FileResponse(ASYNCAPI, media_type="application/json")


def _answer(checks: Checks) -> Callable[[Request], JSONResponse]:
    def answer(_request: Request) -> JSONResponse:
        found = checks()
        well = not any(found.values())
        return JSONResponse(
            {"ok": well, "checks": {name: fault or "ok" for name, fault in found.items()}}, 200 if well else 503
        )

    return answer
