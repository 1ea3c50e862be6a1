"""SubmissionReceived as the bytes of the contract, of many at once that were accepted and plain: as protobuf writes it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services import fields, pieces
from services.field_kernels import Whole
from services.fields import field, number
from services.ingest.intake import Outcome
from services.ingest.log_line import Line
from services.ingest.submission_bytes import NAMED, ROW, SUBMISSION_ID, TAIL, Apart
from services.pieces import Joined, Piece

SUBMISSION, RECEIPT, PROFILE = 1, 2, 3  # fields of SubmissionReceived
ID, ORGANISATION, REVISION = 1, 2, 7  # of Submission
# Of Receipt.
RECEIPT_ID, SENT_ID, SENDER, SHA256, SEQUENCE, RECEIVED_AT, DOOR, GIVEN, OUTCOME = range(1, 10)
_ID, _DIGEST = fields.head(RECEIPT_ID, 36), fields.head(SHA256, 32)


def head(submission_id: str, organisation_id: str) -> bytes:
    """The first fields of a submission whose organisation is known."""
    return field(ID, submission_id.encode()) + field(ORGANISATION, organisation_id.encode())


@dataclass(frozen=True)
class Accepted:
    """U submissions that were accepted and were plain.

    apart        themselves
    lines        theirs in the log of record
    received_at  when they came, as a field of a receipt
    profiles     their units as registered, each a field of the event
    """

    apart: Apart
    lines: Sequence[Line]
    received_at: bytes
    profiles: Sequence[bytes]

    def events(self) -> Joined:
        """What is announced of each."""
        if not self.lines:
            return pieces.NOTHING
        submission = [
            *pieces.within(ID, [self.apart.part(SUBMISSION_ID)]),
            self._senders(ORGANISATION),
            self.apart.part(NAMED),
            pieces.numbers(REVISION, _numbers(line.revision for line in self.lines)),
            self.apart.part(TAIL),
        ]
        parts = *pieces.within(SUBMISSION, submission), *pieces.within(RECEIPT, self._receipt)
        return self._joined([*parts, pieces.each(self.profiles), self.apart.part(ROW)])

    def receipts(self) -> Joined:
        """The receipt of each."""
        if not self.lines:
            return pieces.NOTHING
        return self._joined(self._receipt)

    def _joined(self, parts: Sequence[Piece]) -> Joined:
        return pieces.joined(len(self.lines), [(np.arange(len(self.lines)), parts)], {})

    @cached_property
    def _receipt(self) -> list[Piece]:
        many, lines = len(self.lines), self.lines
        return [
            pieces.same(_ID, many),
            pieces.each([line.receipt_id.encode() for line in lines]),
            *pieces.within(SENT_ID, [self.apart.part(SUBMISSION_ID)]),
            self._senders(SENDER),
            pieces.same(_DIGEST, many),
            pieces.each([line.sha256 for line in lines]),
            pieces.numbers(SEQUENCE, _numbers(line.sequence for line in lines)),
            pieces.same(self.received_at, many),
            pieces.numbers(DOOR, _numbers(line.door for line in lines)),
            pieces.numbers(GIVEN, _numbers(line.revision for line in lines)),
            pieces.same(number(OUTCOME, Outcome.ACCEPTED), many),
        ]

    def _senders(self, field_number: int) -> Piece:
        numbers = {name: n for n, name in enumerate(dict.fromkeys(line.organisation_id for line in self.lines))}
        contents = [field(field_number, name.encode()) for name in numbers]
        return pieces.chosen(contents, _numbers(numbers[line.organisation_id] for line in self.lines))


def _numbers(values: Iterable[int]) -> Whole:
    return np.fromiter(values, np.int64)
