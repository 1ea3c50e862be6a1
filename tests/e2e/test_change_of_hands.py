"""Partitions that change hands while there is a backlog, on a real Kafka and a PostgreSQL that both instances use."""

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions
from noegletal.v1 import submission_pb2 as pb

from deploy.local_kafka import LocalKafka
from services.chassis import consumer
from tests.e2e.test_consumer import TOPIC, Seen, running, until

BACKLOG = 5000


async def _divided(kafka: LocalKafka, partitions: int) -> None:
    """Have as many partitions; the broker says so a moment later, and a producer asks it once in five minutes."""
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap, "log_level": 0})
    admin.create_partitions([NewPartitions(TOPIC, partitions)])[TOPIC].result(30)
    await until(lambda: len(admin.list_topics(TOPIC).topics[TOPIC].partitions) == partitions, "the broker to know")


async def test_partitions_that_change_hands_in_the_middle_of_a_backlog_are_read_once_and_in_order(
    kafka: LocalKafka, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "FEW", 1)  # the next batch is taken while one is committed
    await _divided(kafka, 6)
    producer, sent = Producer({"bootstrap.servers": kafka.bootstrap, "linger.ms": 50, "log_level": 0}), list[str]()

    def backlogged() -> None:
        """Have so many wait that they are not read before partitions have changed hands."""
        while len(sent) - len(one.units) - len(other.units) < BACKLOG:
            sent.append(f"{len(sent):06}")
            value = pb.UnitRegistered(profile=pb.Profile(unit_id=sent[-1])).SerializeToString()
            producer.produce(TOPIC, value, key=str(len(sent) % 50).encode())
        assert producer.flush(30) == 0

    def both_read() -> bool:
        backlogged()
        return bool(one.units and other.units)

    settings = {"batch_records": 10, "session_timeout_ms": 6000}
    one, other = (Seen(kafka.bootstrap, server, **settings) for _ in range(2))
    async with running(other):
        backlogged()
        await until(lambda: bool(other.units), "the first to read")
        async with running(one):
            await until(both_read, "both to read")
            backlogged()
        await until(lambda: len(one.units) + len(other.units) == len(sent), "everything to be read")
    assert sorted(one.units + other.units) == sent
    for found in (one.units, other.units):
        by_key: dict[int, list[str]] = {}
        for unit in found:
            by_key.setdefault(int(unit) % 50, []).append(unit)
        assert all(units == sorted(units) for units in by_key.values())
