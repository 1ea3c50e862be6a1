"""notify: submission-assessed and standing-changed in, webhooks and readable logs out, notification-sent for each attempt."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.catalogue import codes, definitions
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.service import Service, run_forever
from services.notify import mail_store, mailing, matching, outbox_pages, schedule, stop_pages, store, wire
from services.notify.channels import Lookup, Webhooks
from services.notify.delivering import Deliveries
from services.notify.mail_settings import MailSettings
from services.notify.mailing import Mailing
from services.notify.payload import Due, payload
from services.notify.rpc import SubscriptionService


class Settings(MailSettings):
    """Where readable logs go; what webhooks may reach; how patient deliveries are.

    `catalogue` adds definitions of the user's own.
    A delivery nobody recorded is taken up again `delivery_lease_seconds` after the timeout of webhooks and mail.
    """

    catalogue: definitions.Files = ""
    log_channel_dir: Path
    allow_private_addresses: bool = False
    allow_http: bool = False
    webhook_timeout_seconds: float = 15.0
    deliveries_in_flight: int = 200
    delivery_lease_seconds: float = 15.0
    retry_seconds: tuple[float, ...] = schedule.SECONDS


def create_app(settings: Settings, lookup: Lookup | None = None) -> Service:
    """The notify service, not started. `lookup` resolves names; the machine's own way if absent."""
    definitions.bring(settings.catalogue)
    service = Service("notify", settings, tables=store.metadata, words=codes.words)
    service.keys_from_topic()
    webhooks = Webhooks(
        allow_private=settings.allow_private_addresses,
        allow_http=settings.allow_http,
        timeout_seconds=settings.webhook_timeout_seconds,
        lookup=lookup,
    )
    mail = Mailing(service, settings)
    deliveries = Deliveries(
        service,
        webhooks,
        mail.send,
        settings.log_channel_dir,
        room=schedule.Room(settings.deliveries_in_flight),
        steps=settings.retry_seconds,
        lease_seconds=max(settings.webhook_timeout_seconds, settings.mail_seconds) + settings.delivery_lease_seconds,
        chance=random.random,
    )
    service.background(deliveries.run)
    service.background(mail.run)
    service.pages([*stop_pages.routes(service), *outbox_pages.routes(settings.outbox)])

    @service.batches("submission-assessed")
    def on_submission_assessed(events: Sequence[Event[assessment_pb2.SubmissionAssessed]], tx: Transaction) -> None:
        tell(events, tx, wire.receipt)
        tx.after_commit(deliveries.wake)

    @service.batches("standing-changed")
    def on_standing_changed(events: Sequence[Event[benchmark_pb2.StandingChanged]], tx: Transaction) -> None:
        tell(events, tx, wire.standing_changed)
        tx.after_commit(deliveries.wake)

    servicer = SubscriptionService(service, webhooks, mail, deliveries.wake)
    service.rpc(grpc_api.add_SubscriptionServiceServicer_to_server, servicer, "noegletal.v1.SubscriptionService")
    return service


def tell(events: Sequence[Event[Any]], tx: Transaction, read: Callable[[Any, str], Due]) -> None:
    """Put what events say in line for whoever follows it. Nothing is sent here."""
    for event in events:
        try:
            make_due(tx, read(event.message, event.id))
        except wire.Unusable:
            tx.reject(event, "unusable")


def make_due(tx: Transaction, due: Due) -> None:
    """Put a message in line at every endpoint that follows it; an event that comes again adds nothing."""
    followers = store.subscriptions(tx.connection, due.organisation_id)
    matches = matching.due(followers, due.kind, frozenset(due.key_figures))
    known = store.known(tx, due.event_id) if matches else set()
    for match in matches:
        if match.endpoint_id in known:
            continue
        if box := mail_store.mailbox_of(tx.connection, match.endpoint_id):
            mailing.make_due(tx, due, match, box)
        else:
            seq, disabled = store.next_seq(tx, match.endpoint_id)
            body = payload(due, match, seq=seq, at=tx.now.isoformat(timespec="milliseconds"))
            where = {"event_id": due.event_id, "endpoint_id": match.endpoint_id}
            store.add_delivery(tx, **where, seq=seq, kind=due.kind, body=body, disabled=disabled)


if __name__ == "__main__":
    run_forever(create_app, Settings)
