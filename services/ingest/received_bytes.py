"""SubmissionReceived as the bytes of the contract, of what was accepted and was plain: the same that protobuf writes. Pure."""

import functools

from services import fields
from services.fields import field, number
from services.ingest.log_line import Line

SUBMISSION, RECEIPT, PROFILE = 1, 2, 3  # fields of SubmissionReceived
ID, ORGANISATION, REVISION = 1, 2, 7  # of Submission
# Of Receipt.
RECEIPT_ID, SUBMISSION_ID, SENDER, SHA256, SEQUENCE, RECEIVED_AT, DOOR, GIVEN, OUTCOME = range(1, 10)
_ID, _DIGEST = fields.head(RECEIPT_ID, 36), fields.head(SHA256, 32)


def head(submission_id: str, organisation_id: str) -> bytes:
    """The first fields of a submission whose organisation is known."""
    return field(ID, submission_id.encode()) + _named(ORGANISATION, organisation_id)


@functools.lru_cache(maxsize=4096)
def _named(field_number: int, organisation_id: str) -> bytes:
    return field(field_number, organisation_id.encode())


def submission(first: bytes, named: bytes, revision: int, tail: bytes) -> bytes:
    """The submission less its amounts. `first`: its head."""
    return field(SUBMISSION, b"".join((first, named, _asked(revision), tail)))


@functools.lru_cache(maxsize=4096)
def _asked(revision: int) -> bytes:
    return number(REVISION, revision)


def receipt(line: Line, received_at: bytes) -> bytes:
    """The receipt of a line of the log of record that was accepted. `received_at`: when, as a field."""
    parts = (
        _ID,
        line.receipt_id.encode(),
        field(SUBMISSION_ID, line.submission_id.encode()),
        _named(SENDER, line.organisation_id),
        _DIGEST,
        line.sha256,
        number(SEQUENCE, line.sequence),
        received_at,
        _accepted(line.door, line.revision, line.outcome),
    )
    return b"".join(parts)


@functools.lru_cache(maxsize=4096)
def _accepted(door: int, revision: int, outcome: int) -> bytes:
    return number(DOOR, door) + number(GIVEN, revision) + number(OUTCOME, outcome)
