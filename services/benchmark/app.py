"""benchmark: observations-accepted and unit-registered in, benchmark-updated and standing-changed out, gRPC for reading."""

import functools
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from noegletal.v1 import benchmark_service_pb2_grpc as grpc_api
from noegletal.v1 import release_service_pb2_grpc as release_api
from noegletal.v1 import submission_pb2 as pb

from services.benchmark import head_store, store, wire
from services.benchmark.book import Book
from services.benchmark.release_rpc import ReleaseService
from services.benchmark.rpc import BenchmarkService
from services.benchmark.tick import Tick
from services.benchmark.watchers import Watchers
from services.catalogue import codes, definitions
from services.chassis.config import ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.running import run_forever
from services.chassis.service import Service


class Settings(ServiceSettings):
    """`catalogue` adds definitions, `catalogue_year` forces one year's; snapshots are taken at least so many records apart.

    `standings`: units are told of their standings that moved; where nobody follows them, it may be left out.
    """

    catalogue: definitions.Files = ""
    catalogue_year: int | None = None
    snapshot_every: int = 10_000
    standings: bool = True
    publish_at_most_every_seconds: float = 1.0


def create_app(settings: Settings) -> Service:
    """The benchmark service, not started."""
    definitions.bring(settings.catalogue)
    definitions.read_all()
    service = Service("benchmark", settings, tables=store.metadata, words=codes.words)
    reads = functools.partial(service.assignment.has, head_store.BATCHES)
    book = Book(settings.catalogue_year, settings.snapshot_every, standings=settings.standings, reads=reads)
    watchers = Watchers()
    tick = Tick(service, book, watchers, settings.publish_at_most_every_seconds)
    service.on_start(book.load)
    service.on_rollback(book.forget)
    service.on_rollback(tick.again)
    service.assignment.then(tick.again)
    service.keys_from_topic()
    service.background(tick.run)

    @service.batches("unit-registered")
    def on_unit_registered(events: Sequence[Event[pb.UnitRegistered]], tx: Transaction) -> None:
        by_scheme: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for event in events:
            by_scheme[event.message.profile.scheme].append(wire.registered(event.message.profile))
        for scheme, profiles in by_scheme.items():
            book.register(tx, scheme, profiles)
        tick.after(tx)

    @service.batches("observations-accepted", at_once=wire.at_once)
    def on_observations_accepted(events: Sequence[Event[Any]], tx: Transaction) -> None:
        kept: list[store.Entry] = []
        for event in events:
            try:
                if entry := book.observe(tx, event.message, event.raw, event.partition):
                    kept.append(entry)
            except definitions.UnknownDefinitions:
                tx.reject(event, "unknown-definitions")
            except ValueError:
                tx.reject(event, "inconsistent")
        store.append_observations(tx, kept)
        tick.after(tx, more_follow=events[-1].message.more_follow)

    servicer = BenchmarkService(service, book, watchers)
    service.rpc(grpc_api.add_BenchmarkServiceServicer_to_server, servicer, "noegletal.v1.BenchmarkService")
    releases = ReleaseService(service, book, tick)
    service.rpc(release_api.add_ReleaseServiceServicer_to_server, releases, "noegletal.v1.ReleaseService")
    return service


if __name__ == "__main__":
    run_forever(create_app, Settings)
