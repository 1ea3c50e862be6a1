"""What Kafka's C client took, as columns: copied out of its messages without an object for each, and these let go of."""

from typing import Any

import numpy as np
from numba import types

from services.chassis.headers import ABSENT, LENGTHS
from services.chassis.librdkafka import HERE, function
from services.chassis.records import Records
from services.column import Bytes, Column, Whole
from services.field_kernels import put_low_bytes
from services.kernels import kernel, within

ERROR, TOPIC, PARTITION, VALUE, VALUE_BYTES, KEY, KEY_BYTES, OFFSET, _ = range(9)  # of a message, eight bytes each
MESSAGE_BYTES = 72

_copy: Any = types.ExternalFunction("memcpy", HERE(HERE, HERE, HERE))
_text_length: Any = types.ExternalFunction("strlen", HERE(HERE))
_headers = function("rd_kafka_message_headers", types.int32, HERE, HERE)
_header = function("rd_kafka_header_get_all", types.int32, HERE, HERE, HERE, HERE, HERE)
_let_go = function("rd_kafka_message_destroy", None, HERE)


def rows(messages: Whole) -> Whole:
    """What messages are, M x 9: their memory."""
    found = np.empty((len(messages), MESSAGE_BYTES // 8), dtype=np.int64)
    _rows(messages, found)
    return found


def records(messages: Whole, found: Whole, names: dict[int, str]) -> Records:
    """The records of messages that are no errors; the messages are gone. `names`: of their topics, by address."""
    count, sizes = len(messages), np.empty(len(messages), dtype=np.int64)
    _measure(messages, sizes)
    key_bytes, value_bytes = (np.cumsum(found[:, column]) for column in (KEY_BYTES, VALUE_BYTES))
    keys, values, headers = (
        Column(np.empty(ends[-1] if count else 0, dtype=np.uint8), ends)
        for ends in (key_bytes, value_bytes, np.cumsum(sizes))
    )
    _take(messages, found, keys.whole, values.whole, headers.whole)
    places = np.empty((count, 3), dtype=np.int64)
    places[:, 1], places[:, 2] = found[:, PARTITION].astype(np.int32), found[:, OFFSET]
    for n, topic in enumerate(names):
        places[found[:, TOPIC] == topic, 0] = n
    without = found[:, [KEY, VALUE]] == 0
    return Records([*names.values()], places, keys, values, headers, without)


@kernel("void(i8[::1], i8[:,::1])")
def _rows(messages: Whole, found: Whole) -> None:
    """`rows`."""
    for m in range(len(messages)):
        _copy(found[m].ctypes.data, messages[m], MESSAGE_BYTES)


@within
def _next(headers: int, n: int, told: Whole) -> bool:
    """Whether there is a header of this number; its name, value and the value's length."""
    at = told.ctypes.data
    return bool(_header(headers, n, at, at + 8, at + 16) == 0)


@kernel("void(i8[::1], i8[::1])")
def _measure(messages: Whole, sizes: Whole) -> None:
    """How many bytes the headers of each take: see `headers`."""
    told = np.empty(4, dtype=np.int64)
    for m in range(len(messages)):
        sizes[m], n = 0, 0
        if _headers(messages[m], told[3:].ctypes.data) == 0:
            while _next(told[3], n, told):
                sizes[m] += LENGTHS + _text_length(told[0]) + told[2]
                n += 1


@kernel("void(i8[::1], i8[:,::1], u1[::1], u1[::1], u1[::1])")
def _take(messages: Whole, found: Whole, keys: Bytes, values: Bytes, headers: Bytes) -> None:
    """`records`."""
    key, value, at, told = keys.ctypes.data, values.ctypes.data, 0, np.empty(4, dtype=np.int64)
    for m in range(len(messages)):
        _copy(key, found[m, KEY], found[m, KEY_BYTES])
        _copy(value, found[m, VALUE], found[m, VALUE_BYTES])
        key, value, n = key + found[m, KEY_BYTES], value + found[m, VALUE_BYTES], 0
        if _headers(messages[m], told[3:].ctypes.data) == 0:
            while _next(told[3], n, told):
                name = _text_length(told[0])
                put_low_bytes(headers, at, name, 4)
                put_low_bytes(headers, at + 4, ABSENT if told[1] == 0 else told[2], 4)
                _copy(headers.ctypes.data + at + LENGTHS, told[0], name)
                _copy(headers.ctypes.data + at + LENGTHS + name, told[1], told[2])
                at, n = at + LENGTHS + name + told[2], n + 1
        _let_go(messages[m])
