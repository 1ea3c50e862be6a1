"""Endpoints over gRPC: added, listed, tested, enabled again, removed, and given a new signing key."""

import re
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

import grpc
from noegletal.v1 import notification_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from services.chassis.outbox import Transaction
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.notify import (
    delivery_rpc,
    delivery_store,
    endpoint_store,
    line_store,
    mail_store,
    notices,
    signing,
    store,
)
from services.notify.channels import Webhooks
from services.notify.delivering import Deliveries
from services.notify.mail_store import Mailbox
from services.notify.mailing import Mailing
from services.notify.matching import Match
from services.notify.refusals import reached, too_many, unusable
from services.notify.sealing import Seal, WrongKey
from services.notify.sentences import Phrase, in_all, plain

ORGANISATION = re.compile(r"[A-Za-z0-9_-]{1,64}")  # it names a file as well
MOST_URL, MOST_ENDPOINTS, MOST_PER_MINUTE = 2_000, 50, 60_000
OVERLAP_SECONDS, LONGEST_OVERLAP_SECONDS = 86_400, 30 * 86_400
TEST_GRACE_SECONDS = 2.0  # that a test is waited for longer than a receiver may take


class EndpointCalls:
    """The part of SubscriptionService that is about endpoints. `timeout_seconds`: how long a receiver may take."""

    def __init__(
        self,
        service: Service,
        webhooks: Webhooks,
        mailing: Mailing,
        seal: Seal,
        deliveries: Deliveries,
        timeout_seconds: float,
    ) -> None:
        self._service, self._webhooks, self._mailing, self._seal = service, webhooks, mailing, seal
        self._deliveries, self._timeout_seconds = deliveries, timeout_seconds

    async def CreateEndpoint(self, request: Any, context: Any) -> Any:
        organisation = caller().acting_for(request.organisation_id)
        if not ORGANISATION.fullmatch(organisation):
            raise unusable("organisation_id", organisation)
        if request.most_per_minute > MOST_PER_MINUTE:
            raise unusable("most_per_minute", request.most_per_minute)
        scheme = request.signature_scheme or api.SIGNATURE_SCHEME_HMAC_SHA256
        endpoint_id, signed, box = f"ep-{uuid.uuid4()}", request.channel == pb.CHANNEL_WEBHOOK, None
        if signed:
            await self._check(request.url)
        elif request.signature_scheme:
            raise unusable("signature_scheme", request.signature_scheme)
        elif request.channel == pb.CHANNEL_MAIL:
            box = self._mailing.new_mailbox(request, endpoint_id)
        elif request.channel != pb.CHANNEL_LOG:
            raise unusable("channel", request.channel)
        elif request.url:
            raise unusable("url", request.url)
        key = _new_key(scheme)

        def keep(tx: Transaction) -> Any:
            if len(endpoint_store.of(tx.connection, organisation)) >= MOST_ENDPOINTS:
                raise too_many("endpoints", MOST_ENDPOINTS)
            values = {
                "endpoint_id": endpoint_id,
                "organisation_id": organisation,
                "channel": int(request.channel),
                "url": request.url,
                "most_per_minute": request.most_per_minute,
                "proven": int(request.channel == pb.CHANNEL_LOG),  # a file of ours does not hang
            }
            endpoint_store.add(tx, **values)
            if box is not None:
                mail_store.add_mailbox(tx, box)
            if signed:
                endpoint_store.add_key(tx, endpoint_id, scheme, key, self._sealed(key), tx.now)
            return self._described(tx, endpoint_id)

        made = await self._service.write(keep)
        return api.CreateEndpointResponse(endpoint=made, secret=_shown(key) if signed else "")

    async def ListEndpoints(self, request: Any, context: Any) -> Any:
        organisation, now = caller().acting_for(request.organisation_id), self._service.clock()

        def ask(connection: Any) -> list[Any]:
            rows = endpoint_store.of(connection, organisation)
            keys = store.signing_keys(connection, [r.endpoint_id for r in rows], now)
            boxes = mail_store.mailboxes(connection, [r.endpoint_id for r in rows])
            return [_endpoint(r, keys.get(r.endpoint_id, []), boxes.get(r.endpoint_id), now) for r in rows]

        return api.ListEndpointsResponse(endpoints=await self._service.read(ask))

    async def DeleteEndpoint(self, request: Any, context: Any) -> Any:
        who = caller()

        def remove(tx: Transaction) -> None:
            at = endpoint_store.found(tx.connection, request.endpoint_id)
            reached(who, at, "endpoint", request.endpoint_id)
            endpoint_store.remove(tx, request.endpoint_id)

        await self._service.write(remove)
        return api.DeleteEndpointResponse()

    async def EnableEndpoint(self, request: Any, context: Any) -> Any:
        who = caller()

        def enable(tx: Transaction) -> tuple[Any, int]:
            at = endpoint_store.found(tx.connection, request.endpoint_id)
            reached(who, at, "endpoint", request.endpoint_id)
            again = endpoint_store.enable(tx, request.endpoint_id, redeliver_missing=request.redeliver_missing)
            return self._described(tx, request.endpoint_id), again

        described, again = await self._service.write(enable)
        self._deliveries.wake()
        return api.EnableEndpointResponse(endpoint=described, redelivered=again)

    async def RotateSecret(self, request: Any, context: Any) -> Any:
        who = caller()
        overlap = request.overlap_seconds if request.HasField("overlap_seconds") else OVERLAP_SECONDS
        if overlap > LONGEST_OVERLAP_SECONDS:
            raise unusable("overlap_seconds", overlap)
        if request.signature_scheme not in api.SignatureScheme.values():
            raise unusable("signature_scheme", request.signature_scheme)

        def rotate(tx: Transaction) -> tuple[Any, str]:
            at = reached(who, endpoint_store.found(tx.connection, request.endpoint_id), "endpoint", request.endpoint_id)
            in_force = store.signing_keys(tx.connection, [at.endpoint_id], tx.now).get(at.endpoint_id, [])
            if not in_force:
                raise Refusal("NT-4051", grpc.StatusCode.FAILED_PRECONDITION, id=at.endpoint_id)
            scheme = request.signature_scheme or in_force[0].scheme
            key, until = _new_key(scheme), tx.now + timedelta(seconds=overlap)
            endpoint_store.add_key(tx, at.endpoint_id, scheme, key, self._sealed(key), until)
            return self._described(tx, at.endpoint_id), _shown(key)

        described, secret = await self._service.write(rotate)
        return api.RotateSecretResponse(endpoint=described, secret=secret)

    async def TestEndpoint(self, request: Any, context: Any) -> Any:
        who, event_id = caller(), f"test-{uuid.uuid4()}"
        wait = self._timeout_seconds + TEST_GRACE_SECONDS

        def take(tx: Transaction) -> store.Claimed:
            at = reached(who, endpoint_store.found(tx.connection, request.endpoint_id), "endpoint", request.endpoint_id)
            if at.disabled:
                raise Refusal("NT-4005", grpc.StatusCode.FAILED_PRECONDITION, id=at.endpoint_id)
            if delivery_store.under_way(tx.connection, at.endpoint_id, pb.NOTIFICATION_KIND_TEST, tx.now):
                raise Refusal("NT-4050", grpc.StatusCode.FAILED_PRECONDITION, id=at.endpoint_id)
            due = notices.test(at.organisation_id, at.endpoint_id, event_id, signed=at.channel == pb.CHANNEL_WEBHOOK)
            [line] = line_store.put(tx, [line_store.line(due, Match(at.endpoint_id, ()))])
            row = delivery_store.found(tx.connection, line.notification_id)
            keys = store.signing_keys(tx.connection, [at.endpoint_id], tx.now)
            taken = store.claimed(row, at, keys.get(at.endpoint_id, ()))
            store.lease(tx, [taken], tx.now + timedelta(seconds=wait))
            store.plan(tx, {at.endpoint_id})
            return taken

        taken = await self._service.write(take)
        await self._deliveries.at_once(taken, min(wait, context.time_remaining() * 0.9))
        row = await self._service.read(lambda connection: delivery_store.found(connection, taken.notification_id))
        return api.TestEndpointResponse(delivery=delivery_rpc.delivery(row) if row is not None else None)

    async def _check(self, url: str) -> None:
        """Refuse a URL nothing may be sent to, before it is kept. It is judged again at every attempt."""
        reason = await self._webhooks.fault(url) if len(url) <= MOST_URL else "address.long"
        if reason:
            rule = in_all(Phrase(reason))
            said = {"url": plain(url, 100), "rule_da": rule["da"], "rule_en": rule["en"]}
            raise Refusal("NT-4001", grpc.StatusCode.INVALID_ARGUMENT, **said)

    def _sealed(self, key: signing.SigningKey) -> str:
        try:
            return self._seal.close(key.secret)
        except WrongKey:
            raise Refusal("NT-4052", grpc.StatusCode.UNAVAILABLE) from None

    def _described(self, tx: Transaction, endpoint_id: str) -> Any:
        row = endpoint_store.found(tx.connection, endpoint_id)
        keys = store.signing_keys(tx.connection, [endpoint_id], tx.now)
        return _endpoint(row, keys.get(endpoint_id, []), mail_store.mailbox_of(tx.connection, endpoint_id), tx.now)


