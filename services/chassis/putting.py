"""What a transaction announced, handed to Kafka's C client record by record without an object for each."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from services.chassis.librdkafka import HERE, function
from services.chassis.outgoing import ID, KEY, SUBJECT, VALUE, Packed
from services.column import Whole
from services.kernels import kernel

TOPIC_IS, VALUE_IS, KEY_IS, FLAGS_ARE, HEADERS_ARE = 2, 4, 5, 7, 10  # rd_kafka_vtype_t
WORDS = 9  # of eight bytes, that each of these takes
COPIED = 2  # RD_KAFKA_MSG_F_COPY: what is handed over may be gone afterwards
NUL_ENDED = -1
_OWN = np.frombuffer(b"ce_id\0ce_subject\0", dtype=np.uint8)
_SUBJECT_BEGINS = len(b"ce_id\0")

_copied = function("rd_kafka_headers_copy", HERE, HERE)
_add = function("rd_kafka_header_add", HERE, HERE, HERE, HERE, HERE, HERE)
_drop = function("rd_kafka_headers_destroy", None, HERE)
_produce = function("rd_kafka_produceva", HERE, HERE, HERE, HERE)
_code = function("rd_kafka_error_code", types.int32, HERE)
_forget = function("rd_kafka_error_destroy", None, HERE)


def put(client: int, packed: Packed, topics: Whole, shared: Whole, first: int) -> tuple[int, int]:
    """Hand records over from the first; how far it came, and what was wrong with the next, 0 if nothing was.

    topics, shared   the client's topic of each kind, and the headers its records share, by address
    """
    contents = packed.begins + np.frombuffer(packed.content, dtype=np.uint8).ctypes.data
    reached, error = _put(client, packed.kind, packed.sizes, contents, topics, shared, _OWN.ctypes.data, first)
    return int(reached), int(error)


@kernel("UniTuple(i8, 2)(i8, i4[::1], i4[:,::1], i8[::1], i8[::1], i8[::1], i8, i8)")
def _put(
    client: int,
    kind: NDArray[np.int32],
    sizes: NDArray[np.int32],
    contents: Whole,
    topics: Whole,
    shared: Whole,
    own: int,
    first: int,
) -> tuple[int, int]:
    """`put`; contents: where the first key, value, id and subject are."""
    given = np.zeros((5, WORDS), dtype=np.int64)
    given[:, 0] = TOPIC_IS, VALUE_IS, KEY_IS, FLAGS_ARE, HEADERS_ARE
    given[3, 1] = COPIED
    at = contents.copy()
    for r in range(len(kind)):
        size = sizes[:, r]
        if r >= first:
            headers = _copied(shared[kind[r]])
            if size[ID] >= 0:
                _add(headers, own, NUL_ENDED, at[ID], size[ID])
                _add(headers, own + _SUBJECT_BEGINS, NUL_ENDED, at[SUBJECT], max(0, size[SUBJECT]))
            given[0, 1], given[4, 1] = topics[kind[r]], headers
            for n, part in ((1, VALUE), (2, KEY)):
                given[n, 1], given[n, 2] = at[part] if size[part] >= 0 else 0, max(0, size[part])
            error = _produce(client, given.ctypes.data, len(given))
            if error != 0:
                code = _code(error)
                _forget(error)
                _drop(headers)
                return r, code
        for part in range(4):
            at[part] += max(0, size[part])
    return len(kind), 0
