"""The outbox keeps what is not published: across a restart, beyond what memory holds, and what another instance left."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from noegletal.v1 import submission_pb2 as pb

from services.chassis import relay
from services.chassis.config import ServiceSettings
from services.chassis.outbox import Transaction, deterministic_id, deterministic_ids, ids_together, outbox
from services.chassis.outgoing import ID_BYTES, Packed
from services.chassis.service import Service
from tests.service.delivery import Bench


def _bench(folder: Path) -> Bench:
    settings = ServiceSettings(kafka="unused", database=f"sqlite:///{folder}/a.db")
    return Bench(Service("test", settings, tables=sa.MetaData(), words=lambda code, _: {"da": code, "en": code}))


def _announce(bench: Bench, *keys: str) -> None:
    def work(tx: Transaction) -> None:
        for key in keys:
            tx.announce(pb.AccessGranted(key_id=key), key=key, id=f"id-{key}")

    bench.service.transact(work, cause="test")


class Taken:
    """A publisher that notes what it is given."""

    connected = True

    def __init__(self) -> None:
        self.keys: list[bytes | None] = []

    def publish(self, some: Iterable[Packed]) -> None:
        self.keys += [key for packed in some for _, key, _, _ in packed.whole()]


def _published(bench: Bench) -> list[bytes | None]:
    taken = bench.service._relay._publisher = Taken()  # type: ignore[assignment]
    while bench.service._relay._publish_next():
        pass
    return taken.keys  # type: ignore[attr-defined, no-any-return]


def test_what_is_published_leaves_the_outbox_with_the_next_transaction(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    _announce(bench, "a", "b")
    assert (bench.service._relay.pending, len(bench.outbox())) == (2, 2)

    assert _published(bench) == [b"a", b"b"]
    assert (bench.service._relay.pending, len(bench.outbox())) == (0, 2)

    _announce(bench, "c")
    assert [a.key for a in bench.outbox()] == ["c"]
    assert _published(bench) == [b"c"]
    bench.close()


def test_a_record_has_the_headers_of_cloudevents_in_this_order(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    _announce(bench, "a")
    ((_, _, _, headers),) = bench.service._relay._waiting[0].packed.whole()  # type: ignore[union-attr]
    assert tuple(name for name, _ in headers) == (
        *("content-type", "ce_specversion", "ce_type", "ce_source", "ce_time"),
        *("ce_id", "ce_subject"),
    )
    bench.close()


def test_a_transaction_that_fails_takes_nothing_out(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    _announce(bench, "a")
    _published(bench)
    with pytest.raises(ZeroDivisionError):
        bench.service.transact(lambda tx: 1 // 0, cause="test")
    assert [a.key for a in bench.outbox()] == ["a"]
    _announce(bench, "b")
    assert [a.key for a in bench.outbox()] == ["b"]
    bench.close()


def test_a_restart_publishes_what_was_left_then_what_comes(tmp_path: Path) -> None:
    before = _bench(tmp_path)
    _announce(before, "a")
    _announce(before, "b", "c")
    before.close()
    after = _bench(tmp_path)
    assert after.service._relay.pending == 3
    _announce(after, "d")
    assert _published(after) == [b"a", b"b", b"c", b"d"]
    after.close()


def test_beyond_what_memory_holds_the_order_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "IN_MEMORY", 2)
    monkeypatch.setattr(relay, "AT_ONCE", 2)
    bench = _bench(tmp_path)
    for key in "abcde":
        _announce(bench, key)
    assert _published(bench) == [b"a", b"b", b"c", b"d", b"e"]
    bench.close()


def test_what_another_instance_left_is_taken_up_at_the_second_look(tmp_path: Path) -> None:
    ours, other = _bench(tmp_path), _bench(tmp_path)
    _announce(other, "left")
    _announce(ours, "own")
    ours.service._relay._adopt()
    assert _published(ours) == [b"own"]
    ours.service._relay._adopt()
    assert _published(ours) == [b"left"]
    _announce(ours, "next")
    with ours.service.database.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one() == 1
    ours.close()
    other.close()


class Slow(Taken):
    """One that takes nothing until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may, self.asked = threading.Event(), threading.Event()

    def connect(self) -> None: ...

    def let_go(self) -> None: ...

    def publish(self, some: Iterable[Packed]) -> None:
        self.asked.set()
        assert self.may.wait(20)
        super().publish(some)


