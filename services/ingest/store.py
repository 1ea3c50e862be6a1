"""The log of record and the registry of units. Everything is looked up per micro-batch, never per submission."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, listed_as
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement
from services.ingest.intake import place
from services.ingest.log_line import EMPTY_CHAIN, Line, linked
from services.ingest.registration import Unit

metadata = sa.MetaData()
submission_log = sa.Table(
    "submission_log",
    metadata,
    sa.Column("sequence", WIDE_INTEGER, primary_key=True, autoincrement=False),
    sa.Column("receipt_id", sa.Text, nullable=False),  # follows from the identity and the content
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("submission_id", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # sha256 of what it says
    sa.Column("scheme", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("period_start", sa.Text, nullable=False),
    sa.Column("period_end", sa.Text, nullable=False),
    sa.Column("revision", WIDE_INTEGER, nullable=False),
    sa.Column("door", sa.Integer, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("outcome", sa.Integer, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("parameters", sa.Text, nullable=False),  # JSON; what the code's words are filled with
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("chain", sa.LargeBinary, nullable=False),  # sha256 of the line before's chain and this line
    sa.Index("submission_log_identity", "submission_id", "organisation_id"),
    sa.Index("submission_log_unit", "unit_id"),
)
unit = sa.Table(
    "unit",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("holder_id", sa.Text, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),  # JSON, as sent
    sa.Column("version", WIDE_INTEGER, nullable=False),
    sa.Column("valid_from", sa.Text, nullable=False),
)
profile = sa.Table(
    "profile",
    metadata,
    *(
        sa.Column(c.name, c.type, primary_key=c.name in ("scheme", "unit_id", "version"), nullable=False)
        for c in unit.c
    ),
)


_PLACE = (submission_log.c.scheme, submission_log.c.unit_id, submission_log.c.period_start, submission_log.c.period_end)
_LINES = Statement(
    lambda kind: (
        sa.select(*(submission_log.c[name] for name in Line._fields))
        .where(submission_log.c.submission_id.in_(listed_as("wanted", kind)))
        .order_by(submission_log.c.sequence)
    )
)
_NEWEST = Statement(
    lambda kind: (
        sa.select(*_PLACE, sa.func.max(submission_log.c.revision))
        .where(submission_log.c.unit_id.in_(listed_as("wanted", kind)))
        .group_by(*_PLACE)
    )
)
_HEAD = Statement(
    sa.select(submission_log.c.sequence, submission_log.c.chain).order_by(submission_log.c.sequence.desc()).limit(1)
)
_UNITS = Statement(lambda kind: sa.select(unit).where(unit.c.unit_id.in_(listed_as("wanted", kind))))
REMEMBERED = 100_000  # units; beyond, the memory begins anew
_APPEND = Statement(submission_log.insert())
_COLUMNS = [c.name for c in submission_log.c]
_RAW = _COLUMNS.index("raw")


def lines_of(connection: sa.Connection, submission_ids: Iterable[str]) -> dict[tuple[str, str], list[Line]]:
    """Lines of the log by (organisation, submission id), in order; what was sent is not in them."""
    found: dict[tuple[str, str], list[Line]] = {}
    for row in map(Line._make, _LINES.rows(connection, wanted=json.dumps([*submission_ids]))):
        found.setdefault((row.organisation_id, row.submission_id), []).append(row)
    return found


def newest_revisions(tx: Transaction, unit_ids: Iterable[str]) -> dict[tuple[str, str, str], int]:
    """Newest revision given, by scheme, unit and the month or year a period belongs to: what a benchmark counts a unit by."""
    newest: dict[tuple[str, str, str], int] = {}
    for scheme, unit_id, start, end, revision in _NEWEST.rows(tx.connection, wanted=json.dumps([*unit_ids])):
        counted = (scheme, unit_id, place(start, end))
        newest[counted] = max(revision, newest.get(counted, 0))
    return newest


class Memory:
    """What the registry and the log say of the units that sent lately, read once. It learns of a change when that is durable."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[dict[tuple[str, str], Unit], dict[tuple[str, str, str], int]]] = {}

    def of(
        self, tx: Transaction, unit_ids: set[str]
    ) -> Mapping[str, tuple[Mapping[tuple[str, str], Unit], Mapping[tuple[str, str, str], int]]]:
        """By unit, at least of those named: what `units` and `newest_revisions` say of it. To be read within the transaction."""
        if unknown := {unit_id for unit_id in unit_ids if unit_id not in self._known}:
            if len(self._known) > REMEMBERED:
                self._known, unknown = {}, unit_ids
            self._known |= {unit_id: ({}, {}) for unit_id in unknown}
            for place, unit in units(tx.connection, unknown).items():
                self._known[unit.unit_id][0][place] = unit
            for counted, revision in newest_revisions(tx, unknown).items():
                self._known[counted[1]][1][counted] = revision
        return self._known

    def given(self, revisions: Mapping[tuple[str, str, str], int]) -> None:
        """Revisions were given."""
        for counted, revision in revisions.items():
            if counted[1] in self._known:
                self._known[counted[1]][1][counted] = revision

    def forget(self, unit_ids: Iterable[str]) -> None:
        """Units have changed."""
        for unit_id in unit_ids:
            self._known.pop(unit_id, None)


