"""The door that stops mails: a page with buttons, and the one click of RFC 8058. A link alone never stops anything."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from services.chassis.service import Service
from services.notify import links, mail_store, pages
from services.notify.mail_store import Mailbox


def routes(service: Service) -> list[Route]:
    """What is answered: GET shows the page, POST stops, at once and without login; the link itself is the proof."""

    async def answer(request: Request) -> HTMLResponse:
        token = request.path_params["token"]
        known = await service.read(lambda connection: _known(connection, token))
        if known is None:
            return _unknown(pages.language(request.query_params))
        delivery, box = known
        by = json.loads(delivery.body)["data"]["subscription_ids"]
        everything = (
            not by or request.query_params.get("what") == "everything"
        )  # what nobody subscribed to, such as a test
        language = box.language
        if request.method != "POST":
            subject = json.loads(delivery.body)["data"]["words"][language]["subject"]
            shown = {
                "token": token,
                "subject": subject,
                "what": "everything" if everything else "",
            }
            return HTMLResponse(pages.page("stop", language, **shown), headers=pages.HEADERS)
        await service.write(lambda tx: mail_store.stop(tx, box.endpoint_id, None if everything else by))
        said = {"title": "stop.done", "text": f"stop.done.{'everything' if everything else 'this'}"}
        return HTMLResponse(pages.page("said", language, **said), headers=pages.HEADERS)

    return [Route(f"{links.PATH}/{{token}}", answer, methods=["GET", "HEAD", "POST"])]


def _known(connection: Any, token: str) -> tuple[Any, Mailbox] | None:
    """The delivery a link is of, and its mailbox; None for a link that is not ours."""
    delivery = mail_store.linked(connection, links.named(token))
    box = mail_store.mailbox_of(connection, delivery.endpoint_id) if delivery is not None else None
    return (delivery, box) if box is not None and links.is_ours(token, box.secret) else None


def _unknown(language: str) -> HTMLResponse:
    said = pages.page("said", language, title="stop.unknown", text="stop.unknown.text")
    return HTMLResponse(said, 404, headers=pages.HEADERS)
