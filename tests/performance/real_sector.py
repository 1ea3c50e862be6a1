"""The full real job: an invented sector by all rules of dk-almen, sent by a few organisations, on its way to four services."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.chassis import access
from services.cli import simulate, tables
from services.cli.client import Client, connect
from services.cli.processes import Installation, Process
from services.cli.tables import Faults, UnitRow
from services.cli.talk import Talk
from tests.performance import watching
from tests.performance.stage import OURS, SECONDS, Stage

SCHEME, SENDERS, SEED, LATEST = "dk-almen", 20, 8, 2025
REGISTERED, ASSESSED, OBSERVED = "unit-registered", "submission-assessed", "observations-accepted"


@dataclass(frozen=True)
class RealSector:
    """Units and submissions, every unit's in the order of its revisions; senders are few, holders are as invented."""

    units: list[UnitRow]
    submissions: list[pb.Submission]
    spoilt: frozenset[str]  # units with a planted fault, or withdrawn

    @classmethod
    def invented(cls, units: int, years: int) -> "RealSector":
        """Draw one."""
        with tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
            folder, faults = Path(name), Faults()
            simulate.write(SCHEME, units, years, SEED, folder, Talk(quiet=True))
            rows = tables.read_units(folder / "units.csv", faults)
            catalogue = definitions.of(SCHEME, str(LATEST))
            sent = tables.read_submissions(folder / "submissions.csv", SCHEME, catalogue, faults)
            faults.stop()
            lines = [line for _, line in tables.rows(folder / "planted.csv", ("unit_id", "code", "defect"), faults)]
        spoilt = frozenset(line["unit_id"] for line in lines if line["code"] or line["defect"] == "withdrawn")
        senders = {u.unit_id: f"bench{n % SENDERS:02}" for n, u in enumerate(rows)}
        units_ = [
            replace(u, organisation_id=senders[u.unit_id], holder_id=u.holder_id or u.organisation_id) for u in rows
        ]
        for one in sent:
            one.organisation_id = senders[one.unit_id]
        return cls(units_, sent, spoilt)

    def corrections(self) -> list[pb.Submission]:
        """Of units with nothing planted: what they sent, to be sent again a little otherwise. Each makes a record."""
        return [s for s in self.submissions if s.revision == 1 and s.unit_id not in self.spoilt]


def corrected(again: list[pb.Submission], stamp: int, n: int) -> pb.Submission:
    """The n-th correction, unit after unit; a little other than the one before it. `stamp` tells one run from another."""
    one = pb.Submission()
    one.CopyFrom(again[n % len(again)])
    one.submission_id, one.revision = f"bench:{stamp}:{n}", 0
    one.amounts[0].value += n % 7 + 1
    return one


@dataclass
class Running:
    """Four services as processes on a stage, and the operator."""

    stage: Stage
    services: Installation
    operator: Client

    def sent_by_topic(self, submissions: list[pb.Submission]) -> float:
        """Let submissions in by their organisations' topics, at once; when, in seconds since the epoch."""
        producer = Producer({"bootstrap.servers": self.stage.bootstrap, "transactional.id": "senders", "log_level": 2})
        producer.init_transactions(SECONDS)
        producer.begin_transaction()
        for one in submissions:
            producer.produce(f"submissions-{one.organisation_id}", value=one.SerializeToString(), key=one.unit_id)
            producer.poll(0)
        producer.flush(SECONDS)
        began = time.time()
        producer.commit_transaction(SECONDS)
        return began


def topics_of_senders(stage: Stage) -> None:
    """The organisations' own topics; ACLs are left out, since senders come in by the services' listener here."""
    admin = AdminClient({"bootstrap.servers": stage.bootstrap, "log_level": 2})
    names = [f"submissions-bench{n:02}" for n in range(SENDERS)]
    for made in admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
        made.result(SECONDS)


async def started(stage: Stage, folder: Path, process: type[Process]) -> tuple[Installation, str]:
    """The four services, ready; the operator's key."""
    key_id, key, kept = access.new_key()
    operator = {"operator_key_id": key_id, "operator_key_sha256": kept.hex()}
    services = Installation(
        folder, stage.bootstrap, operator=operator, allow_private_addresses="true", allow_http="true"
    )
    services.processes = {name: process(name, p.settings, folder) for name, p in services.processes.items()}
    services.start()
    try:
        await services.await_ready()
    except BaseException:
        services.stop()
        raise
    return services, key


def expected_vintage(stage: Stage, registered: int) -> int:
    """What the vintages of all periods come to once everything is in: distinct records, and every unit in each period."""
    consumer = Consumer(
        {
            "bootstrap.servers": stage.bootstrap,
            "group.id": f"count-{time.time_ns()}",
            "enable.auto.commit": False,
            "log_level": 2,
        }
    )
    ends = [place for place in stage.ends(OBSERVED) if place.offset]
    distinct: set[tuple[str, str, int]] = set()
    try:
        consumer.assign([TopicPartition(place.topic, place.partition, 0) for place in ends])
        left = {place.partition: place.offset for place in ends}
        deadline = time.monotonic() + SECONDS
        while left and time.monotonic() < deadline:
            for message in consumer.consume(500, 0.5):
                if message.error() is not None:
                    continue
                batch = dense.ObservationsAccepted.FromString(message.value())
                distinct |= {(batch.period, u, r) for u, r in zip(batch.unit_ids, batch.revisions, strict=True)}
                if message.offset() + 1 >= left.get(message.partition(), 0):
                    left.pop(message.partition(), None)
    finally:
        consumer.close()
    return len(distinct) + registered * len({period for period, _, _ in distinct})


@dataclass
class Drained:
    """How long it took until everything had come through; `assessed` and `published` of how many, where it did not."""

    seconds: float
    assessed: int
    done: bool


def drain(running: Running, watch: watching.Watch, sent: int, registered: int, began: float, seconds: float) -> Drained:
    """Wait until every submission is assessed and every record published, or the time is over."""
    stage, observed, wanted = running.stage, -1, 0
    while time.time() < began + seconds:
        fresh = watch.look()
        assessed = stage.count(ASSESSED)
        if assessed < sent or fresh:
            continue
        if observed != (now := stage.count(OBSERVED)):
            observed, wanted = now, expected_vintage(stage, registered)
        if watching.our_seen(watch.newest) >= wanted:
            return Drained(watch.last / 1000 - began, assessed, True)
    return Drained(time.time() - began, stage.count(ASSESSED), False)


@contextmanager
def watched(stage: Stage) -> Iterator[watching.Watch]:
    """The published benchmarks, from now on."""
    watch = watching.Watch(stage.bootstrap, OURS)
    watch.begin(stage.ends(OURS))
    try:
        yield watch
    finally:
        watch.close()


@asynccontextmanager
async def running(
    stage: Stage, folder: Path, sector: RealSector, process: type[Process] = Process
) -> AsyncIterator[Running]:
    """Everything up, the senders' topics made, the units registered and their registration passed on."""
    topics_of_senders(stage)
    services, key = await started(stage, folder, process)
    try:
        async with connect(services.addresses, key) as operator:
            await operator.register(SCHEME, sector.units)
            deadline = time.monotonic() + SECONDS
            while stage.count(REGISTERED) < len(sector.units):
                assert time.monotonic() < deadline, "registrations do not reach Kafka"
                await asyncio.sleep(0.05)
            yield Running(stage, services, operator)
    finally:
        await asyncio.to_thread(services.stop)
