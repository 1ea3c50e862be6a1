"""What is read of every assessment and standing: whom it concerns. The message itself is read again where somebody follows.

Most are followed by nobody: kept whole until the batch is done, and asked for a field here and there, they take longer.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError, Message
from noegletal.v1 import assessment_pb2, benchmark_pb2

M = TypeVar("M", bound=Message)


class Assessment(NamedTuple):
    """Of what, and how it went; `verdict` is the contract's."""

    organisation_id: str
    unit_id: str
    scheme: str
    period: str
    revision: int
    verdict: int


class Standing(NamedTuple):
    """Whose unit moved, and whether by its own submission."""

    organisation_id: str
    own_submission: bool


def assessments(values: Sequence[bytes]) -> list[Assessment | None]:
    """Of many messages; None where protobuf reads none."""
    return [_assessment(value) for value in values]


def standings(values: Sequence[bytes]) -> list[Standing | None]:
    """Of many messages; None where protobuf reads none."""
    return [_standing(value) for value in values]


def updates(values: Sequence[bytes]) -> list[Empty | None]:
    """Of many benchmark-updated messages that they are some: fields that follow one another to the end. None where they do not.

    What a group's thousand numbers are is asked where somebody follows peer groups.
    """
    return [_SOME if _read(Empty, value) is not None else None for value in values]


def update(value: bytes) -> benchmark_pb2.BenchmarkUpdated | None:
    """One of them whole; None where protobuf reads none."""
    return _read(benchmark_pb2.BenchmarkUpdated, value)


_SOME = Empty()  # without the fields that were passed over


def _assessment(value: bytes) -> Assessment | None:
    message = _read(assessment_pb2.SubmissionAssessed, value)
    if message is None:
        return None
    taken_in = message.receipt
    where = taken_in.organisation_id, message.unit_id, message.scheme, message.period
    return Assessment(*where, taken_in.revision, message.verdict)


def _standing(value: bytes) -> Standing | None:
    message = _read(benchmark_pb2.StandingChanged, value)
    return None if message is None else Standing(message.organisation_id, message.own_submission)


def _read(kind: type[M], value: bytes) -> M | None:
    try:
        return kind.FromString(value)
    except DecodeError:
        return None
