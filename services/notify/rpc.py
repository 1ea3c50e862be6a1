"""Subscribing over gRPC. An organisation sees its own; another's ids are as unknown as ids that do not exist."""

import base64
import re
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import grpc
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.chassis.access import NotAllowed
from services.chassis.outbox import Transaction
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.notify import store
from services.notify.channels import Webhooks
from services.notify.refusals import too_many, unknown, unusable
from services.notify.sentences import plain
from services.notify.subscription_rpc import Subscriptions

ORGANISATION = re.compile(r"[A-Za-z0-9_-]{1,64}")  # it names a file as well
MOST_URL, MOST_ENDPOINTS = 2_000, 50


class SubscriptionService(Subscriptions, grpc_api.SubscriptionServiceServicer):
    """noegletal.v1.SubscriptionService. `wake` is called when a delivery was asked for again."""

    def __init__(self, service: Service, webhooks: Webhooks, wake: Callable[[], None]) -> None:
        self._service, self._webhooks, self._wake = service, webhooks, wake

    async def CreateEndpoint(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        if not ORGANISATION.fullmatch(organisation):
            raise unusable("organisation_id", organisation)
        secret = ""
        if request.channel == pb.CHANNEL_WEBHOOK:
            await self._check(request.url)
            secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        elif request.channel != pb.CHANNEL_LOG:
            raise unusable("channel", str(request.channel))
        elif request.url:
            raise unusable("url", request.url)
        row = {
            "endpoint_id": f"ep-{uuid.uuid4()}",
            "organisation_id": organisation,
            "channel": int(request.channel),
            "url": request.url,
            "secret": secret,
            "disabled": 0,
            "proven": int(request.channel == pb.CHANNEL_LOG),  # a file of ours does not hang
        }

        def keep(tx: Transaction) -> None:
            if len(store.endpoints(tx.connection, organisation)) >= MOST_ENDPOINTS:
                raise too_many("endpoints", MOST_ENDPOINTS)
            tx.connection.execute(store.endpoint.insert(), row)

        await self._service.write(keep)
        return api.CreateEndpointResponse(endpoint=_endpoint(row), secret=secret)

    async def ListEndpoints(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        rows = await self._service.read(lambda connection: store.endpoints(connection, organisation))
        return api.ListEndpointsResponse(endpoints=[_endpoint(r._mapping) for r in rows])

    async def ListDeliveries(self, request: Any, context: Any) -> Any:
        organisation, most = caller().acting_for(request.organisation_id), min(request.page_size or 100, 1000)
        if request.after_seq and not request.endpoint_id:
            raise unusable("after_seq", str(request.after_seq))
        endpoint_id, after = request.endpoint_id, min(request.after_seq, 2**63 - 1)
        rows = await self._service.read(
            lambda c: store.deliveries(c, organisation, endpoint_id=endpoint_id, after_seq=after, most=most)
        )
        return api.ListDeliveriesResponse(deliveries=[_delivery(r) for r in rows])

    async def Redeliver(self, request: Any, context: Any) -> Any:
        who = caller()

        def again(tx: Transaction) -> Any:
            row = store.found(tx, request.notification_id)
            try:
                reached = row is not None and who.acting_for(row.organisation_id)
            except NotAllowed:
                reached = False
            if row is None or not reached:
                raise unknown("delivery", request.notification_id)
            if row.disabled:
                raise Refusal("NT-4005", grpc.StatusCode.FAILED_PRECONDITION, id=row.endpoint_id)
            store.send_again(tx, row.notification_id)
            return store.found(tx, row.notification_id)

        row = await self._service.write(again)
        self._wake()
        return api.RedeliverResponse(delivery=_delivery(row))

    async def _check(self, url: str) -> None:
        """Refuse a URL nothing may be sent to, before it is kept. It is judged again at every attempt."""
        reason = await self._webhooks.fault(url) if len(url) <= MOST_URL else {"da": "for lang", "en": "too long"}
        if reason:
            said = {"url": plain(url, 100), "rule_da": reason["da"], "rule_en": reason["en"]}
            raise Refusal("NT-4001", grpc.StatusCode.INVALID_ARGUMENT, **said)


def _endpoint(row: Any) -> api.Endpoint:
    return api.Endpoint(
        endpoint_id=row["endpoint_id"],
        organisation_id=row["organisation_id"],
        channel=pb.Channel.Name(row["channel"]),
        url=row["url"],
        disabled=bool(row["disabled"]),
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
