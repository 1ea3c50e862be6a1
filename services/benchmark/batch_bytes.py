"""ObservationsAccepted as it is read: its matrices stay where they are in the bytes, protobuf is asked for the rest. Pure."""

from typing import NamedTuple

import numpy as np
from noegletal.v1 import observations_pb2 as dense
from numpy.typing import NDArray

from services.field_kernels import read_number
from services.fields import LENGTH_DELIMITED, VARINT
from services.kernels import kernel

NUMERATORS, DENOMINATORS, ABSENCES = 15, 16, 17  # fields, in this order
MATRICES = 3


class Dense(NamedTuple):
    """A batch.

    rest        everything but the matrices
    numerators, denominators, absences   contents of those fields
    """

    rest: dense.ObservationsAccepted
    numerators: memoryview
    denominators: memoryview
    absences: memoryview


def read(raw: bytes) -> Dense:
    """A batch. Raises DecodeError."""
    spans, parse = np.zeros((1 + MATRICES, 2), dtype=np.int64), dense.ObservationsAccepted.FromString
    if not _apart(np.frombuffer(raw, dtype=np.uint8), spans):
        rest = parse(raw)
        return Dense(rest, memoryview(rest.numerators), memoryview(rest.denominators), memoryview(rest.absences))
    whole, ((begin, end), *contents) = memoryview(raw), spans.tolist()
    numerators, denominators, absences = (whole[a:b] for a, b in contents)
    return Dense(parse(raw[:begin] + raw[end:]), numerators, denominators, absences)


@kernel("boolean(Array(uint8, 1, 'C', readonly=True), int64[:, ::1])")
def _apart(whole: NDArray[np.uint8], spans: NDArray[np.int64]) -> bool:
    """Where the matrices begin and end, all with their heads and then each one's content; 0 and 0 of what is not there.

    Whether they stand as protobuf writes them: each once, in order, with nothing between them. Else nothing is said.
    """
    at, last = 0, 0
    while at < len(whole):
        head = at
        tag, size = read_number(whole, at, len(whole))
        number, more = read_number(whole, at + size, len(whole))
        field, wire, begin = tag >> 3, tag & 7, at + size + more
        if size == 0 or more == 0 or (wire != VARINT and (wire != LENGTH_DELIMITED or number > len(whole) - begin)):
            return False
        at = begin + (number if wire == LENGTH_DELIMITED else 0)
        if NUMERATORS <= field <= ABSENCES:
            if wire == VARINT or field <= last or (last and head != spans[0, 1]):
                return False
            spans[1 + field - NUMERATORS, 0], spans[1 + field - NUMERATORS, 1] = begin, at
            spans[0, 0], spans[0, 1], last = (spans[0, 0] if last else head), at, field
    return True
