"""The outbox: mails of an installation without mail server, read on the machine they were written on, and nowhere else."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.notify import pages
from services.notify.mail_settings import LOOPBACK
from services.notify.quiet import COPENHAGEN
from services.notify.sentences import LANGUAGES, time, words

NAME = re.compile(r"[0-9a-f-]{36}")
SHOWN = 200  # newest mails of the list
# The mail itself stands in a sandboxed frame: no script, no form, no link out of it, nothing fetched.
FRAMED = pages.HEADERS | {
    "content-security-policy": "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
}


def routes(folder: Path | None) -> list[Route]:
    """What is answered: the list, a mail, its HTML as the frame shows it, the file itself. No folder: nothing."""
    if folder is None:
        return []

    async def all_mails(request: Request) -> Response:
        language = pages.language(request.query_params)
        mails = await asyncio.to_thread(_listed, folder, language)
        [other] = set(LANGUAGES) - {language}
        return _html(
            pages.page("outbox", language, mails=mails, other=other, other_name=words(other)("outbox.language"))
        )

    async def one_mail(request: Request) -> Response:
        language = pages.language(request.query_params)
        mail = await asyncio.to_thread(_read, folder, request.path_params["name"])
        if mail is None:
            return _html(pages.page("said", language, title="outbox.gone", text="outbox.gone.text"), 404)
        shown = _shown(mail, request.path_params["name"], language)
        return _html(pages.page("mail", language, mail=shown))

    async def frame(request: Request) -> Response:
        mail = await asyncio.to_thread(_read, folder, request.path_params["name"])
        return HTMLResponse(_framed(mail) if mail else "", 200 if mail else 404, headers=FRAMED)

    async def file(request: Request) -> Response:
        path = _path(folder, request.path_params["name"])
        content = await asyncio.to_thread(path.read_bytes) if path else b""
        return Response(content, 200 if path else 404, headers=_download(f"{request.path_params['name']}.eml"))

    async def attachment(request: Request) -> Response:
        mail = await asyncio.to_thread(_read, folder, request.path_params["name"])
        parts = list(mail.iter_attachments()) if mail else []
        number = request.path_params["number"]
        if number >= len(parts):
            return Response(status_code=404, headers=pages.HEADERS)
        return Response(parts[number].get_content(), headers=_download(parts[number].get_filename() or str(number)))

    return [
        Route("/outbox", _local(all_mails)),
        Route("/outbox/{name}.eml", _local(file)),
        Route("/outbox/{name}/html", _local(frame)),
        Route("/outbox/{name}/{number:int}", _local(attachment)),
        Route("/outbox/{name}", _local(one_mail)),
    ]


def _local(answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Answer only who asks for this machine by its own name: a page of somebody else's that resolves here gets nothing."""

    async def guarded(request: Request) -> Response:
        host = re.sub(r":\d+$", "", request.headers.get("host", ""))
        return await answer(request) if host in LOOPBACK else PlainTextResponse("", 421, headers=pages.HEADERS)

    return guarded


def _listed(folder: Path, language: str) -> list[dict[str, str]]:
    files = (
        sorted(folder.glob("*.eml"), key=lambda f: f.stat().st_mtime, reverse=True)[:SHOWN] if folder.is_dir() else []
    )
    mails = [(file.stem, _read(folder, file.stem)) for file in files]
    return [_shown(mail, name, language) for name, mail in mails if mail is not None]


def _path(folder: Path, name: str) -> Path | None:
    """The file of a mail; None where there is none of that name."""
    path = folder / f"{name}.eml"
    return path if NAME.fullmatch(name) and path.is_file() else None


def _read(folder: Path, name: str) -> EmailMessage | None:
    """A mail of the outbox; None where there is none of that name."""
    path = _path(folder, name)
    if path is None:
        return None
    read = message_from_bytes(path.read_bytes(), policy=default)
    return read if isinstance(read, EmailMessage) else None


def _shown(mail: EmailMessage, name: str, language: str) -> Any:
    text = mail.get_body(("plain",))
    at = parsedate_to_datetime(str(mail["Date"])).astimezone(COPENHAGEN)
    return {
        "name": name,
        "date": time(at, "pattern.short", language),
        "to": str(mail["To"]),
        "subject": str(mail["Subject"]),
        "text": text.get_content() if text else "",
        "headers": [(field, str(value)) for field, value in mail.items()],
        "attachments": [part.get_filename() or "" for part in mail.iter_attachments()],
    }


def _framed(mail: EmailMessage) -> str:
    """The HTML part with its pictures inside."""
    html = mail.get_body(("html",))
    text = str(html.get_content()) if html else ""
    for part in mail.walk():
        named = str(part["Content-ID"] or "").strip("<>")
        if named and part.get_content_type() == "image/png":
            picture = b64encode(part.get_payload(decode=True) or b"").decode()  # type: ignore[arg-type]
            text = text.replace(f"cid:{named}", f"data:image/png;base64,{picture}")
    return text


def _html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status, headers=pages.HEADERS)


def _download(name: str) -> dict[str, str]:
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    return {
        **pages.HEADERS,
        "content-disposition": f'attachment; filename="{safe}"',
        "content-type": "application/octet-stream",
    }
