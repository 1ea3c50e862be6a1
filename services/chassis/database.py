"""A service's own database: SQLite (WAL, synchronous FULL, STRICT, asserted) or PostgreSQL, used from one thread."""

import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.chassis.checkpoints import Checkpoints
from services.chassis.lane import Lane
from services.chassis.statement import Statement

T = TypeVar("T")
WIDE_INTEGER = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # 64 bits in both; STRICT tables know no BIGINT
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
}  # synchronous 2 = FULL: a commit is fsynced
# A micro-batch changes some thousand pages: 32 MiB hold them until the commit. The log is copied beside it, see Checkpoints.
# Debian builds SQLite to write zeros over what is deleted, and the outbox holds everything once: "fast" does so
# only where a page is written anyway.
SQLITE_ROOM = {"cache_size": -32 * 1024, "wal_autocheckpoint": 0, "secure_delete": "fast"}
sqlite3.register_adapter(bytes, bytes)  # as they are: else it asks each value how it is to be written, and asks in vain

# What is written whole where a byte of it changes, each with a checksum of its own: measured, see DECISIONS. A file keeps those
# it was made with.
PAGE_BYTES = 16 * 1024
CREATING = 0x6E6F6567  # the lock under which tables are made; any number that nobody else uses


class UnsafeDatabase(Exception):
    """The database does not keep what it acknowledges."""


class Database:
    """One engine and one thread. Everything a service keeps is read and written in that thread, so order is plain."""

    def __init__(self, url: str, name: str) -> None:
        self.engine = sa.create_engine(url, pool_size=1, max_overflow=2, **_arguments(url))
        self._faults: type[Exception] = self.engine.dialect.dbapi.Error  # type: ignore[union-attr]  # an engine has a driver
        self._mine = threading.local()
        self._held: list[sa.Connection] = []  # those of all threads
        self._lane = Lane(f"{name}-database")
        self._checkpoints: Checkpoints | None = None  # a server copies its log itself
        if self.engine.dialect.name == "sqlite":
            self._checkpoints = Checkpoints(self.engine.url.database or "", name)
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_immediate)

    def create(self, *tables: sa.MetaData) -> None:
        """Create the tables that are not there. SQLite tables are STRICT: text never lands in a number column."""
        for table in (table for metadata in tables for table in metadata.tables.values()):
            table.dialect_options["sqlite"]["strict"] = True
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # instances that start at once take turns; SQLite's do anyway
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CREATING)))
            for metadata in tables:
                metadata.create_all(connection)
        with self.engine.connect() as connection:
            assert_durable(connection)

    @property
    def shared(self) -> bool:
        """Whether other instances may use it; a file has one."""
        return self.engine.dialect.name != "sqlite"

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction: committed and durable at the end, rolled back if anything is raised."""
        with self._connected() as connection, connection.begin():
            try:
                yield connection
            except self._faults as fault:
                raise self._said(connection, fault) from fault
        if self._checkpoints is not None:
            self._checkpoints.committed()

    def read(self, question: Callable[[sa.Connection], T]) -> T:
        """Ask without changing anything. For the database thread."""
        with self._connected() as connection:
            try:
                return question(connection)
            except self._faults as fault:
                raise self._said(connection, fault) from fault
            finally:
                connection.rollback()

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        """A connection; of a file, the one this thread has had before. A server's is looked at each time: it may be gone."""
        if self.engine.dialect.name != "sqlite":
            with self.engine.connect() as connection:
                yield connection
            return
        if not hasattr(self._mine, "connection"):
            self._mine.connection = self.engine.connect()
            self._held.append(self._mine.connection)
        assert not self._mine.connection.in_transaction(), "one at a time"
        yield self._mine.connection

    def _said(self, connection: sa.Connection, fault: Exception) -> BaseException:
        """A driver's error as SQLAlchemy says it; a connection that is gone is not used again."""
        dialect: Any = self.engine.dialect
        gone = dialect.is_disconnect(fault, connection.connection.dbapi_connection, None)
        if gone:
            connection.invalidate(fault)
        error = sa.exc.DBAPIError.instance(None, None, fault, dialect.dbapi.Error, connection_invalidated=gone)
        return error

    def do(self, work: Callable[[], T]) -> T:
        """Do work in the database thread; the calling thread waits."""
        return self._lane.do(work)

    def begin_to(self, work: Callable[[], T]) -> Callable[[], T]:
        """Do work in the database thread; the calling thread goes on. What it gets waits for the result, once."""
        return self._lane.begin(work)

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do work in the database thread, where it knows the same caller; the event loop stays free."""
        return await self._lane.done(work)

    def close(self) -> None:
        """Let the running work end, then release every connection."""
        self._lane.close()
        if self._checkpoints is not None:
            self._checkpoints.close()
        for connection in self._held:
            connection.close()
        self.engine.dispose()


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that name every column, values as the driver takes them: past what SQLAlchemy does for each row anew."""
    if rows:
        _insert(table).many(connection, rows)


@functools.cache
def _insert(table: sa.Table) -> Statement:
    return Statement(table.insert())


def upserting(kind: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what is to become of a row that is there. `kind`: the name of the kind of database."""
    return postgresql.insert(table) if kind == "postgresql" else sqlite.insert(table)


def listed_as(parameter: str, kind: str) -> sa.Select[tuple[str]]:
    """Texts as a table to look for: one parameter, a JSON list, however many they are. `kind`: as above."""
    whole = sa.bindparam(parameter, type_=sa.Text)
    if kind == "sqlite":
        return sa.select(sa.func.json_each(whole).table_valued("value").c.value)
    made = sa.func.json_array_elements_text(sa.cast(whole, sa.JSON)).table_valued("value").render_derived()
    return sa.select(made.c.value)


def assert_durable(connection: sa.Connection) -> None:
    """Raise UnsafeDatabase unless a commit on this connection survives a power cut."""
    if connection.dialect.name == "sqlite":
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SQLITE_PRAGMAS}
        if found != SQLITE_PRAGMAS:
            raise UnsafeDatabase(f"SQLite must run with {SQLITE_PRAGMAS}, not {found}")
    elif connection.dialect.name == "postgresql":
        unsafe = [
            name
            for name in ("fsync", "synchronous_commit")
            if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off"
        ]
        if unsafe:
            raise UnsafeDatabase(f"PostgreSQL must not run with {', '.join(unsafe)} = off")
    else:
        raise UnsafeDatabase(f"{connection.dialect.name} is not supported: use sqlite or postgresql")


def _arguments(url: str) -> dict[str, Any]:
    sqlite = url.startswith("sqlite")
    return (
        {"poolclass": sa.QueuePool, "connect_args": {"timeout": 30, "check_same_thread": False}}
        if sqlite
        else {"pool_pre_ping": True}
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for name, value in ({"page_size": PAGE_BYTES} | SQLITE_PRAGMAS | SQLITE_ROOM).items():
        connection.execute(f"PRAGMA {name}={value}")


def _begin_immediate(connection: sa.Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    driver.execute("BEGIN IMMEDIATE")
