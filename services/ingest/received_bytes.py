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
    return bytes((value,)) if value < 128 else bytes((value & 127 | 128,)) + number(value >> 7)


SMALL = 4096
_SMALL = [number(n) for n in range(SMALL)]


def field(tag: bytes, content: bytes) -> bytes:
    """A field that is a text, bytes or a message."""
    size = len(content)
    return tag + (_SMALL[size] if size < SMALL else number(size)) + content


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
    content = b'\n$%b%b%b"\x20%b(%b%b%b' % (
        line["receipt_id"].encode(),
        field(b"\x12", line["submission_id"].encode()),
        _sender(line["organisation_id"]),
        line["sha256"],
        number(line["sequence"]),
        received_at,
        _accepted(line["door"], line["revision"], line["outcome"]),
    )
    return field(RECEIPT, content)


@functools.lru_cache(maxsize=4096)
def _sender(organisation_id: str) -> bytes:
    return field(b"\x1a", organisation_id.encode())


@functools.lru_cache(maxsize=4096)
def _accepted(door: int, revision: int, outcome: int) -> bytes:
    return b"8%b@%bH%b" % (number(door), number(revision), number(outcome))
