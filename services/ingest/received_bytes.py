"""SubmissionReceived as the bytes of the contract, of what was accepted and was plain: the same that protobuf writes. Pure."""

import functools
from collections.abc import Mapping
from typing import Any

SUBMISSION, RECEIPT, PROFILE = b"\x0a", b"\x12", b"\x1a"  # tags of SubmissionReceived
ID, ORGANISATION, REVISION = b"\x0a", b"\x12", b"\x38"  # of Submission


def number(value: int) -> bytes:
    r"""A whole number, not negative.

    >>> number(1), number(300)
    (b'\x01', b'\xac\x02')
    """
    if value < len(_NUMBERS):
        return _NUMBERS[value]
    return bytes((value & 127 | 128,)) + number(value >> 7)


_NUMBERS: list[bytes] = []
_NUMBERS.extend(bytes((n,)) for n in range(128))
_NUMBERS.extend(number(n) for n in range(128, 4096))


def field(tag: bytes, content: bytes) -> bytes:
    """A field that is a text, bytes or a message."""
    return b"%b%b%b" % (tag, number(len(content)), content)


def head(submission_id: str, organisation_id: str) -> bytes:
    """The first fields of a submission whose organisation is known."""
    return field(ID, submission_id.encode()) + _owner(organisation_id)


@functools.lru_cache(maxsize=4096)
def _owner(organisation_id: str) -> bytes:
    return field(ORGANISATION, organisation_id.encode())


def submission(first: bytes, named: bytes, revision: int, tail: bytes) -> bytes:
    """The submission less its amounts. `first`: its head."""
    given = REVISION + number(revision) if revision else b""
    return field(SUBMISSION, b"%b%b%b%b" % (first, named, given, tail))


def receipt(line: Mapping[str, Any], received_at: bytes) -> bytes:
    """The receipt of a line of the log of record that was accepted. `received_at`: when, as a field."""
    sent, organisation = line["submission_id"].encode(), line["organisation_id"].encode()
    texts = b"\n$%b%b%b" % (line["receipt_id"].encode(), field(b"\x12", sent), field(b"\x1a", organisation))
    numbers = b'"\x20%b(%b%b' % (line["sha256"], number(line["sequence"]), received_at)
    outcome = b"8%b@%bH%b" % (number(line["door"]), number(line["revision"]), number(line["outcome"]))
    return field(RECEIPT, texts + numbers + outcome)
