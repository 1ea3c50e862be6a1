"""What releases showed, so that a later one is known to correct or withdraw it."""

from collections.abc import Sequence

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.notify.store import metadata, put

shown = sa.Table(
    "release_shown",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("key_figure", sa.Text, primary_key=True),
    sa.Column("peer_group", sa.Text, primary_key=True),
    sa.Column(
        "numbers", sa.Text, nullable=False
    ),  # as published, to compare; empty: suppressed, it shows nothing from here
)


def before(tx: Transaction, scheme: str, period: str, number: int) -> dict[tuple[str, str], tuple[int, str]]:
    """By key figure and peer group, the newest release before a number that showed the cell, and its numbers."""
    earlier = (shown.c.scheme == scheme) & (shown.c.period == period) & (shown.c.number < number)
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for row in tx.connection.execute(sa.select(shown).where(earlier).order_by(shown.c.number)):
        found[row.key_figure, row.peer_group] = (row.number, row.numbers)
    return {cell: one for cell, one in found.items() if one[1]}


def keep(tx: Transaction, scheme: str, period: str, number: int, cells: Sequence[tuple[str, str, str]]) -> None:
    """Note what a release showed: (key figure, peer group, numbers), once."""
    of = {"scheme": scheme, "period": period, "number": number}
    rows = [{**of, "key_figure": f, "peer_group": g, "numbers": numbers} for f, g, numbers in cells]
    put(tx, shown, rows)
