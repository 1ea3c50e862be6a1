"""Records taken while those before them are committed: each is applied once and in order, whatever happens meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.chassis import consumer, group, messaging, offsets
from services.chassis.config import ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.records import Record, Records
from services.chassis.service import Service

TOPIC, PARTITIONS, TURNS = "unit-registered", 2, 200
metadata = sa.MetaData()
applied = sa.Table(
    "applied",
    metadata,
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("partition", sa.Integer, nullable=False),
    sa.Column("offset", sa.Integer, nullable=False),
)
FAULTS = st.sampled_from(("", "", "", "away", "bug", "others"))  # what a batch's transaction meets
MEANWHILE = st.sampled_from(
    ("", "", "", "given again", "taken", "lost", "others")
)  # what happens while it is committed


def log_of(partition: int, size: int, *, marked: bool) -> list[Record]:
    """A partition's records, a gap in the offsets after each where transactions' marks are."""
    value = pb.UnitRegistered(profile=pb.Profile(unit_id="u")).SerializeToString()
    return [Record(TOPIC, partition, n * (1 + marked), b"k", value) for n in range(size)]


class Member:
    """What the group and the broker do, as the test says, in the middle of taking, as Kafka's client does: it forgets what it had
    of partitions that are taken away, and hands out what it finds where they begin.

    sizes     how many records come at once
    happens   what happens meanwhile
    """

    def __init__(self, logs: list[list[Record]], sizes: Sequence[int], happens: Sequence[str]) -> None:
        self.lost, self.faults = set[offsets.Partition](), list[str]()
        self._logs, self._sizes, self._happens = logs, iter(sizes), iter(happens)
        self._next = dict[offsets.Partition, int]()
        self.ahead, self.has, self.strangers = 0, True, 0

    def of(self, service: Service) -> None:
        """Join."""
        self._service, self._consumer = service, service._consumer
        self._consumer._member = self  # type: ignore[assignment]
        self._all = [(TOPIC, n) for n in range(PARTITIONS)]
        self._consumer._given(self._all)

    def take(self, *, wait: bool = True) -> tuple[Records, bool]:
        """Some of each partition."""
        size, found = next(self._sizes, 3), list[Record]()
        self._happened(next(self._happens, ""))
        for (topic, n), at in self._next.items():
            some = [record for record in self._logs[n] if record.offset >= at][:size]
            found += some
            if some:
                self._next[topic, n] = some[-1].offset + 1
        self.ahead += bool(found and not wait)
        return Records.of(found), wait and not found

    def _happened(self, what: str) -> None:
        match what:
            case "given again":
                self._consumer._taken()
                self._consumer._given(self._all)
                self.has = True
            case "taken":  # and given when the next records are looked for
                self._consumer._taken()
                self._next.clear()
                self._happens, self.has = iter(["given again", *self._happens]), False
            case "made anew":  # shorter than what was read of it
                self._logs = [log_of(0, 2, marked=False), *self._logs[1:]]
                self.lost.add(self._all[0])
            case "lost":
                self.lost.add(self._all[0])
            case "others":
                others_go_on(self._service, self._logs)

    def begin(self, positions: Mapping[offsets.Partition, int], _extents: object) -> None:
        """Read on from there."""
        self._next = dict(positions)

    def extents(self, partitions: Iterable[offsets.Partition]) -> dict[offsets.Partition, group.Extent]:
        """All of it is there."""
        return {
            (topic, n): group.Extent(0, self._logs[n][-1].offset + 1 if self._logs[n] else 0) for topic, n in partitions
        }

    def waiting(self, partition: offsets.Partition, offset: int) -> int:
        """How many are behind it."""
        return sum(record.offset > offset for record in self._logs[partition[1]])


def put(connection: sa.Connection, places: Sequence[tuple[int, int]]) -> None:
    """Note what is applied."""
    connection.execute(applied.insert(), [{"partition": p, "offset": o} for p, o in places])


def others_go_on(service: Service, logs: Sequence[Sequence[Record]]) -> None:
    """Another instance applies a record of each partition, unnoticed."""

    def work(tx: Transaction) -> None:
        known = offsets.read(tx.connection, [(TOPIC, n) for n in range(PARTITIONS)])
        for n, log in enumerate(logs):
            for record in [r for r in log if r.offset >= known.get((TOPIC, n), 0)][:1]:
                put(tx.connection, [(n, record.offset)])
                offsets.advance(tx.connection, {(TOPIC, n): record.offset + 1}, known)

    service.database.do(lambda: service.transact(work, cause="call"))


def service_in(folder: Path, member: Member, faults: Sequence[str] = ()) -> Service:
    """A service that notes what is applied to it."""
    told = ServiceSettings(kafka="unused", database=f"sqlite:///{folder}/a.db")
    service = Service("test", told, tables=metadata, words=lambda code, _: {"da": code, "en": code})
    meets = iter(faults)

    @service.batches(TOPIC)
    def on_records(events: Sequence[Event[Any]], tx: Transaction) -> None:
        member.strangers += 0 if member.has else len(events)
        put(tx.connection, [(e.partition, e.offset) for e in events])
        match next(meets, ""):
            case "away":
                raise sa.exc.OperationalError("away", {}, OSError())
            case "bug":
                raise ZeroDivisionError
            case "others":  # moved on before this one's offsets are
                raise offsets.Fenced([(TOPIC, events[0].partition)])

    service.database.do(service.prepare)
    member.of(service)
    return service


def known(service: Service) -> dict[offsets.Partition, int]:
    """How far the service has read."""
    return service.database.do(lambda: service.database.read(offsets.everything))


def noted(service: Service) -> list[tuple[int, int]]:
    """Partition and offset of what was applied, in order."""
    chosen = sa.select(applied.c.partition, applied.c.offset).order_by(applied.c.place)
    return [(p, o) for p, o in service.database.do(lambda: service.database.read(lambda c: c.execute(chosen).all()))]


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(*[st.integers(0, 12)] * PARTITIONS),
    st.booleans(),
    st.lists(st.integers(0, 4), max_size=12),
    st.lists(FAULTS, max_size=12),
    st.lists(MEANWHILE, max_size=12),
)
@example((6, 6), False, [2] * 6, [], ["", "taken"])
@example((6, 6), True, [2] * 6, ["others"], ["", "given again"])
@example((6, 6), False, [2] * 6, ["bug", "away"], ["", "others", "lost"])
def test_each_record_is_applied_once_and_in_order(
    sizes: tuple[int, ...], marked: bool, taken: list[int], faults: list[str], happens: list[str]
) -> None:
    logs = [log_of(n, size, marked=marked) for n, size in enumerate(sizes)]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(consumer, "FEW", 1)
        patch.setattr(consumer, "BACK_OFF_SECONDS", (0,))
        patch.setattr(messaging, "TRIES", 100)  # no bug is for good
        member = Member(logs, taken, happens)
        service = service_in(Path(folder), member, faults)
        ends = {(TOPIC, n): log[-1].offset + 1 for n, log in enumerate(logs) if log}
        for _ in range(TURNS):
            service._consumer._turn()
            assert member.has or not service._consumer._positions
            if known(service) == ends:
                break
        found = noted(service)
        service.database.close()
    for n, log in enumerate(logs):
        assert [offset for partition, offset in found if partition == n] == [record.offset for record in log]
    assert not member.strangers


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """One record is enough to take others ahead."""
    monkeypatch.setattr(consumer, "FEW", 1)


@pytest.mark.usefixtures("few")
def test_what_waits_is_taken_before_the_commit_has_ended(tmp_path: Path) -> None:
    member = Member([log_of(n, 6, marked=False) for n in range(PARTITIONS)], [3, 3], [])
    service = service_in(tmp_path, member)
    service._consumer._turn()
    assert member.ahead == 1
    assert sum(len(part.records) for part in service._consumer._ahead) == 6
    service._consumer._turn()
    assert known(service) == {(TOPIC, 0): 6, (TOPIC, 1): 6}
    assert member.ahead == 1  # nothing waits any more
    service.database.close()


@pytest.mark.usefixtures("few")
def test_of_a_log_that_is_made_anew_while_records_are_taken_nothing_is_passed_over(tmp_path: Path) -> None:
    logs = [log_of(0, 6, marked=False), log_of(1, 6, marked=False)]
    member = Member(logs, [3, 1, 1], ["", "made anew"])
    service = service_in(tmp_path, member)
    for _ in range(8):
        service._consumer._turn()
    assert [offset for partition, offset in noted(service) if partition == 0] == [0, 1, 2, 0, 1]
    assert known(service) == {(TOPIC, 0): 2, (TOPIC, 1): 6}
    service.database.close()


@pytest.mark.usefixtures("few")
def test_what_goes_wrong_while_records_are_taken_ahead_is_told_when_the_batch_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = Member([log_of(n, 6, marked=False) for n in range(PARTITIONS)], [3], [])
    service, whole = service_in(tmp_path, member), member.take

    def broken(*, wait: bool = True) -> tuple[list[Record], bool]:
        if wait:
            return whole()
        raise RuntimeError("the client is closed")

    monkeypatch.setattr(member, "take", broken)
    with pytest.raises(RuntimeError, match="the client is closed"):
        service._consumer._turn()
    assert known(service) == {(TOPIC, 0): 3, (TOPIC, 1): 3}
    service.database.close()
