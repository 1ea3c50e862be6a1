"""The chassis' publisher on a real Kafka."""

import asyncio
import os

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local_kafka import LocalKafka
from services.chassis.outgoing import Outgoing, Packed
from services.chassis.publisher import NotPublished, Publisher
from tests.e2e.installed import records

RECORDS, BYTES = 40, 100_000


def test_a_topic_that_takes_less_than_the_map_says_gets_smaller_batches() -> None:
    with LocalKafka() as kafka:
        admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        admin.create_topics([NewTopic("narrow", 1, 1)])["narrow"].result(30)
        publisher = Publisher(kafka.bootstrap, "lz4")
        outgoing = Outgoing()
        kind = outgoing.kind("narrow", [])
        outgoing.add((kind, b"%d" % n, os.urandom(BYTES), b"%d" % n, b"") for n in range(RECORDS))
        sent = [Packed(outgoing.packed())]
        publisher.connect()
        with pytest.raises(NotPublished, match="MSG_SIZE_TOO_LARGE"):
            publisher.publish(sent)
        publisher.connect()
        publisher.publish(sent)  # as the relay does: everything again, with the same ids
        publisher.let_go()
        held = asyncio.run(records(kafka.bootstrap, "narrow", lambda found: len(found) >= RECORDS))
        assert {record.key for record in held} == {b"%d" % n for n in range(RECORDS)}
