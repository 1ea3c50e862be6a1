"""The gRPC door for subscriptions: what can be followed, what would never fire, pausing, changing, presets."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from tests.service.notify import running
from tests.service.notify.receiver import until
from tests.service.notify.running import DELIVERED, LOG, Notify, assessed

QUARTILE = pb.NOTIFICATION_KIND_QUARTILE_CHANGED


@pytest.fixture
async def notify(tmp_path: Path) -> AsyncIterator[Notify]:
    async with running.running(tmp_path) as service:
        yield service


async def _log(notify: Notify) -> str:
    made = await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=LOG))
    return str(made.endpoint.endpoint_id)


async def _subscribe(notify: Notify, **named: Any) -> api.Subscription:
    asked = api.Subscription(**{"endpoint_id": await _log(notify), **named})
    answer = await notify.call("Subscribe", api.SubscribeRequest(subscription=asked))
    return answer.subscription  # type: ignore[no-any-return]


async def test_everything_that_can_be_named_comes_back(notify: Notify) -> None:
    threshold = api.Threshold(value="61.5", hysteresis="1.5", tolerance="2")
    made = await _subscribe(
        notify,
        kinds=[QUARTILE, pb.NOTIFICATION_KIND_RECEIPT],
        key_figures=["OEK-114"],
        unit_ids=["B", "A"],
        peer_groups=["type=family", "all"],
        scheme="dk-almen",
        threshold=threshold,
        language=api.LANGUAGE_EN,
    )
    asked = api.GetSubscriptionRequest(subscription_id=made.subscription_id)

    assert (await notify.call("GetSubscription", asked)).subscription == made
    assert (list(made.kinds), list(made.unit_ids), made.scheme) == ([1, QUARTILE], ["A", "B"], "dk-almen")
    assert (made.threshold, made.language, made.kind, made.paused) == (threshold, api.LANGUAGE_EN, 0, False)


@pytest.mark.parametrize(
    ("named", "code", "says"),
    [
        ({"kinds": [QUARTILE], "threshold": api.Threshold(value="61")}, "NT-4020", "Name exactly one"),
        ({"kinds": [QUARTILE], "threshold": api.Threshold(percentile=100)}, "NT-4021", "from 1 to 99"),
        ({"kinds": [QUARTILE], "threshold": api.Threshold(quartile=5)}, "NT-4021", "from 0 to 4"),
        ({"kinds": [QUARTILE], "threshold": api.Threshold()}, "NT-4021", "threshold.quartile"),
        ({"kinds": [QUARTILE], "threshold": api.Threshold(percentile=5, hysteresis="-1")}, "NT-4021", "hysteresis"),
        ({"kinds": [QUARTILE], "threshold": api.Threshold(quartile=4, hysteresis="1")}, "NT-4003", "hysteresis"),
        ({"kinds": [QUARTILE], "key_figures": ["BS03"], "threshold": api.Threshold(value="1,5")}, "NT-4021", "1,5"),
        ({"kinds": [1], "threshold": api.Threshold(quartile=4)}, "NT-4022", "QUARTILE_CHANGED"),
        ({"preset": "boss"}, "NT-4023", "leader, operations, technical"),
        ({"language": 7}, "NT-4003", "language"),
        ({"unit_ids": ["a b"]}, "NT-4003", "unit_ids"),
        ({"peer_groups": ["everybody"]}, "NT-4003", "peer_groups"),
        ({"scheme": "no-such"}, "NT-4003", "scheme"),
        ({"scheme": "dk-almen", "key_figures": ["BS03"]}, "NT-4003", "key_figures"),
        ({"kinds": [1, 99]}, "NT-4003", "kind"),
    ],
)
async def test_what_would_never_fire_is_refused(notify: Notify, named: Any, code: str, says: str) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await _subscribe(notify, **named)

    info, said = error_details_pb2.ErrorInfo(), error_details_pb2.LocalizedMessage()
    words = {}
    for detail in rpc_status.from_call(caught.value).details:
        if not detail.Unpack(info) and detail.Unpack(said):
            words[said.locale] = said.message
    assert info.reason == code
    assert says in words["en"]
    assert words["da"] not in ("", words["en"])


async def test_a_preset_names_its_kinds_and_its_promise(notify: Notify) -> None:
    presets = {p.name: p for p in (await notify.call("ListPresets", api.ListPresetsRequest())).presets}
    made = await _subscribe(notify, preset="leader")

    assert list(made.kinds) == sorted(presets["leader"].kinds)
    assert (presets["leader"].gather_days, presets["leader"].most_per_month) == (7, 9)
    assert presets["leader"].text["da"].startswith("Leder:")


async def test_paused_until_a_time_or_until_resumed(notify: Notify) -> None:
    made = await _subscribe(notify)
    named = {"subscription_id": made.subscription_id}
    later = Timestamp()
    later.FromDatetime(datetime.now(UTC) + timedelta(days=1))

    timed = (await notify.call("PauseSubscription", api.PauseSubscriptionRequest(**named, until=later))).subscription
    assert (timed.paused, abs(timed.paused_until.seconds - later.seconds) <= 1) == (True, True)
    paused = (await notify.call("PauseSubscription", api.PauseSubscriptionRequest(**named))).subscription
    assert (paused.paused, paused.HasField("paused_until")) == (True, False)
    await notify.deliver("submission-assessed", assessed(submission="s-1"))
    resumed = (await notify.call("ResumeSubscription", api.ResumeSubscriptionRequest(**named))).subscription
    assert not resumed.paused
    await notify.deliver("submission-assessed", assessed(submission="s-2"))
    found = await until(lambda: notify.ended(made.endpoint_id, DELIVERED))

    assert [d.seq for d in found] == [1]
    past = Timestamp(seconds=1)
    with pytest.raises(grpc.aio.AioRpcError, match="NT-4024"):
        await notify.call("PauseSubscription", api.PauseSubscriptionRequest(**named, until=past))


async def test_a_subscription_can_come_to_follow_something_else_under_its_id(notify: Notify) -> None:
    made = await _subscribe(notify, key_figures=["BS03"])
    other = api.Subscription(subscription_id=made.subscription_id, key_figures=["BS05"])
    changed = (await notify.call("UpdateSubscription", api.UpdateSubscriptionRequest(subscription=other))).subscription
    again = await _subscribe(notify, endpoint_id=made.endpoint_id, key_figures=["BS03"])

    assert (changed.subscription_id, list(changed.key_figures)) == (made.subscription_id, ["BS05"])
    assert changed.endpoint_id == made.endpoint_id
    assert again.subscription_id != made.subscription_id


@pytest.mark.parametrize("method", ["GetSubscription", "PauseSubscription", "ResumeSubscription", "UpdateSubscription"])
async def test_anothers_subscription_is_as_unknown_as_none(notify: Notify, method: str) -> None:
    made = await _subscribe(notify)
    for who, named in (("org-b", made.subscription_id), ("org-a", "su-none")):
        request = getattr(api, f"{method}Request")
        given = (
            {"subscription": api.Subscription(subscription_id=named)}
            if method.startswith("Upd")
            else {"subscription_id": named}
        )
        with pytest.raises(grpc.aio.AioRpcError, match="NT-4002") as caught:
            await notify.call(method, request(**given), who)
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND
