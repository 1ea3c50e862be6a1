"""Units as they are registered, by their attributes in peer groups, and for which periods they have reported."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify.store import metadata, put, put_whole

unit = sa.Table(
    "unit",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),  # JSON, as sent
    sqlite_with_rowid=False,
)
reported = sa.Table(
    "reported",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),  # the newest that was accepted or withdrawn
    sa.Column("holds", sa.Integer, nullable=False),  # 0: withdrawn
    sqlite_with_rowid=False,
)


def keep(tx: Transaction, profiles: Iterable[tuple[str, str, str, int, Mapping[str, str]]]) -> None:
    """Keep units' newest profiles: (scheme, unit, organisation, version, what it sent). One that is known changes nothing."""
    rows = [
        {
            "scheme": scheme,
            "unit_id": unit_id,
            "organisation_id": organisation_id,
            "version": version,
            "attributes": json.dumps(dict(sent), sort_keys=True),
        }
        for scheme, unit_id, organisation_id, version, sent in profiles
    ]
    put(tx, unit, rows, ("organisation_id", "version", "attributes"), newer="version")


def report(tx: Transaction, came: Iterable[tuple[str, str, str, int, bool]]) -> None:
    """Note units that have reported, or withdrew what they had: (scheme, period, unit, revision, whether it holds).

    The newest revision says it, in whatever order they come.
    """
    put_whole(tx, reported, list(came), ("revision", "holds"), newer="revision")


def came(connection: sa.Connection, scheme: str, period: str) -> dict[str, bool]:
    """Units that have reported a period, and whether that holds; False: it was withdrawn."""
    of = (reported.c.scheme == scheme) & (reported.c.period == period)
    return {row.unit_id: bool(row.holds) for row in connection.execute(sa.select(reported).where(of))}


def units(connection: sa.Connection, organisation_id: str) -> Sequence[sa.Row[Any]]:
    """An organisation's units, by scheme and id."""
    mine = unit.c.organisation_id == organisation_id
    return connection.execute(sa.select(unit).where(mine).order_by(unit.c.scheme, unit.c.unit_id)).all()


def organisations(connection: sa.Connection, scheme: str) -> set[str]:
    """Organisations with units in a scheme."""
    chosen = sa.select(unit.c.organisation_id).where(unit.c.scheme == scheme).distinct()
    return set(connection.execute(chosen).scalars())


def attributes(rows: Iterable[Any], scheme: str, unit_ids: frozenset[str]) -> list[Mapping[str, str]]:
    """What units of a scheme sent of themselves, each once. No ids: every unit."""
    mine = {row.attributes for row in rows if row.scheme == scheme and (not unit_ids or row.unit_id in unit_ids)}
    return [json.loads(sent) for sent in sorted(mine)]