_memories: WeakKeyDictionary[sa.Engine, Memory] = WeakKeyDictionary()


def memory(tx: Transaction) -> Memory:
    """What is remembered of a database. Nothing of PostgreSQL, which other instances write as well."""
    engine = tx.connection.engine
    return _memories.setdefault(engine, Memory()) if engine.dialect.name == "sqlite" else Memory()


def units(connection: sa.Connection, unit_ids: Iterable[str] | None = None) -> dict[tuple[str, str], Unit]:
    """Registered units by scheme and id, in that order; all of them, or those named."""
    if unit_ids is None:
        rows: Iterable[Any] = connection.execute(sa.select(unit))
    else:
        rows = _UNITS.rows(connection, wanted=json.dumps([*unit_ids]))
    return {(made.scheme, made.unit_id): made for made in map(_unit, sorted(map(tuple, rows)))}


def keep_units(tx: Transaction, changed: Iterable[Unit]) -> None:
    """Store units, each at its new version; of a unit that comes more than once the last stands. Versions are all kept."""
    rows = [
        {
            "scheme": u.scheme,
            "unit_id": u.unit_id,
            "organisation_id": u.organisation_id,
            "holder_id": u.holder_id,
            "attributes": json.dumps(u.attributes, sort_keys=True, ensure_ascii=False),
            "version": u.version,
            "valid_from": u.valid_from.isoformat(),
        }
        for u in changed
    ]
    if rows:
        tx.connection.execute(profile.insert(), rows)
        rows = list({(r["scheme"], r["unit_id"]): r for r in rows}.values())
        gone = sa.delete(unit).where((unit.c.scheme == sa.bindparam("s")) & (unit.c.unit_id == sa.bindparam("u")))
        tx.connection.execute(gone, [{"s": r["scheme"], "u": r["unit_id"]} for r in rows])
        tx.connection.execute(unit.insert(), rows)
        tx.after_commit(lambda: memory(tx).forget(str(r["unit_id"]) for r in rows))


def head(tx: Transaction) -> tuple[int, bytes]:
    """The last line's sequence and chain; 0 and zeros for an empty log."""
    for sequence, chain in _HEAD.rows(tx.connection):
        return sequence, chain
    return 0, EMPTY_CHAIN


def append(tx: Transaction, lines: Sequence[tuple[Line, bytes]]) -> None:
    """Add lines to the log, each with what was sent."""
    if lines:
        rows = [(*line[:_RAW], raw, *line[_RAW:]) for line, raw in lines]
        _APPEND.many_in_order(tx.connection, _COLUMNS, rows)


def lines_after(connection: sa.Connection, sequence: int, most: int, scheme: str = "") -> list[sa.Row[Any]]:
    """Lines of the log behind a sequence, in order; of one scheme, or of all."""
    chosen = sa.select(submission_log).where(submission_log.c.sequence > sequence)
    if scheme:
        chosen = chosen.where(submission_log.c.scheme == scheme)
    return list(connection.execute(chosen.order_by(submission_log.c.sequence).limit(most)))


def profiles(connection: sa.Connection, scheme: str = "", unit_ids: Sequence[str] | None = None) -> list[Unit]:
    """Every version of every unit's profile, by unit and version; of one scheme, or of the units named."""
    c = profile.c
    chosen = sa.select(profile).order_by(c.scheme, c.unit_id, c.version)
    if scheme:
        chosen = chosen.where(c.scheme == scheme)
    if unit_ids is not None:
        chosen = chosen.where(c.unit_id.in_(unit_ids))
    return [_unit(r) for r in connection.execute(chosen)]


def first_broken_line(connection: sa.Connection) -> int | None:
    """The first sequence at which the log is not what was written; None for a sound log."""
    chain, expected = EMPTY_CHAIN, 1
    for row in connection.execute(sa.select(submission_log).order_by(submission_log.c.sequence)):
        raw_changed = sha256(row.raw).digest() != bytes(row.sha256)
        chain = linked(chain, (*row[:_RAW], row.sha256)).chain
        if row.sequence != expected or raw_changed or chain != bytes(row.chain):
            return expected
        expected += 1
    return None


def _unit(row: Sequence[Any]) -> Unit:
    scheme, unit_id, organisation_id, holder_id, attributes, version, valid_from = row
    since = datetime.fromisoformat(valid_from).astimezone(UTC)
    return Unit(scheme, unit_id, organisation_id, holder_id, json.loads(attributes), version, since)
