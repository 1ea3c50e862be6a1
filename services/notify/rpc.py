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

from services.catalogue import definitions
from services.chassis.access import NotAllowed
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.notify import mail_store, store
from services.notify.channels import Webhooks
from services.notify.mail_store import Mailbox
from services.notify.mailing import Mailing
from services.notify.wording import plain

ORGANISATION = re.compile(r"[A-Za-z0-9_-]{1,64}")  # it names a file as well
MOST_URL, MOST_ENDPOINTS, MOST_SUBSCRIPTIONS = 2_000, 50, 500


class SubscriptionService(grpc_api.SubscriptionServiceServicer):
    """noegletal.v1.SubscriptionService. `wake` is called when a delivery was asked for again."""

    def __init__(self, service: Service, webhooks: Webhooks, mailing: Mailing, wake: Callable[[], None]) -> None:
        self._service, self._webhooks, self._mailing, self._wake = service, webhooks, mailing, wake

    async def CreateEndpoint(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        if not ORGANISATION.fullmatch(organisation):
            raise _unusable("organisation_id", organisation)
        secret, mailbox, endpoint_id = "", None, f"ep-{uuid.uuid4()}"
        if request.channel == pb.CHANNEL_WEBHOOK:
            await self._check(request.url)
            secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        elif request.channel == pb.CHANNEL_MAIL:
            mailbox = self._mailing.new_mailbox(request, endpoint_id)
        elif request.channel != pb.CHANNEL_LOG:
            raise _unusable("channel", str(request.channel))
        elif request.url:
            raise _unusable("url", request.url)
        row = {
            "endpoint_id": endpoint_id,
            "organisation_id": organisation,
            "channel": int(request.channel),
            "url": request.url,
            "secret": secret,
            "disabled": 0,
            "proven": int(request.channel == pb.CHANNEL_LOG),  # a file of ours does not hang
        }

        def keep(tx: Transaction) -> None:
            if len(store.endpoints(tx.connection, organisation)) >= MOST_ENDPOINTS:
                raise _too_many("endpoints", MOST_ENDPOINTS)
            tx.connection.execute(store.endpoint.insert(), row)
            if mailbox is not None:
                mail_store.add_mailbox(tx, mailbox)

        await self._service.write(keep)
        return api.CreateEndpointResponse(endpoint=_endpoint(row, mailbox), secret=secret)

    async def ListEndpoints(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        rows, boxes = await self._service.read(
            lambda connection: (
                store.endpoints(connection, organisation),
                mail_store.mailboxes(connection, organisation),
            )
        )
        return api.ListEndpointsResponse(endpoints=[_endpoint(r._mapping, boxes.get(r.endpoint_id)) for r in rows])

    async def Subscribe(self, request: Any, context: Any) -> Any:
        asked = request.subscription
        organisation = caller().acting_for(asked.organisation_id)
        if asked.kind not in pb.NotificationKind.values():
            raise _unusable("kind", str(asked.kind))
        for key_figure in set(asked.key_figures) - _key_figures():
            raise _unusable("key_figures", key_figure)
        key_figures = " ".join(sorted(set(asked.key_figures)))
        what = (organisation, asked.endpoint_id, int(asked.kind), key_figures)
        row = dict(zip(("organisation_id", "endpoint_id", "kind", "key_figures"), what, strict=True))
        row["subscription_id"] = "su-" + deterministic_id("subscription", *what)  # asked twice, it is the same one

        def keep(tx: Transaction) -> None:
            if asked.endpoint_id not in {r.endpoint_id for r in store.endpoints(tx.connection, organisation)}:
                raise _unknown("endpoint", asked.endpoint_id)
            kept = {s.subscription_id for s in store.subscriptions(tx.connection, organisation)}
            if len(kept) >= MOST_SUBSCRIPTIONS:
                raise _too_many("subscriptions", MOST_SUBSCRIPTIONS)
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
            raise _unknown("subscription", request.subscription_id)
        return api.UnsubscribeResponse()

    async def ListDeliveries(self, request: Any, context: Any) -> Any:
        organisation, most = caller().acting_for(request.organisation_id), min(request.page_size or 100, 1000)
        if request.after_seq and not request.endpoint_id:
            raise _unusable("after_seq", str(request.after_seq))
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
                raise _unknown("delivery", request.notification_id)
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


def _unusable(field: str, value: str) -> Refusal:
    return Refusal("NT-4003", grpc.StatusCode.INVALID_ARGUMENT, field=field, value=plain(value, 64))


def _unknown(what: str, named: str) -> Refusal:
    return Refusal("NT-4002", grpc.StatusCode.NOT_FOUND, what=what, id=plain(named, 64))


def _too_many(what: str, most: int) -> Refusal:
    return Refusal("NT-4004", grpc.StatusCode.RESOURCE_EXHAUSTED, what=what, most=str(most))


def _key_figures() -> set[str]:
    """Every key figure of every scheme and year."""
    editions = [definitions.of(scheme, year) for scheme in definitions.schemes() for year in definitions.years(scheme)]
    return {key_figure for edition in editions for key_figure in edition.key_figures}


def _endpoint(row: Any, mailbox: Mailbox | None) -> api.Endpoint:
    return api.Endpoint(
        endpoint_id=row["endpoint_id"],
        organisation_id=row["organisation_id"],
        channel=pb.Channel.Name(row["channel"]),
        url=row["url"],
        disabled=bool(row["disabled"]),
        language=mailbox.language if mailbox else "",
        at_once=bool(mailbox and mailbox.at_once),
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
