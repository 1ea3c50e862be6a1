"""Following over gRPC, in words: subscribe, list, pause, resume, remove."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from services.cli import points
from services.cli.client import Client
from services.cli.running import connected
from services.cli.talk import Exit, Stop, Talk, coded

PREFIX = "NOTIFICATION_KIND_"
LIMITS = ("quartile", "percentile", "value")
EVERY = {"da": "alt", "en": "everything"}
COLUMNS = {
    "da": ["følger", "abonnement", "ordning", "nøgletal", "afdelinger", "grupper", "grænse", "modtager", "pause"],
    "en": ["follows", "subscription", "scheme", "key figures", "units", "groups", "threshold", "endpoint", "paused"],
}
PRESET_COLUMNS = {
    "da": ["forvalg", "hvad det er til", "højst pr. måned", "beskeder"],
    "en": ["preset", "what it is for", "most a month", "messages"],
}
YES = {"da": "ja", "en": "yes"}
STOP = {
    "da": "stop det igen: noegletal subscriptions remove {id}",
    "en": "stop it: noegletal subscriptions remove {id}",
}
ENDED = {"da": "{id} er opsagt", "en": "{id} is ended"}
NO_ENDPOINT = {
    "da": "--endpoint mangler, og I har {count} modtagere. Se dem med noegletal endpoints, og vælg en.",
    "en": "--endpoint is missing and you have {count} endpoints. See them with noegletal endpoints and choose one.",
}


async def subscribe(asked: dict[str, Any], limit: dict[str, Any], talk: Talk, language: str) -> None:
    """Follow something, and say how to stop it."""
    kinds = [_kind(name, language) for name in asked.pop("kinds")]
    spoken = api.LANGUAGE_EN if language == "en" else api.LANGUAGE_DA
    message = api.Subscription(**asked, kinds=kinds, language=spoken)  # type: ignore[arg-type]
    if limit:
        message.threshold.CopyFrom(api.Threshold(**limit))
    async with connected(language) as client:
        if not message.endpoint_id:
            message.endpoint_id = await _only_endpoint(client, message.organisation_id, language)
        request = api.SubscribeRequest(subscription=message)
        made = (await client.call(client.subscriptions.Subscribe, request)).subscription
    _say([made], talk, language)
    talk.say(STOP[language].format(id=made.subscription_id))


async def listing(organisation: str, talk: Talk, language: str) -> None:
    """List what is followed."""
    async with connected(language) as client:
        request = api.ListSubscriptionsRequest(organisation_id=organisation)
        found = await client.call(client.subscriptions.ListSubscriptions, request)
    _say(found.subscriptions, talk, language)


async def show(subscription: str, talk: Talk, language: str) -> None:
    """Show one subscription."""
    async with connected(language) as client:
        request = api.GetSubscriptionRequest(subscription_id=subscription)
        found = await client.call(client.subscriptions.GetSubscription, request)
    _say([found.subscription], talk, language)


async def presets(talk: Talk, language: str) -> None:
    """Show the presets."""
    async with connected(language) as client:
        found = (await client.call(client.subscriptions.ListPresets, api.ListPresetsRequest())).presets
    if talk.as_json:
        for one in found:
            talk.record(MessageToDict(one, preserving_proto_field_name=True))
        return
    rows = [[p.name, p.text[language], str(p.most_per_month), kind_names(p.kinds)] for p in found]
    talk.table("", PRESET_COLUMNS[language], rows)


async def pause(ids: Sequence[str], until: str, talk: Talk, language: str) -> None:
    """Pause subscriptions, until a time where one is given."""
    paused = []
    async with connected(language) as client:
        for one in ids:
            request = api.PauseSubscriptionRequest(subscription_id=one)
            if until:
                request.until.FromDatetime(time(until))
            paused.append((await client.call(client.subscriptions.PauseSubscription, request)).subscription)
    _say(paused, talk, language)


async def resume(ids: Sequence[str], talk: Talk, language: str) -> None:
    """Resume subscriptions."""
    async with connected(language) as client:
        requests = [api.ResumeSubscriptionRequest(subscription_id=one) for one in ids]
        resumed = [(await client.call(client.subscriptions.ResumeSubscription, r)).subscription for r in requests]
    _say(resumed, talk, language)


async def remove(ids: Sequence[str], talk: Talk, language: str) -> None:
    """End subscriptions."""
    async with connected(language) as client:
        for one in ids:
            await client.call(client.subscriptions.Unsubscribe, api.UnsubscribeRequest(subscription_id=one))
            talk.say(ENDED[language].format(id=one))


def threshold(text: str, hysteresis: str, tolerance: str) -> dict[str, Any]:
    """A threshold as it is asked for; nothing where none is. Raises Stop.

    >>> threshold("percentile:75", "2", "")
    {'percentile': 75, 'hysteresis': '2', 'tolerance': ''}
    """
    if not text:
        if hysteresis or tolerance:
            raise Stop("--hysteresis and --tolerance need --threshold", Exit.USAGE)
        return {}
    measure, _, limit = text.partition(":")
    whole = measure == "value" or ((limit or "0").isascii() and (limit or "0").isdecimal() and len(limit) < 9)
    if measure not in LIMITS or not whole or (not limit and measure != "quartile"):
        raise Stop(f"--threshold is quartile, quartile:4, percentile:75 or value:61.5, not {text}", Exit.USAGE)
    return {
        measure: limit if measure == "value" else int(limit or 0),
        "hysteresis": hysteresis,
        "tolerance": tolerance,
    }


def time(text: str) -> datetime:
    """A day or time; without a zone it is the machine's. Raises Stop."""
    try:
        return points.moment(text)
    except ValueError:
        raise Stop(f"--until is a day or time such as 2026-08-01 or 2026-08-01T12:00, not {text}", Exit.USAGE) from None


