"""The definitions notify knew when it last started, so that it sees what is other in those it is started with."""

import json

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify.store import metadata, put

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
    row = {"scheme": scheme, "year": year, "fingerprints": json.dumps(fingerprints, sort_keys=True)}
    put(tx, definition, [row], ("fingerprints",))
