"""Restarts leave no trace when methods change."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.benchmark.app import Settings, create_app
from tests.builders import observations
from tests.service.benchmark.test_restarts import LADDERS, NEVER
from tests.service.delivery import Bench

METHODS = ("m/2024#b+rules-1", "m/2024#a+rules-2", "m/2024.2#c+rules-2")
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


def _deliveries(seed: int) -> list[Any]:
    """Messages in order: each method begins by assessing again what was there, one message at a time."""
    rng = random.Random(seed)
    made: list[Any] = []
    for previous, method in zip(("", *METHODS), METHODS, strict=False):
        for earlier in list(made):
            if earlier.method_version == previous:
                made.append(_by(_drawn(rng, list(earlier.unit_ids), earlier.revisions[0]), method))
        for _ in range(5):
            units = [f"u{n:02}" for n in rng.sample(range(20), rng.choice((1, 4, 12)))]
            made.append(_by(_drawn(rng, units, len(made) + 1), method))
    return made


def _drawn(rng: random.Random, units: list[str], revision: int) -> Any:
    withdrawn = [u for u in units if rng.random() < 0.1]
    figures = {u: [9] * 8 if u in withdrawn else [(rng.randrange(60), 60) for _ in range(8)] for u in units}
    groups = {u: rng.choice(LADDERS) for u in units}
    return observations(figures, revision=revision, withdrawn=withdrawn, groups=groups)  # type: ignore[arg-type]


def _by(message: Any, method: str) -> Any:
    message.method_version = method
    return message


class Clock:
    """A second passes with every look."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def _bench(folder: Path, clock: Clock) -> Bench:
    folder.mkdir(exist_ok=True)
    settings = Settings(
        kafka="unused",
        database=f"sqlite:///{folder}/b.db",
        snapshot_every=25,
        publish_at_most_every_seconds=NEVER,
    )
    service = create_app(settings)
    service.clock = clock
    return Bench(service)


@pytest.mark.parametrize("seed", [3, 4])
def test_restarts_leave_no_trace_when_methods_change(tmp_path: Path, seed: int) -> None:
    calm, restless = (_bench(tmp_path / name, Clock()) for name in ("calm", "restless"))
    rng = random.Random(seed)
    for message in _deliveries(seed):
        if rng.random() < 0.4:
            offsets = restless._offsets
            restless.close()
            restless = _bench(tmp_path / "restless", Clock())
            restless._offsets = offsets
        caught_up = rng.random() < 0.6
        for bench in (calm, restless):
            bench.deliver("observations-accepted", [message], caught_up=caught_up)
    told = [[(a.topic, a.id, a.value) for a in bench.outbox()] for bench in (calm, restless)]
    assert told[0] == told[1]
    calm.close()
    restless.close()
