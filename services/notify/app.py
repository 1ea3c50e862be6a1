"""notify: assessments, standings and releases in, webhooks and readable logs out, notification-sent for each attempt."""

import random
from collections.abc import Sequence
from pathlib import Path

from noegletal.v1 import assessment_pb2, benchmark_pb2, release_pb2, submission_pb2
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.catalogue import codes, definitions
from services.chassis.config import ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.service import Service, run_forever
from services.notify import announcing, reminders, schedule, store
from services.notify.channels import Lookup, Webhooks
from services.notify.delivering import Deliveries
from services.notify.gathering import Gathering
from services.notify.judging import Judging
from services.notify.rpc import SubscriptionService
from services.notify.telling import Patience, Telling


class Settings(ServiceSettings):
    """Where readable logs go; what webhooks may reach; how patient deliveries are.

    `catalogue` adds definitions of the user's own.
    A delivery nobody recorded is taken up again `delivery_lease_seconds` after a webhook's timeout. A receipt waits
    `receipt_wait_seconds` for the standing it leads to; a quarter is judged `settle_seconds` after the newest look at it.
    `deadlines` is what reminders go by, such as `dk-almen/2024=2025-04-01`, a comma between two.
    """

    catalogue: definitions.Files = ""
    log_channel_dir: Path
    allow_private_addresses: bool = False
    allow_http: bool = False
    webhook_timeout_seconds: float = 15.0
    deliveries_in_flight: int = 200
    delivery_lease_seconds: float = 15.0
    retry_seconds: tuple[float, ...] = schedule.SECONDS
    receipt_wait_seconds: float = 10.0
    settle_seconds: float = 60.0
    deadlines: reminders.Deadlines = ""


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
    deliveries = Deliveries(
        service,
        webhooks,
        settings.log_channel_dir,
        room=schedule.Room(settings.deliveries_in_flight),
        steps=settings.retry_seconds,
        lease_seconds=settings.webhook_timeout_seconds + settings.delivery_lease_seconds,
        chance=random.random,
    )
    service.background(deliveries.run)
    telling = Telling(Patience(settings.receipt_wait_seconds, settings.settle_seconds))
    service.background(Judging(service, telling, deliveries.wake).run)
    gathering = Gathering(service, reminders.read(settings.deadlines), deliveries.wake)
    service.background(gathering.run)

    @service.batches("submission-assessed")
    def on_submission_assessed(events: Sequence[Event[assessment_pb2.SubmissionAssessed]], tx: Transaction) -> None:
        announcing.assessed(events, tx)
        tx.after_commit(lambda: gathering.heard(caught_up=tx.caught_up))
        telling.assessed(events, tx)
        tx.after_commit(deliveries.wake)

    @service.batches("standing-changed")
    def on_standing_changed(events: Sequence[Event[benchmark_pb2.StandingChanged]], tx: Transaction) -> None:
        telling.moved(events, tx)
        tx.after_commit(deliveries.wake)

    @service.batches("release-decided")
    def on_release_decided(events: Sequence[Event[release_pb2.ReleaseDecided]], tx: Transaction) -> None:
        announcing.released(events, tx)
        tx.after_commit(deliveries.wake)

    @service.batches("unit-registered")
    def on_unit_registered(events: Sequence[Event[submission_pb2.UnitRegistered]], tx: Transaction) -> None:
        announcing.registered(events, tx)
        tx.after_commit(lambda: gathering.heard(caught_up=tx.caught_up))

    @service.batches("benchmark-updated")
    def on_benchmark_updated(events: Sequence[Event[benchmark_pb2.BenchmarkUpdated]], tx: Transaction) -> None:
        announcing.updated(events, tx)

    servicer = SubscriptionService(service, webhooks, deliveries.wake)
    service.rpc(grpc_api.add_SubscriptionServiceServicer_to_server, servicer, "noegletal.v1.SubscriptionService")
    return service


if __name__ == "__main__":
    run_forever(create_app, Settings)
