"""Files as they were uploaded, and what the log of record says of the units in them."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import Transaction
from services.ingest import store
from services.ingest.intake import FORGED, Outcome, place
from services.ingest.log_line import Line
from services.ingest.store import metadata, submission_log, unit

AT_ONCE = 500  # most ids in one question
upload = sa.Table(
    "upload",
    metadata,
    sa.Column("upload_id", sa.Text, primary_key=True),
    sa.Column("organisation_id", sa.Text, nullable=False),  # empty: an operator's, for many
    sa.Column("key_id", sa.Text, nullable=False),  # who sent it
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("scheme", sa.Text, nullable=False),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("sha256", sa.LargeBinary, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # the bytes as they came
    sa.Column("cells", sa.Text, nullable=False),  # JSON; by receipt: unit, reporting year, and where each amount stands
    sa.Column("findings", sa.Text, nullable=False),  # JSON; what was wrong in the file itself
)
upload_receipt = sa.Table(
    "upload_receipt",
    metadata,
    sa.Column("receipt_id", sa.Text, primary_key=True),
    sa.Column("upload_id", sa.Text, nullable=False),  # the newest that the receipt is of
)


def keep(tx: Transaction, row: dict[str, Any]) -> None:
    """Keep a file with its cell map; the same file with the same receipts is kept once."""
    receipts = [{"receipt_id": receipt_id, "upload_id": row["upload_id"]} for receipt_id in row["cells"]]
    if receipts:
        known = sa.delete(upload_receipt).where(upload_receipt.c.receipt_id == sa.bindparam("which"))
        tx.connection.execute(known, [{"which": r["receipt_id"]} for r in receipts])
        tx.connection.execute(upload_receipt.insert(), receipts)
    row = row | {"received_at": tx.now.isoformat(timespec="microseconds")}
    row |= {name: json.dumps(row[name], ensure_ascii=False) for name in ("cells", "findings")}
    tx.connection.execute(sa.delete(upload).where(upload.c.upload_id == row["upload_id"]))
    tx.connection.execute(upload.insert().values(row))


def kept(connection: sa.Connection, upload_id: str) -> dict[str, Any] | None:
    """A file that was uploaded; None where there is none of that id."""
    row = connection.execute(sa.select(upload).where(upload.c.upload_id == upload_id)).mappings().first()
    if row is None:
        return None
    return dict(row) | {name: json.loads(row[name]) for name in ("cells", "findings")}


def upload_of(connection: sa.Connection, receipt_id: str) -> str:
    """The newest upload that a receipt is of; empty where there is none."""
    chosen = sa.select(upload_receipt.c.upload_id).where(upload_receipt.c.receipt_id == receipt_id)
    return connection.execute(chosen).scalar() or ""


def units_of(connection: sa.Connection, scheme: str, organisation_id: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Registered units of a scheme, with organisation and attributes; all organisations' where none is named."""
    chosen = sa.select(unit.c.unit_id, unit.c.organisation_id, unit.c.attributes).where(unit.c.scheme == scheme)
    if organisation_id:
        chosen = chosen.where(unit.c.organisation_id == organisation_id)
    rows = connection.execute(chosen.order_by(unit.c.unit_id))
    return {r.unit_id: (r.organisation_id, json.loads(r.attributes)) for r in rows}


def newest(connection: sa.Connection, scheme: str, unit_ids: Collection[str]) -> dict[tuple[str, str], sa.Row[Any]]:
    """The newest accepted line of the log, by unit and the place its revisions are counted by."""
    c, ids = submission_log.c, sorted(unit_ids)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for first in range(0, len(ids), AT_ONCE):
        chosen = sa.select(c.sequence, c.unit_id, c.period_start, c.period_end, c.revision).where(
            c.unit_id.in_(ids[first : first + AT_ONCE]), c.scheme == scheme, c.outcome == int(Outcome.ACCEPTED)
        )
        for row in connection.execute(chosen):
            counted = (row.unit_id, place(row.period_start, row.period_end))
            found[counted] = max(found.get(counted, (0, 0)), (row.revision, row.sequence))
    lines: dict[tuple[str, str], sa.Row[Any]] = {}
    sequences = [sequence for _, sequence in found.values()]
    for first in range(0, len(sequences), AT_ONCE):
        chosen_lines = sa.select(submission_log).where(c.sequence.in_(sequences[first : first + AT_ONCE]))
        for line in connection.execute(chosen_lines):
            lines[line.unit_id, place(line.period_start, line.period_end)] = line
    return lines


def history(
    connection: sa.Connection, organisation_id: str, submission_id: str
) -> tuple[Line | None, list[sa.Row[Any]]]:
    """A submission's line, the accepted one if there is one, and the accepted lines of its unit and place by revision.

    No organisation: whoever's it is, if only one has used the id.
    """
    known = store.lines_of(connection, [submission_id])
    found = [line for (owner, _), own in known.items() if organisation_id in ("", owner) for line in own]
    lines = sorted((line for line in found if line.code != FORGED), key=lambda line: line.outcome)
    if len({line.organisation_id for line in lines}) != 1:
        return None, []
    line, c = lines[0], submission_log.c
    same_unit = (c.unit_id == line.unit_id, c.scheme == line.scheme, c.outcome == int(Outcome.ACCEPTED))
    chosen = sa.select(submission_log).where(*same_unit).order_by(c.revision)
    counted = place(line.period_start, line.period_end)
    rows = connection.execute(chosen)
    return line, [row for row in rows if place(row.period_start, row.period_end) == counted]
