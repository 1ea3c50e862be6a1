"""Subscribing over gRPC. An organisation sees its own; another's ids are as unknown as ids that do not exist."""

import base64
import secrets
import uuid
from datetime import datetime
from typing import Any

import grpc
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.chassis.outbox import Transaction
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.notify import store
from services.notify.channels import Webhooks

MOST_URL = 2000


class SubscriptionService(grpc_api.SubscriptionServiceServicer):
    """noegletal.v1.SubscriptionService."""

    def __init__(self, service: Service, webhooks: Webhooks) -> None:
        self._service, self._webhooks = service, webhooks

    async def CreateEndpoint(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        secret, url = "", ""
        if request.channel == pb.CHANNEL_WEBHOOK:
            url, secret = request.url, "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
            reason = "too long" if len(url) > MOST_URL else await self._webhooks.fault(url)
            if reason:
                raise Refusal("NT-4001", grpc.StatusCode.INVALID_ARGUMENT, url=url[:100], reason=reason)
        elif request.channel != pb.CHANNEL_LOG:
            raise Refusal("NT-4003", grpc.StatusCode.INVALID_ARGUMENT, field="channel", value=str(request.channel))
        row = {
            "endpoint_id": f"ep-{uuid.uuid4()}",
            "organisation_id": organisation,
            "channel": int(request.channel),
            "url": url,
            "secret": secret,
            "disabled": 0,
            "seq": 0,
        }
        await self._service.write(lambda tx: tx.connection.execute(store.endpoint.insert(), row))
        return api.CreateEndpointResponse(endpoint=_endpoint(row), secret=secret)

    async def ListEndpoints(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        rows = await self._service.read(lambda connection: store.endpoints(connection, organisation))
        return api.ListEndpointsResponse(endpoints=[_endpoint(r._mapping) for r in rows])

    async def Subscribe(self, request: Any, context: Any) -> Any:
        asked = request.subscription
        organisation = caller().acting_for(asked.organisation_id)
        if asked.kind not in pb.NotificationKind.values():
            raise Refusal("NT-4003", grpc.StatusCode.INVALID_ARGUMENT, field="kind", value=str(asked.kind))
        row = {
            "subscription_id": f"su-{uuid.uuid4()}",
            "organisation_id": organisation,
            "endpoint_id": asked.endpoint_id,
            "kind": int(asked.kind),
            "key_figures": " ".join(sorted(set(asked.key_figures))),
        }

        def keep(tx: Transaction) -> None:
            if asked.endpoint_id not in {r.endpoint_id for r in store.endpoints(tx.connection, organisation)}:
                raise Refusal("NT-4002", grpc.StatusCode.NOT_FOUND, what="endpoint", id=asked.endpoint_id[:64])
            tx.connection.execute(store.subscription.insert(), row)

        await self._service.write(keep)
        return api.SubscribeResponse(subscription=_subscription(row))

    async def ListSubscriptions(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        rows = await self._service.read(lambda connection: store.subscriptions(connection, organisation))
        return api.ListSubscriptionsResponse(subscriptions=[_subscription(r._mapping) for r in rows])

    async def Unsubscribe(self, request: Any, context: Any) -> Any:
        who, c = caller(), store.subscription.c

        def remove(tx: Transaction) -> int:
            mine = c.subscription_id == request.subscription_id
            if not who.is_operator:
                mine &= c.organisation_id == who.organisation_id
            return tx.connection.execute(store.subscription.delete().where(mine)).rowcount

        if not await self._service.write(remove):
            raise Refusal("NT-4002", grpc.StatusCode.NOT_FOUND, what="subscription", id=request.subscription_id[:64])
        return api.UnsubscribeResponse()

    async def ListDeliveries(self, request: Any, context: Any) -> Any:
        organisation, size = caller().acting_for(request.organisation_id), min(request.page_size or 100, 1000)
        chosen = store.deliveries(organisation, endpoint_id=request.endpoint_id, after_seq=request.after_seq)
        rows = await self._service.read(lambda connection: connection.execute(chosen.limit(size)).all())
        return api.ListDeliveriesResponse(deliveries=[_delivery(r) for r in rows])

    async def Redeliver(self, request: Any, context: Any) -> Any:
        who, c = caller(), store.delivery.c

        def again(tx: Transaction) -> Any:
            chosen = store.delivery.select().where(c.notification_id == request.notification_id)
            if not who.is_operator:
                chosen = store.deliveries(who.organisation_id, notification_id=request.notification_id)
            row = tx.connection.execute(chosen).first()
            if row is None:
                raise Refusal("NT-4002", grpc.StatusCode.NOT_FOUND, what="delivery", id=request.notification_id[:64])
            store.settle(tx, row.notification_id, outcome=0, detail="asked for again", next_attempt_at=tx.now)
            return tx.connection.execute(store.delivery.select().where(c.notification_id == row.notification_id)).one()

        return api.RedeliverResponse(delivery=_delivery(await self._service.write(again)))


def _endpoint(row: Any) -> api.Endpoint:
    return api.Endpoint(
        endpoint_id=row["endpoint_id"],
        organisation_id=row["organisation_id"],
        channel=pb.Channel.Name(row["channel"]),
        url=row["url"],
        disabled=bool(row["disabled"]),
    )


def _subscription(row: Any) -> api.Subscription:
    return api.Subscription(
        subscription_id=row["subscription_id"],
        organisation_id=row["organisation_id"],
        endpoint_id=row["endpoint_id"],
        kind=pb.NotificationKind.Name(row["kind"]),
        key_figures=row["key_figures"].split(),
    )


def _delivery(row: Any) -> api.Delivery:
    message = api.Delivery(
        notification_id=row.notification_id,
        endpoint_id=row.endpoint_id,
        kind=pb.NotificationKind.Name(row.kind),
        seq=row.seq,
        attempts=row.attempts,
        outcome=pb.DeliveryOutcome.Name(row.outcome),
        detail=row.detail,
    )
    message.created_at.FromDatetime(datetime.fromisoformat(row.created_at))
    if row.next_attempt_at:
        message.next_attempt_at.FromDatetime(datetime.fromisoformat(row.next_attempt_at))
    return message
