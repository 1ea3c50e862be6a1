"""A line of the log of record, and the chain that holds the log together. Pure."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, NamedTuple

EMPTY_CHAIN = bytes(32)


class Line(NamedTuple):
    """A line of the log, less what was sent; columns as in the table."""

    sequence: int
    receipt_id: str
    organisation_id: str
    submission_id: str
    content: bytes
    scheme: str
    unit_id: str
    period_start: str
    period_end: str
    revision: int
    door: int
    source: str
    received_at: str
    outcome: int
    code: str
    parameters: str
    sha256: bytes
    chain: bytes


_q = json.encoder.encode_basestring_ascii  # a text as JSON
_made: Callable[[Any], Line] = partial(tuple.__new__, Line)  # without a call of Python's for each


def linked(before: bytes, columns: Sequence[Any]) -> Line:
    """A line behind the one with that chain, from its columns less its own chain.

    The chain's value at a line changes if the line, or any before it, is changed, removed or moved. What it is reckoned from
    is the line's columns as a JSON list, its bytes in hexadecimal.
    """
    (sequence, receipt, organisation, id, content, scheme, unit_id, start, end, revision, *others) = columns
    door, source, received_at, outcome, code, parameters, digest = others
    text = (
        f"[{sequence!r}, {_q(receipt)}, {_q(organisation)}, {_q(id)}, {_q(scheme)}, {_q(unit_id)}, {_q(start)}, {_q(end)}, "
        f"{revision!r}, {door!r}, {_q(source)}, {_q(received_at)}, {outcome!r}, {_q(code)}, {_q(parameters)}, "
        f'"{content.hex()}", "{digest.hex()}"]'
    )
    return _made((*columns, sha256(before + text.encode()).digest()))
