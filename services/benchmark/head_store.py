"""Where each period's ledger has got to: moved on by compare-and-set, so that no instance builds on what another has changed."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from services.benchmark.period import Period
from services.chassis import offsets
from services.chassis.database import WIDE_INTEGER, upserting
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement

BATCHES = "observations-accepted"
metadata = sa.MetaData()
head = sa.Table(
    "head",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("vintage", WIDE_INTEGER, nullable=False),  # of the ledger's newest entry
    sa.Column("partition", sa.Integer),  # of BATCHES, that the period's come on; absent where none has come yet
)


class Move(NamedTuple):
    """A period's ledger goes from one vintage to another; its batches come on a partition."""

    scheme: str
    period: str
    before: int
    vintage: int
    partition: int | None

    @classmethod
    def of(cls, period: Period, before: int) -> "Move":
        """From an earlier vintage of a period to the one it now has."""
        return cls(period.scheme, period.name, before, period.state.vintage, period.partition)


def move_on(tx: Transaction, moves: Sequence[Move]) -> None:
    """Move ledgers on; one may stay where it is. Until the commit nobody else moves them.

    Raises Fenced where a ledger is beyond where it was believed to be: another instance has moved it on.
    """
    if moves and _MOVE.many(tx.connection, [move._asdict() for move in moves]) != len(moves):
        raise fenced(moves)


def fenced(moves: Sequence[Move]) -> offsets.Fenced:
    """What is raised where another instance has moved one of these ledgers on, or published it."""
    return offsets.Fenced(sorted({(BATCHES, move.partition or 0) for move in moves}))


def everything(connection: sa.Connection) -> dict[tuple[str, str], tuple[int, int | None]]:
    """Vintage and partition of each scheme and period; one that was last moved on before there were heads is absent."""
    return {(scheme, period): (vintage, number) for scheme, period, vintage, number in _EVERYTHING.rows(connection)}


def _moving(kind: str) -> sa.sql.ClauseElement:
    put = upserting(kind, head)
    there = {"vintage": put.excluded.vintage, "partition": put.excluded.partition}
    # Who knows more than the head has read it in the ledger, which a version without heads has moved on.
    known = head.c.vintage <= sa.bindparam("before", type_=WIDE_INTEGER)
    return put.on_conflict_do_update(index_elements=head.primary_key, set_=there, where=known)


_MOVE = Statement(_moving)
_EVERYTHING = Statement(sa.select(head))
