"""Protobuf on one side, what files deliver on the other: submissions of rows, answers, and cells to be marked."""

import uuid
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.catalogue import codes
from services.ingest.amount_cells import Missing, Unreadable
from services.ingest.delivered import Finding, Form, Row, Severity
from services.ingest.intake import listed, place
from services.ingest.table import Table

SOURCE = "noegletal file"
CONVENTIONS = {
    "da": api.NUMBER_CONVENTION_DANISH,
    "en": api.NUMBER_CONVENTION_ENGLISH,
    "": api.NUMBER_CONVENTION_UNSPECIFIED,
}
FINDINGS = 2000  # most of one answer


def submission(row: Row, scheme: str) -> pb.Submission:
    """A row as a submission, without an id of its own where the file gives none."""
    message = pb.Submission(
        submission_id=row.submission_id,
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        scheme=scheme,
        period_start=row.period_start,
        period_end=row.period_end,
        revision=row.revision,
        source_system=SOURCE,
    )
    for data_point, amount in row.amounts:
        if isinstance(amount, Missing):
            message.amounts.add(data_point=data_point, missing=f"MISSING_REASON_{amount.reason.upper()}")
        elif isinstance(amount, Unreadable):
            message.amounts.add(data_point=data_point, unreadable=amount.text)
        else:
            message.amounts.add(data_point=data_point, value=amount)
    for what, reason in row.confirmations:
        message.confirmations.add(what=what, reason=reason)
    return message


def name(message: pb.Submission, newest: int) -> None:
    """Give a row's submission its id: of what it says, and of the revision it follows, so that a return to an earlier content
    is a revision too. A row that gives its revision is the same submission whatever it follows.
    """
    if not message.submission_id:
        follows = "" if message.revision else f"/{newest}"
        said = message.SerializeToString(deterministic=True) + follows.encode()
        message.submission_id = (
            f"file:{message.unit_id}:{place(message.period_start, message.period_end)}:{sha256(said).hexdigest()[:20]}"
        )


def says_the_same(one: pb.Submission, other: pb.Submission) -> bool:
    """Whether two submissions have the same period, amounts and reasons."""
    return _said(one) == _said(other)


def _said(s: pb.Submission) -> tuple[Any, ...]:
    amounts = sorted(a.SerializeToString(deterministic=True) for a in s.amounts)
    confirmations = sorted((c.what, c.reason) for c in s.confirmations)
    return s.period_start, s.period_end, s.withdraw, amounts, confirmations


def amounts(raw: bytes) -> dict[str, int]:
    """The numbers of a submission as it was received, by data point; none of a withdrawal."""
    message = pb.Submission.FromString(raw)
    return {
        a.data_point: a.value for a in message.amounts if a.WhichOneof("content") == "value" and not message.withdraw
    }


def fallen_away(row: Row, newest: Any) -> Finding | None:
    """What is to be said where the newest revision has numbers the row does not speak of."""
    gone = sorted(set(amounts(bytes(newest.raw))) - {data_point for data_point, _ in row.amounts})
    if not gone:
        return None
    said = {"cell": row.place.cell, "unit": row.unit_id, "revision": str(newest.revision), "count": str(len(gone))}
    said |= {"names": listed(gone)}
    return Finding("NT-1131", Severity.NOTE, row.place, said, row.unit_id)


def uploaded_row(row: Row, outcome: int, receipt: pb.Receipt | None) -> api.UploadedRow:
    """What became of one row, with the words of a refusal."""
    message = api.UploadedRow(
        unit_id=row.unit_id,
        period_start=row.period_start,
        period_end=row.period_end,
        sheet=row.place.sheet,
        row=row.place.row,
        receipt=receipt,
        cells={name: place.cell for name, place in row.places.items()},
    )
    message.outcome = outcome  # type: ignore[assignment]
    if receipt is not None and receipt.code:
        words = codes.words(receipt.code, receipt.parameters)
        message.message_da, message.message_en = words["da"], words["en"]
    return message


def answer(table: Table, form: Form, rows: Sequence[api.UploadedRow], upload_id: str) -> api.UploadResponse:
    """The answer to a file, counts in a sentence included."""
    new = (api.UPLOAD_OUTCOME_SENT, api.UPLOAD_OUTCOME_WOULD_BE_SENT)
    said = {"ready": form.cells - form.correct - form.confirm, "amounts": form.cells}
    said |= {"correct": form.correct, "confirm": form.confirm}
    said |= {"new": sum(r.outcome in new for r in rows)}
    said |= {"unchanged": sum(r.outcome == api.UPLOAD_OUTCOME_UNCHANGED for r in rows)}
    words = codes.words("NT-1142", {key: str(value) for key, value in said.items()})
    return api.UploadResponse(
        upload_id=upload_id,
        refused=form.refused,
        kind=table.kind,
        encoding=table.encoding,
        separator=table.separator,
        number_convention=CONVENTIONS[form.convention],
        rows=rows,
        findings=[file_finding(f) for f in form.findings[:FINDINGS]],
        findings_in_all=form.found,
        amounts=said["amounts"],
        ready=said["ready"],
        to_correct=form.correct,
        to_confirm=form.confirm,
        message_da=words["da"],
        message_en=words["en"],
    )


def file_finding(finding: Finding) -> api.FileFinding:
    """A finding with its place and words."""
    words, place = codes.words(finding.code, finding.parameters), finding.place
    message = api.FileFinding(
        code=finding.code,
        sheet=place.sheet,
        row=place.row,
        column=place.column,
        cell=place.cell,
        unit_id=finding.unit_id,
        data_point=finding.data_point,
        parameters=finding.parameters,
        message_da=words["da"],
        message_en=words["en"],
    )
    message.severity = int(finding.severity)  # type: ignore[assignment]
    return message


def upload_id(organisation_id: str, content: bytes, receipt_ids: Iterable[str]) -> str:
    """Follows from whose file it is, its bytes, and the receipts of its rows."""
    receipts = ",".join(receipt_ids)
    return str(
        uuid.uuid5(uuid.NAMESPACE_URL, f"noegletal:upload/{organisation_id}/{sha256(content).hexdigest()}/{receipts}")
    )
