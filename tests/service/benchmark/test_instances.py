"""Several instances of benchmark on one PostgreSQL: who reads a period's batches alone publishes it, and the newest is told last."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from noegletal.v1 import submission_pb2 as pb

from services.benchmark.app import Settings, create_app
from services.benchmark.head_store import head
from services.benchmark.release_rpc import ReleaseService
from services.chassis.offsets import Fenced
from tests.builders import observations
from tests.service.benchmark.kept import book_of, tick_of
from tests.service.benchmark.test_restarts import NEVER
from tests.service.delivery import Bench

BATCHES, REGISTERED = "observations-accepted", "unit-registered"
BOTH = [(BATCHES, 0), (REGISTERED, 0)]


@pytest.fixture
def instance(server: str, request: pytest.FixtureRequest) -> Iterator[Callable[[], Bench]]:
    """Makes instances that share a database; they read nothing until they are given something."""
    engine, name, made = sa.create_engine(server, isolation_level="AUTOCOMMIT"), f"d{id(request)}", list[Bench]()
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()

    def make() -> Bench:
        made.append(_bench(server.replace("/postgres?", f"/{name}?")))
        made[-1].service.assignment.begin()
        made[-1]._offsets = made[0]._offsets
        return made[-1]

    yield make
    for bench in made:
        bench.close()


def _bench(database: str) -> Bench:
    return Bench(create_app(Settings(kafka="unused", database=database, publish_at_most_every_seconds=NEVER)))


def _publish(bench: Bench) -> None:
    """What a tick does."""
    bench.service.transact(tick_of(bench.service).publish, cause="tick")


def _read_anew(bench: Bench) -> None:
    """As after partitions were given, or a transaction failed."""
    bench.service.forget()
    bench.service.database.read(book_of(bench.service).load)
    assert book_of(bench.service).periods


def _batch(name: str, units: int) -> Any:
    return observations({f"{name}{n}": [(n + 1, 60)] * 8 for n in range(units)})


def _registered(*units: str) -> list[Any]:
    profiles = [pb.Profile(unit_id=u, organisation_id=u, scheme="uk-tsm", version=1) for u in units]
    return [pb.UnitRegistered(profile=profile) for profile in profiles]


def _newest(bench: Bench) -> dict[str, int]:
    """What whoever keeps the last message of each key has: group -> vintage."""
    return {one.key: one.message.vintage for one in bench.outbox("benchmark-updated")}  # type: ignore[union-attr]


def _told(bench: Bench) -> set[tuple[str, str, bytes | None]]:
    return {(a.topic, a.id, a.value) for a in bench.outbox()}


def test_who_reads_no_batches_of_a_period_does_not_publish_what_it_was_behind_them(
    instance: Callable[[], Bench],
) -> None:
    owner, other = instance(), instance()
    owner.service.assignment.give(BOTH)
    owner.deliver(BATCHES, [_batch("u", 12)], caught_up=False)
    _read_anew(other)

    owner.deliver(BATCHES, [_batch("v", 3)])
    _publish(other)

    assert set(_newest(owner).values()) == {15}
    assert [one.message.vintage for one in owner.outbox("benchmark-updated")] == [15] * len(_newest(owner))  # type: ignore[union-attr]


def test_who_believes_to_read_them_still_is_fenced_and_then_knows_better(instance: Callable[[], Bench]) -> None:
    owner, zombie = instance(), instance()
    for one in (zombie, owner):
        one.service.assignment.give(BOTH)
    zombie.deliver(BATCHES, [_batch("u", 12)], caught_up=False)
    _read_anew(owner)

    owner.deliver(BATCHES, [_batch("v", 3)])
    with pytest.raises(Fenced):
        _publish(zombie)
    _publish(zombie)

    assert set(_newest(owner).values()) == {15}
    assert len(owner.outbox("benchmark-updated")) == len(_newest(owner))


def test_a_ledger_that_a_version_without_heads_has_moved_on_is_gone_on_with(instance: Callable[[], Bench]) -> None:
    bench = instance()
    bench.service.assignment.give(BOTH)
    for statement in (None, sa.update(head).values(vintage=1), sa.delete(head)):
        if statement is not None:
            bench.service.transact(lambda tx, s=statement: tx.connection.execute(s), cause="test")  # type: ignore[misc]
            _read_anew(bench)
        before = max(_newest(bench).values(), default=0)
        bench.deliver(BATCHES, [_batch(f"n{before}-", 12)])
        assert set(_newest(bench).values()) == {before + 12}


def test_the_same_publication_by_two_is_fenced(instance: Callable[[], Bench]) -> None:
    owner, zombie = instance(), instance()
    for one in (zombie, owner):
        one.service.assignment.give(BOTH)
    zombie.deliver(BATCHES, [_batch("u", 12)], caught_up=False)
    _read_anew(owner)
    _publish(owner)
    with pytest.raises(Fenced):
        _publish(zombie)
    assert len(owner.outbox("benchmark-updated")) == len(_newest(owner))


def test_what_one_left_unpublished_the_next_publishes_as_soon_as_it_is_given(
    instance: Callable[[], Bench], tmp_path: Path
) -> None:
    before, after, alone = instance(), instance(), _bench(f"sqlite:///{tmp_path}/b.db")
    before.service.assignment.give(BOTH)
    before.deliver(BATCHES, [_batch("u", 12)], caught_up=False)

    before.service.assignment.take()
    _read_anew(after)
    tick_of(after.service)._waiting = False
    after.service.assignment.give(BOTH)
    assert tick_of(after.service)._waiting
    _publish(before)
    assert not before.outbox()
    _publish(after)

    alone.deliver(BATCHES, [_batch("u", 12)])
    assert _told(after) == _told(alone)
    alone.close()


def test_units_registered_with_one_are_expected_by_the_one_that_reads_the_batches(
    instance: Callable[[], Bench], tmp_path: Path
) -> None:
    registrar, owner, alone = instance(), instance(), _bench(f"sqlite:///{tmp_path}/b.db")
    registrar.service.assignment.give([(REGISTERED, 0)])
    owner.service.assignment.give([(BATCHES, 0)])

    def deliver(heading: str, messages: list[Any], by: Bench) -> None:
        by.deliver(heading, messages)
        alone.deliver(heading, messages)
        if by is registrar:
            assert owner.service.database.read(book_of(owner.service).is_behind) or not book_of(owner.service).periods
            _publish(owner)
        assert not owner.service.database.read(book_of(owner.service).is_behind)

    deliver(REGISTERED, _registered("u0", "w0"), registrar)
    deliver(BATCHES, [_batch("u", 12)], owner)
    deliver(REGISTERED, _registered("w1", "w2"), registrar)
    deliver(BATCHES, [_batch("v", 3)], owner)
    deliver(REGISTERED, _registered("w3"), registrar)

    assert _told(owner) == _told(alone)
    assert set(_newest(owner).values()) >= {20}
    late = instance()
    late.service.assignment.give([(BATCHES, 0)])
    _publish(late)
    assert _told(owner) == _told(alone)
    alone.close()


def test_releases_are_made_of_what_the_ledger_holds_by_whatever_instance(instance: Callable[[], Bench]) -> None:
    owner, other = instance(), instance()
    owner.service.assignment.give(BOTH)
    owner.deliver(BATCHES, [_batch("u", 12)])
    _read_anew(other)
    owner.deliver(BATCHES, [_batch("v", 3)])

    servicer, request = ReleaseService(other.service, book_of(other.service), tick_of(other.service)), SimpleNamespace()
    request.scheme, request.period = "uk-tsm", "2024"
    assert other.service.database.read(lambda c: servicer._period(c, request)).state.vintage == 15


def test_who_starts_leaves_to_the_others_what_they_are_about_to_publish(instance: Callable[[], Bench]) -> None:
    owner = instance()
    owner.service.assignment.give(BOTH)
    owner.deliver(BATCHES, [_batch("u", 12)])
    late = instance()
    assert (late.service._relay.pending > 0, owner.service._relay.pending > 0) == (False, True)
    owner.service._relay._published = {w.id for w in owner.service._relay._waiting}
    owner.service._relay._tidy()
    late.service.assignment.wait_for_others(threading.Event())
    assert late.service._relay.pending == 0
