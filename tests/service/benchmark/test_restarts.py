"""A restart at any point, with whatever snapshot, leaves no trace in what is announced."""

import random
from pathlib import Path
from typing import Any

import pytest
from noegletal.v1 import submission_pb2 as pb

from services.benchmark.app import Settings, create_app
from services.benchmark.book import Book
from services.catalogue import definitions
from tests.builders import observations
from tests.service.benchmark.kept import tick_of
from tests.service.delivery import Bench

NEVER = 1e12  # seconds: only a batch that is caught up publishes
LADDERS = [("all", f"org_type={t}", f"region={r}") for t in ("LARP", "PRP") for r in ("London", "North East")] + [
    ("all",)
]


def _bench(folder: Path) -> Bench:
    folder.mkdir(exist_ok=True)
    database = f"sqlite:///{folder}/b.db"
    return Bench(
        create_app(Settings(kafka="unused", database=database, snapshot_every=30, publish_at_most_every_seconds=NEVER))
    )


def _deliveries(seed: int, length: int = 40) -> list[tuple[str, Any, bool]]:
    """Topic, message and whether nothing waits behind it."""
    rng = random.Random(seed)
    made: list[tuple[str, Any, bool]] = []
    for step in range(length):
        units = [f"u{n:02}" for n in rng.sample(range(30), rng.choice((1, 2, 12)))]
        if rng.random() < 0.2:
            attributes = {"org_type": rng.choice(("LARP", "PRP")), "region": "London"}
            profile = pb.Profile(
                unit_id=units[0], organisation_id=units[0], version=step + 1, scheme="uk-tsm", attributes=attributes
            )
            made.append(("unit-registered", pb.UnitRegistered(profile=profile), rng.random() < 0.6))
            continue
        withdrawn = [u for u in units if rng.random() < 0.15]
        figures = {u: [9] * 8 if u in withdrawn else [(rng.randrange(60), 60) for _ in range(8)] for u in units}
        message = observations(
            figures,  # type: ignore[arg-type]
            revision=step + 1,
            withdrawn=withdrawn,
            groups={u: rng.choice(LADDERS) for u in units},
            holders={u: rng.choice((u, "merged")) for u in units},
        )
        made.append(("observations-accepted", message, rng.random() < 0.6))
    return [*made, ("observations-accepted", observations({"end": [(1, 2)] * 8}), True)]


def _told(bench: Bench) -> list[tuple[str, str, bytes | None]]:
    return [(a.topic, a.id, a.value) for a in bench.outbox()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_restarts_leave_no_trace(tmp_path: Path, seed: int) -> None:
    calm, restless = _bench(tmp_path / "calm"), _bench(tmp_path / "restless")
    rng = random.Random(seed)
    for topic, message, caught_up in _deliveries(seed):
        if rng.random() < 0.4:
            offsets = restless._offsets
            restless.close()
            restless = _bench(tmp_path / "restless")
            restless._offsets = offsets
        for bench in (calm, restless):
            bench.deliver(topic, [message], caught_up=caught_up)
    assert _told(restless) == _told(calm)
    calm.close()
    restless.close()


def test_a_catalogue_that_has_grown_since_the_snapshot_keeps_each_figure_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = _bench(tmp_path)
    known = definitions.of("uk-tsm", "2024")
    dumped = known.model_dump() | {"digest": "fewer"}
    del dumped["key_figure"][known.key_figures[0]]
    fewer = type(known)(**dumped)
    monkeypatch.setattr(definitions, "of", lambda *_: fewer)
    for revision in (1, 2, 3):
        sent = {f"u{n:02}": [(n, 40 + row) for row in range(7)] for n in range(12)}
        message = observations(sent, revision=revision, figures=fewer.key_figures)
        bench.deliver("observations-accepted", [message])
    monkeypatch.setattr(definitions, "of", lambda *_: known)
    book = Book(None, 30)

    def look(connection: object) -> tuple[tuple[str, ...], list[int]]:
        book.load(connection)
        view = book.periods["uk-tsm", "2024"].view()
        return view.figures, view.denominators[:, view.index["u05"]].tolist()

    assert bench.service.database.read(look) == (known.key_figures, [0, *range(40, 47)])
    bench.close()


def test_what_waits_after_a_start_is_taken_in_before_it_is_published(tmp_path: Path) -> None:
    bench = Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db")))
    bench.service.transact(tick_of(bench.service).publish, cause="tick")  # a start's own, of nothing

    bench.deliver("observations-accepted", [_batch("u")], caught_up=False)
    assert not bench.outbox("benchmark-updated")
    bench.deliver("observations-accepted", [_batch("v")])

    assert {one.message.vintage for one in bench.outbox("benchmark-updated")} == {24}  # type: ignore[union-attr]
    bench.close()


def _batch(name: str) -> Any:
    return observations({f"{name}{n}": [(n + 1, 60)] * 8 for n in range(12)})
