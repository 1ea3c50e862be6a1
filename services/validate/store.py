"""What validate keeps: which submissions it has assessed, by which rule set, and the amounts that stand."""

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, listed, upsert
from services.chassis.outbox import Transaction
from services.validate.packed import Packed

metadata = sa.MetaData()
assessed = sa.Table(
    "assessed",
    metadata,
    sa.Column("receipt_id", sa.Text, primary_key=True),
    sa.Column("rule_set", WIDE_INTEGER, primary_key=True, autoincrement=False),  # fingerprint of its name
    sqlite_with_rowid=False,
)
standing = sa.Table(  # what later periods are held against: the newest revision of each place
    "standing",
    metadata,
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("receipt_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),  # who sent it
    sa.Column("kind", sa.Text, nullable=False),  # year, part_year or month
    sa.Column("period_start", sa.Text, nullable=False),  # ISO 8601, as 2024-01-01
    sa.Column("period_end", sa.Text, nullable=False),
    sa.Column("revision", WIDE_INTEGER, nullable=False),
    sa.Column("withdrawn", sa.Integer, nullable=False),
    sa.Column("data_points", WIDE_INTEGER, nullable=False),  # fingerprint of the list of their names
    sa.Column("amounts", sa.LargeBinary, nullable=False),  # packed in that order; empty: nothing stands
    sa.Column("event", sa.LargeBinary),  # of a month: the submission, which later corrections read again
)
data_points = sa.Table(
    "data_points",
    metadata,
    sa.Column("fingerprint", WIDE_INTEGER, primary_key=True, autoincrement=False),
    sa.Column("names", sa.Text, nullable=False),  # a line feed between two
)
_READ = [column for column in standing.c if column.name != "event"]


class Accepted(NamedTuple):
    """The amounts of the figures that stand in one revision. None: it was withdrawn, or nothing in it could stand.

    Of a month, the amounts in which no rule found a fault. `event`: of a month just assessed, the submission as it came.
    """

    unit_id: str
    scheme: str
    period: str
    receipt_id: str
    organisation_id: str
    kind: str
    period_start: str
    period_end: str
    revision: int
    withdrawn: bool
    amounts: Mapping[str, int]
    event: bytes | None = None


def known(tx: Transaction, receipt_ids: Sequence[str]) -> set[tuple[str, int]]:
    """Which of these receipts were assessed before, each with the fingerprint of its rule set."""
    wanted = assessed.c.receipt_id.in_(listed(tx.connection, receipt_ids))
    chosen = sa.select(assessed.c.receipt_id, assessed.c.rule_set).where(wanted)
    return {(receipt_id, rule_set) for receipt_id, rule_set in tx.connection.execute(chosen)}


def keep(tx: Transaction, identities: Iterable[tuple[str, int]], accepted: Iterable[Accepted]) -> None:
    """Note receipts as assessed by a rule set, and what of them stands where it is the newest of its place."""
    rows = list(identities)
    if rows:
        _put(tx.connection, assessed.insert(), rows)
    newest: dict[tuple[str, str, str], Accepted] = {}
    for one in accepted:
        place = one[:3]
        held = newest.get(place)
        if held is None or one.revision >= held.revision:
            newest[place] = one
    if newest:
        lists: dict[int, tuple[int, tuple[str, ...]]] = {}
        lines = [_line(one, lists) for one in newest.values()]
        names = {number: "\n".join(names) for number, names in lists.values()}
        _put(tx.connection, upsert(tx.connection, data_points).on_conflict_do_nothing(), [*names.items()])
        put = upsert(tx.connection, standing)
        changed = {c.name: put.excluded[c.name] for c in standing.c if not c.primary_key}
        newer = put.excluded.revision >= standing.c.revision
        kept = put.on_conflict_do_update(index_elements=standing.primary_key, set_=changed, where=newer)
        _put(tx.connection, kept, lines)


def _put(connection: sa.Connection, statement: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of all columns in their order, past what SQLAlchemy does for each value of each row."""
    compiled = statement.compile(dialect=connection.dialect)
    columns = [column.name for column in statement.table.c]
    if compiled.positional:
        assert list(compiled.positiontup) == columns
        connection.exec_driver_sql(compiled.string, list(rows))
    else:
        connection.exec_driver_sql(compiled.string, [dict(zip(columns, row, strict=True)) for row in rows])


def standing_of(connection: sa.Connection, unit_ids: Iterable[str]) -> list[Accepted]:
    """What stands of these units in any scheme and period."""
    units = sorted(unit_ids)
    if not units:
        return []
    rows = connection.execute(sa.select(*_READ).where(standing.c.unit_id.in_(listed(connection, units)))).all()
    wanted = {row[-2] for row in rows}
    lists = sa.select(data_points.c.fingerprint, data_points.c.names).where(data_points.c.fingerprint.in_(wanted))
    names = {number: _names(text) for number, text in connection.execute(lists)} if wanted else {}
    found = []
    for *place, withdrawn, number, content in map(tuple, rows):
        found.append(Accepted._make((*place, bool(withdrawn), Packed(names[number], bytes(content)), None)))
    return found


def event(connection: sa.Connection, month: Accepted) -> bytes:
    """A month's submission as it came."""
    c = standing.c
    here = (c.unit_id == month.unit_id) & (c.scheme == month.scheme) & (c.period == month.period)
    return bytes(connection.execute(sa.select(c.event).where(here)).scalar_one())


@functools.lru_cache(maxsize=256)
def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


@functools.lru_cache(maxsize=1024)
def fingerprint(text: str) -> int:
    """Sixty-three bits that stand for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _line(one: Accepted, lists: dict[int, tuple[int, tuple[str, ...]]]) -> tuple[Any, ...]:
    """A row; `lists` gathers the lists of data points with their fingerprints, by identity: they are long."""
    packed = one.amounts if isinstance(one.amounts, Packed) else Packed.of(one.amounts, sorted(one.amounts))
    known = lists.get(id(packed.names))
    if known is None:
        known = lists[id(packed.names)] = fingerprint("\n".join(packed.names)), packed.names
    return (*one[:9], int(one.withdrawn), known[0], packed.content, one.event)
