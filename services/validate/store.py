"""What validate keeps: which submissions it has assessed, by which rule set, and the amounts it accepted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER
from services.chassis.outbox import Transaction

metadata = sa.MetaData()
assessment = sa.Table(
    "assessment",
    metadata,
    sa.Column("receipt_id", sa.Text, primary_key=True),
    sa.Column("rule_set", sa.Text, primary_key=True),
)
accepted = sa.Table(  # what a later period is held against
    "accepted",
    metadata,
    sa.Column("receipt_id", sa.Text, primary_key=True),
    sa.Column("rule_set", sa.Text, primary_key=True),
    sa.Column("scheme", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),  # who sent it
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # year, part_year or month
    sa.Column("period_start", sa.Text, nullable=False),
    sa.Column("period_end", sa.Text, nullable=False),
    sa.Column("revision", WIDE_INTEGER, nullable=False),
    sa.Column("withdrawn", sa.Integer, nullable=False),
    sa.Column("amounts", sa.Text, nullable=False),  # JSON; data point -> amount in its scale
    sa.Column("event", sa.LargeBinary),  # of a month: the submission, which later corrections read again
    sa.Index("accepted_unit", "unit_id"),
)


@dataclass(frozen=True)
class Accepted:
    """The amounts of the figures that stand in one revision. None: it was withdrawn, or nothing in it could stand.

    Of a month, the amounts in which no rule found a fault. `event`: of a month just assessed, the submission as it came.
    """

    receipt_id: str
    rule_set: str
    scheme: str
    unit_id: str
    organisation_id: str
    period: str
    kind: str
    period_start: str
    period_end: str
    revision: int
    withdrawn: bool
    amounts: Mapping[str, int]
    event: bytes | None = None


def known(tx: Transaction, receipt_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Which of these receipts were assessed before, each with its rule set."""
    chosen = assessment.c.receipt_id.in_(receipt_ids)
    return {(r.receipt_id, r.rule_set) for r in tx.connection.execute(sa.select(assessment).where(chosen))}


def keep(tx: Transaction, assessed: Iterable[tuple[str, str]], amounts: Iterable[Accepted]) -> None:
    """Note receipts as assessed by a rule set, and what of them was accepted."""
    rows = [{"receipt_id": receipt_id, "rule_set": rule_set} for receipt_id, rule_set in assessed]
    if rows:
        tx.connection.execute(assessment.insert(), rows)
    lines = [
        vars(a)
        | {"withdrawn": int(a.withdrawn), "amounts": json.dumps(a.amounts, sort_keys=True, separators=(",", ":"))}
        for a in amounts
    ]
    if lines:
        tx.connection.execute(accepted.insert(), lines)


def standing(connection: sa.Connection, unit_ids: Iterable[str]) -> list[Accepted]:
    """What was accepted of these units in any scheme and period, lower revisions first."""
    c = accepted.c
    columns = [column for column in c if column.name != "event"]
    chosen = sa.select(*columns).where(c.unit_id.in_(sorted(unit_ids))).order_by(c.revision, c.receipt_id)
    rows = connection.execute(chosen).mappings()
    return [
        Accepted(**dict(r) | {"amounts": json.loads(r["amounts"]), "withdrawn": bool(r["withdrawn"])}) for r in rows
    ]


def event(connection: sa.Connection, receipt_id: str) -> bytes:
    """A month's submission as it came, by its receipt."""
    c = accepted.c
    chosen = sa.select(c.event).where((c.receipt_id == receipt_id) & c.event.is_not(None)).limit(1)
    return bytes(connection.execute(chosen).scalar_one())
