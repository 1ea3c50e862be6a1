"""SubmissionReceived as the bytes of the contract, of what was accepted and was plain: the same that protobuf writes. Pure."""

from collections.abc import Mapping
from typing import Any

SUBMISSION, RECEIPT, PROFILE = b"\x0a", b"\x12", b"\x1a"  # tags of SubmissionReceived
ORGANISATION, REVISION = b"\x12", b"\x38"  # of Submission


def number(value: int) -> bytes:
    """A whole number, not negative.

    >>> number(1), number(300)
    (b'\\x01', b'\\xac\\x02')
    """
    if value < 128:
        return bytes((value,))
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)


def field(tag: bytes, content: bytes) -> bytes:
    """A field that is a text, bytes or a message."""
    return b"%b%b%b" % (tag, number(len(content)), content)


def submission(head: bytes, named: bytes, revision: int, tail: bytes) -> bytes:
    """The submission less its amounts. `head`: its fields up to the organisation."""
    given = REVISION + number(revision) if revision else b""
    return field(SUBMISSION, b"%b%b%b%b" % (head, named, given, tail))


def receipt(line: Mapping[str, Any], received_at: bytes) -> bytes:
    """The receipt of a line of the log of record that was accepted. `received_at`: when, as a field."""
    sent, organisation = line["submission_id"].encode(), line["organisation_id"].encode()
    texts = b"\n$%b%b%b" % (line["receipt_id"].encode(), field(b"\x12", sent), field(b"\x1a", organisation))
    numbers = b'"\x20%b(%b%b' % (line["sha256"], number(line["sequence"]), received_at)
    outcome = b"8%b@%bH%b" % (number(line["door"]), number(line["revision"]), number(line["outcome"]))
    return field(RECEIPT, texts + numbers + outcome)
