"""The gRPC server of a service: every call has a key and a deadline, every refusal a code with words in da and en."""

import contextvars
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, NoReturn

import grpc
import sqlalchemy as sa
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

from services.chassis.access import Caller, Denied, Keys, NotAllowed
from services.chassis.config import ServiceSettings
from services.chassis.logs import Log
from services.chassis.metrics import Metrics

Words = Callable[[str, Mapping[str, str]], Mapping[str, str]]
OPEN = (
    "/grpc.health.v1.Health/",
    "/grpc.reflection.v1alpha.ServerReflection/",
)  # no key: they say nothing about anybody
LIMITS = [
    ("grpc.max_receive_message_length", 1024 * 1024),
    ("grpc.max_metadata_size", 16 * 1024),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 20_000),
    ("grpc.so_reuseport", 0),
]
_caller: contextvars.ContextVar[Caller] = contextvars.ContextVar("caller")


class Refusal(Exception):
    """A call cannot be answered. The code's words in da and en, filled with the parameters, go back with it."""

    def __init__(self, code: str, status: grpc.StatusCode, **parameters: str) -> None:
        super().__init__(code)
        self.code, self.status, self.parameters = code, status, parameters


def caller() -> Caller:
    """Who makes the current call."""
    return _caller.get()


class Gate(grpc.aio.ServerInterceptor):
    """Lets a call in with exactly one valid key and a deadline; turns refusals into google.rpc.Status."""

    def __init__(self, keys: Keys, words: Words, clock: Callable[[], datetime], metrics: Metrics, log: Log) -> None:
        self._keys, self._words, self._clock, self._metrics, self._log = keys, words, clock, metrics, log

    async def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        handler = await continuation(details)
        if handler is None or details.method.startswith(OPEN):
            return handler
        credentials = [str(v) for k, v in details.invocation_metadata if k == "authorization"]
        wrap = self._stream if handler.response_streaming else self._single
        inner = next(
            f for f in (handler.unary_unary, handler.unary_stream, handler.stream_unary, handler.stream_stream) if f
        )
        asked, answered = (
            "stream" if many else "unary" for many in (handler.request_streaming, handler.response_streaming)
        )
        make: Any = getattr(grpc, f"{asked}_{answered}_rpc_method_handler")
        return make(wrap(inner, details.method, credentials), handler.request_deserializer, handler.response_serializer)

    def _enter(self, context: Any, credentials: list[str], *, deadline: bool) -> None:
        if len(credentials) != 1 or not credentials[0].startswith("Bearer "):
            raise Refusal("NT-1001", grpc.StatusCode.UNAUTHENTICATED)
        _caller.set(self._keys.caller(credentials[0].removeprefix("Bearer "), self._clock()))
        if deadline and context.time_remaining() is None:
            raise Refusal("NT-1003", grpc.StatusCode.INVALID_ARGUMENT)

    def _single(self, inner: Any, method: str, credentials: list[str]) -> Any:
        async def call(request: Any, context: Any) -> Any:
            with self._watched(method) as note:
                try:
                    self._enter(context, credentials, deadline=True)
                    return await inner(request, context)
                except REFUSED as error:
                    await self._refuse(context, error, note)

        return call

    def _stream(self, inner: Any, method: str, credentials: list[str]) -> Any:
        async def call(request: Any, context: Any) -> AsyncIterator[Any]:
            with self._watched(method) as note:
                try:
                    self._enter(context, credentials, deadline=False)
                    async for answer in inner(request, context):
                        yield answer
                except REFUSED as error:
                    await self._refuse(context, error, note)

        return call

    def _watched(self, method: str) -> "Watch":
        return Watch(self._metrics, method)

    async def _refuse(self, context: Any, error: BaseException, note: "Watch") -> NoReturn:
        refusal = as_refusal(error)
        if refusal.code == "NT-1004":
            self._log.error("call failed", method=note.method, error=type(error).__name__)
        note.status = refusal.status.name
        await context.abort_with_status(rpc_status.to_status(status_of(refusal, self._words)))
        raise AssertionError("abort_with_status does not return")


