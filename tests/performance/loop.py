"""The bare loop around an engine: takes what is there, never waits for more, makes it durable, then emits. One process.

Needs confluent-kafka, numpy and protobuf alone: the peers that are libraries and databases run in it in their own environments.
"""

import argparse
import json
import signal
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.performance import lean
from tests.performance.options import AT_ONCE, options

IDLE_SECONDS, FLUSH_SECONDS = 0.1, 30.0


__all__ = ["AT_ONCE", "Engine", "Steps", "options", "run"]


class Engine(Protocol):
    """What keeps the state."""

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """Take submissions in; returns keys and outputs: of every period's group that changed, or what is passed on."""

    def commit(self, offsets: dict[int, int]) -> None:
        """Make what was applied durable, and how far it has read."""


class Steps:
    """Where the time goes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.submissions = self.rounds = 0
        self.began = time.process_time()

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Count what happens within to a step."""
        began = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - began

    def told(self) -> dict[str, float]:
        """Microseconds per submission, by step and of the process's CPU; submissions and rounds."""
        each = max(self.submissions, 1)
        steps = {name: round(1e6 * s / each, 3) for name, s in self.seconds.items()}
        cpu = round(1e6 * (time.process_time() - self.began) / each, 1)
        return steps | {"cpu": cpu, "submissions": self.submissions, "rounds": self.rounds}


def run(engine: Engine, told: argparse.Namespace, steps: Steps, reader: lean.Reader | None = None) -> None:
    """Until SIGTERM. Writes steps.json into the folder at the end."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.append(1))
    consumer, producer = _consumer(told), _producer(told)
    reader = reader or lean.Reader()
    while not stopping:
        messages = _take(consumer, steps)
        if not messages:
            continue
        began = time.perf_counter()
        values = [message.value() for message in messages]
        following = {m.partition(): m.offset() + 1 for m in messages}
        numbers, amounts = reader.read(values)
        steps.seconds["decode"] += time.perf_counter() - began
        outputs = list(engine.apply(numbers, amounts, reader))
        with steps.of("flush"):
            producer.flush(FLUSH_SECONDS)
        with steps.of("commit"):
            engine.commit(following)
        with steps.of("produce"):
            for key, value in outputs:
                producer.produce(told.out, value=value, key=key)
            producer.poll(0)
        steps.submissions += len(numbers)
        steps.rounds += 1
    producer.flush(FLUSH_SECONDS)
    (told.folder / "steps.json").write_text(json.dumps(steps.told()))


def _take(consumer: Consumer, steps: Steps) -> list:
    """What is there, up to a thousand; the wait for the first is not counted as work."""
    with steps.of("consume"):
        messages = consumer.consume(AT_ONCE, 0)
    if not messages:
        first = consumer.poll(IDLE_SECONDS)
        with steps.of("consume"):
            messages = [first, *consumer.consume(AT_ONCE - 1, 0)] if first is not None else []
    return [m for m in messages if m.error() is None]


def _consumer(told: argparse.Namespace) -> Consumer:
    consumer = Consumer(
        {
            "bootstrap.servers": told.bootstrap,
            "log_level": 2,
            "group.id": f"loop-{time.time_ns()}",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 100,
            "queued.min.messages": 100_000,
            "max.partition.fetch.bytes": 8 * 1024 * 1024,
        }
    )
    partitions = consumer.list_topics(told.topic, 30).topics[told.topic].partitions
    places = []
    for partition in partitions:
        first, _ = consumer.get_watermark_offsets(TopicPartition(told.topic, partition), 30)
        places.append(TopicPartition(told.topic, partition, first))
    consumer.assign(places)
    return consumer


def _producer(told: argparse.Namespace) -> Producer:
    return Producer(
        {
            "bootstrap.servers": told.bootstrap,
            "log_level": 2,
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": 0,
            "batch.size": 1_048_576,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
