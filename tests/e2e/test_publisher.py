"""The chassis' publisher on a real Kafka."""

import asyncio
import os

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.local_kafka import LocalKafka
from services.chassis.outgoing import ID_BYTES, Outgoing, Packed, Run
from services.chassis.publisher import MOST_BYTES, NotPublished, Publisher
from tests.e2e.installed import records

RECORDS, BYTES = 40, 100_000
MORE_THAN_IT_HOLDS = 110_000  # records; the client holds 100,000


def test_a_record_is_published_as_it_was_announced() -> None:
    outgoing = Outgoing()
    event, dead = outgoing.kind("one", [("ce_type", b"T"), ("å", b"")]), outgoing.kind("two", [("dlq_reason", b"r")])
    outgoing.add([(event, b"key", b"value" * 1000, b"id-1", b"subject"), (dead, None, b"", None, None)])
    outgoing.run(Run(event, [b"a", b"bc"], b"xyz", [1, 3], b"1" * ID_BYTES + b"2" * ID_BYTES, b"within/"))
    outgoing.add([(dead, b"", None, None, None), (event, b"\xff", b"\0", b"", None)])
    (packed,) = _packed(outgoing)
    with LocalKafka() as kafka:
        _make(kafka, "one", "two")
        _publish(kafka, [packed])
        for topic, many in packed.by_topic().items():
            held = asyncio.run(records(kafka.bootstrap, topic, lambda found, many=many: len(found) >= many))
            assert [(topic, one.key, one.value, [*one.headers]) for one in held] == [
                whole for whole in packed.whole() if whole[0] == topic
            ]


def test_more_than_the_client_holds_is_handed_over_as_there_is_room() -> None:
    outgoing = Outgoing()
    kind = outgoing.kind("many", [])
    outgoing.add((kind, None, b"%d" % n, None, None) for n in range(MORE_THAN_IT_HOLDS))
    with LocalKafka() as kafka:
        _make(kafka, "many")
        _publish(kafka, _packed(outgoing))
        held = asyncio.run(records(kafka.bootstrap, "many", lambda found: len(found) >= MORE_THAN_IT_HOLDS))
    assert [one.value for one in held] == [b"%d" % n for n in range(MORE_THAN_IT_HOLDS)]


def test_what_no_batch_may_hold_is_told_by_name() -> None:
    outgoing = Outgoing()
    outgoing.add([(outgoing.kind("one", []), None, bytes(MOST_BYTES + 1), None, None)])
    with LocalKafka() as kafka:
        _make(kafka, "one")
        with pytest.raises(NotPublished, match="MSG_SIZE_TOO_LARGE"):
            _publish(kafka, _packed(outgoing))


def _make(kafka: LocalKafka, *topics: str) -> None:
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    for made in admin.create_topics([NewTopic(topic, 1, 1) for topic in topics]).values():
        made.result(30)


def _packed(outgoing: Outgoing) -> list[Packed]:
    return [Packed(content) for _, content in outgoing.packed()]


def _publish(kafka: LocalKafka, some: list[Packed]) -> None:
    publisher = Publisher(kafka.bootstrap, "lz4")
    publisher.connect()
    try:
        publisher.publish(some)
    finally:
        publisher.let_go()


def test_a_topic_that_takes_less_than_the_map_says_gets_smaller_batches() -> None:
    with LocalKafka() as kafka:
        _make(kafka, "narrow")
        publisher = Publisher(kafka.bootstrap, "lz4")
        outgoing = Outgoing()
        kind = outgoing.kind("narrow", [])
        outgoing.add((kind, b"%d" % n, os.urandom(BYTES), b"%d" % n, b"") for n in range(RECORDS))
        sent = _packed(outgoing)
        publisher.connect()
        with pytest.raises(NotPublished, match="MSG_SIZE_TOO_LARGE"):
            publisher.publish(sent)
        publisher.connect()
        publisher.publish(sent)  # as the relay does: everything again, with the same ids
        publisher.let_go()
        held = asyncio.run(records(kafka.bootstrap, "narrow", lambda found: len(found) >= RECORDS))
        assert {record.key for record in held} == {b"%d" % n for n in range(RECORDS)}
