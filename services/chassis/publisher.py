"""Kafka's producer: idempotent, acks=all; what was handed to it is with the broker or has failed."""

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from services.chassis import librdkafka
from services.chassis.librdkafka import PRODUCER, REPORTED, calls
from services.chassis.outgoing import Headers, Packed
from services.chassis.putting import put

SECONDS = 10.0
STEP = 0.2  # how long it waits before it looks how long it has waited
MOST_BYTES = 8 * 1024 * 1024  # of a record
# A second batch of what is published at once costs an append of its own, and the client polls without pause until it goes.
BATCH_BYTES = 7 * 1024 * 1024
SMALL_BATCH_BYTES = 1024 * 1024 - 64 * 1024  # what any topic takes, as Kafka comes
TOO_LARGE, QUEUE_FULL = "MSG_SIZE_TOO_LARGE", "_QUEUE_FULL"
EVERYTHING = 3  # of what is purged: what waits and what is on its way


class NotPublished(Exception):
    """The broker did not take all of it; what it took comes again, with the same ids."""


class Publisher:
    """Publishes records in order. For one thread.

    compression  of batches, by Kafka's name for it
    patience     seconds after which what the broker has not taken has failed; may be shortened meanwhile
    """

    def __init__(self, bootstrap: str, compression: str) -> None:
        self._bootstrap, self._compression = bootstrap, compression
        self._client = 0
        self._topics = dict[str, int]()  # the client's, by address
        self._failed = list[str]()
        self._told = REPORTED(self._on_report)  # held on to: the client has no more than its address
        self._batch_bytes = BATCH_BYTES
        self.patience = SECONDS
        self.connected = False

    def connect(self) -> None:
        """Find the broker and be known to it, so that the first record need not wait for that. Raises NotPublished."""
        if self.connected:
            return
        if not self._client:
            configuration = librdkafka.configuration(
                {
                    "bootstrap.servers": self._bootstrap,
                    "enable.idempotence": True,
                    "acks": "all",
                    "partitioner": "murmur2_random",  # as Java and aiokafka: a key has one partition, whoever writes it
                    "delivery.report.only.error": True,  # what was taken is no longer counted in the queue
                    "compression.type": self._compression,
                    "linger.ms": 200,  # a flush does not wait for it
                    "socket.nagle.disable": True,
                    "batch.size": self._batch_bytes,
                    "message.max.bytes": MOST_BYTES,
                    "message.timeout.ms": int(SECONDS * 1000),
                    "reconnect.backoff.max.ms": 1000,
                    "log_level": 0,
                }
            )
            calls["conf_set_dr_msg_cb"](configuration, self._told)
            self._client = librdkafka.client(PRODUCER, configuration)
        try:
            librdkafka.look(self._client, int(1000 * STEP))
        except librdkafka.Failed as error:
            raise NotPublished(str(error)) from None
        self.connected = True

    def publish(self, some: Iterable[Packed]) -> None:
        """Publish what transactions announced; the broker has it all when this returns. Raises NotPublished."""
        assert self._client, "connect first"
        self._failed.clear()
        deadline = time.monotonic() + self.patience
        try:
            for packed in some:
                self._put(packed, deadline)
            while calls["flush"](self._client, int(1000 * STEP)):
                if self._failed or time.monotonic() > deadline:
                    break
            if self._failed or calls["outq_len"](self._client):
                raise NotPublished(self._failed[0] if self._failed else "no answer")
        except NotPublished:
            if TOO_LARGE in self._failed:  # a topic that is not as the map says takes no more than Kafka does by itself
                self._batch_bytes = SMALL_BATCH_BYTES
            self.let_go()
            raise

    def _put(self, packed: Packed, deadline: float) -> None:
        """Hand it over, waiting for room if there is none."""
        topics = np.array([self._topic(name) for name, _ in packed.kinds], dtype=np.int64)
        shared = np.array([_headers(headers) for _, headers in packed.kinds], dtype=np.int64)
        try:
            reached = 0
            while reached < len(packed):
                reached, error = put(self._client, packed, topics, shared, reached)
                if error and (name := librdkafka.name_of(error)) != QUEUE_FULL:
                    raise NotPublished(name)
                if error and time.monotonic() > deadline:
                    raise NotPublished("queue full")
                if error:
                    calls["poll"](self._client, int(1000 * STEP))
        finally:
            for one in shared.tolist():
                calls["headers_destroy"](one)

    def _topic(self, name: str) -> int:
        if name not in self._topics:
            made = calls["topic_new"](self._client, name.encode(), None)
            if not made:
                raise NotPublished(librdkafka.name_of(calls["last_error"]()))
            self._topics[name] = made
        return self._topics[name]

    def _on_report(self, _: int, error: Any, __: object) -> None:
        """Called for what the broker has not taken, and no more."""
        if error.contents.value:
            self._failed.append(librdkafka.name_of(error.contents.value))

    def let_go(self) -> None:
        """Forget the client with all that it holds; a new one begins without a past."""
        if self._client:
            calls["purge"](self._client, EVERYTHING)
            for topic in self._topics.values():
                calls["topic_destroy"](topic)
            self._topics.clear()
            calls["destroy"](self._client)
        self._client, self.connected = 0, False


def _headers(headers: Headers) -> int:
    """Headers as the client has them; the caller's to let go of."""
    made = calls["headers_new"](len(headers) + 2)
    for name, value in headers:
        raw = name.encode()
        calls["header_add"](made, raw, len(raw), value, len(value))
    return int(made)
