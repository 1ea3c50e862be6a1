"""notify: assessments, standings and releases in, webhooks and readable logs out, notification-sent for each attempt."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from noegletal.v1 import release_pb2, submission_pb2
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.catalogue import codes, definitions
from services.chassis.event import Event, Events
from services.chassis.outbox import Transaction
from services.chassis.running import run_forever
from services.chassis.service import Service
from services.notify import announcing, endpoint_store, health, outbox_pages, reminders, schedule, stop_pages, store
from services.notify.by_clock import ByClock
from services.notify.channels import Lookup, Webhooks
from services.notify.delivering import Deliveries, Plan
from services.notify.heard import assessments, standings, updates
from services.notify.judging import Judging
from services.notify.mail_settings import MailSettings
from services.notify.mailing import Mailing
from services.notify.pruning import KeepDays, Pruning
from services.notify.rpc import SubscriptionService
from services.notify.sealing import Seal
from services.notify.telling import Patience, Telling


class Settings(MailSettings):
    """Where readable logs go; what webhooks may reach; how patient deliveries are.

    `catalogue` adds definitions of the user's own.
    `secrets_key_file` seals signing keys; it is made when there is none and nothing is sealed yet.
    A delivery nobody recorded is taken up again `delivery_lease_seconds` after the timeout of webhooks and mail.
    A receipt waits `receipt_wait_seconds` for the standing it leads to, a quarter `settle_seconds` after the newest look at it.
    `deadlines` is what reminders go by, such as `dk-almen/2024=2025-04-01`, a comma between two.
    `keep_days`: how long messages that are over can be asked for.
    """

    catalogue: definitions.Files = ""
    log_channel_dir: Path
    secrets_key_file: Path
    allow_private_addresses: bool = False
    allow_http: bool = False
    webhook_timeout_seconds: float = 15.0
    deliveries_in_flight: int = 200
    delivery_lease_seconds: float = 15.0
    retry_seconds: tuple[float, ...] = schedule.SECONDS
    circuit_seconds: tuple[float, ...] = health.OPEN_SECONDS
    disable_after_seconds: float = health.HOPELESS_SECONDS
    endpoint_most_per_minute: int = 3_000
    receipt_wait_seconds: float = 10.0
    settle_seconds: float = 60.0
    deadlines: reminders.Deadlines = ""
    keep_days: KeepDays = 90
    gather_ms: int = 100


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
    seal, mail = Seal(settings.secrets_key_file), Mailing(service, settings)
    timeout = max(settings.webhook_timeout_seconds, settings.mail_seconds)
    plan = Plan(
        lease=timeout + settings.delivery_lease_seconds,
        steps=settings.retry_seconds,
        circuit=settings.circuit_seconds,
        hopeless=settings.disable_after_seconds,
        most_per_minute=settings.endpoint_most_per_minute,
    )
    room = schedule.Room(settings.deliveries_in_flight)
    where = (service, webhooks, mail.send, settings.log_channel_dir, seal)
    deliveries = Deliveries(*where, room=room, plan=plan, chance=random.random)
    service.on_start(lambda connection: endpoint_store.check(connection, seal))
    telling = Telling(Patience(settings.receipt_wait_seconds, settings.settle_seconds), deliveries.wake)
    service.on_rollback(telling.following.forget)
    by_clock = ByClock(service, reminders.read(settings.deadlines), deliveries.wake)
    judging, pruning = Judging(service, telling, deliveries.wake), Pruning(service, settings.keep_days)
    for work in (deliveries.run, deliveries.measure, judging.run, mail.run, by_clock.run, pruning.run):
        service.background(work)
    service.pages([*stop_pages.routes(service), *outbox_pages.routes(settings.outbox)])

    @service.batches("submission-assessed", at_once=assessments)
    def on_submission_assessed(events: Events[Any], tx: Transaction) -> None:
        announcing.assessed(events, tx)
        tx.after_commit(lambda: by_clock.heard(caught_up=tx.caught_up))
        telling.assessed(events, tx)

    service.batches("standing-changed", at_once=standings)(telling.moved)

    @service.batches("release-decided")
    def on_release_decided(events: Sequence[Event[release_pb2.ReleaseDecided]], tx: Transaction) -> None:
        announcing.released(events, tx)
        tx.after_commit(deliveries.wake)

    @service.batches("unit-registered")
    def on_unit_registered(events: Sequence[Event[submission_pb2.UnitRegistered]], tx: Transaction) -> None:
        announcing.registered(events, tx)
        tx.after_commit(lambda: by_clock.heard(caught_up=tx.caught_up))

    @service.batches("benchmark-updated", at_once=updates)
    def on_benchmark_updated(events: Sequence[Event[Any]], tx: Transaction) -> None:
        announcing.updated(events, tx, telling.following)

    servicer = SubscriptionService(service, webhooks, mail, seal, deliveries, timeout)
    service.rpc(grpc_api.add_SubscriptionServiceServicer_to_server, servicer, "noegletal.v1.SubscriptionService")
    return service


if __name__ == "__main__":
    run_forever(create_app, Settings)
