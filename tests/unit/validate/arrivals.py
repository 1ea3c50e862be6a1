"""Messages as ingest hands them on, and what is read of them held against protobuf."""

from collections.abc import Sequence

import pytest
from google.protobuf.message import DecodeError
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.validate import received, wire
from services.validate.profile import predecessors
from services.validate.record_bytes import HEAD, MISSING, VALUES


def a_message(**receipt: object) -> pb.SubmissionReceived:
    """One that is plain."""
    sent = pb.Submission(submission_id="s", organisation_id="o", unit_id="Ærø-1", scheme="dk-almen", revision=3)
    sent.period_start, sent.period_end = "2024-01-01", "2024-12-31"
    message = pb.SubmissionReceived(submission=sent)
    given_to = pb.Receipt(
        receipt_id="r", organisation_id="o", sha256=b"\xff" * 32, sequence=2**40, revision=3, outcome=1
    )
    message.receipt.MergeFrom(given_to)
    message.receipt.received_at.seconds, message.receipt.received_at.nanos = 1_700_000_000, 5
    message.receipt.MergeFrom(pb.Receipt(**receipt))  # type: ignore[arg-type]
    message.profile.MergeFrom(pb.Profile(unit_id="Ærø-1", holder_id="h", attributes={"region": "Sjælland", "a": ""}))
    message.row.MergeFrom(pb.AmountRow(data_points="konto_114\nareal", values=bytes(16), missing=b"\0\1"))
    return message


def what_it_says(sent: received.Arrived, n: int) -> tuple[object, ...]:
    known, profile = sent.known, sent.known.profiles.said[sent.profiles.item(n)]
    assert profile is not None
    return (
        sent.unit_id(n),
        known.organisations.said[sent.organisations.item(n)],
        known.accounts.said[sent.accounts.item(n)],
        (dict(profile.attributes), profile.holder_id, profile.predecessors),
        (sent.sequences.item(n), sent.revisions.item(n), sent.receipt_ids[n]),
    )


def as_protobuf_reads_it(message: pb.SubmissionReceived) -> tuple[object, ...]:
    sent, receipt, attributes = message.submission, message.receipt, dict(message.profile.attributes)
    return (
        sent.unit_id,
        receipt.organisation_id,
        (sent.scheme, sent.period_start, sent.period_end),
        (attributes, message.profile.holder_id, predecessors(attributes)),
        (min(receipt.sequence, received.LAST), receipt.revision, receipt.receipt_id),
    )


def read(raws: Sequence[bytes]) -> received.Arrived:
    return received.arrived(raws, received.nothing_known())


def plain(raws: Sequence[bytes]) -> list[bool]:
    """Of which no protobuf was asked."""
    sent = read(raws)
    return [bool(sent.lists[n] != received.NO_LIST) and n not in sent.messages for n in range(len(raws))]


def row(sent: received.Arrived, n: int) -> wire.Row:
    names = sent.known.lists.said[sent.lists.item(n)]
    values, missing = (sent.whole[a:b].tobytes() for a, b in sent.spans[n, [VALUES, MISSING]].tolist())
    return names, values, missing


def holds(raw: bytes) -> bool:
    """Whether a message is plain; what is read of it is then what protobuf reads."""
    sent = read([raw])
    (n,) = sent
    if n is None:
        with pytest.raises(DecodeError):
            pb.SubmissionReceived.FromString(raw)
        return False
    message = pb.SubmissionReceived.FromString(raw)
    assert what_it_says(sent, 0) == as_protobuf_reads_it(message)
    assert sent[0] == message
    if sent.lists[0] != received.NO_LIST:
        begin, end = sent.spans[0, HEAD].tolist()
        head = out.SubmissionAssessed(receipt=message.receipt, unit_id=message.submission.unit_id)
        assert sent.heads[begin:end].tobytes() == head.SerializeToString(deterministic=True)
        assert row(sent, 0) == wire.row(message)
    if sent.messages:
        return False
    assert wire.sound(message.row)
    assert not message.submission.confirmations
    return True
