"""Subscribing over gRPC. An organisation sees its own; another's ids are as unknown as ids that do not exist."""

from typing import Any

from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.catalogue import definitions
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import caller
from services.notify import endpoint_store, store
from services.notify.delivery_rpc import DeliveryCalls
from services.notify.endpoint_rpc import EndpointCalls
from services.notify.refusals import too_many, unknown, unusable

MOST_SUBSCRIPTIONS = 500


class SubscriptionService(EndpointCalls, DeliveryCalls, grpc_api.SubscriptionServiceServicer):
    """noegletal.v1.SubscriptionService: what is followed; endpoints and deliveries in files of their own."""

    async def Subscribe(self, request: Any, context: Any) -> Any:
        asked = request.subscription
        organisation = caller().acting_for(asked.organisation_id)
        if asked.kind not in pb.NotificationKind.values():
            raise unusable("kind", asked.kind)
        for key_figure in set(asked.key_figures) - _key_figures():
            raise unusable("key_figures", key_figure)
        key_figures = " ".join(sorted(set(asked.key_figures)))
        what = (organisation, asked.endpoint_id, int(asked.kind), key_figures)
        row = dict(zip(("organisation_id", "endpoint_id", "kind", "key_figures"), what, strict=True))
        row["subscription_id"] = "su-" + deterministic_id("subscription", *what)  # asked twice, it is the same one

        def keep(tx: Transaction) -> None:
            if asked.endpoint_id not in {r.endpoint_id for r in endpoint_store.of(tx.connection, organisation)}:
                raise unknown("endpoint", asked.endpoint_id)
            kept = {s.subscription_id for s in store.subscriptions(tx.connection, organisation)}
            if len(kept) >= MOST_SUBSCRIPTIONS:
                raise too_many("subscriptions", MOST_SUBSCRIPTIONS)
            if row["subscription_id"] not in kept:
                tx.connection.execute(store.subscription.insert(), row)

        await self._service.write(keep)
        return api.SubscribeResponse(subscription=_subscription(row))

    async def ListSubscriptions(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        mine = store.subscription.select().where(store.subscription.c.organisation_id == organisation)
        chosen = mine.order_by(store.subscription.c.subscription_id)
        rows = await self._service.read(lambda connection: connection.execute(chosen).all())
        return api.ListSubscriptionsResponse(subscriptions=[_subscription(r._mapping) for r in rows])

    async def Unsubscribe(self, request: Any, context: Any) -> Any:
        who, c = caller(), store.subscription.c

        def remove(tx: Transaction) -> int:
            mine = c.subscription_id == request.subscription_id
            if not who.is_operator:
                mine &= c.organisation_id == who.organisation_id
            return tx.connection.execute(store.subscription.delete().where(mine)).rowcount

        if not await self._service.write(remove):
            raise unknown("subscription", request.subscription_id)
        return api.UnsubscribeResponse()


def _key_figures() -> set[str]:
    """Every key figure of every scheme and year."""
    editions = [definitions.of(scheme, year) for scheme in definitions.schemes() for year in definitions.years(scheme)]
    return {key_figure for edition in editions for key_figure in edition.key_figures}


def _subscription(row: Any) -> api.Subscription:
    return api.Subscription(
        subscription_id=row["subscription_id"],
        organisation_id=row["organisation_id"],
        endpoint_id=row["endpoint_id"],
        kind=pb.NotificationKind.Name(row["kind"]),
        key_figures=row["key_figures"].split(),
    )
