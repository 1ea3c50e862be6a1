"""The same services on a real PostgreSQL: the same messages give the same announcements, byte for byte, as on SQLite."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api

from services.benchmark import app as benchmark
from services.chassis.database import UnsafeDatabase, assert_durable
from services.ingest import app as ingest
from services.ingest import file_store, record, store, wire
from services.ingest.registration import Unit
from services.notify import app as notify
from services.validate import app as validate
from tests.service.delivery import Bench, examples
from tests.service.notify import test_pruning
from tests.service.notify.desk import EVENTS, outcome
from tests.service.notify.receiver import receiving, status, until
from tests.service.notify.running import DELIVERED, EXHAUSTED, assessed, running
from tests.service.notify.test_definitions import news

SERVICES: dict[str, tuple[Callable[[Any], Any], type[Any], dict[str, Any], str]] = {
    "ingest": (ingest.create_app, ingest.Settings, {}, "submissions"),
    "validate": (validate.create_app, validate.Settings, {}, "submission-received"),
    "benchmark": (benchmark.create_app, benchmark.Settings, {}, "observations-accepted"),
    "notify": (
        notify.create_app,
        notify.Settings,
        {"log_channel_dir": Path("unused"), "secrets_key_file": Path("unused")},
        "submission-assessed",
    ),
}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_the_same_announcements_as_on_sqlite(server: str, tmp_path: Path, name: str) -> None:
    create_app, settings, own, heading = SERVICES[name]
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    announced = []
    for url in (f"sqlite:///{tmp_path}/{name}.db", server.replace("/postgres?", f"/{name}?")):
        bench = Bench(create_app(settings(kafka="unused", database=url, **own)))
        topic = "submissions-00AA" if heading == "submissions" else heading
        for _ in range(2):
            for message in examples(heading).values():
                bench.deliver(heading, [message], topic=topic)
        announced.append(
            [(a.topic, a.key, a.id, _timeless(a.message) if a.message else a.value) for a in bench.outbox()]
        )
        bench.close()
    assert announced[0] == announced[1]
    assert announced[0] or name == "notify"


def test_followers_are_told_the_same_as_on_sqlite(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE following")
    engine.dispose()

    told = outcome(tmp_path, [*EVENTS, *EVENTS], database=server.replace("/postgres?", "/following?"))

    assert told == outcome(tmp_path, EVENTS)
    assert all(told)


def test_what_is_nobodys_own_is_told_as_on_sqlite(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE news")
    engine.dispose()
    told = [news(tmp_path, database=server.replace("/postgres?", "/news?")), news(tmp_path)]
    assert told[0] == told[1]
    assert {one.split()[0] for one in told[0]} == {
        "noegletal.release-published",
        "noegletal.peer-group-changed",
        "noegletal.reminder",
        "noegletal.definition-changed",
    }


def test_files_are_kept_and_compared_as_on_sqlite(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE files")
    engine.dispose()
    found = [_files(url) for url in (f"sqlite:///{tmp_path}/files.db", server.replace("/postgres?", "/files?"))]
    assert found[0] == found[1]
    assert found[0][:2] == ({("L1", "2024"): 2, ("L2", "2024"): 1}, ["s1", "s2"])


def _files(url: str) -> tuple[Any, ...]:
    """What is found of a file that was kept, and of two revisions in the log."""
    service = ingest.create_app(ingest.Settings(kafka="unused", database=url))
    service.prepare()
    unit = Unit("uk-tsm", "L1", "org-a", "org-a", {"navn": "Æblehaven"}, 1, datetime(2024, 4, 1, tzinfo=UTC))
    sent = [("s1", "L1"), ("s2", "L1"), ("s3", "L2")]
    dates = {"period_start": "2023-04-01", "period_end": "2024-03-31"}
    submissions = [pb.Submission(submission_id=s, unit_id=u, scheme="uk-tsm", comment=s, **dates) for s, u in sent]
    arrivals = [wire.Arrival(s, s.SerializeToString(), "org-a", pb.DOOR_FILE, "test") for s in submissions]
    row = {"upload_id": "u1", "organisation_id": "org-a", "key_id": "k", "file_name": "tal.xlsx", "scheme": "uk-tsm"}
    row |= {
        "sha256": bytes(32),
        "content": b"PK\x00",
        "cells": {"r": {"unit": "L1"}},
        "findings": [["NT-1121", "\x00ø"]],
    }
    service.transact(lambda tx: store.keep_units(tx, [unit, replace(unit, unit_id="L2")]), cause="test")
    service.transact(lambda tx: record.take_in(tx, arrivals), cause="test")
    for _ in range(2):
        service.transact(lambda tx: file_store.keep(tx, dict(row)), cause="test")

    newest = service.database.read(lambda c: file_store.newest(c, "uk-tsm", ["L1", "L2"]))
    _, place = service.database.read(lambda c: file_store.history(c, "org-a", "s2"))
    kept = service.database.read(lambda c: file_store.kept(c, "u1"))
    units = service.database.read(lambda c: file_store.units_of(c, "uk-tsm", "org-a"))
    service.database.close()
    assert kept is not None
    same = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in kept.items() if name != "received_at"}
    return {p: line.revision for p, line in newest.items()}, [line.submission_id for line in place], same, units


async def test_deliveries_are_made_and_asked_for_again_as_on_sqlite(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE deliveries")
    engine.dispose()
    url, given = server.replace("/postgres?", "/deliveries?"), {"retry_seconds": (0,), "circuit_seconds": ()}
    async with running(tmp_path, database=url, **given) as one, receiving(status(500), status(204)) as hook:
        endpoint_id, secret = await one.endpoint(hook.url)
        await one.deliver("submission-assessed", assessed(), id="ev-1")
        await until(lambda: one.ended(endpoint_id, EXHAUSTED))
        await one.deliver("submission-assessed", assessed(), id="ev-1")
        await one.call("RotateSecret", api.RotateSecretRequest(endpoint_id=endpoint_id))
        tested = await one.call("TestEndpoint", api.TestEndpointRequest(endpoint_id=endpoint_id))
        again = await one.call("Redeliver", api.RedeliverRequest(endpoint_id=endpoint_id, missing=True))
        await until(lambda: one.ended(endpoint_id, DELIVERED))
        pages = [[d.seq for d in await one.deliveries(newest_first=n, page_size=9)] for n in (True, False)]
        events = await one.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))
        await one.call("DeleteEndpoint", api.DeleteEndpointRequest(endpoint_id=endpoint_id))

    assert (tested.delivery.outcome, again.redelivered, pages) == (DELIVERED, 1, [[2, 1], [1, 2]])
    assert [e.payload for e in events.events] == [hook.got[0].body, hook.got[1].body]
    assert [g.verified(secret)["data"]["seq"] for g in hook.got] == [1, 2, 1]


def test_what_is_over_is_forgotten_as_on_sqlite(server: str, tmp_path: Path) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE forgetting")
    engine.dispose()
    history = [(1, 2, 3, True, True, True), (30, 3, 3, True, True, False), (30, 3, 1, True, True, True)]
    url = server.replace("/postgres?", "/forgetting?")

    told = [test_pruning.outcome(tmp_path, history, forgetting=True, **given) for given in ({"database": url}, {})]

    assert told[0] == told[1]
    assert all(told[0][::2])


def test_instances_that_start_at_once_on_nothing_all_come_up(server: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE crowd")
    engine.dispose()
    settings = benchmark.Settings(kafka="unused", database=server.replace("/postgres?", "/crowd?"))
    instances = [benchmark.create_app(settings) for _ in range(6)]
    with ThreadPoolExecutor(len(instances)) as pool:
        list(pool.map(lambda instance: instance.prepare(), instances))
    for instance in instances:
        instance.database.close()


def test_a_postgresql_that_does_not_keep_what_it_commits_is_refused(server: str) -> None:
    engine = sa.create_engine(server)
    with engine.connect() as connection:
        assert_durable(connection)
        connection.exec_driver_sql("SET synchronous_commit = off")
        with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
            assert_durable(connection)
    engine.dispose()


def _timeless(message: Any) -> bytes:
    """A message without the time it was received at."""
    copy = type(message)()
    copy.CopyFrom(message)
    if copy.DESCRIPTOR.name == "SubmissionReceived":
        copy.receipt.ClearField("received_at")
    return bytes(copy.SerializeToString(deterministic=True))
