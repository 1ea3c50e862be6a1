"""Deliveries over gRPC: listed page by page, read with their payloads, asked for again."""

import base64
import json
from datetime import datetime
from typing import Any

import grpc
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from services.chassis.outbox import Transaction
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.notify import delivery_store, endpoint_store
from services.notify.delivering import Deliveries
from services.notify.delivery_store import NEWEST
from services.notify.payload import bare as without_mail
from services.notify.refusals import forgotten, reached, unusable

PAGE, MOST_DELIVERIES, MOST_EVENTS = 100, 1000, 100


class DeliveryCalls:
    """The part of SubscriptionService that is about deliveries."""

    _service: Service
    _deliveries: Deliveries

    async def ListDeliveries(self, request: Any, context: Any) -> Any:
        organisation, most = (
            caller().acting_for(request.organisation_id),
            min(request.page_size or PAGE, MOST_DELIVERIES),
        )
        if request.after_seq and not request.endpoint_id:
            raise unusable("after_seq", request.after_seq)
        beyond = _place(request.page_token)
        how = {"most": most + 1, "newest_first": request.newest_first, "missing": request.missing}

        def ask(connection: Any) -> Any:
            if not request.endpoint_id:
                return delivery_store.of_organisation(connection, organisation, beyond=beyond, **how)
            at = endpoint_store.found(connection, request.endpoint_id)
            if at is None or at.organisation_id != organisation:
                return []
            last = beyond[2] if beyond else 0
            after = (
                min(request.after_seq, NEWEST) if request.newest_first else max(last, min(request.after_seq, NEWEST))
            )
            before = last if request.newest_first and beyond else NEWEST
            return delivery_store.of_endpoint(connection, request.endpoint_id, after=after, before=before, **how)

        rows = await self._service.read(ask)
        token = _token(rows[most - 1]) if len(rows) > most else ""
        return api.ListDeliveriesResponse(deliveries=[delivery(r) for r in rows[:most]], next_page_token=token)

    async def ListEvents(self, request: Any, context: Any) -> Any:
        who, most = caller(), min(request.page_size or MOST_EVENTS, MOST_EVENTS)
        beyond = _place(request.page_token)
        after = max(min(request.after_seq, NEWEST), beyond[2] if beyond else 0)

        def ask(connection: Any) -> tuple[Any, Any, int]:
            at = reached(who, endpoint_store.found(connection, request.endpoint_id), "endpoint", request.endpoint_id)
            first = _asked_from(connection, at, after + 1 if after else 0)
            found = delivery_store.of_endpoint(connection, at.endpoint_id, after=after, most=most + 1)
            return found, at, first

        rows, at, first = await self._service.read(ask)
        bare, last = at.channel == pb.CHANNEL_MAIL, at.seq
        token = _token(rows[most - 1]) if len(rows) > most else ""
        return api.ListEventsResponse(
            events=[_event(r, bare=bare) for r in rows[:most]], next_page_token=token, last_seq=last, first_seq=first
        )

    async def Redeliver(self, request: Any, context: Any) -> Any:
        who, named = caller(), request.notification_id
        if bool(named) == bool(request.endpoint_id):
            raise unusable("endpoint_id" if named else "notification_id", request.endpoint_id)
        to = min(request.to_seq or NEWEST, NEWEST)
        if request.from_seq > to:
            raise unusable("to_seq", request.to_seq)

        def again(tx: Transaction) -> tuple[int, Any]:
            row = reached(who, delivery_store.found(tx.connection, named), "delivery", named) if named else None
            endpoint_id = row.endpoint_id if row is not None else request.endpoint_id
            at = reached(who, endpoint_store.found(tx.connection, endpoint_id), "endpoint", endpoint_id)
            if at.disabled:
                raise Refusal("NT-4005", grpc.StatusCode.FAILED_PRECONDITION, id=at.endpoint_id)
            _asked_from(tx.connection, at, request.from_seq)
            which = {"notification_id": named, "missing": request.missing}
            count = delivery_store.send_again(tx, endpoint_id, from_seq=request.from_seq, to_seq=to, **which)
            return count, delivery_store.found(tx.connection, named) if named else None

        count, row = await self._service.write(again)
        self._deliveries.wake()
        return api.RedeliverResponse(delivery=delivery(row) if row is not None else None, redelivered=count)


def _asked_from(connection: Any, at: Any, number: int) -> int:
    """The number of the oldest message kept at an endpoint. Raises Refusal where an older one is named; 0 names none."""
    first = delivery_store.first_kept(connection, at)
    if 0 < number < first:
        raise forgotten(first)
    return first


def delivery(row: Any) -> api.Delivery:
    """A delivery as the contract has it."""
    message = api.Delivery(
        notification_id=row.notification_id,
        endpoint_id=row.endpoint_id,
        kind=pb.NotificationKind.Name(row.kind),
        seq=row.seq,
        attempts=row.attempts,
        outcome=pb.DeliveryOutcome.Name(row.outcome),
        detail=row.detail,
        event_id=row.event_id,
    )
    message.created_at.FromDatetime(datetime.fromisoformat(row.created_at))
    if row.next_attempt_at:
        message.next_attempt_at.FromDatetime(datetime.fromisoformat(row.next_attempt_at))
    return message


def _event(row: Any, *, bare: bool) -> api.DueEvent:
    """A message with its payload. `bare`: without what a mail alone carries, which no payload has."""
    message = api.DueEvent(
        notification_id=row.notification_id,
        seq=row.seq,
        kind=pb.NotificationKind.Name(row.kind),
        event_id=row.event_id,
        payload=without_mail(row.body) if bare else row.body,
        outcome=pb.DeliveryOutcome.Name(row.outcome),
    )
    message.created_at.FromDatetime(datetime.fromisoformat(row.created_at))
    return message


def _token(row: Any) -> str:
    """Where a page ended: time, endpoint and number of its last delivery."""
    return base64.urlsafe_b64encode(json.dumps([row.created_at, row.endpoint_id, row.seq]).encode()).decode()


def _place(token: str) -> tuple[str, str, int] | None:
    """The place a token stands for; none for an empty one. Raises Refusal for one that we never gave."""
    if not token:
        return None
    try:
        at, endpoint_id, seq = json.loads(base64.urlsafe_b64decode(token.encode()))
        if isinstance(at, str) and isinstance(endpoint_id, str) and isinstance(seq, int) and 0 <= seq <= NEWEST:
            return at, endpoint_id, seq
    except ValueError:
        pass
    raise unusable("page_token", token)
