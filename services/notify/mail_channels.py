"""The ways out for mail: an SMTP server, over TLS unless told otherwise, or files that the outbox page shows."""

import asyncio
import contextlib
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import aiosmtplib

from services.notify.answers import Attempt

Tls = Literal["starttls", "tls", "none"]  # upgraded before anything is said, from the first byte, or not at all
AT_ONCE = 8  # connections to the SMTP server
GOODBYE_SECONDS = 2.0  # a server that has taken the mail is not waited for longer


class Post(Protocol):
    """A way out for mail."""

    async def send(self, mail: bytes, *, notification_id: str, sender: str, recipient: str) -> Attempt:
        """One attempt. Every way it can fail is an Attempt, never an exception."""


@dataclass(frozen=True)
class Server:
    """An SMTP server and how it is spoken to. `ca_file`: who is trusted beside the machine's own; empty: nobody."""

    host: str
    port: int
    tls: Tls
    username: str
    password: str
    ca_file: str
    timeout_seconds: float

    def __repr__(self) -> str:
        """Without the password."""
        return f"Server({self.host}:{self.port}, {self.tls})"


class SmtpPost:
    """Mail over SMTP. Without the TLS that was asked for nothing is said, not even who writes."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._room = asyncio.Semaphore(AT_ONCE)
        self._context = ssl.create_default_context(cafile=None)
        if server.ca_file:
            self._context.load_verify_locations(server.ca_file)

    async def send(self, mail: bytes, *, notification_id: str, sender: str, recipient: str) -> Attempt:
        """One attempt: 5xx to the mail is given up, all else is tried again. The server's words are not repeated."""
        try:
            async with asyncio.timeout(self._server.timeout_seconds), self._room:
                return await self._sent(mail, sender, recipient)
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return failed(error)

    async def _sent(self, mail: bytes, sender: str, recipient: str) -> Attempt:
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            use_tls=server.tls == "tls",
            start_tls=server.tls == "starttls",
            tls_context=self._context,
            timeout=server.timeout_seconds,
        )
        try:
            await smtp.connect()
            await smtp.sendmail(sender, [recipient], mail)
            with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await smtp.quit()
        finally:
            smtp.close()
        return Attempt(True, "SMTP 250")


class OutboxFolder:
    """Mails kept as .eml files for the outbox page, each under its delivery's id: sent again, it is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, mail: bytes, *, notification_id: str, sender: str, recipient: str) -> Attempt:
        """Keep one mail, on disk when this returns."""
        try:
            await asyncio.to_thread(self._keep, mail, notification_id)
        except OSError as error:
            return Attempt(False, f"not written: {type(error).__name__}", ours=True)
        return Attempt(True, "kept in the outbox")

    def _keep(self, mail: bytes, notification_id: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f"{notification_id}.partial"
        with partial.open("wb") as file:
            file.write(mail)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._folder / f"{notification_id}.eml")


def answered(code: int) -> Attempt:
    """What an SMTP server's answer to a mail means: 5xx is for good and says something about the mailbox, 4xx is for now.

    >>> answered(451).abort, answered(451).ours, answered(550).abort, answered(550).ours
    (False, True, True, False)
    """
    refused = 500 <= code < 600
    return Attempt(False, f"SMTP {code}", abort=refused, ours=not refused)


def failed(error: Exception) -> Attempt:
    """What kept a mail from being taken. Faults of ours, such as a wrong password, give no mail up."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return answered(error.recipients[0].code)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        ours = isinstance(
            error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPConnectError | aiosmtplib.SMTPHeloError
        )
        return Attempt(False, f"SMTP {error.code} to us", ours=True) if ours else answered(error.code)
    if isinstance(error, TimeoutError):
        return Attempt(False, "no answer in time", ours=True)
    no_tls = isinstance(error, ssl.SSLError) or "STARTTLS" in str(error)
    return Attempt(False, "no TLS" if no_tls else f"not reached: {type(error).__name__}", ours=True)
