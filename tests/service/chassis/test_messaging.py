"""Records of a topic: applied once, the unreadable set aside with their bytes, offsets fenced."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from noegletal.v1 import submission_pb2 as pb

from services.chassis import messaging, offsets, outbox
from services.chassis.config import ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.records import Records
from services.chassis.service import Service
from tests.service.delivery import Bench, Delivered

metadata = sa.MetaData()
seen = sa.Table("seen", metadata, sa.Column("id", sa.Text, primary_key=True))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    settings = ServiceSettings(kafka="unused", database=f"sqlite:///{tmp_path}/a.db")
    service = Service("test", settings, tables=metadata, words=lambda code, parameters: {"da": code, "en": code})

    @service.batches("unit-registered")
    def on_unit_registered(events: Sequence[Event[pb.UnitRegistered]], tx: Transaction) -> None:
        for event in events:
            if event.message.profile.unit_id == "bug":
                raise ZeroDivisionError
            if event.message.profile.unit_id == "refused":
                tx.reject(event, "refused-here")
                continue
            tx.connection.execute(seen.insert().values(id=event.message.profile.unit_id))
            tx.announce(pb.AccessGranted(key_id="x"), key="x", id=deterministic_id(event.id))

    return Bench(service)


def _unit(name: str) -> pb.UnitRegistered:
    return pb.UnitRegistered(profile=pb.Profile(unit_id=name))


def _raw(offset: int, value: bytes | None, headers: Sequence[tuple[str, bytes | None]] = ()) -> Delivered:
    return Delivered("unit-registered", 0, offset, b"\xff\x00key", value, headers)


def test_unreadable_records_are_set_aside_whole_and_stop_nobody(bench: Bench) -> None:
    good = _unit("a").SerializeToString()
    records = [
        _raw(0, b"\xff\xff not protobuf"),
        _raw(1, None),
        _raw(2, good, [("ce_type", b"noegletal.v1.Submission")]),
        _raw(3, good, [("binary", b"\xff\xfe\x00"), ("empty", None), ("ce_time", b"\xff")]),
    ]

    applied = bench.deliver("unit-registered", records)

    assert list(applied.reasons.values()) == ["undecodable", "null-value", "other-type"]
    assert [e.message.profile.unit_id for e in applied.accepted] == ["a"]
    dead = bench.outbox("unit-registered-dlq")
    assert [(d.value, d.headers["dlq_reason"], d.headers["dlq_offset"]) for d in dead] == [
        (b"\xff\xff not protobuf", b"undecodable", b"0"),
        (None, b"null-value", b"1"),
        (good, b"other-type", b"2"),
    ]
    assert dead[2].headers["ce_type"] == b"noegletal.v1.Submission"


def test_a_handler_can_set_aside_one_record(bench: Bench) -> None:
    applied = bench.deliver("unit-registered", [_unit("a"), _unit("refused"), _unit("b")])

    assert [e.message.profile.unit_id for e in applied.accepted] == ["a", "b"]
    assert [d.headers["dlq_reason"] for d in bench.outbox("unit-registered-dlq")] == [b"refused-here"]


def test_state_offsets_and_outbox_stand_or_fall_together(bench: Bench) -> None:
    bench.deliver("unit-registered", [_unit("a")])
    with pytest.raises(ZeroDivisionError):
        bench.deliver("unit-registered", [_unit("b"), _unit("bug")])

    database = bench.service.database
    assert [r.id for r in database.read(lambda c: c.execute(sa.select(seen)).all())] == ["a"]
    assert len(bench.outbox("access-granted")) == 1
    assert database.read(lambda c: offsets.read(c, [("unit-registered", 0)])) == {("unit-registered", 0): 1}


def test_what_comes_of_many_topics_stands_or_falls_together(bench: Bench) -> None:
    service = bench.service

    @service.batches("access-granted")
    def on_granted(events: Sequence[Event[pb.AccessGranted]], tx: Transaction) -> None:
        for event in events:
            tx.reject(event, "not-here")

    def parts(at: int, unit: str) -> list[messaging.Part]:
        key = Delivered("access-granted", 0, at, b"k", pb.AccessGranted(key_id="k").SerializeToString())
        records = {"unit-registered": _raw(at, _unit(unit).SerializeToString()), "access-granted": key}
        return [messaging.Part.of(*service.handlers[name], Records.of([record])) for name, record in records.items()]

    expected: dict[offsets.Partition, int | None] = {("unit-registered", 0): None, ("access-granted", 0): None}
    units, keys = service.apply(parts(0, "a"), expected, waiting=0, was_idle=True)

    assert (len(units.accepted), units.reasons) == (1, {})
    assert (len(keys.accepted), list(keys.reasons.values())) == (0, ["not-here"])
    count = sa.select(sa.func.count()).select_from(outbox.outbox)
    assert service.database.read(lambda c: c.execute(count).scalar()) == 1  # a row a transaction
    expected = dict.fromkeys(expected, 1)
    with pytest.raises(ZeroDivisionError):
        service.apply(parts(1, "bug"), expected, waiting=0, was_idle=True)
    with pytest.raises(offsets.Fenced):
        service.apply(parts(1, "b"), expected | {("access-granted", 0): 7}, waiting=0, was_idle=True)
    assert service.database.read(lambda c: offsets.read(c, expected)) == expected
    assert len(bench.outbox("access-granted-dlq")) == 1


def test_a_zombie_is_fenced_and_leaves_nothing(bench: Bench) -> None:
    bench.deliver("unit-registered", [_unit("a")])
    topic, handler = bench.service.handlers["unit-registered"]
    late = [_raw(1, _unit("late").SerializeToString())]

    def zombie(expected: int | None) -> None:
        bench.service.transact(
            lambda tx: messaging.apply(
                messaging.Part.of(topic, handler, Records.of(late)), tx, {("unit-registered", 0): expected}
            ),
            cause="batch",
        )

    for stale in (None, 0, 7):
        with pytest.raises(offsets.Fenced):
            zombie(stale)
    assert len(bench.outbox()) == 1
    zombie(1)
    assert len(bench.outbox()) == 2


def test_invalid_in_a_row_counts_per_partition_and_a_good_record_ends_it() -> None:
    row = messaging.InvalidInARow(2, {})
    bad = {("t", 0, n): "undecodable" for n in (0, 1, 3, 4, 5)}

    assert row.note(Records.of([Delivered("t", 0, n, None, b"") for n in (0, 1)]), bad) == set()
    assert row.note(Records.of([Delivered("t", 0, n, None, b"") for n in (2, 3, 4)]), bad) == set()
    assert row.note(Records.of([Delivered("t", 1, 9, None, b""), Delivered("t", 0, 5, None, b"")]), bad) == {("t", 0)}
