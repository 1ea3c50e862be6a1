"""Subscriptions over gRPC. An organisation sees its own; another's ids are as unknown as ids that do not exist."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from noegletal.v1 import subscription_service_pb2 as api

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import caller
from services.chassis.service import Service
from services.notify import endpoint_store, look_store, presets, refusals, subscription_store, subscription_wire
from services.notify.matching import Subscription
from services.notify.store import instant
from services.notify.subscription_store import FOR_GOOD

MOST_SUBSCRIPTIONS = 500
T = TypeVar("T")


class Subscriptions:
    """The calls of SubscriptionService that are about subscriptions."""

    _service: Service

    async def Subscribe(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.subscription.organisation_id)
        one = subscription_wire.asked(request.subscription)

        def keep(tx: Transaction) -> Any:
            _endpoint(tx, organisation, one.endpoint_id)
            kept = {r.subscription_id: r for r in subscription_store.rows(tx.connection, organisation)}
            named = _id(organisation, one, kept)
            if named not in kept:
                if len(kept) >= MOST_SUBSCRIPTIONS:
                    raise refusals.too_many("subscriptions", MOST_SUBSCRIPTIONS)
                subscription_store.add(tx, organisation, replace(one, subscription_id=named))
            return _answered(tx, named)

        return api.SubscribeResponse(subscription=await self._service.write(keep))

    async def GetSubscription(self, request: Any, context: Any) -> Any:
        who, now = caller(), instant(self._service.clock())
        row = await self._service.read(lambda c: subscription_store.found(c, request.subscription_id))
        mine = refusals.reached(who, row, "subscription", request.subscription_id)
        return api.GetSubscriptionResponse(subscription=subscription_wire.answered(mine, now))

    async def ListSubscriptions(self, request: Any, context: Any) -> Any:
        organisation, now = caller().acting_for(request.organisation_id), instant(self._service.clock())
        rows = await self._service.read(lambda connection: subscription_store.rows(connection, organisation))
        return api.ListSubscriptionsResponse(subscriptions=[subscription_wire.answered(r, now) for r in rows])

    async def UpdateSubscription(self, request: Any, context: Any) -> Any:
        asked, named = subscription_wire.asked(request.subscription), request.subscription.subscription_id

        def change(tx: Transaction) -> Any:
            row = subscription_store.found(tx.connection, named)
            one = asked if asked.endpoint_id else replace(asked, endpoint_id=row.endpoint_id)  # type: ignore[union-attr]
            _endpoint(tx, row.organisation_id, one.endpoint_id)  # type: ignore[union-attr]
            subscription_store.change(tx, one)
            look_store.forget(tx, named)
            return _answered(tx, named)

        return api.UpdateSubscriptionResponse(subscription=await self._own(named, change))

    async def PauseSubscription(self, request: Any, context: Any) -> Any:
        until = subscription_wire.until(request, self._service.clock())

        def pause(tx: Transaction) -> Any:
            subscription_store.pause(tx, request.subscription_id, instant(until) if until else FOR_GOOD)
            return _answered(tx, request.subscription_id)

        return api.PauseSubscriptionResponse(subscription=await self._own(request.subscription_id, pause))

    async def ResumeSubscription(self, request: Any, context: Any) -> Any:
        def resume(tx: Transaction) -> Any:
            subscription_store.pause(tx, request.subscription_id, "")
            return _answered(tx, request.subscription_id)

        return api.ResumeSubscriptionResponse(subscription=await self._own(request.subscription_id, resume))

    async def Unsubscribe(self, request: Any, context: Any) -> Any:
        named = request.subscription_id
        await self._own(named, lambda tx: subscription_store.remove(tx, named))
        return api.UnsubscribeResponse()

    async def ListPresets(self, request: Any, context: Any) -> Any:
        found = [subscription_wire.preset(name, one) for name, one in presets.entries().items()]
        return api.ListPresetsResponse(presets=found)

    async def _own(self, subscription_id: str, work: Callable[[Transaction], T]) -> T:
        """Do something with a subscription of the caller's own."""
        who = caller()

        def reached(tx: Transaction) -> T:
            row = subscription_store.found(tx.connection, subscription_id)
            refusals.reached(who, row, "subscription", subscription_id)
            return work(tx)

        return await self._service.write(reached)


def _id(organisation: str, one: Subscription, kept: dict[str, Any]) -> str:
    """The id of what is asked for: asked twice it is the same one, unless that has come to follow something else."""
    what = subscription_store.follows(one)
    for number in itertools.count():
        named = "su-" + deterministic_id("subscription", organisation, one.endpoint_id, what, number)
        if named not in kept or kept[named].follows == what:
            return named
    raise AssertionError


def _endpoint(tx: Transaction, organisation: str, endpoint_id: str) -> None:
    at = endpoint_store.found(tx.connection, endpoint_id)
    if at is None or at.organisation_id != organisation:
        raise refusals.unknown("endpoint", endpoint_id)


def _answered(tx: Transaction, subscription_id: str) -> api.Subscription:
    row = subscription_store.found(tx.connection, subscription_id)
    return subscription_wire.answered(row, instant(tx.now))
