"""What validate keeps: which submissions it has assessed, and by which rule set."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from services.chassis.outbox import Transaction

metadata = sa.MetaData()
assessment = sa.Table(
    "assessment",
    metadata,
    sa.Column("receipt_id", sa.Text, primary_key=True),
    sa.Column("rule_set", sa.Text, primary_key=True),
)


def known(tx: Transaction, receipt_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Which of these receipts were assessed before, each with its rule set."""
    chosen = assessment.c.receipt_id.in_(receipt_ids)
    return {(r.receipt_id, r.rule_set) for r in tx.connection.execute(sa.select(assessment).where(chosen))}


def keep(tx: Transaction, assessed: Iterable[tuple[str, str]]) -> None:
    """Note receipts as assessed by a rule set."""
    rows = [{"receipt_id": receipt_id, "rule_set": rule_set} for receipt_id, rule_set in assessed]
    if rows:
        tx.connection.execute(assessment.insert(), rows)
