"""What a member of a service's group takes, on a real Kafka."""

import asyncio
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from deploy.local_kafka import LocalKafka
from services.chassis import group, offsets
from services.chassis.config import ServiceSettings
from services.chassis.event import Record
from tests.e2e.test_consumer import TOPIC, send

HEAVY = 400_000  # bytes


async def test_what_waits_in_one_topic_is_not_held_up_by_those_in_which_nothing_does(
    kafka: LocalKafka, tmp_path: Path
) -> None:
    await send(kafka.bootstrap, "a", "b")
    told = {"kafka": kafka.bootstrap, "database": f"sqlite:///{tmp_path}/s.db", "fetch_wait_ms": 40_000}
    settings = ServiceSettings(**told)  # type: ignore[arg-type]
    for turn in range(15):  # of three starts one was held up
        member: group.Member

        def given(partitions: list[offsets.Partition]) -> None:
            member.begin(dict.fromkeys(partitions, 0), member.logs(partitions))  # noqa: B023

        three = [TOPIC, "access-granted", "submission-assessed"]
        member = group.Member(settings, f"starts-{turn}", three, [], given=given, taken=lambda: None)
        taken: list[Record] = []
        async with asyncio.timeout(20):
            while not taken:
                taken, _ = await asyncio.to_thread(member.take)
        assert {(one.topic, one.offset) for one in taken} <= {(TOPIC, 0), (TOPIC, 1)}
        member.leave()


async def test_what_was_held_back_is_read_also_where_partitions_are_given_again_meanwhile(
    kafka: LocalKafka, tmp_path: Path
) -> None:
    await send(kafka.bootstrap, "a")
    settings = ServiceSettings(kafka=kafka.bootstrap, database=f"sqlite:///{tmp_path}/s.db")
    member: group.Member

    def given(partitions: list[offsets.Partition]) -> None:
        member.begin(dict.fromkeys(partitions, 0), member.logs(partitions))  # the other topic is held back
        member.begin(
            {(topic, n): int(topic == TOPIC) for topic, n in partitions}, member.logs(partitions)
        )  # nothing waits any more

    member = group.Member(settings, "again", [TOPIC, "access-granted"], [], given=given, taken=lambda: None)
    await asyncio.to_thread(member.take)
    await send(kafka.bootstrap, pb.AccessGranted(key_id="k").SerializeToString(), topic="access-granted")
    taken: list[Record] = []
    async with asyncio.timeout(20):
        while not taken:
            taken, _ = await asyncio.to_thread(member.take)
    assert [one.topic for one in taken] == ["access-granted"]
    member.leave()


async def test_a_batch_weighs_about_as_much_whatever_a_record_does(kafka: LocalKafka, tmp_path: Path) -> None:
    await send(kafka.bootstrap, *[b"h" * HEAVY] * 40, *[b"light"] * 300)
    settings = ServiceSettings(kafka=kafka.bootstrap, database=f"sqlite:///{tmp_path}/s.db")
    member: group.Member

    def given(partitions: list[offsets.Partition]) -> None:
        member.begin(dict.fromkeys(partitions, 0), member.logs(partitions))

    member = group.Member(settings, "weighs", [TOPIC], [], given=given, taken=lambda: None)
    taken = list[list[Record]]()
    async with asyncio.timeout(30):
        while sum(map(len, taken)) < 340:
            taken.append((await asyncio.to_thread(member.take))[0])
    member.leave()
    batches = [batch for batch in taken if batch]
    heavy = [len(batch) for batch in batches if len(batch[0].value or b"") == HEAVY]
    assert len(heavy) > 1
    assert max(heavy[1:]) <= group.MOST_BYTES // HEAVY + 1
    assert max(map(len, batches[len(heavy) :])) > group.MOST_BYTES // HEAVY + 1
    assert [record.offset for batch in batches for record in batch] == list(range(340))
