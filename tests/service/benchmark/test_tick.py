"""When a batch is published with it: at once where it is of few records and nothing waits, else not before its time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from noegletal.v1.observations_pb2 import ObservationsAccepted

from services.benchmark import store, tick
from services.benchmark.app import Settings, create_app
from services.benchmark.book import Book
from services.benchmark.watchers import Watchers
from services.catalogue import codes
from services.chassis.service import Service
from tests.builders import observations
from tests.service.delivery import Bench, at_work

SELDOM = 10_000  # times as long as a publication took, which is 5 ms at least


def _batch(count: int, revision: int) -> ObservationsAccepted:
    return observations({f"u{i:03}": [(70 + i + revision, 100)] * 8 for i in range(count)}, revision=revision)


@pytest.mark.parametrize(
    ("every", "count", "caught_up", "is_published"),
    [
        (SELDOM, tick.FEW - 1, True, True),
        (SELDOM, tick.FEW, True, False),
        (SELDOM, 1, False, False),
        (0, tick.FEW, True, True),
        (0, 1, False, True),
    ],
)
def test_whether_a_batch_is_published_with_it(
    tmp_path: Path, every: int, count: int, caught_up: bool, is_published: bool
) -> None:
    settings = Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db", publish_at_most_every_seconds=every)
    bench = Bench(create_app(settings))
    bench.deliver("observations-accepted", [_batch(12, 1)])  # the first of all
    published = len(bench.outbox("benchmark-updated"))
    bench.deliver("observations-accepted", [_batch(count, 2)], caught_up=caught_up)

    assert published
    assert (len(bench.outbox("benchmark-updated")) > published) is is_published
    bench.close()


def test_few_that_come_behind_many_wait_with_them(tmp_path: Path) -> None:
    settings = Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db", publish_at_most_every_seconds=SELDOM)
    bench = Bench(create_app(settings))
    for count, revision in ((12, 1), (tick.FEW, 2), (1, 3)):
        bench.deliver("observations-accepted", [_batch(count, revision)])
    vintages = {one.message.vintage for one in bench.outbox("benchmark-updated") if one.message is not None}

    assert vintages == {12}
    bench.close()


def test_while_many_follow_half_a_second_is_between_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    monkeypatch.setattr(Service, "clock", staticmethod(lambda: now))
    bench = Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db")))
    published = list[bool]()
    for revision, (seconds, follow) in enumerate(
        ((0.0, False), (0.4, True), (0.5, True), (0.8, True), (0.9, False), (2.0, True)), start=1
    ):
        now = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        before, batch = len(bench.outbox("benchmark-updated")), _batch(tick.FEW, revision)
        batch.more_follow = follow
        bench.deliver("observations-accepted", [batch])
        published.append(len(bench.outbox("benchmark-updated")) > before)

    assert published == [True, False, True, False, True, True]
    bench.close()


@pytest.mark.parametrize(
    ("caught_up", "is_published"), [(True, [True, False, True, False]), (False, [True, False, False, True])]
)
def test_the_last_of_many_is_published_with_its_batch(
    tmp_path: Path, caught_up: bool, is_published: list[bool]
) -> None:
    """Or with the first behind it that had not to wait; what comes then waits as ever."""
    settings = Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db", publish_at_most_every_seconds=SELDOM)
    bench, published = Bench(create_app(settings)), list[bool]()
    for revision, (follow, nothing_waits) in enumerate(
        ((False, True), (True, True), (False, caught_up), (False, True)), start=1
    ):
        before, batch = len(bench.outbox("benchmark-updated")), _batch(tick.FEW, revision)
        batch.more_follow = follow
        bench.deliver("observations-accepted", [batch], caught_up=nothing_waits)
        published.append(len(bench.outbox("benchmark-updated")) > before)

    assert published == is_published
    bench.close()


async def test_what_waits_while_many_follow_is_published_soon_once_none_do(tmp_path: Path) -> None:
    every = 100  # then half a second is fifty, and what a publication takes some seconds
    settings = Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db", publish_at_most_every_seconds=every)
    bench = Bench(create_app(settings))
    database, one = bench.service.database, at_work(bench.service)[tick.Tick]
    running = asyncio.create_task(one.run())

    async def deliver(revision: int, *, follow: bool, caught_up: bool = True) -> int:
        batch = _batch(tick.FEW, revision)
        batch.more_follow = follow
        await database.in_thread(lambda: bench.deliver("observations-accepted", [batch], caught_up=caught_up))
        return len(bench.outbox("benchmark-updated"))

    first = await deliver(1, follow=False)
    assert await deliver(2, follow=True) == first
    async with asyncio.timeout(every * tick.FLOW_SECONDS * 0.8):
        while not one._left._waiters:  # it waits for the half second to pass
            await asyncio.sleep(0.01)
        await deliver(3, follow=False, caught_up=False)
        while len(bench.outbox("benchmark-updated")) == first:
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.wait([running], timeout=10)
    bench.close()


async def test_it_stops_though_something_comes_to_be_published_in_that_moment(tmp_path: Path) -> None:
    settings = Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db")
    service = Service("benchmark", settings, tables=store.metadata, words=codes.words)
    service.prepare()
    one = tick.Tick(service, Book(None, 10_000), Watchers(), 0)
    running = asyncio.create_task(one.run())
    async with asyncio.timeout(10):
        while not one._left._waiters:  # what is there after a start has been looked for, and it waits for more
            await asyncio.sleep(0.01)
    one._wake()
    await asyncio.sleep(0)  # told, and not gone on yet
    await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=10)

    assert done == {running}
    assert running.cancelled()
    service.database.close()
