"""What a member of a service's group takes, on a real Kafka."""

import asyncio
from collections.abc import Callable

import pytest
from confluent_kafka import Producer
from noegletal.v1 import submission_pb2 as pb

from deploy.local_kafka import LocalKafka
from services.chassis import group
from services.chassis.config import ServiceSettings
from services.chassis.group import Member
from services.chassis.offsets import Partition
from services.chassis.records import Record, Records
from tests.e2e.test_consumer import TOPIC, send

HEAVY = 400_000  # bytes


def from_the_start(member: Member, partitions: list[Partition]) -> None:
    """Begin what is given at 0."""
    member.begin(dict.fromkeys(partitions, 0), member.extents(partitions))


def joined(
    kafka: LocalKafka,
    name: str,
    *names: str,
    begin: Callable[[Member, list[Partition]], None] = from_the_start,
    **told: int,
) -> Member:
    """The one member of a group of its own that reads some topics."""
    settings = ServiceSettings(kafka=kafka.bootstrap, database="unused", **told)  # type: ignore[arg-type]
    made = Member(settings, name, names, [], given=lambda partitions: begin(made, partitions), taken=lambda: None)
    return made


async def first_taken(member: Member) -> Records:
    """What it takes as soon as there is anything."""
    async with asyncio.timeout(20):
        while True:
            taken, _ = await asyncio.to_thread(member.take)
            if taken:
                return taken


async def test_what_waits_in_one_topic_is_not_held_up_by_those_in_which_nothing_does(kafka: LocalKafka) -> None:
    await send(kafka.bootstrap, "a", "b")
    three = TOPIC, "access-granted", "submission-assessed"
    for turn in range(15):  # of three starts one was held up
        member = joined(kafka, f"starts-{turn}", *three, fetch_wait_ms=40_000)
        taken = await first_taken(member)
        assert {(one.topic, one.offset) for one in taken} <= {(TOPIC, 0), (TOPIC, 1)}
        member.leave()


async def test_what_was_held_back_is_read_also_where_partitions_are_given_again_meanwhile(kafka: LocalKafka) -> None:
    await send(kafka.bootstrap, "a")

    def twice(member: Member, partitions: list[Partition]) -> None:
        from_the_start(member, partitions)  # the other topic is held back
        ends = {(topic, n): int(topic == TOPIC) for topic, n in partitions}
        member.begin(ends, member.extents(partitions))  # nothing waits any more

    member = joined(kafka, "again", TOPIC, "access-granted", begin=twice)
    await asyncio.to_thread(member.take)
    await send(kafka.bootstrap, pb.AccessGranted(key_id="k").SerializeToString(), topic="access-granted")
    taken = await first_taken(member)
    assert [one.topic for one in taken] == ["access-granted"]
    member.leave()


async def test_a_record_is_taken_as_its_sender_wrote_it(kafka: LocalKafka) -> None:
    topic = "submission-assessed"  # not compacted: a key may be absent
    wanted = [
        Record(topic, 0, 0, None, b"", []),
        Record(topic, 0, 1, b"", None, [("a", None), ("a", b""), ("ce_id", b"1"), ("ce_id", b"2")]),
        Record(topic, 0, 2, b"key", b"value" * 1000, [("å", b"\0" * 300)]),
        Record(topic, 0, 3, b"\xff\0", b"\0", [(f"h{n}", b"%d" % n) for n in range(300)]),
    ]
    sender = Producer({"bootstrap.servers": kafka.bootstrap})
    for one in wanted:
        sender.produce(topic, one.value, one.key, 0, headers=[*one.headers])
    assert sender.flush(20) == 0
    member, taken = joined(kafka, "as-written", topic), list[Record]()
    while len(taken) < len(wanted):
        taken += await first_taken(member)
    member.leave()
    assert taken == wanted


async def test_what_goes_wrong_where_partitions_are_given_is_raised_where_something_is_taken(kafka: LocalKafka) -> None:
    def fails(_: Member, __: list[Partition]) -> None:
        raise ZeroDivisionError

    member = joined(kafka, "fails", TOPIC, begin=fails)
    with pytest.raises(ZeroDivisionError):
        await first_taken(member)
    member.leave()


async def test_a_batch_weighs_about_as_much_whatever_a_record_does(kafka: LocalKafka) -> None:
    await send(kafka.bootstrap, *[b"h" * HEAVY] * 40, *[b"light"] * 300)
    member, batches = joined(kafka, "weighs", TOPIC), list[Records]()
    while sum(map(len, batches)) < 340:
        batches.append(await first_taken(member))
    member.leave()
    heavy = [len(batch) for batch in batches if len(batch[0].value or b"") == HEAVY]
    assert len(heavy) > 1
    assert max(heavy[1:]) <= group.MOST_BYTES // HEAVY + 1
    assert max(map(len, batches[len(heavy) :])) > group.MOST_BYTES // HEAVY + 1
    assert [record.offset for batch in batches for record in batch] == list(range(340))
