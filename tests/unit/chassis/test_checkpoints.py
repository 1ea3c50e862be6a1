"""SQLite's log is copied into the file beside the work, and does not grow for ever."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.chassis import checkpoints
from services.chassis.checkpoints import Checkpoints
from services.chassis.database import Database

SECONDS = 10.0


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    made.execute("PRAGMA journal_mode=wal")
    made.execute("PRAGMA wal_autocheckpoint=0")
    made.execute("CREATE TABLE thing (content)")
    yield made
    made.close()


def add(writer: sqlite3.Connection, times: int) -> None:
    for _ in range(times):
        writer.execute("INSERT INTO thing VALUES (randomblob(20000))")


def test_what_was_committed_reaches_the_file_while_its_writer_goes_on(
    tmp_path: Path, writer: sqlite3.Connection
) -> None:
    copying = Checkpoints(str(tmp_path / "a.db"), "test", seconds=0.01)
    add(writer, 20)
    copying.committed()

    deadline = time.monotonic() + SECONDS
    while (tmp_path / "a.db").stat().st_size < 400_000 and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    add(writer, 20)
    copying.close()

    assert (tmp_path / "a.db").stat().st_size >= 400_000
    assert writer.execute("SELECT count(*) FROM thing").fetchone() == (40,)


def test_a_log_that_was_copied_is_written_from_its_beginning(tmp_path: Path, writer: sqlite3.Connection) -> None:
    copier, log = sqlite3.connect(tmp_path / "a.db"), tmp_path / "a.db-wal"
    add(writer, 20)
    size = log.stat().st_size
    for _ in range(5):
        checkpoints.copy(copier)
        add(writer, 20)

    assert log.stat().st_size == size
    copier.close()


def test_a_long_log_that_is_never_copied_whole_lets_the_next_commit_wait(
    tmp_path: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MOST_PAGES", 10)
    copier = sqlite3.connect(tmp_path / "a.db", check_same_thread=False, timeout=SECONDS)
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    add(writer, 20)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM thing").fetchone()
    add(writer, 20)  # behind what the reader sees: may not be copied as long as it looks
    size, waits = (tmp_path / "a.db-wal").stat().st_size, threading.Event()
    copier.set_trace_callback(lambda said: waits.set() if "RESTART" in said else None)

    copying = threading.Thread(target=checkpoints.copy, args=(copier,))
    copying.start()
    assert waits.wait(SECONDS)
    reader.execute("COMMIT")
    copying.join(SECONDS)
    add(writer, 20)

    assert not copying.is_alive()
    assert (tmp_path / "a.db-wal").stat().st_size == size
    assert writer.execute("SELECT count(*) FROM thing").fetchone() == (60,)
    reader.close()
    copier.close()


def test_a_file_that_is_gone_is_not_made_anew_and_ends_nothing(tmp_path: Path) -> None:
    copying = Checkpoints(str(tmp_path / "gone.db"), "test", seconds=0.0)
    copying.committed()
    copying.close()
    assert not (tmp_path / "gone.db").exists()


def test_a_database_lets_no_commit_copy_and_copies_the_rest_when_it_is_closed(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/b.db", "test")
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE thing (content)")
        for _ in range(1000):
            connection.exec_driver_sql("INSERT INTO thing VALUES (randomblob(20000))")
    before = (tmp_path / "b.db").stat().st_size
    database.close()

    assert before < 20_000_000 <= (tmp_path / "b.db").stat().st_size
    assert not (tmp_path / "b.db-wal").exists()
