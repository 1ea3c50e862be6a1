"""When a batch is published with it: at once where it is of few records and nothing waits, else not before its time."""

from pathlib import Path

import pytest

from services.benchmark import tick
from services.benchmark.app import Settings, create_app
from tests.builders import observations
from tests.service.delivery import Bench

SELDOM = 10_000  # times as long as a publication took, which is 5 ms at least


def _batch(count: int, revision: int) -> object:
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
