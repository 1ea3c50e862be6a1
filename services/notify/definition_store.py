"""The definitions notify knew when it last started, so that it sees what is other in those it is started with."""

import json

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.chassis.outbox import Transaction
from services.notify.store import metadata

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("year", sa.Text, primary_key=True),
    sa.Column("fingerprints", sa.Text, nullable=False),  # JSON: key figure -> fingerprint
)


def known(tx: Transaction, scheme: str) -> dict[str, dict[str, str]]:
    """By year, the fingerprints of a scheme's key figures."""
    rows = tx.connection.execute(sa.select(definition).where(definition.c.scheme == scheme))
    return {row.year: json.loads(row.fingerprints) for row in rows}


def keep(tx: Transaction, scheme: str, year: str, fingerprints: dict[str, str]) -> None:
    """Know a year's definitions from now on."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    changing = {"fingerprints": json.dumps(fingerprints, sort_keys=True)}
    insert = dialect.insert(definition).values(scheme=scheme, year=year, **changing)
    tx.connection.execute(insert.on_conflict_do_update(index_elements=["scheme", "year"], set_=changing))