async def _only_endpoint(client: Client, organisation: str, language: str) -> str:
    request = api.ListEndpointsRequest(organisation_id=organisation)
    found = await client.call(client.subscriptions.ListEndpoints, request)
    usable = [e.endpoint_id for e in found.endpoints if not e.disabled]
    if len(usable) != 1:
        raise Stop(NO_ENDPOINT[language].format(count=len(usable)), Exit.USAGE)
    return str(usable[0])


def _kind(name: str, language: str) -> int:
    known = {n.removeprefix(PREFIX).lower().replace("_", "-"): v for n, v in pb.NotificationKind.items() if v}
    if name not in known:
        raise Stop(coded("NT-9205", language, what=f"--kind {name}", near=", ".join(known)), Exit.USAGE)
    return int(known[name])


def _say(found: Sequence[api.Subscription], talk: Talk, language: str) -> None:
    if talk.as_json:
        for one in found:
            talk.record(MessageToDict(one, preserving_proto_field_name=True))
        return
    talk.table("", COLUMNS[language], [_row(one, language) for one in found])


def _row(one: api.Subscription, language: str) -> list[str]:
    every = EVERY[language]
    follows = f"{one.preset}: {kind_names(one.kinds)}" if one.preset else kind_names(one.kinds)
    lists = [", ".join(named) or every for named in (one.key_figures, one.unit_ids, one.peer_groups)]
    limit = one.threshold.WhichOneof("limit") if one.HasField("threshold") else ""
    said = f"{limit}:{getattr(one.threshold, limit)}" if limit else ""
    paused = "" if not one.paused else YES[language]
    if one.HasField("paused_until"):
        paused = one.paused_until.ToDatetime(UTC).astimezone().isoformat(timespec="minutes")
    return [follows or every, one.subscription_id, one.scheme or every, *lists, said, one.endpoint_id, paused]


def kind_names(kinds: Sequence[int]) -> str:
    """Kinds as they are asked for.

    >>> kind_names([1, 2])
    'receipt, standing-changed'
    """
    names = (pb.NotificationKind.Name(kind) for kind in kinds)
    return ", ".join(name.removeprefix(PREFIX).lower().replace("_", "-") for name in names)
