"""notify: submission-assessed and standing-changed in, webhooks and readable logs out, notification-sent for each attempt."""

import random
from collections.abc import Sequence
from pathlib import Path

from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.catalogue import codes
from services.chassis.config import ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.service import Service, run_forever
from services.notify import schedule, store, wire
from services.notify.channels import Webhooks
from services.notify.delivering import Deliveries
from services.notify.rpc import SubscriptionService


class Settings(ServiceSettings):
    """Where readable logs go; what webhooks may reach; how patient deliveries are."""

    log_channel_dir: Path
    allow_private_addresses: bool = False
    allow_http: bool = False
    webhook_timeout_seconds: float = 15.0
    deliveries_in_flight: int = 200
    delivery_lease_seconds: float = 60.0
    retry_seconds: tuple[int, ...] = schedule.SECONDS


def create_app(settings: Settings) -> Service:
    """The notify service, not started."""
    service = Service("notify", settings, tables=store.metadata, words=codes.words)
    service.keys_from_topic()
    webhooks = Webhooks(
        allow_private=settings.allow_private_addresses,
        allow_http=settings.allow_http,
        timeout_seconds=settings.webhook_timeout_seconds,
    )
    deliveries = Deliveries(
        service,
        webhooks,
        settings.log_channel_dir,
        in_flight=settings.deliveries_in_flight,
        steps=settings.retry_seconds,
        lease=settings.delivery_lease_seconds,
        chance=random.random,
    )
    service.background(deliveries.run)

    @service.batches("submission-assessed")
    def on_submission_assessed(events: Sequence[Event[assessment_pb2.SubmissionAssessed]], tx: Transaction) -> None:
        for event in events:
            make_due(tx, wire.receipt(event.message, event.id))

    @service.batches("standing-changed")
    def on_standing_changed(events: Sequence[Event[benchmark_pb2.StandingChanged]], tx: Transaction) -> None:
        for event in events:
            make_due(tx, wire.standing_changed(event.message, event.id))

    servicer = SubscriptionService(service, webhooks)
    service.rpc(grpc_api.add_SubscriptionServiceServicer_to_server, servicer, "noegletal.v1.SubscriptionService")
    return service


def make_due(tx: Transaction, due: wire.Due) -> None:
    """Put a message in line for every endpoint that follows it; an event that comes again adds nothing."""
    for row in store.listeners(tx, due.organisation_id, due.kind, due.key_figures):
        if not store.known(tx, due.event_id, row.endpoint_id):
            seq = store.next_seq(tx, row.endpoint_id)
            at = tx.now.isoformat(timespec="milliseconds")
            body = wire.payload(due, subscription_id=row.subscription_id, seq=seq, at=at)
            store.add_delivery(
                tx, event_id=due.event_id, endpoint_id=row.endpoint_id, seq=seq, kind=due.kind, body=body
            )


if __name__ == "__main__":
    run_forever(create_app, Settings)
