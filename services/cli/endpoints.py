"""`noegletal endpoints`: where messages are sent, how they are signed, whether they arrive."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.options import Json, Lang, Quiet
from services.cli.talk import EPILOG, Exit, Stop, Talk, coded, language

endpoints_app = typer.Typer(
    no_args_is_help=True, help="Where messages are sent: webhooks, mailboxes and readable logs.", epilog=EPILOG
)
Organisation = Annotated[str, typer.Option("--organisation", help="Operators: on whose behalf.")]
Missing = Annotated[bool, typer.Option("--missing", help="Only what was not delivered.")]
Ed25519 = Annotated[bool, typer.Option("--ed25519", help="Sign by ed25519 (v1a): you keep a public key, no secret.")]
TEST_SECONDS = 60  # a receiver's time, and some
COLUMNS = {
    "da": ["modtager", "adresse", "underskrift", "beskeder", "fejl i træk", "tilstand"],
    "en": ["endpoint", "address", "signature", "messages", "failures in a row", "state"],
}
AGAIN = {"da": "{count} beskeder sendes igen.", "en": "{count} messages are sent again."}
WORDS = {
    "da": {
        "log": "læsbar log",
        "working": "virker",
        "failing": "svarer ikke siden {since}",
        "paused": "skånes til {until}",
        "gone": "slået fra: vil intet have mere",
        "hopeless": "slået fra: fem døgn uden svar",
        "secret": "hemmelighed",
        "public": "offentlig nøgle",
        "once": "Gem hemmeligheden nu: den vises kun denne ene gang.",
        "next": "Følg noget: noegletal subscribe --endpoint {endpoint} · prøv den: noegletal endpoints test {endpoint}",
        "overlap": "Den gamle nøgle underskriver også indtil {until}.",
        "at once": "Den gamle nøgle underskriver ikke mere.",
        "arrived": "prøven kom frem: {detail}",
        "removed": "fjernet: {endpoint}",
    },
    "en": {
        "log": "readable log",
        "working": "working",
        "failing": "not answering since {since}",
        "paused": "spared until {until}",
        "gone": "disabled: wants nothing any more",
        "hopeless": "disabled: five days without an answer",
        "secret": "secret",
        "public": "public key",
        "once": "Keep the secret now: it is shown this once.",
        "next": "Follow something: noegletal subscribe --endpoint {endpoint} · try it: noegletal endpoints test {endpoint}",
        "overlap": "The old key signs as well until {until}.",
        "at once": "The old key signs no more.",
        "arrived": "the test arrived: {detail}",
        "removed": "removed: {endpoint}",
    },
}


@endpoints_app.command("list", epilog=EPILOG)
def list_endpoints(organisation: Organisation = "", lang: Lang = "en", as_json: Json = False) -> None:
    """List endpoints and how they do.

    Example: noegletal endpoints list
    """
    from noegletal.v1 import subscription_service_pb2 as api

    answer = ask("ListEndpoints", api.ListEndpointsRequest(organisation_id=organisation), lang)
    talk, words = Talk(as_json=as_json), WORDS[language(lang)]
    if as_json:
        for one in answer.endpoints:
            talk.record(as_dict(one))
        return
    rows = [
        [e.endpoint_id, e.url or words["log"], _scheme(e), str(e.last_seq), str(e.failures), _state(e, words)]
        for e in answer.endpoints
    ]
    talk.table("", COLUMNS[lang], rows)


@endpoints_app.command("add", epilog=EPILOG)
def add(
    url: Annotated[
        str, typer.Argument(help="https address of a webhook, or mailto: and an address; none: a readable log.")
    ] = "",
    organisation: Organisation = "",
    ed25519: Ed25519 = False,
    per_minute: Annotated[int, typer.Option("--per-minute", min=0, help="Messages at most; 0: as they come.")] = 0,
    mail_language: Annotated[str, typer.Option("--language", help="Mail: da or en; as --lang if not given.")] = "",
    at_once: Annotated[bool, typer.Option("--at-once", help="Mail: nothing waits for the month's digest.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Add an endpoint; prints the secret of a webhook, this once.

    Examples: noegletal endpoints add https://www.example.com/hook · noegletal endpoints add mailto:anna@example.com --language da
    """
    from noegletal.v1 import notification_pb2
    from noegletal.v1 import subscription_service_pb2 as api

    by_mail = url.lower().startswith("mailto:")
    if not by_mail and (mail_language or at_once):
        raise Stop("--language and --at-once are for mail: mailto:…", Exit.USAGE)
    somewhere = notification_pb2.CHANNEL_WEBHOOK if url else notification_pb2.CHANNEL_LOG
    request = api.CreateEndpointRequest(
        organisation_id=organisation,
        channel=notification_pb2.CHANNEL_MAIL if by_mail else somewhere,
        url=url,
        signature_scheme=api.SIGNATURE_SCHEME_ED25519 if ed25519 else api.SIGNATURE_SCHEME_UNSPECIFIED,
        most_per_minute=per_minute,
        language=(mail_language or language(lang)) if by_mail else "",
        at_once=at_once,
    )
    talk, words = Talk(as_json=as_json, quiet=quiet), WORDS[language(lang)]
    answer = ask("CreateEndpoint", request, lang)
    _show_key(answer, talk, words)
    talk.say(words["next"].format(endpoint=answer.endpoint.endpoint_id))


