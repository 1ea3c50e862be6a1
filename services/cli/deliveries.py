"""`noegletal deliveries`, `redeliver`, `events`: what was sent, what is missing, and how to get it again."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import typer

from services.cli.endpoints import AGAIN, Missing, Organisation, as_dict, ask, when
from services.cli.options import Json, Lang
from services.cli.talk import EPILOG, Exit, Stop, Talk, language

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Endpoint = Annotated[str, typer.Option("--endpoint", help="Of one endpoint; empty: of every one.")]
COLUMNS = {
    "da": ["besked", "modtager", "nr.", "slags", "forsøg", "udfald", "svar", "faldt", "næste forsøg"],
    "en": ["message", "endpoint", "no.", "kind", "attempts", "outcome", "answer", "due", "next attempt"],
}
OUTCOMES = {
    "da": ["venter", "leveret", "prøves igen", "opgivet"],
    "en": ["waiting", "delivered", "tried again", "given up"],
}
WORDS = {
    "da": {
        "complete": "{count} beskeder til og med nr. {last}: ingen mangler.",
        "gaps": "Der mangler numre blandt dem til og med nr. {last}.",
        "forgotten": "Beskeder til og med nr. {last} gemmes ikke længere.",
    },
    "en": {
        "complete": "{count} messages up to no. {last}: none is missing.",
        "gaps": "Numbers are missing among those up to no. {last}.",
        "forgotten": "Messages up to no. {last} are no longer kept.",
    },
}


@app.command("deliveries", epilog=EPILOG)
def deliveries(
    endpoint: Endpoint = "",
    organisation: Organisation = "",
    missing: Missing = False,
    most: Annotated[int, typer.Option("--most", min=1, help="So many, the newest ones.")] = 50,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Show what was sent and how it went, the newest first.

    Examples: noegletal deliveries · noegletal deliveries --endpoint ep-… --missing --json
    """
    from noegletal.v1 import subscription_service_pb2 as api

    from services.cli.following_commands import kind_names

    request = api.ListDeliveriesRequest(
        organisation_id=organisation,
        endpoint_id=endpoint,
        missing=missing,
        newest_first=True,
        page_size=min(most, 1000),
    )

    async def newest() -> list[Any]:
        return [one async for page in _pages("ListDeliveries", request, lang, most) for one in page.deliveries][:most]

    found = asyncio.run(newest())
    talk = Talk(as_json=as_json)
    if as_json:
        for one in found:
            talk.record(as_dict(one))
        return
    rows = [
        [
            one.notification_id,
            one.endpoint_id,
            str(one.seq),
            kind_names([one.kind]),
            str(one.attempts),
            OUTCOMES[lang][one.outcome],
            one.detail or "–",
            when(one.created_at),
            when(one.next_attempt_at) if one.HasField("next_attempt_at") else "–",
        ]
        for one in found
    ]
    talk.table("", COLUMNS[lang], rows)


@app.command("redeliver", epilog=EPILOG)
def redeliver(
    message: Annotated[str, typer.Argument(help="Id of one message; or name an endpoint.")] = "",
    endpoint: Endpoint = "",
    first: Annotated[int, typer.Option("--from", min=0, help="From this number on; 0: the first.")] = 0,
    last: Annotated[int, typer.Option("--to", min=0, help="To this number; 0: the newest.")] = 0,
    missing: Missing = False,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Send messages again, at once, under their old ids: one, a range of numbers, or everything that is missing.

    Examples: noegletal redeliver 5f1c… · noegletal redeliver --endpoint ep-… --from 17 --to 40 ·
    noegletal redeliver --endpoint ep-… --missing
    """
    from noegletal.v1 import subscription_service_pb2 as api

    if not message and not (endpoint and (first or last or missing)):
        raise Stop("name a message, or --endpoint with --from, --to or --missing", Exit.USAGE)
    request = api.RedeliverRequest(
        notification_id=message, endpoint_id=endpoint, from_seq=first, to_seq=last, missing=missing
    )
    answer, talk = ask("Redeliver", request, lang), Talk(as_json=as_json)
    if as_json:
        talk.record({"redelivered": answer.redelivered})
    else:
        talk.data(AGAIN[language(lang)].format(count=answer.redelivered))


@app.command("events", epilog=EPILOG)
def events(
    endpoint: str,
    after: Annotated[int, typer.Option("--after", min=0, help="Only messages after this number.")] = 0,
    lang: Lang = "en",
) -> None:
    """Print every message of an endpoint after a number, one JSON payload a line, and say whether any number is missing.

    Example: noegletal events ep-… --after 17
    """
    from noegletal.v1 import subscription_service_pb2 as api

    talk, words, expected, last, whole = Talk(as_json=True), WORDS[language(lang)], after, 0, True
    count = 0

    async def tell() -> None:
        nonlocal expected, last, whole, count
        async for page in _pages("ListEvents", api.ListEventsRequest(endpoint_id=endpoint, after_seq=after), lang):
            last = page.last_seq
            if not count and page.first_seq > expected + 1:
                expected = page.first_seq - 1
                talk.say(words["forgotten"].format(last=expected))
            for one in page.events:
                whole, expected, count = whole and one.seq == expected + 1, one.seq, count + 1
                talk.record({"id": one.notification_id, "seq": one.seq, "payload": json.loads(one.payload)})

    asyncio.run(tell())
    if whole and expected >= last:
        talk.say(words["complete"].format(count=count, last=last))
    else:
        raise Stop(words["gaps"].format(last=last), Exit.FINDINGS)


async def _pages(method: str, request: Any, lang: str, most: int = 0) -> AsyncIterator[Any]:
    """Page after page, until there is none or there are enough."""
    from services.cli.running import connected

    seen = 0
    async with connected(language(lang)) as client:
        while True:
            answer = await client.call(getattr(client.subscriptions, method), request)
            yield answer
            seen += request.page_size
            if not answer.next_page_token or (most and seen >= most):
                return
            request.page_token = answer.next_page_token
