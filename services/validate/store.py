"""What validate keeps: which submissions it has assessed, by which rule set, and the amounts that stand.

A log that is only added to: what a transaction assessed is a row or a few of `batches`, with everything that stands of it packed
one behind the other. Where in it the newest account of a unit and period is stands in a small row of `places`.
"""

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction
from services.validate import account
from services.validate.account import Accepted, packed_of
from services.validate.packed import LITTLE

metadata = sa.MetaData()
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("batch", WIDE_INTEGER, primary_key=True, autoincrement=True),
    # What was assessed; absent in what continues the row before.
    sa.Column("first_sequence", WIDE_INTEGER),
    sa.Column("last_sequence", WIDE_INTEGER, index=True),
    sa.Column("sequences", sa.LargeBinary),  # places in the log of record, little-endian 64-bit numbers
    sa.Column("assessed", sa.Text),  # JSON: rule set -> receipts
    sa.Column("accounts", sa.LargeBinary, nullable=False),  # one behind the other
    sqlite_autoincrement=True,
)
places = sa.Table(
    "places",
    metadata,
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("batch", WIDE_INTEGER, nullable=False),
    sa.Column("begins", sa.Integer, nullable=False),  # the account's first byte in the batch
    sqlite_with_rowid=False,
)
data_points = sa.Table(
    "data_points",
    metadata,
    sa.Column("fingerprint", WIDE_INTEGER, primary_key=True, autoincrement=False),
    sa.Column("names", sa.Text, nullable=False),  # a line feed between two
)
MOST_TOGETHER = 50  # accounts of a row: what has to be read for one of them
Line = tuple[str, str, str, int, int]  # of `places`
MOST_LISTS = 1000  # remembered; there are as many as editions of catalogues

# made once: with a submission a transaction, making them costs more than running them
_GIVEN: dict[str, Any] = {column.name: sa.bindparam(column.name) for column in batches.c if not column.primary_key}
_ADDED = sa.insert(batches).values(_GIVEN).returning(batches.c.batch)
_KNOWN = sa.select(batches.c.sequences, batches.c.assessed).where(
    batches.c.last_sequence >= sa.bindparam("first"), batches.c.first_sequence <= sa.bindparam("last")
)
_NAMES = sa.select(data_points.c.names).where(data_points.c.fingerprint == sa.bindparam("number"))


class Lists:
    """Lists of data points by number, and which of them are in the database for good."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._kept: set[int] = set()

    def numbered(self, several: Iterable[tuple[str, ...]]) -> dict[int, int]:
        """Identity of a list -> its number; they are long, so each is looked at once."""
        if len(self._numbers) > MOST_LISTS:
            self._numbers.clear()
        found: dict[int, int] = {}
        for names in several:
            if id(names) not in found:
                if names not in self._numbers:
                    self._numbers[names] = fingerprint("\n".join(names))
                found[id(names)] = self._numbers[names]
        return found

    def keep(self, tx: Transaction, numbers: set[int]) -> None:
        """Put lists into the database that are not there yet."""
        new = numbers - self._kept
        if new:
            there = {number: names for names, number in self._numbers.items() if number in new}
            rows = [{"fingerprint": number, "names": "\n".join(names)} for number, names in there.items()]
            tx.connection.execute(_added_names(tx.connection.dialect.name), rows)
            tx.after_commit(lambda: self._kept.update(new))


def known(tx: Transaction, sequences: Sequence[int]) -> set[tuple[str, str]]:
    """The receipts that were assessed before, each with its rule set, of those near these places in the log of record.

    A submission that is delivered again comes with the receipt it had, and so with its place.
    """
    if not sequences:
        return set()
    found, wanted = set[tuple[str, str]](), set(sequences)
    for there, text in _run(tx.connection, _KNOWN, {"first": min(wanted), "last": max(wanted)}):
        if not wanted.isdisjoint(np.frombuffer(there, LITTLE).tolist()):
            found |= {(receipt, rule_set) for rule_set, receipts in json.loads(text).items() for receipt in receipts}
    return found


def keep(
    tx: Transaction,
    lists: Lists,
    sequences: Sequence[int],
    assessed: Iterable[tuple[str, str]],
    kept: Sequence[Accepted],
) -> None:
    """Note what was assessed, as receipts with their rule sets, and what of it stands.

    sequences   the places in the log of record of all that came with them
    """
    by_rule_set: dict[str, list[str]] = {}
    for receipt_id, rule_set in assessed:
        by_rule_set.setdefault(rule_set, []).append(receipt_id)
    if not by_rule_set:
        return
    packed = [packed_of(one) for one in kept]
    numbers = lists.numbered(some.names for some in packed)
    row: dict[str, Any] = {
        "first_sequence": min(sequences),
        "last_sequence": max(sequences),
        "sequences": np.array(sequences, dtype=LITTLE).tobytes(),
        "assessed": json.dumps(by_rule_set, ensure_ascii=False),
    }
    lines = list[Line]()
    for at in range(0, max(len(kept), 1), MOST_TOGETHER):
        some = kept[at : at + MOST_TOGETHER]
        contents = [
            account.written(one, amounts.content, numbers[id(amounts.names)])
            for one, amounts in zip(some, packed[at:], strict=False)
        ]
        row["accounts"] = b"".join(contents)
        batch = _run(tx.connection, _ADDED, row).scalar_one()
        row, begins = dict.fromkeys(row), 0
        for one, content in zip(some, contents, strict=True):
            lines.append((*one[:3], batch, begins))
            begins += len(content)
    if lines:
        _insert(tx.connection, lines)
        lists.keep(tx, {*numbers.values()})


def _insert(connection: sa.Connection, lines: list[Line]) -> None:
    """Put lines into `places`, past what SQLAlchemy does for each value of each."""
    compiled = _compiled(_placed(connection.dialect.name), connection.dialect)
    named = [] if compiled.positional else [dict(zip(places.c.keys(), line, strict=True)) for line in lines]
    connection.exec_driver_sql(compiled.string, named or lines)


def _run(connection: sa.Connection, statement: Any, values: Mapping[str, Any]) -> Any:
    """A statement that was made once, its values as the driver takes them."""
    compiled = _compiled(statement, connection.dialect)
    names = compiled.positiontup
    return connection.exec_driver_sql(compiled.string, tuple([values[name] for name in names]) if names else values)


@functools.cache
def _compiled(statement: Any, dialect: sa.Dialect) -> Any:
    return statement.compile(dialect=dialect)


def standing_of(connection: sa.Connection, unit_ids: Iterable[str]) -> list[Accepted]:
    """What stands of these units in any scheme and period; of a month without its submission."""
    return [one._replace(event=None) for one in _read(connection, unit_ids)]


def event(connection: sa.Connection, month: Accepted) -> bytes:
    """A month's submission as it came."""
    found = next(one.event for one in _read(connection, [month.unit_id]) if one[:3] == month[:3])
    assert found is not None
    return found