@endpoints_app.command("remove", epilog=EPILOG)
def remove(endpoint: str, lang: Lang = "en") -> None:
    """Remove an endpoint with its subscriptions and deliveries.

    Example: noegletal endpoints remove ep-…
    """
    from noegletal.v1 import subscription_service_pb2 as api

    ask("DeleteEndpoint", api.DeleteEndpointRequest(endpoint_id=endpoint), lang)
    Talk().say(WORDS[language(lang)]["removed"].format(endpoint=endpoint))


@endpoints_app.command("rotate", epilog=EPILOG)
def rotate(
    endpoint: str,
    overlap_hours: Annotated[
        float,
        typer.Option("--overlap-hours", min=0, max=720, help="How long the old key signs as well; 0: it ends now."),
    ] = 24.0,
    ed25519: Ed25519 = False,
    hmac: Annotated[bool, typer.Option("--hmac", help="Sign by HMAC-SHA256 (v1); neither: as before.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Give an endpoint a new signing key; the old one signs as well for a while, so no message is lost.

    Example: noegletal endpoints rotate ep-… --overlap-hours 48
    """
    from noegletal.v1 import subscription_service_pb2 as api

    if ed25519 and hmac:
        raise Stop("--ed25519 and --hmac exclude each other", Exit.USAGE)
    scheme = api.SIGNATURE_SCHEME_ED25519 if ed25519 else api.SIGNATURE_SCHEME_UNSPECIFIED
    request = api.RotateSecretRequest(
        endpoint_id=endpoint,
        signature_scheme=api.SIGNATURE_SCHEME_HMAC_SHA256 if hmac else scheme,
        overlap_seconds=round(overlap_hours * 3600),
    )
    talk, words = Talk(as_json=as_json, quiet=quiet), WORDS[language(lang)]
    answer = ask("RotateSecret", request, lang)
    _show_key(answer, talk, words)
    if answer.endpoint.HasField("rotating_until"):
        talk.say(words["overlap"].format(until=when(answer.endpoint.rotating_until)))
    else:
        talk.say(words["at once"])


@endpoints_app.command("test", epilog=EPILOG)
def try_out(endpoint: str, lang: Lang = "en", as_json: Json = False) -> None:
    """Send a test message, signed like any other, and show its outcome; ends 1 when it did not arrive.

    Example: noegletal endpoints test ep-…
    """
    from noegletal.v1 import notification_pb2
    from noegletal.v1 import subscription_service_pb2 as api

    one = ask("TestEndpoint", api.TestEndpointRequest(endpoint_id=endpoint), lang, TEST_SECONDS).delivery
    talk = Talk(as_json=as_json)
    if as_json:
        talk.record(as_dict(one))
    if one.outcome != notification_pb2.DELIVERY_OUTCOME_DELIVERED:
        detail = one.detail or {"da": "intet svar endnu", "en": "no answer yet"}[language(lang)]
        raise Stop(coded("NT-4053", language(lang), endpoint=endpoint, detail=detail), Exit.FINDINGS)
    if not as_json:
        talk.data(WORDS[language(lang)]["arrived"].format(detail=one.detail))


@endpoints_app.command("enable", epilog=EPILOG)
def enable(endpoint: str, missing: Missing = False, lang: Lang = "en") -> None:
    """Send to a disabled or spared endpoint again; with --missing also everything that was not delivered.

    Example: noegletal endpoints enable ep-… --missing
    """
    from noegletal.v1 import subscription_service_pb2 as api

    request = api.EnableEndpointRequest(endpoint_id=endpoint, redeliver_missing=missing)
    answer = ask("EnableEndpoint", request, lang)
    Talk().say(AGAIN[language(lang)].format(count=answer.redelivered))


def ask(method: str, request: Any, lang: str, seconds: float = 30) -> Any:
    """One call of SubscriptionService. Raises Stop with the refusal's words."""
    from services.cli.running import connected

    async def call() -> Any:
        async with connected(language(lang)) as client:
            return await client.call(getattr(client.subscriptions, method), request, seconds)

    return asyncio.run(call())


def as_dict(message: Any) -> dict[str, Any]:
    """A message for --json: every field, under its own name."""
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def when(timestamp: Any) -> str:
    """A time for people, UTC."""
    return f"{timestamp.ToDatetime():%Y-%m-%d %H:%M:%S} UTC"


def _show_key(answer: Any, talk: Talk, words: dict[str, str]) -> None:
    one = answer.endpoint
    if talk.as_json:
        talk.record({"endpoint": as_dict(one), "secret": answer.secret})
        return
    talk.data(one.endpoint_id)
    if answer.secret:
        talk.data(f"{words['secret']}  {answer.secret}")
        talk.say(words["once"])
    elif one.public_keys:
        talk.data(f"{words['public']}  {one.public_keys[0]}")


def _scheme(one: Any) -> str:
    from noegletal.v1 import subscription_service_pb2 as api

    scheme = {api.SIGNATURE_SCHEME_HMAC_SHA256: "v1", api.SIGNATURE_SCHEME_ED25519: "v1a"}.get(
        one.signature_scheme, "–"
    )
    return f"{scheme}+1" if one.HasField("rotating_until") else scheme


def _state(one: Any, words: dict[str, str]) -> str:
    from noegletal.v1 import subscription_service_pb2 as api

    if one.disabled:
        return words["gone" if one.disabled_reason == api.DISABLED_REASON_GONE else "hopeless"]
    if one.HasField("paused_until"):
        return words["paused"].format(until=when(one.paused_until))
    if one.HasField("failing_since"):
        return words["failing"].format(since=when(one.failing_since))
    return words["working"]
