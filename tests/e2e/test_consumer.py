"""The chassis' consumer on a real Kafka: bugs narrowed to their record, hopeless partitions stopped, logs that began anew noticed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiokafka import AIOKafkaProducer
from confluent_kafka import Producer
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from kafka.structs import TopicPartition
from noegletal.v1 import submission_pb2 as pb

from deploy import topics
from deploy.local_kafka import LocalKafka
from services.chassis import offsets
from services.chassis.config import ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.service import Service
from tests.e2e.installed import records

TOPIC = "unit-registered"


class Seen:
    """A service that notes the units it is told of, and has a bug for one of them."""

    def __init__(self, bootstrap: str, where: Path | str, heading: str = TOPIC, **settings: int) -> None:
        self.units: list[str] = []
        metadata = sa.MetaData()
        self.table = sa.Table(f"seen_{id(self)}", metadata, sa.Column("unit", sa.Text, primary_key=True))
        database = where if isinstance(where, str) else f"sqlite:///{where}/s.db"
        told = ServiceSettings(kafka=bootstrap, database=database, **settings)  # type: ignore[arg-type]
        self.service = Service("seen", told, tables=metadata, words=lambda code, parameters: {"da": code, "en": code})
        self.failures = self.batches = 0

        @self.service.batches(heading)
        def on_records(events: Sequence[Event[Any]], tx: Transaction) -> None:
            names = [e.topic if heading == "submissions" else e.message.profile.unit_id for e in events]
            if "bug" in names:
                self.failures += 1
                raise ZeroDivisionError
            tx.connection.execute(self.table.insert(), [{"unit": n} for n in names])
            tx.after_commit(lambda: self._seen(names))

    def _seen(self, names: Sequence[str]) -> None:
        self.units.extend(names)
        self.batches += 1


@asynccontextmanager
async def running(seen: Seen) -> AsyncIterator[Seen]:
    await seen.service.start()
    try:
        yield seen
    finally:
        await seen.service.stop()


async def send(bootstrap: str, *values: bytes | str, topic: str = TOPIC) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for value in values:
            raw = (
                value
                if isinstance(value, bytes)
                else pb.UnitRegistered(profile=pb.Profile(unit_id=value)).SerializeToString()
            )
            await producer.send_and_wait(topic, raw, key=b"k")
    finally:
        await producer.stop()


async def until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"waited in vain for {what}")


async def test_a_bug_costs_its_record_and_nothing_else(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, "a", "b", "bug", "c")
    async with running(Seen(kafka.bootstrap, tmp_path)) as seen:
        await until(lambda: set(seen.units) == {"a", "b", "c"}, "the other three")
        assert seen.failures >= 3
        dead = await records(kafka.bootstrap, f"{TOPIC}-dlq", lambda found: len(found) == 1)
        headers = dict(dead[0].headers)
        assert (headers["dlq_reason"], headers["dlq_offset"]) == (b"bug: ZeroDivisionError", b"2")
        assert pb.UnitRegistered.FromString(dead[0].value).profile.unit_id == "bug"
        await send(kafka.bootstrap, "d")
        await until(lambda: "d" in seen.units, "what comes after")
    assert sorted(seen.units) == ["a", "b", "c", "d"]


async def test_a_bug_among_many_is_found_by_halves(kafka: LocalKafka, tmp_path: Path) -> None:
    units = [f"{n:02}" for n in range(64)]
    await send(kafka.bootstrap, *units[:41], "bug", *units[41:])
    async with running(Seen(kafka.bootstrap, tmp_path)) as seen:
        await until(lambda: len(seen.units) == 64, "the others")
    assert seen.units == units
    assert seen.batches <= 16  # a few takes, and of one of them the halves


async def test_topics_are_applied_together_and_a_bug_keeps_to_its_own(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, "a", "bug", "b")
    await send(kafka.bootstrap, *(pb.AccessGranted(key_id=k).SerializeToString() for k in "kl"), topic="access-granted")
    seen, keys = Seen(kafka.bootstrap, tmp_path), list[str]()

    @seen.service.batches("access-granted")
    def on_granted(events: Sequence[Event[pb.AccessGranted]], tx: Transaction) -> None:
        tx.after_commit(lambda: keys.extend(e.message.key_id for e in events))

    async with running(seen):
        await until(lambda: set(seen.units) == {"a", "b"} and len(keys) == 2, "everything but the bug")
        dead = await records(kafka.bootstrap, f"{TOPIC}-dlq", lambda found: len(found) == 1)
        assert pb.UnitRegistered.FromString(dead[0].value).profile.unit_id == "bug"
    assert (sorted(seen.units), sorted(keys)) == (["a", "b"], ["k", "l"])


async def test_what_is_fenced_while_a_bug_is_narrowed_down_is_read_again(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, "a", "b", "c")
    seen, fenced = Seen(kafka.bootstrap, tmp_path), list[str]()
    topic, handler = seen.service.handlers[TOPIC]

    def first_fenced(events: Sequence[Event[Any]], tx: Transaction) -> None:
        if not fenced and len(events) > 1:
            raise ZeroDivisionError
        if not fenced:
            fenced.append(events[0].message.profile.unit_id)
            raise offsets.Fenced([(TOPIC, 0)])
        handler(events, tx)

    seen.service.handlers[TOPIC] = topic, first_fenced
    async with running(seen):
        await until(lambda: "c" in seen.units, "what comes last")
    assert fenced == ["a"]
    assert sorted(seen.units) == ["a", "b", "c"]


async def test_a_partition_of_nothing_but_rubbish_is_stopped_and_readiness_says_so(
    kafka: LocalKafka, tmp_path: Path
) -> None:
    settings = {"max_invalid_in_a_row": 5, "batch_records": 2}
    async with running(Seen(kafka.bootstrap, tmp_path, **settings)) as seen:
        await until(lambda: seen.service.ready, "readiness")
        await send(kafka.bootstrap, *[b"\xff rubbish"] * 20, "after")
        await until(lambda: not seen.service.ready, "readiness to go")
        dead = await records(kafka.bootstrap, f"{TOPIC}-dlq", lambda found: len(found) >= 6)
        assert len(dead) < 20
        assert seen.units == []


async def test_a_restart_goes_on_where_the_database_says(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, "a", "b")
    async with running(Seen(f"{kafka.bootstrap},{kafka.bootstrap}", tmp_path)) as first:
        await until(lambda: len(first.units) == 2, "two units")
    await send(kafka.bootstrap, "c")
    async with running(Seen(kafka.bootstrap, tmp_path)) as second:
        await until(lambda: len(second.units) == 1, "the third")
        known = second.service.database.read(lambda c: offsets.read(c, [(TOPIC, 0)]))
        assert (second.units, known) == (["c"], {(TOPIC, 0): 3})


async def test_who_takes_over_what_another_has_read_on_looks_into_the_database_anew(
    kafka: LocalKafka, tmp_path: Path
) -> None:
    both, forgotten = [Seen(kafka.bootstrap, tmp_path) for _ in range(2)], dict[Seen, int]()
    for one in both:
        one.service.on_rollback(lambda one=one: forgotten.update({one: forgotten.get(one, 0) + 1}))  # type: ignore[misc]
    for one in both:
        await one.service.start()
    await until(lambda: all(one.service.ready for one in both), "both to belong to the group")
    await send(kafka.bootstrap, "a")
    await until(lambda: any(one.units for one in both), "one of them to read")
    leaving, staying = sorted(both, key=lambda one: one.units != ["a"])
    assert not forgotten
    await leaving.service.stop()
    await until(lambda: staying in forgotten, "memory to be forgotten")
    await send(kafka.bootstrap, "b")
    await until(lambda: staying.units == ["b"], "the one that stayed to read on")
    await staying.service.stop()
    assert forgotten[staying] == 1


async def test_a_topic_made_anew_is_read_from_its_start(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, "a", "b", "c")
    async with running(Seen(kafka.bootstrap, tmp_path)) as first:
        await until(lambda: len(first.units) == 3, "three units")
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.delete_topics([TOPIC])
    async with asyncio.timeout(20):
        while TOPIC in admin.list_topics():
            await asyncio.sleep(0.05)
    admin.close()
    topics.apply(kafka.bootstrap)
    await send(kafka.bootstrap, "d")
    async with running(Seen(kafka.bootstrap, tmp_path)) as second:
        await until(lambda: second.units == ["d"], "what the new log holds")


async def test_what_the_log_has_dropped_is_passed_over(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, "a", "b")
    async with running(Seen(kafka.bootstrap, tmp_path)) as first:
        await until(lambda: len(first.units) == 2, "two units")
    await send(kafka.bootstrap, "dropped", "dropped as well", "c")
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    kept = ConfigResource(ConfigResourceType.TOPIC, TOPIC, configs={"cleanup.policy": "delete"})
    admin.alter_configs([kept])  # of a compacted topic nothing is dropped
    admin.delete_records({TopicPartition(TOPIC, 0): 4})
    admin.close()
    async with running(Seen(kafka.bootstrap, tmp_path)) as second:
        await until(lambda: second.units == ["c"], "what the log still holds")
    (tmp_path / "new").mkdir()
    async with running(Seen(kafka.bootstrap, tmp_path / "new")) as third:  # it has no position
        await until(lambda: third.units == ["c"], "what the log still holds, from its start")


async def test_of_logs_that_begin_late_each_is_read_from_its_own_start(kafka: LocalKafka, tmp_path: Path) -> None:
    several, producer = "submission-received", Producer({"bootstrap.servers": kafka.bootstrap, "log_level": 0})

    def sent() -> None:
        for key in range(60):
            value = pb.SubmissionReceived(profile=pb.Profile(unit_id=str(key))).SerializeToString()
            producer.produce(several, value, key=str(key).encode())
        assert producer.flush(30) == 0

    sent()
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    parts = producer.list_topics(several).topics[several].partitions
    admin.delete_records({TopicPartition(several, n): -1 for n in parts})  # all there is
    admin.close()
    sent()
    assert len(parts) > 1
    for turn in range(5):  # of three starts one was held up
        (tmp_path / str(turn)).mkdir()
        async with running(Seen(kafka.bootstrap, tmp_path / str(turn), several, fetch_wait_ms=40_000)) as seen:
            await until(lambda: len(seen.units) == 60, "all that is left")


async def test_topics_of_a_pattern_are_found_as_they_come_and_never_their_dead_letters(
    kafka: LocalKafka, tmp_path: Path
) -> None:
    submission = pb.Submission(submission_id="s").SerializeToString()
    await send(kafka.bootstrap, submission, topic="submissions-dlq")
    async with running(Seen(kafka.bootstrap, tmp_path, "submissions", topic_discovery_ms=200)) as seen:
        await until(lambda: seen.service.ready, "readiness")
        topics.add_organisations(kafka.bootstrap, {"org-a": "password-a", "org-b": "password-b"})
        for name in ("submissions-org-a", "submissions-org-b"):
            await send(kafka.bootstrap, submission, topic=name)
        await until(lambda: len(seen.units) == 2, "both organisations")
    assert sorted(seen.units) == ["submissions-org-a", "submissions-org-b"]


async def test_a_service_is_alive_without_kafka_ready_with_it_and_not_ready_when_told_so(tmp_path: Path) -> None:
    seen = Seen("127.0.0.1:1", tmp_path)
    async with running(seen):
        assert not seen.service.ready
        assert seen.service.http_address