def _new_key(scheme: int) -> signing.SigningKey:
    if scheme not in (api.SIGNATURE_SCHEME_HMAC_SHA256, api.SIGNATURE_SCHEME_ED25519):
        raise unusable("signature_scheme", scheme)
    return signing.new_key(scheme, secrets.token_bytes(signing.KEY_BYTES))


def _shown(key: signing.SigningKey) -> str:
    """What a receiver is handed once: the secret both sides know; a private key never leaves."""
    return "" if key.public else key.secret


def _endpoint(row: Any, keys: list[Any], box: Mailbox | None, now: datetime) -> api.Endpoint:
    health = endpoint_store.health(row)
    message = api.Endpoint(
        endpoint_id=row.endpoint_id,
        organisation_id=row.organisation_id,
        channel=pb.Channel.Name(row.channel),
        url=row.url,
        disabled=bool(row.disabled),
        signature_scheme=api.SignatureScheme.Name(keys[0].scheme if keys else 0),
        public_keys=[k.public for k in keys if k.public],
        most_per_minute=row.most_per_minute,
        last_seq=row.seq,
        disabled_reason=api.DisabledReason.Name(row.disabled),
        failures=row.failures,
        language=box.language if box else "",
        at_once=bool(box and box.at_once),
    )
    times = {"failing_since": health.failing_since, "paused_until": health.paused_until}
    times["rotating_until"] = store.moment(keys[1].not_after) if len(keys) > 1 else None
    for name, time in times.items():
        if time is not None and (name == "failing_since" or time > now):
            getattr(message, name).FromDatetime(time)
    return message
