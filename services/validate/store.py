"""What validate keeps: which submissions it has assessed, by which rule set, and the amounts that stand.

A log that is only added to: what a transaction assessed is a row or a few of `batches`, with everything that stands of it packed
one behind the other. Where in it the newest account of a unit and period is stands in a small row of `places`.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, listed_as, upserting
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.validate import account
from services.validate.account import Accepted
from services.validate.compiled import Whole
from services.validate.packed import LITTLE
from services.validate.taken import Taken

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
MOST_LISTS = 1000  # remembered; there are as many as editions of catalogues

_GIVEN: dict[str, Any] = {column.name: sa.bindparam(column.name) for column in batches.c if not column.primary_key}
_ADDED = Statement(sa.insert(batches).values(_GIVEN).returning(batches.c.batch))
_KNOWN = Statement(
    sa.select(batches.c.sequences, batches.c.assessed).where(
        batches.c.last_sequence >= sa.bindparam("first"), batches.c.first_sequence <= sa.bindparam("last")
    )
)
_NAMES = Statement(sa.select(data_points.c.names).where(data_points.c.fingerprint == sa.bindparam("number")))
_NAMED = Statement(lambda kind: upserting(kind, data_points).on_conflict_do_nothing())


def _theirs(kind: str) -> sa.ColumnElement[bool]:
    return places.c.unit_id.in_(listed_as("units", kind))


# Where the newest accounts of units are, and the batches they are in.
_THERE = Statement(lambda kind: sa.select(places.c.unit_id, places.c.batch, places.c.begins).where(_theirs(kind)))
_CONTENT = Statement(
    lambda kind: sa.select(batches.c.batch, batches.c.accounts).where(
        batches.c.batch.in_(sa.select(places.c.batch).where(_theirs(kind)))
    )
)


def _placing(kind: str) -> sa.ClauseElement:
    put = upserting(kind, places)
    there = {"batch": put.excluded.batch, "begins": put.excluded.begins}
    return put.on_conflict_do_update(index_elements=places.primary_key, set_=there)


_PLACED = Statement(_placing)


class Lists:
    """Lists of data points by number, and which of them are in the database for good."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._kept: set[int] = set()

    def numbering(self, used: set[int]) -> Callable[[tuple[str, ...]], int]:
        """What gives lists their numbers, and adds to `used` those it gave. A list is long: it is looked at once."""
        if len(self._numbers) > MOST_LISTS:
            self._numbers.clear()
        met: dict[int, tuple[tuple[str, ...], int]] = {}  # by identity, with the list, so that it is nobody else's

        def numbered(names: tuple[str, ...]) -> int:
            if id(names) not in met:
                if names not in self._numbers:
                    self._numbers[names] = fingerprint("\n".join(names))
                met[id(names)] = names, self._numbers[names]
                used.add(self._numbers[names])
            return met[id(names)][1]

        return numbered

    def keep(self, tx: Transaction, numbers: set[int]) -> None:
        """Put lists into the database that are not there yet."""
        new = numbers - self._kept
        if new:
            there = {number: names for names, number in self._numbers.items() if number in new}
            rows = [{"fingerprint": number, "names": "\n".join(names)} for number, names in there.items()]
            _NAMED.many(tx.connection, rows)
            tx.after_commit(lambda: self._kept.update(new))


def known(tx: Transaction, sequences: Whole) -> set[tuple[str, str]]:
    """The receipts that were assessed before, each with its rule set, of those near these places in the log of record.

    A submission that is delivered again comes with the receipt it had, and so with its place.
    """
    if not len(sequences):
        return set()
    found = set[tuple[str, str]]()
    for there, text in _KNOWN.rows(tx.connection, first=int(sequences.min()), last=int(sequences.max())):
        if np.isin(np.frombuffer(there, LITTLE), sequences).any():
            found |= {(receipt, rule_set) for rule_set, receipts in json.loads(text).items() for receipt in receipts}
    return found


def keep(tx: Transaction, lists: Lists, sequences: Whole, taken: Taken) -> None:
    """Note what was assessed, and what of it stands.

    sequences   the places in the log of record of all that came with them
    """
    assessed = taken.by_rule_set()
    if not any(assessed.values()):
        return
    row: dict[str, Any] = {
        "first_sequence": int(sequences.min()),
        "last_sequence": int(sequences.max()),
        "sequences": sequences.astype(LITTLE, copy=False).tobytes(),
        "assessed": json.dumps(assessed, ensure_ascii=False),
    }
    used, lines = set[int](), list[tuple[str, str, str, int, int]]()
    numbers, content, ends = taken.accounts(lists.numbering(used))
    begins, units = [0, *ends], taken.sent.known.units.said
    there = [(units[n], *place[:2]) for n, place in zip(taken.units(numbers), taken.places(numbers), strict=True)]
    for at in range(0, max(len(numbers), 1), MOST_TOGETHER):
        some = begins[at : at + MOST_TOGETHER + 1]
        row["accounts"] = bytes(content[some[0] : some[-1]])
        ((batch,),) = _ADDED.rows(tx.connection, **row)
        row, first = dict.fromkeys(row), some[0]
        lines += [
            (*place, batch, begin - first) for place, begin in zip(there[at : at + MOST_TOGETHER], some, strict=False)
        ]
    if lines:
        lines.sort()  # neighbours are on the same page
        _PLACED.many_in_order(tx.connection, [column.name for column in places.c], lines)
        lists.keep(tx, used)


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
    asked = json.dumps(units)
    by_batch: dict[int, list[tuple[str, int]]] = {}
    for unit_id, batch, begins in _THERE.rows(connection, units=asked):
        by_batch.setdefault(batch, []).append((unit_id, begins))
    if not by_batch:
        return
    names = functools.partial(_names, connection)
    for batch, accounts in _CONTENT.rows(connection, units=asked):
        whole = bytes(accounts)
        for unit_id, begins in by_batch[batch]:
            yield account.read(unit_id, whole, begins, names)


def _names(connection: sa.Connection, number: int) -> tuple[str, ...]:
    """A list of data points by its number."""
    if number not in _MET:
        if len(_MET) > MOST_LISTS:
            _MET.clear()
        ((text,),) = _NAMES.rows(connection, number=number)
        _MET[number] = tuple(text.split("\n"))
    return _MET[number]


_MET: dict[int, tuple[str, ...]] = {}  # a list's number follows from its names, in whatever database


@functools.lru_cache(maxsize=1024)
def fingerprint(text: str) -> int:
    """Sixty-three bits that stand for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1
