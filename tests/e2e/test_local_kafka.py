"""The local Kafka is a real one: records survive a kill, users are held to their topics, nothing outlives its owner."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy import broker, kafka_jars, local_kafka, topics
from deploy.kafka_jars import LocalKafkaError
from deploy.local_kafka import AttachedKafka, LocalKafka

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def kafka() -> Iterator[LocalKafka]:
    began = time.monotonic()
    with LocalKafka() as started:
        print(f"ready after {time.monotonic() - began:.1f} s")
        topics.apply(started.bootstrap)
        yield started


async def _send(bootstrap: str, topic: str, value: bytes, **security: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", **security)
    await producer.start()
    try:
        await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def _read(bootstrap: str, topic: str, count: int) -> list[bytes]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        async with asyncio.timeout(30):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


def _scram(user: str, password: str) -> dict[str, str]:
    plain = {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-512"}
    return plain | {"sasl_plain_username": user, "sasl_plain_password": password}


def test_topics_are_as_the_map_says_and_a_second_time_changes_nothing(kafka: LocalKafka) -> None:
    assert topics.apply(kafka.bootstrap) == []


def test_a_topic_of_an_installation_alone_has_one_partition_and_one_that_has_more_keeps_them(kafka: LocalKafka) -> None:
    alone = topics.planned(most=topics.ALONE)
    assert {partitions for partitions, _ in alone.values()} == {topics.ALONE}
    assert {n: settings for n, (_, settings) in alone.items()} == {n: s for n, (_, s) in topics.planned().items()}
    assert topics.apply(kafka.bootstrap, most=topics.ALONE) == []


async def test_an_acknowledged_record_survives_a_kill(kafka: LocalKafka) -> None:
    await _send(kafka.bootstrap, "notification-sent", b"kept")
    kafka.kill()
    kafka.restart()
    assert await _read(kafka.bootstrap, "notification-sent", 1) == [b"kept"]


async def test_an_organisation_writes_its_own_topic_and_no_other(kafka: LocalKafka) -> None:
    topics.add_organisations(kafka.bootstrap, {"org1": "pw-one", "org10": "pw-ten"})
    await _send(kafka.client_bootstrap, "submissions-org1", b"mine", **_scram("org1", "pw-one"))
    for foreign in ("submissions-org10", "submission-received", "submissions-nobody"):
        with pytest.raises(KafkaError):
            await _send(kafka.client_bootstrap, foreign, b"not mine", **_scram("org1", "pw-one"))
    with pytest.raises(KafkaError):
        await _send(kafka.client_bootstrap, "submissions-org1", b"x", **_scram("org1", "wrong"))


async def test_three_brokers_and_one_of_them_killed() -> None:
    with LocalKafka(brokers=3) as three:
        topics.apply(three.bootstrap)
        await _send(three.bootstrap, "submission-received", b"before")
        three.brokers[0].end(at_once=True)
        rest = three.bootstrap.split(",")[1:]

        async def sent() -> bool:
            try:
                await _send(",".join(rest), "submission-received", b"after")
            except KafkaError:
                return False
            return True

        async with asyncio.timeout(60):
            while not await sent():
                await asyncio.sleep(0.1)
        assert set(await _read(",".join(rest), "submission-received", 2)) == {b"before", b"after"}


def test_nothing_outlives_an_owner_that_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-m", "deploy.local_kafka", "--data", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    assert owner.stdout.readline().startswith("bootstrap")
    started = _java(tmp_path)
    assert started
    owner.kill()
    owner.wait()
    _until(lambda: not _java(tmp_path), "the broker to end")
    owner.stdout.close()


def test_ctrl_c_ends_everything(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-m", "deploy.local_kafka", "--data", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    owner.stdout.readline()
    owner.send_signal(signal.SIGINT)
    assert owner.wait(20) == 0
    assert not _java(tmp_path)
    owner.stdout.close()


def test_attaching_to_nothing_is_told_plainly() -> None:
    with pytest.raises(LocalKafkaError, match="NT-9105 no Kafka answers at 127"):
        AttachedKafka("127.0.0.1:1").start()


def test_jars_that_are_not_the_locked_ones_are_refused() -> None:
    locked = kafka_jars.read_lock()
    jars = kafka_jars.class_path()
    kafka_jars.check(jars, locked)
    with pytest.raises(LocalKafkaError, match="NT-9101"):
        kafka_jars.check(jars, locked | {jars[0].name: "0" * 64})
    with pytest.raises(LocalKafkaError, match="NT-9101"):
        kafka_jars.check(jars[1:], locked)


def test_a_port_that_somebody_was_quicker_to_take_is_left_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = [[taken.getsockname()[1], *broker.free_ports(2)]]
        monkeypatch.setattr(local_kafka, "free_ports", lambda n: first.pop() if first else broker.free_ports(n))
        with LocalKafka() as started:
            assert not first
            topics.apply(started.bootstrap)


def test_jars_of_a_running_kafka_stay_when_others_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_jars, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(kafka_jars, "_resolve", lambda folder: [])
    with pytest.raises(LocalKafkaError, match="NT-9101"):
        kafka_jars.class_path()
    monkeypatch.undo()
    first = {jar: jar.stat().st_ino for jar in kafka_jars.class_path()}
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: kafka_jars.class_path(), range(8)))
    assert all({jar: jar.stat().st_ino for jar in jars} == first for jars in again)


def _java(folder: Path) -> list[int]:
    """Processes whose command line names a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"kafka.Kafka" in command and str(folder).encode() in command:
                found.append(int(entry.name))
    return found


def _until(condition: object, what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"waited for {what}"
        threading.Event().wait(0.05)
