"""A subscription as the contract has it on one side, as it is kept on the other. Raises Refusal for what would never fire."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from services.catalogue import definitions
from services.notify import editions, presets, refusals, subscription_store
from services.notify.kinds import Kind
from services.notify.matching import Subscription
from services.notify.presets import Preset
from services.notify.thresholds import Threshold

ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,64}")
GROUP = re.compile(r"all|[^\s=;]{1,64}=[^=;]{1,64}(;[^\s=;]{1,64}=[^=;]{1,64}){0,5}")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
MOST_NAMED = 500  # of each thing a subscription follows
LANGUAGES = {api.LANGUAGE_UNSPECIFIED: "da", api.LANGUAGE_DA: "da", api.LANGUAGE_EN: "en"}


def asked(message: api.Subscription) -> Subscription:
    """What a caller wants to follow, judged."""
    kinds = {int(kind) for kind in (message.kind, *message.kinds) if kind}
    for kind in kinds - {int(known) for known in Kind}:
        raise refusals.unusable("kind", str(kind))
    if message.preset and message.preset not in presets.entries():
        raise refusals.no_preset(message.preset, ", ".join(presets.entries()))
    if message.preset and not kinds:
        kinds = {int(kind) for kind in presets.entries()[message.preset].kinds}
    if message.language not in LANGUAGES:
        raise refusals.unusable("language", str(message.language))
    if message.scheme and message.scheme not in definitions.schemes():
        raise refusals.unusable("scheme", message.scheme)
    for key_figure in sorted(set(message.key_figures) - _key_figures(message.scheme)) if message.key_figures else ():
        raise refusals.unusable("key_figures", key_figure)
    _each("unit_ids", message.unit_ids, ID)
    _each("peer_groups", message.peer_groups, GROUP)
    one = Subscription(
        subscription_id=message.subscription_id,
        endpoint_id=message.endpoint_id,
        kinds=frozenset(kinds),
        key_figures=frozenset(message.key_figures),
        unit_ids=frozenset(message.unit_ids),
        peer_groups=frozenset(message.peer_groups),
        scheme=message.scheme,
        preset=message.preset,
        language=LANGUAGES[message.language],
    )
    if not message.HasField("threshold"):
        return one
    if Kind.QUARTILE_CHANGED not in kinds:
        raise refusals.never_told()
    return replace(one, threshold=_threshold(message.threshold, one))


def answered(row: Any, now: str) -> api.Subscription:
    """A subscription as it is kept, in the contract's words."""
    one = subscription_store.read(row)
    message = api.Subscription(
        subscription_id=one.subscription_id,
        organisation_id=row.organisation_id,
        endpoint_id=one.endpoint_id,
        key_figures=sorted(one.key_figures),
        kinds=[pb.NotificationKind.Name(kind) for kind in sorted(one.kinds)],
        unit_ids=sorted(one.unit_ids),
        peer_groups=sorted(one.peer_groups),
        scheme=one.scheme,
        preset=one.preset,
        language=api.LANGUAGE_EN if one.language == "en" else api.LANGUAGE_DA,
        paused=row.paused_until > now,
    )
    if len(one.kinds) == 1:
        message.kind = message.kinds[0]
    if one.threshold is not None:
        message.threshold.CopyFrom(_said(one.threshold))
    if message.paused and row.paused_until != subscription_store.FOR_GOOD:
        message.paused_until.FromDatetime(datetime.fromisoformat(row.paused_until))
    return message


def preset(name: str, one: Preset) -> api.Preset:
    """A preset as the contract has it."""
    kinds = [pb.NotificationKind.Name(kind) for kind in one.kinds]
    promised = {"most_per_month": one.most_per_month, "gather_days": one.gather_days}
    return api.Preset(name=name, kinds=kinds, text=one.text, **promised)


def until(request: api.PauseSubscriptionRequest, now: datetime) -> datetime | None:
    """When a pause ends; None: when it is resumed."""
    if not request.HasField("until"):
        return None
    time = request.until.ToDatetime(UTC)
    if time <= now:
        raise refusals.past(time.isoformat(timespec="seconds"))
    return time


def _threshold(given: api.Threshold, one: Subscription) -> Threshold | None:
    hysteresis = _number("threshold.hysteresis", given.hysteresis or "0", Decimal(0))
    tolerance = _number("threshold.tolerance", given.tolerance, Decimal(0)) if given.tolerance else None
    which = given.WhichOneof("limit")
    if which == "value":
        if len(one.key_figures) != 1:
            raise refusals.no_single_figure(len(one.key_figures))
        return Threshold("value", _number("threshold.value", given.value), hysteresis, tolerance)
    if which == "percentile":
        if not 1 <= given.percentile <= 99:
            raise refusals.off_limits("threshold.percentile", str(given.percentile), "1", "99")
        return Threshold("percentile", Decimal(given.percentile), hysteresis, tolerance)
    if which != "quartile" or given.quartile > 4:
        raise refusals.off_limits("threshold.quartile", str(given.quartile) if which else "", "0", "4")
    if hysteresis:
        raise refusals.unusable("threshold.hysteresis", given.hysteresis)
    # Every quarter by one's own tolerance is a threshold too; by the figure's it is what no threshold means.
    return Threshold("quartile", Decimal(given.quartile), tolerance=tolerance) if given.quartile or tolerance else None


def _said(one: Threshold) -> api.Threshold:
    message = api.Threshold(
        hysteresis=str(one.hysteresis) if one.hysteresis else "",
        tolerance="" if one.tolerance is None else str(one.tolerance),
    )
    if one.measure == "value":
        message.value = str(one.limit)
    elif one.measure == "percentile":
        message.percentile = int(one.limit)
    else:
        message.quartile = int(one.limit)
    return message


def _number(field: str, text: str, lowest: Decimal | None = None) -> Decimal:
    try:
        number = Decimal(text) if NUMBER.fullmatch(text) else None
    except InvalidOperation:
        number = None
    if number is None or (lowest is not None and number < lowest):
        raise refusals.off_limits(field, text, "0" if lowest is not None else "-999999999999", "999999999999")
    return number


def _each(field: str, named: Iterable[str], pattern: re.Pattern[str]) -> None:
    for number, one in enumerate(named):
        if number >= MOST_NAMED or not pattern.fullmatch(one):
            raise refusals.unusable(field, one)


def _key_figures(scheme: str) -> set[str]:
    """Every key figure of every year of a scheme, of every scheme where none is named."""
    found = [edition for edition in editions.every() if scheme in ("", edition.scheme)]
    return {key_figure for edition in found for key_figure in edition.key_figures}
