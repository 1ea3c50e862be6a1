"""The ways out: webhooks over HTTP, and a readable log per organisation."""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import os
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from services.notify import addresses

READ_AT_MOST = 1024  # bytes of an answer's body; they are never parsed


@dataclass(frozen=True)
class Attempt:
    """How an attempt ended. `detail` is short and fit to be shown; `retry_after` in seconds where the receiver asked."""

    delivered: bool
    detail: str
    gone: bool = False  # the receiver wants nothing any more
    abort: bool = False  # the receiver wants this message never again
    retry_after: float | None = None


class DeniedAddress(OSError):
    """A name that resolves to an address nothing is sent to."""


class JudgingResolver(AbstractResolver):
    """Resolves once, judges every address, and hands on only what was judged: what is connected to is what was judged."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of a name. Raises DeniedAddress if any of them is denied."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results = []
        for kind, _, protocol, _, place in found:
            address = str(place[0])
            if not self._allow_private and addresses.denied(address):
                raise DeniedAddress("address not allowed")
            results.append(
                ResolveResult(
                    hostname=host, host=address, port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
                )
            )
        return results

    async def close(self) -> None:
        """Nothing is held."""


class Webhooks:
    """Sends signed payloads. Follows no redirect, trusts no proxy, reads no answer."""

    def __init__(self, *, allow_private: bool, allow_http: bool, timeout_seconds: float) -> None:
        self._allow_private, self._allow_http = allow_private, allow_http
        self._resolver = JudgingResolver(allow_private=allow_private)
        self._timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        self._session: aiohttp.ClientSession | None = None

    async def fault(self, url: str) -> str:
        """Why nothing may be sent to an address; empty where it may."""
        try:
            parsed = URL(url)
        except ValueError:
            return "not a URL"
        schemes = ("https", "http") if self._allow_http else ("https",)
        if parsed.scheme not in schemes or not parsed.host or parsed.user or parsed.password:
            return f"use {' or '.join(schemes)}, a host, and no password"
        try:
            await self._judge(parsed)
        except OSError as error:
            return "address not allowed" if isinstance(error, DeniedAddress) else "the name cannot be resolved"
        return ""

    async def send(self, url: str, body: str, *, notification_id: str, secret: str, at: datetime) -> Attempt:
        """One attempt. Every way it can fail is an Attempt, never an exception."""
        headers = sign(body, notification_id=notification_id, secret=secret, at=at)
        try:
            await self._judge(URL(url))
            async with self._opened().post(url, data=body.encode(), headers=headers, allow_redirects=False) as answer:
                await answer.content.read(READ_AT_MOST)
                return judged(answer.status, dict(answer.headers))
        except TimeoutError:
            return Attempt(False, "no answer in time")
        except DeniedAddress:
            return Attempt(False, "address not allowed")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Attempt(False, f"not reached: {type(error).__name__}")

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            await self._session.close()

    async def _judge(self, url: URL) -> None:
        """Judge an address given as a number, which no resolver would see, as well as names."""
        host = url.host or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            await self._resolver.resolve(host, url.port or 0, socket.AF_UNSPEC)
            return
        if not self._allow_private and addresses.denied(host):
            raise DeniedAddress("address not allowed")

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=self._resolver, use_dns_cache=False, limit=0, force_close=True)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout, trust_env=False)
        return self._session


def sign(body: str, *, notification_id: str, secret: str, at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks 1.0: id, time of the attempt, and HMAC-SHA256 over id.time.body."""
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{notification_id}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    return {
        "content-type": "application/json",
        "user-agent": "noegletal-notify",
        "webhook-id": notification_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def judged(status: int, headers: dict[str, Any]) -> Attempt:
    """What an answer means: only 2xx is delivered, 3xx is not followed, 410 ends the endpoint."""
    lower = {name.lower(): str(value) for name, value in headers.items()}
    if 200 <= status < 300:
        return Attempt(True, f"HTTP {status}")
    asked = lower.get("retry-after", "")
    wait = float(asked) if status in (429, 502, 503, 504) and asked.isdecimal() and len(asked) < 7 else None
    abort = lower.get("webhook-delivery") == "abort-message"
    return Attempt(False, f"HTTP {status}", gone=status == 410, abort=abort, retry_after=wait)


def write_to_log(folder: Path, organisation_id: str, body: str, notification_id: str, *, again: bool) -> Attempt:
    """Append a message to the organisation's readable log; on disk when this returns. Tried `again`, it is not written twice."""
    content = json.loads(body)
    said = content["data"]["words"]
    path = folder / f"{organisation_id}.log"
    mark = f"[{notification_id}]"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if again and path.exists() and mark in path.read_text():
            return Attempt(True, "logged before")
        with path.open("a") as log:
            log.write(f"{content['timestamp']} {mark} {content['type']}\n")
            for language in ("da", "en"):
                lines = said[language]["text"].replace("\n", "\n    ")
                log.write(f"  {language}: {said[language]['subject']}\n    {lines}\n")
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        return Attempt(False, f"not written: {type(error).__name__}")
    return Attempt(True, "logged")
