"""The ways out: webhooks over HTTP, and a readable log per organisation."""

import asyncio
import fcntl
import ipaddress
import json
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from services.notify import addresses, signing
from services.notify.answers import Attempt, judged

LOOKUPS = 16  # names looked up at once, in threads of their own: a slow name server holds up nothing else
Lookup = Callable[[str, int], Awaitable[Sequence[tuple[int, str]]]]  # host, port -> (address family, address)


class DeniedAddress(OSError):
    """An address that nothing is sent to, or a name that resolves to one."""


class SystemLookup:
    """Names as the machine resolves them."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=LOOKUPS, thread_name_prefix="notify-lookup")

    async def __call__(self, host: str, port: int) -> Sequence[tuple[int, str]]:
        def ask() -> list[tuple[int, str]]:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            return [(family, str(place[0])) for family, _, _, _, place in found]

        return await asyncio.get_running_loop().run_in_executor(self._threads, ask)


class JudgingResolver(AbstractResolver):
    """Resolves a name once, judges every address, and hands on only what was judged: that is what is connected to."""

    def __init__(self, lookup: Lookup, *, allow_private: bool) -> None:
        self._lookup, self._allow_private = lookup, allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of a name. Raises DeniedAddress if any of them is denied: mixed answers are no accident."""
        found = await self._lookup(host, port)
        for _, address in found:
            self.judge(address)
        if not found:
            raise OSError("no address")
        flags = socket.AI_NUMERICHOST
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=flags)
            for kind, address in found
        ]

    def judge(self, address: str) -> None:
        """Raise DeniedAddress for an address nothing is sent to."""
        if addresses.denied(address, allow_private=self._allow_private):
            raise DeniedAddress("address not allowed")

    def socket_for(self, place: tuple[Any, Any, int, str, tuple[Any, ...]]) -> socket.socket:
        """A socket for the very address that is about to be connected to, judged once more: numbers see no resolver."""
        family, kind, protocol, _, address = place
        self.judge(str(address[0]))
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Nothing is held."""


class Webhooks:
    """Sends signed payloads. Follows no redirect, trusts no proxy, keeps no cookie, reads no answer's body."""

    def __init__(
        self, *, allow_private: bool, allow_http: bool, timeout_seconds: float, lookup: Lookup | None = None
    ) -> None:
        self._schemes = ("https", "http") if allow_http else ("https",)
        self._resolver = JudgingResolver(lookup or SystemLookup(), allow_private=allow_private)
        self._timeout_seconds = timeout_seconds
        self._session: aiohttp.ClientSession | None = None

    async def fault(self, url: str) -> str:
        """Why nothing may be sent to a URL, as the id of a sentence; empty where it may."""
        try:
            parsed = self._parsed(url)
        except ValueError:
            return "address.url"
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._judge(parsed)
        except DeniedAddress:
            return "address.denied"
        except (OSError, UnicodeError):
            return "address.unknown"
        return ""

    async def send(self, url: str, body: str, *, notification_id: str, secrets: Sequence[str], at: datetime) -> Attempt:
        """One attempt. Every way it can fail is an Attempt, never an exception."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                parsed, headers = self._parsed(url), signing.headers(body, notification_id, secrets, at)
                session = self._opened()
                async with session.post(parsed, data=body.encode(), headers=headers, allow_redirects=False) as answer:
                    answer.close()  # the status is the answer: whatever else comes is not waited for
                    return judged(answer.status, {n.lower(): v for n, v in answer.headers.items()}, at)
        except TimeoutError:
            return Attempt(False, "no answer in time")
        except aiohttp.ClientConnectorError as error:
            denied = isinstance(error.os_error, DeniedAddress)
            return Attempt(False, "address not allowed" if denied else f"not reached: {type(error.os_error).__name__}")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Attempt(False, f"not reached: {type(error).__name__}")

    async def close(self) -> None:
        """Let go of every connection. It may be sent again afterwards."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _parsed(self, url: str) -> URL:
        """A URL that may be sent to as far as its text says. Raises ValueError."""
        parsed = URL(url)
        if parsed.scheme not in self._schemes or not parsed.raw_host or parsed.user or parsed.password:
            raise ValueError("scheme, host or user")
        return parsed

    async def _judge(self, url: URL) -> None:
        host = url.raw_host or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            await self._resolver.resolve(host, url.port or 0)
        else:
            self._resolver.judge(host)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=self._resolver,
                socket_factory=self._resolver.socket_for,
                use_dns_cache=False,
                limit=0,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(total=None),  # one clock for names, connection and answer: the caller's
                trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def write_to_log(folder: Path, organisation_id: str, body: str, notification_id: str, *, again: bool) -> Attempt:
    """Append a message to the organisation's readable log; on disk when this returns. Tried `again`, not written twice."""
    entry = _entry(body, notification_id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{organisation_id}.log").open("a+b") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            if again and _is_in(log, notification_id):
                return Attempt(True, "logged before")
            torn = log.tell() > 0 and not _ends_a_line(log)
            log.write((b"\n" if torn else b"") + entry)
            log.flush()
            os.fsync(log.fileno())
        _sync(folder)
    except OSError as error:
        return Attempt(False, f"not written: {type(error).__name__}")
    return Attempt(True, "logged")


def _entry(body: str, notification_id: str) -> bytes:
    """One message as people read it. Its last line carries the id: an entry that was cut short does not count."""
    content = json.loads(body)
    data = content["data"]
    lines = [f"{content['timestamp']} {content['type']} #{data['seq']}"]
    for language in ("da", "en"):
        said = data["words"][language]
        lines += [f"  {language}: {said['subject']}"]
        lines += [f"    {line}" for line in (*said["text"].splitlines(), data["stop"][language])]
    return ("\n".join([*lines, _mark(notification_id)]) + "\n").encode()


def _mark(notification_id: str) -> str:
    return f"  [{notification_id}]"


def _is_in(log: Any, notification_id: str) -> bool:
    mark = f"{_mark(notification_id)}\n".encode()
    log.seek(0)
    return any(line == mark for line in log)


def _ends_a_line(log: Any) -> bool:
    log.seek(-1, os.SEEK_END)
    return bool(log.read(1) == b"\n")


def _sync(folder: Path) -> None:
    """Make a new file's name durable as well."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