@contextmanager
def _relaying(bench: Bench) -> Iterator[Slow]:
    """With the relay at work."""
    slow = bench.service._relay._publisher = Slow()  # type: ignore[assignment]
    stopping = threading.Event()
    thread = threading.Thread(target=bench.service._relay.run, args=[stopping])
    thread.start()
    yield slow  # type: ignore[misc]
    stopping.set()
    bench.service._relay._due.set()
    thread.join()


def test_what_is_taken_up_is_published_though_nothing_else_is_to_be(tmp_path: Path) -> None:
    ours, other = _bench(tmp_path), _bench(tmp_path)
    with _relaying(ours) as slow:
        slow.may.set()
        _announce(ours, "own")
        _until(lambda: slow.keys == [b"own"])
        _announce(other, "left")
        for _ in range(2):
            ours.service.database.do(ours.service._relay._adopt)
        _until(lambda: slow.keys == [b"own", b"left"])
    ours.close()
    other.close()


def test_partitions_are_given_up_when_what_was_announced_for_them_is_out(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    with _relaying(bench) as slow:
        _announce(bench, "a", "b")
        assert slow.asked.wait(20)
        giving_up = threading.Thread(target=bench.service.assignment.take)
        giving_up.start()
        giving_up.join(0.2)
        assert giving_up.is_alive()
        slow.may.set()
        giving_up.join(20)
        assert (giving_up.is_alive(), slow.keys, bench.outbox()) == (False, [b"a", b"b"], [])
    bench.close()


def test_who_takes_over_publishes_first_what_one_that_is_gone_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "OTHERS_SECONDS", 0.1)
    ours, gone = _bench(tmp_path), _bench(tmp_path)
    _announce(gone, "left")
    ours.service.assignment.wait_for_others(threading.Event())
    _announce(ours, "own")
    assert _published(ours) == [b"left", b"own"]
    ours.close()
    gone.close()


def test_who_takes_over_leaves_to_others_what_they_publish_meanwhile(tmp_path: Path) -> None:
    ours, other = _bench(tmp_path), _bench(tmp_path)
    _announce(other, "theirs")
    waiting = threading.Thread(target=ours.service.assignment.wait_for_others, args=[threading.Event()])
    waiting.start()
    assert _published(other) == [b"theirs"]
    other.service._relay._tidy()
    waiting.join(20)
    assert (waiting.is_alive(), ours.service._relay.pending) == (False, 0)
    ours.close()
    other.close()


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.mark.parametrize("how_many", [0, 1, 11, 12, 300])
def test_ids_made_together_are_those_made_one_by_one(how_many: int) -> None:
    causes = [(f"receipt-{n}", "Ærø") for n in range(how_many)]
    one_by_one = [deterministic_id("assessed", *c).encode() for c in causes]
    assert deterministic_ids("assessed", causes) == one_by_one
    assert ids_together("assessed", ["/".join(c) for c in causes]) == b"".join(one_by_one)


def test_events_announced_together_are_those_announced_one_by_one(tmp_path: Path) -> None:
    bench, keys, values = _bench(tmp_path), ["a", "Ø"], [b"", b"\x0a\x01x"]
    ids, raw_keys = [id * ID_BYTES for id in (b"1", b"2")], [key.encode() for key in keys]

    def together(tx: Transaction) -> None:
        tx.announce_all(pb.AccessGranted, keys, values, ids)
        tx.announce_all(pb.AccessGranted, [], [], [])

    def as_a_run(tx: Transaction, within: bytes = b"") -> None:
        tx.announce_run(pb.AccessGranted, raw_keys, b"".join(values), [0, 3], b"".join(ids), within)
        tx.announce_run(pb.AccessGranted, [], b"", [], b"")

    def one_by_one(tx: Transaction, within: str = "") -> None:
        for key, value, id in zip(keys, values, ids, strict=True):
            tx.announce_raw(pb.AccessGranted, value, key=key, id=id.decode(), subject=f"{within}{key}")

    for work in (together, as_a_run, one_by_one):
        bench.service.transact(work, cause="test")
    bench.service.transact(lambda tx: as_a_run(tx, "Ærø/".encode()), cause="test")
    bench.service.transact(lambda tx: one_by_one(tx, "Ærø/"), cause="test")
    announced = [(a.topic, a.key, a.id, a.value, a.headers | {"ce_time": b""}) for a in bench.outbox()]
    bench.close()
    assert len(announced) == 10
    assert announced[:2] == announced[2:4] == announced[4:6]
    assert announced[6:8] == announced[8:] != announced[:2]