class Watch:
    """Times one call and notes how it ended."""

    def __init__(self, metrics: Metrics, method: str) -> None:
        self._metrics, self.method, self.status = metrics, method.rpartition("/")[2], "OK"

    def __enter__(self) -> "Watch":
        self._began = time.perf_counter()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self.status == "OK":
            self.status = "CANCELLED" if kind.__name__ in ("CancelledError", "GeneratorExit") else "UNKNOWN"
        self._metrics.count(self._metrics.calls, self.method, self.status)
        self._metrics.observe(self._metrics.call_seconds, time.perf_counter() - self._began, self.method)


REFUSED = (Refusal, Denied, NotAllowed, sa.exc.OperationalError, sa.exc.InterfaceError)


def as_refusal(error: BaseException) -> Refusal:
    """The refusal an error comes to."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Denied):
        return Refusal("NT-1001", grpc.StatusCode.UNAUTHENTICATED)
    if isinstance(error, NotAllowed):
        return Refusal("NT-1002", grpc.StatusCode.PERMISSION_DENIED, organisation=error.organisation_id)
    return Refusal("NT-1004", grpc.StatusCode.UNAVAILABLE)


def status_of(refusal: Refusal, words: Words) -> status_pb2.Status:
    """A refusal as google.rpc.Status: ErrorInfo with the code, LocalizedMessage in da and en."""
    said = words(refusal.code, refusal.parameters)
    status = status_pb2.Status(code=code_pb2.Code.Value(refusal.status.name), message=f"{refusal.code} {said['en']}")
    details = [error_details_pb2.ErrorInfo(reason=refusal.code, domain="noegletal", metadata=refusal.parameters)]
    details += [error_details_pb2.LocalizedMessage(locale=locale, message=said[locale]) for locale in ("da", "en")]
    for detail in details:
        packed = any_pb2.Any()
        packed.Pack(detail)
        status.details.append(packed)
    return status


class Server:
    """A grpc.aio server with health and reflection. Made when it starts: it belongs to the loop it runs on."""

    def __init__(self, settings: ServiceSettings, gate: Gate) -> None:
        self._settings, self._gate = settings, gate
        self._offered: list[tuple[Callable[[Any, Any], None], object, str]] = []
        self._health: Any = None
        self._server: Any = None
        self.address = ""

    def add(self, register: Callable[[Any, Any], None], servicer: object, name: str) -> None:
        """Offer a service of the contract under its full name."""
        self._offered.append((register, servicer, name))

    async def start(self) -> None:
        """Listen; health says NOT_SERVING until the service is ready. Raises OSError when the address is taken."""
        limit = self._settings.grpc_concurrent_calls
        self._server = grpc.aio.server(interceptors=[self._gate], options=LIMITS, maximum_concurrent_rpcs=limit)
        self._health = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        for register, servicer, _ in self._offered:
            register(servicer, self._server)
        if self._settings.reflection:
            names = [name for _, _, name in self._offered]
            reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], self._server)
        try:
            port = self._server.add_insecure_port(self._settings.grpc)
        except RuntimeError as error:
            raise OSError(f"{self._settings.grpc} cannot be listened on") from error
        self.address = f"{self._settings.grpc.rpartition(':')[0]}:{port}"
        await self.serving(False)
        await self._server.start()

    async def serving(self, yes: bool) -> None:
        """Tell health clients whether the service can do its work."""
        status = health_pb2.HealthCheckResponse.SERVING if yes else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ["", *(name for _, _, name in self._offered)]:
            await self._health.set(name, status)

    async def stop(self) -> None:
        """Refuse new calls, let running ones end within the grace period."""
        if self._server is not None:
            await self._health.enter_graceful_shutdown()
            await self._server.stop(self._settings.stop_grace_seconds)
