"""A database that does not keep what it acknowledges is refused; SQLite tables take no text for numbers."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.chassis.database import PAGE_BYTES, Database, UnsafeDatabase, assert_durable
from services.chassis.statement import Statement

metadata = sa.MetaData()
thing = sa.Table("thing", metadata, sa.Column("number", sa.Integer, primary_key=True), sa.Column("amount", sa.Integer))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path}/a.db", "test")
    made.create(metadata)
    return made


def test_sqlite_runs_with_wal_and_full(database: Database) -> None:
    with database.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


@pytest.mark.parametrize("page_bytes", [0, 4096])
def test_a_file_keeps_the_pages_it_was_made_with(tmp_path: Path, page_bytes: int) -> None:
    if page_bytes:  # made earlier, or elsewhere
        with contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as made:
            made.execute(f"PRAGMA page_size={page_bytes}")
            made.execute("CREATE TABLE other (n INTEGER)")
    database = Database(f"sqlite:///{tmp_path}/a.db", "test")
    database.create(metadata)
    found = database.read(lambda connection: connection.exec_driver_sql("PRAGMA page_size").scalar())
    database.close()
    assert found == (page_bytes or PAGE_BYTES)


def test_synchronous_normal_is_refused(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        with pytest.raises(UnsafeDatabase, match="synchronous"):
            assert_durable(connection)


def test_tables_are_strict(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="TEXT value in INTEGER"), database.begin() as connection:
        connection.exec_driver_sql("INSERT INTO thing VALUES (1, 'seven')")


def test_what_is_deleted_is_not_written_once_more(database: Database, tmp_path: Path) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (number INTEGER PRIMARY KEY, content BLOB)")
        connection.exec_driver_sql("INSERT INTO kept VALUES (1, randomblob(1000000))")
    log = tmp_path / "a.db-wal"
    written = log.stat().st_size
    with database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM kept")

    assert 0 < log.stat().st_size - written < 100_000


def test_what_raises_is_rolled_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as connection:
        connection.execute(thing.insert().values(number=1, amount=1))
        raise RuntimeError

    assert database.read(lambda c: c.execute(sa.select(thing)).all()) == []


def test_a_statement_made_once_is_part_of_the_transaction(database: Database) -> None:
    add = Statement(thing.insert())
    above = Statement(sa.select(thing.c.number).where(thing.c.amount > sa.bindparam("least"), thing.c.number != 9))
    with pytest.raises(RuntimeError), database.begin() as connection:
        assert add.run(connection, number=1, amount=1) == 1
        raise RuntimeError
    with database.begin() as connection:
        assert add.many(connection, [{"number": n, "amount": n} for n in (1, 2, 3, 9)]) == 4

    assert database.read(lambda c: above.rows(c, least=1)) == [(2,), (3,)]


def test_a_driver_s_error_is_let_out_as_sqlalchemy_says_it(database: Database) -> None:
    add, odd = Statement(thing.insert()), Statement(sa.text("SELECT number FROM nowhere"))
    with pytest.raises(sa.exc.IntegrityError), database.begin() as connection:
        add.many(connection, [{"number": 1, "amount": 1}, {"number": 1, "amount": 2}])
    with pytest.raises(sa.exc.OperationalError):
        database.read(odd.rows)

    assert database.read(lambda c: c.execute(sa.select(thing)).all()) == []


def test_another_kind_of_database_is_refused() -> None:
    class Connection:
        class dialect:
            name = "oracle"

    with pytest.raises(UnsafeDatabase, match="oracle is not supported"):
        assert_durable(Connection())  # type: ignore[arg-type]
