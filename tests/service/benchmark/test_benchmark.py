"""benchmark on its own database: examples twice, reads as of any vintage, crashes between commit and publication."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import submission_pb2 as submission

from services.benchmark import cells, store, update_wire, wire
from services.benchmark.app import Settings, create_app
from services.benchmark.cell_columns import GroupCells, Suppression
from services.benchmark.publication import Updated
from tests import moved
from tests.builders import FIGURES, observations
from tests.service.delivery import Announced, Bench, examples


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = _bench(tmp_path)
    yield made
    made.close()


def _bench(tmp_path: Path, **settings: int) -> Bench:
    return Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db", **settings)))  # type: ignore[arg-type]


def _twelve(shift: int = 0, revision: int = 1, names: range = range(12)) -> object:
    return observations({f"u{i:02}": [(70 + i + shift, 100)] * 8 for i in names}, revision=revision)


def _updates(announced: list[Announced]) -> dict[tuple[str, int], bytes]:
    return {
        (a.message.peer_group, a.message.vintage): a.value
        for a in announced
        if isinstance(a.message, pb.BenchmarkUpdated)
    }  # type: ignore[misc]


@pytest.mark.parametrize("name", sorted(examples("observations-accepted")))
def test_every_example_delivered_twice_counts_once(bench: Bench, name: str) -> None:
    message = examples("observations-accepted")[name]
    first = bench.deliver("observations-accepted", [message])
    once = bench.outbox()
    bench.deliver("observations-accepted", [message])

    again = bench.outbox()[len(once) :]
    if name == "matrix-too-short":
        assert list(first.reasons.values()) == ["inconsistent"]
        assert [a.headers["dlq_reason"] for a in again] == [b"inconsistent"]
    else:
        assert first.reasons == {}
        assert again == []


@pytest.mark.parametrize("name", sorted(examples("unit-registered")))
def test_every_registration_twice_is_expected_once(bench: Bench, name: str) -> None:
    message = examples("unit-registered")[name]
    bench.deliver("observations-accepted", [observations({"other": [(1, 2)] * 8})])
    for _ in range(2):
        bench.deliver("unit-registered", [message])

    newest = [a.message for a in bench.outbox("benchmark-updated") if a.message.peer_group == "all"][-1]  # type: ignore[union-attr]
    assert (newest.reported, newest.expected, newest.vintage) == (1, 2, 2)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", sorted(examples("access-granted")))
def test_every_key_example_is_learnt(bench: Bench, name: str) -> None:
    example = examples("access-granted")[name]
    for _ in range(2):
        bench.deliver("access-granted", [example])
    assert bench.service.keys.granted(example.key_id) == example  # type: ignore[attr-defined]


def test_a_read_as_of_a_vintage_gives_the_bytes_published_then(tmp_path: Path) -> None:
    bench = _bench(tmp_path, snapshot_every=5)
    for step in range(6):
        bench.deliver("observations-accepted", [_twelve(step, step + 1, range(step, 12))])
    bench.deliver("observations-accepted", [observations({"u03": [9] * 8}, revision=50, withdrawn=["u03"])])
    published = _updates(bench.outbox())
    assert len(published) == 7 * 5
    bench.close()

    again = _bench(tmp_path, snapshot_every=5)
    from services.benchmark.book import Book

    book = Book(None, 5)
    database = again.service.database
    for (group, vintage), raw in published.items():

        def look(connection: object, group: str = group, vintage: int = vintage) -> bytes:
            book.load(connection)
            period = book.periods["uk-tsm", "2024"]
            view = book.view_at(connection, period, vintage)
            changed = tuple(pb.BenchmarkUpdated.FromString(published[group, vintage]).changed)
            update = Updated(cells.of_group(view, group, period.readings), changed)
            return update_wire.updates("uk-tsm", "2024", view, [update])[0].content

        assert database.read(look) == raw
    again.close()


def test_what_was_committed_and_not_published_is_published_after_a_restart_with_the_same_ids(tmp_path: Path) -> None:
    (tmp_path / "crash").mkdir()
    (tmp_path / "calm").mkdir()
    seldom = {"publish_at_most_every_seconds": 10_000}  # a publication is taken to last 5 ms at least
    crashed, calm = _bench(tmp_path / "crash", **seldom), _bench(tmp_path / "calm", **seldom)
    for bench in (crashed, calm):
        bench.deliver("observations-accepted", [_twelve()])
        # Not caught up: committed to the ledger, left for a later tick.
        bench.deliver("observations-accepted", [_twelve(3, 2, range(4))], caught_up=False)
    before = len(crashed.outbox())
    crashed.close()
    restarted = _bench(tmp_path / "crash")
    assert len(restarted.outbox()) == before

    for bench in (restarted, calm):
        bench.deliver("observations-accepted", [_twelve(0, 3, range(0, 1))])

    def told(bench: Bench) -> list[tuple[str, str, bytes | None]]:
        return [(a.topic, a.id, a.value) for a in bench.outbox()]

    assert told(restarted) == told(calm)


def test_a_failed_transaction_leaves_memory_as_the_database_is(bench: Bench) -> None:
    bench.deliver("observations-accepted", [_twelve()])
    _, handler = bench.service.handlers["observations-accepted"]
    from services.chassis.event import Event

    def fail(tx: object) -> None:
        raw = _twelve(9, 2).SerializeToString()  # type: ignore[attr-defined]
        event = Event(*wire.at_once([raw]), raw, "x", None, "observations-accepted", 0, 9, "k")
        handler([event], tx)  # type: ignore[arg-type]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        bench.service.transact(fail, cause="batch")
    bench.deliver("observations-accepted", [_twelve(1, 2, range(1))])

    newest = [a.message for a in bench.outbox("benchmark-updated") if a.message.peer_group == "all"][-1]  # type: ignore[union-attr]
    assert newest.vintage == 13  # type: ignore[union-attr]
    assert newest.numerator_sums[0] == str(sum(70 + i for i in range(12)) + 1)  # type: ignore[union-attr]


def test_a_correction_is_explained_to_its_unit_and_to_those_whose_quarter_changed(bench: Bench) -> None:
    bench.deliver("observations-accepted", [_twelve()])
    told = len(bench.outbox("standing-changed"))
    bench.deliver("observations-accepted", [observations({"u00": [(99, 100)] * 8}, revision=2)])

    changes = [a.message for a in bench.outbox("standing-changed")[told:]]
    own = [c for c in changes if c.own_submission]  # type: ignore[union-attr]
    assert [c.unit_id for c in own] == ["u00"]  # type: ignore[union-attr]
    assert [e.key_figure for e in moved.explanations(own[0])] == list(FIGURES)  # type: ignore[union-attr]
    first = moved.explanations(own[0])[0]
    assert (first.before.position, first.after.position) == (12, 1)
    assert sum(p.position for p in first.parts) == -11
    others = {c.unit_id for c in changes if not c.own_submission}  # type: ignore[union-attr]
    assert others
    assert all(
        e.before.quartile != e.after.quartile for c in changes if not c.own_submission for e in moved.explanations(c)
    )  # type: ignore[union-attr]


def test_a_figure_that_is_not_public_is_withheld(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.deliver("observations-accepted", [_twelve()])
    from services.benchmark.book import Book
    from services.benchmark.period import Period
    from services.benchmark.standing import Reading

    hidden = (Reading(False, "higher"),) * 8
    monkeypatch.setattr(Period, "readings", property(lambda self: hidden))
    book = Book(None, 5000)

    def look(connection: object) -> GroupCells:
        book.load(connection)
        period = book.periods["uk-tsm", "2024"]
        return cells.of_group(period.view(), "all", period.readings)

    shown = bench.service.database.read(look)
    assert {c.suppression for c in shown.cells} == {Suppression.NOT_RELEASED}
    assert all(c.numerator_sum is None and c.pooled is None and not c.quantiles for c in shown.cells)


def test_publications_are_noted_with_their_time(bench: Bench) -> None:
    bench.deliver("observations-accepted", [_twelve()])
    at = bench.service.clock()
    bench.deliver("observations-accepted", [_twelve(1, 2, range(3))])

    database = bench.service.database
    assert database.read(lambda c: store.published(c, "uk-tsm", "2024", at)) == 12
    assert database.read(lambda c: store.published(c, "uk-tsm", "2024")) == 15


def test_registrations_before_and_after_a_period_begins_count_alike(tmp_path: Path) -> None:
    profile = submission.Profile(unit_id="late", organisation_id="late", version=1, scheme="uk-tsm")
    registration = submission.UnitRegistered(profile=profile)
    ends = []
    for name, order in (("before", (0, 1)), ("after", (1, 0))):
        (tmp_path / name).mkdir()
        bench = _bench(tmp_path / name)
        steps = [("unit-registered", registration), ("observations-accepted", _twelve())]
        for n in order:
            bench.deliver(steps[n][0], [steps[n][1]])  # type: ignore[list-item]
        newest = [a.message for a in bench.outbox("benchmark-updated") if a.message.peer_group == "all"][-1]  # type: ignore[union-attr]
        ends.append((newest.reported, newest.expected, newest.vintage, tuple(newest.numerator_sums)))  # type: ignore[union-attr]
        bench.close()
    assert ends[0] == ends[1]
    assert ends[0][:3] == (12, 13, 13)
