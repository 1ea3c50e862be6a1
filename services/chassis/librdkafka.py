"""Kafka's C client, as confluent-kafka brings it: what of it is called directly. Its Python client makes objects of every record.

Types and calls as its own header file has them (rdkafka.h of librdkafka 2.16); what is not told from there is not relied upon.
"""

import ctypes
from collections.abc import Iterable, Mapping
from ctypes import POINTER, c_char, c_char_p, c_int, c_int32, c_int64, c_size_t, c_ssize_t, c_void_p
from typing import Any, NamedTuple

import llvmlite.binding
from confluent_kafka import cimpl
from numba import types

PRODUCER, CONSUMER = range(2)
ASSIGN = -175  # the group gives partitions; whatever else a rebalance says, it takes them
TEXT_BYTES = 512  # of what is wrong with a configuration


class Failed(Exception):
    """Kafka's client could not do it, the broker being away for example. Says Kafka's name for it."""


class Entry(ctypes.Structure):
    """A partition in a list, `offset` where it is to be read from, or whatever the call says."""

    _fields_ = (
        ("topic", c_char_p),
        ("partition", c_int32),
        ("offset", c_int64),
        ("metadata", c_void_p),
        ("metadata_size", c_size_t),
        ("opaque", c_void_p),
        ("err", c_int),
        ("private", c_void_p),
    )


class List(ctypes.Structure):
    """Partitions."""

    _fields_ = (("count", c_int), ("size", c_int), ("entries", POINTER(Entry)))


REBALANCED = ctypes.CFUNCTYPE(None, c_void_p, c_int, POINTER(List), c_void_p)
REPORTED = ctypes.CFUNCTYPE(None, c_void_p, POINTER(c_int), c_void_p)  # of a message, its first field: what is wrong
_LIST = POINTER(List)
_CALLS: Mapping[str, tuple[Any, ...]] = {  # name -> what it returns, what it takes
    "conf_new": (c_void_p,),
    "conf_set": (c_int, c_void_p, c_char_p, c_char_p, c_void_p, c_size_t),
    "conf_set_rebalance_cb": (None, c_void_p, REBALANCED),
    "conf_set_dr_msg_cb": (None, c_void_p, REPORTED),
    "new": (c_void_p, c_int, c_void_p, c_void_p, c_size_t),
    "destroy": (None, c_void_p),
    "err2name": (c_char_p, c_int),
    "metadata": (c_int, c_void_p, c_int, c_void_p, POINTER(c_void_p), c_int),
    "metadata_destroy": (None, c_void_p),
    "topic_partition_list_new": (_LIST, c_int),
    "topic_partition_list_add": (POINTER(Entry), _LIST, c_char_p, c_int32),
    "topic_partition_list_destroy": (None, _LIST),
    "topic_name": (c_char_p, c_void_p),
    "subscribe": (c_int, c_void_p, _LIST),
    "assign": (c_int, c_void_p, _LIST),
    "pause_partitions": (c_int, c_void_p, _LIST),
    "resume_partitions": (c_int, c_void_p, _LIST),
    "offsets_for_times": (c_int, c_void_p, _LIST, c_int),
    "get_watermark_offsets": (c_int, c_void_p, c_char_p, c_int32, POINTER(c_int64), POINTER(c_int64)),
    "commit": (c_int, c_void_p, _LIST, c_int),
    "queue_get_consumer": (c_void_p, c_void_p),
    "queue_destroy": (None, c_void_p),
    "consume_batch_queue": (c_ssize_t, c_void_p, c_int, c_void_p, c_size_t),
    "consumer_poll": (c_void_p, c_void_p, c_int),
    "message_destroy": (None, c_void_p),
    "consumer_close": (c_int, c_void_p),
    "topic_new": (c_void_p, c_void_p, c_char_p, c_void_p),
    "topic_destroy": (None, c_void_p),
    "headers_new": (c_void_p, c_size_t),
    "header_add": (c_int, c_void_p, c_char_p, c_ssize_t, c_char_p, c_ssize_t),
    "headers_destroy": (None, c_void_p),
    "poll": (c_int, c_void_p, c_int),
    "flush": (c_int, c_void_p, c_int),
    "outq_len": (c_int, c_void_p),
    "purge": (c_int, c_void_p, c_int),
    "last_error": (c_int,),
}
HERE = types.intp  # to kernels: an address, or whatever has as many bytes
_library = ctypes.CDLL(cimpl.__file__)  # with what it was linked to


def function(name: str, returns: Any, *takes: Any) -> Any:
    """A function of the library that kernels call."""
    llvmlite.binding.add_symbol(name, ctypes.cast(_library[name], c_void_p).value)
    return types.ExternalFunction(name, (returns or types.void)(*takes))


def _calls() -> dict[str, Any]:
    found = dict[str, Any]()
    for name, (returns, *takes) in _CALLS.items():
        call = _library[f"rd_kafka_{name}"]
        call.restype, call.argtypes = returns, takes
        found[name] = call
    return found


calls = _calls()


def name_of(error: int) -> str:
    """Kafka's name for what is wrong."""
    return str(calls["err2name"](error).decode())


def check(error: int) -> None:
    """Raise Failed unless all is well."""
    if error:
        raise Failed(name_of(error))


class Partitions:
    """A list of ours, let go of when nobody has it any more."""

    def __init__(self, each: Iterable[tuple[str, int, int]]) -> None:
        self.list = calls["topic_partition_list_new"](0)
        for topic, partition, offset in each:
            calls["topic_partition_list_add"](self.list, topic.encode(), partition).contents.offset = offset

    def __del__(self) -> None:
        calls["topic_partition_list_destroy"](self.list)


class Told(NamedTuple):
    """What a list says of a partition; `error` is 0 where all is well."""

    topic: str
    partition: int
    offset: int
    error: int


def told(some: Any) -> list[Told]:
    """What a list says of each partition."""
    each = [some.contents.entries[n] for n in range(some.contents.count)]
    return [Told(one.topic.decode(), one.partition, one.offset, one.err) for one in each]


def configuration(told: Mapping[str, object]) -> int:
    """What a client is to be made of. Raises Failed for what the library does not know."""
    made, wrong = calls["conf_new"](), (c_char * TEXT_BYTES)()
    for name, value in told.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if calls["conf_set"](made, name.encode(), text.encode(), wrong, TEXT_BYTES):
            raise Failed(wrong.value.decode())
    return int(made)


def client(kind: int, configuration: int) -> int:
    """A client of this kind; it has the configuration from now on. Raises Failed."""
    wrong = (c_char * TEXT_BYTES)()
    made = calls["new"](kind, configuration, wrong, TEXT_BYTES)
    if not made:
        raise Failed(wrong.value.decode())
    return int(made)


def look(client: int, milliseconds: int) -> None:
    """Raise Failed unless the broker answers."""
    found = c_void_p()
    check(calls["metadata"](client, 1, None, ctypes.byref(found), milliseconds))
    calls["metadata_destroy"](found)