def _read(connection: sa.Connection, unit_ids: Iterable[str]) -> Iterator[Accepted]:
    units = [*unit_ids]
    if not units:
        return
    there, content = _asked(connection.dialect.name)
    asked = {"units": json.dumps(units)}
    by_batch: dict[int, list[tuple[str, int]]] = {}
    for unit_id, batch, begins in _run(connection, there, asked):
        by_batch.setdefault(batch, []).append((unit_id, begins))
    if not by_batch:
        return
    names = _Names(connection).__getitem__
    for batch, accounts in _run(connection, content, asked).all():
        whole = bytes(accounts)
        for unit_id, begins in by_batch[batch]:
            yield account.read(unit_id, whole, begins, names)


class _Names(dict[int, tuple[str, ...]]):
    """Lists of data points by number, read when first asked for."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, number: int) -> tuple[str, ...]:
        text: str = self._connection.execute(_NAMES, {"number": number}).scalar_one()
        self[number] = _names(text)
        return self[number]


@functools.cache
def _asked(dialect: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Where the newest accounts of units are, and the batches they are in."""
    whole = sa.bindparam("units", type_=sa.Text)
    if dialect == "sqlite":
        units = sa.select(sa.func.json_each(whole).table_valued("value").c.value)
    else:
        made = sa.func.json_array_elements_text(sa.cast(whole, sa.JSON)).table_valued("value").render_derived()
        units = sa.select(made.c.value)
    theirs = places.c.unit_id.in_(units)
    there = sa.select(places.c.unit_id, places.c.batch, places.c.begins).where(theirs)
    content = sa.select(batches.c.batch, batches.c.accounts).where(
        batches.c.batch.in_(sa.select(places.c.batch).where(theirs))
    )
    return there, content


@functools.cache
def _placed(dialect: str) -> Any:
    put = sqlite.insert(places) if dialect == "sqlite" else postgresql.insert(places)
    there = {"batch": put.excluded.batch, "begins": put.excluded.begins}
    return put.on_conflict_do_update(index_elements=places.primary_key, set_=there)


@functools.cache
def _added_names(dialect: str) -> Any:
    if dialect == "sqlite":
        return sqlite.insert(data_points).on_conflict_do_nothing()
    return postgresql.insert(data_points).on_conflict_do_nothing()


@functools.lru_cache(maxsize=256)
def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


@functools.lru_cache(maxsize=1024)
def fingerprint(text: str) -> int:
    """Sixty-three bits that stand for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
