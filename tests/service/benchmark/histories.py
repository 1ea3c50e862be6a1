"""Random histories as a benchmark service meets them: submissions, corrections, withdrawals, profile changes, changes of method and
releases, batched and published anyhow.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from noegletal.v1 import release_pb2 as releases
from noegletal.v1 import submission_pb2 as submission

from services.benchmark import release_wire, releasing
from services.benchmark.app import Settings, create_app
from services.benchmark.release_rpc import ReleaseService
from tests.builders import observations
from tests.service.benchmark.kept import book_of, tick_of
from tests.service.benchmark.test_restarts import NEVER
from tests.service.delivery import Announced, Bench
from tests.unit.benchmark import method_histories
from tests.unit.benchmark.histories import FIGURES, Record

CATALOGUE = Path(__file__).resolve().parents[2] / "data" / "histories.toml"
SCHEME, PERIOD = "historier", "2024"
METHODS = tuple(f"{method}+statistics-1" for method in method_histories.METHODS)
PUBLIC, PROTECTED = FIGURES[:2], FIGURES[2]
Step = list[Record] | str  # records of one kind, or that a release is made


def steps(seed: int, *, units: int = 22, length: int = 40) -> list[Step]:
    """A history in batches, with three releases in its second half."""
    rng = random.Random(seed)
    made: list[Step] = []
    batch: list[Record] = []
    for record in map(_as_delivered, method_histories.history(seed, units=units, length=length)):
        if batch and (_kind(record) != _kind(batch[0]) or record[1] in {r[1] for r in batch} or rng.random() < 0.3):
            made.append(batch)
            batch = []
        batch.append(record)
    made.append(batch)
    for _ in range(3):
        made.insert(rng.randrange(len(made) // 2, len(made) + 1), "release")
    return made


def _as_delivered(record: Record) -> Record:
    """The method as benchmark names it; the protected figure by small denominators, so that no holder dominates it."""
    kind, unit, number, content = record
    if kind == "registration":
        return record
    figures, pair = dict(content["figures"]), content["figures"][PROTECTED]
    if isinstance(pair, tuple):
        figures[PROTECTED] = (pair[0] % 50, 20 + pair[1] % 10)
    holder = content["holder"] if int(unit[1:]) % 5 == 0 else f"h{int(unit[1:]) % 17}"
    method = f"{content['method']}+statistics-1"
    return kind, unit, number, content | {"figures": figures, "holder": holder, "method": method}


def _kind(record: Record) -> str:
    return "" if record[0] == "registration" else record[3]["method"]


class Clock:
    """A second passes with every look."""

    def __init__(self) -> None:
        self.now = datetime(2025, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class History:
    """A benchmark service that a history happens to, and what of it has happened and been published."""

    bench: Bench
    records: list[Record] = field(default_factory=list)
    published: list[Record] = field(default_factory=list)
    told: int = 0

    @classmethod
    def begin(cls, folder: Path) -> "History":
        database = f"sqlite:///{folder}/b.db"
        service = create_app(
            Settings(
                kafka="unused",
                database=database,
                catalogue=str(CATALOGUE),
                snapshot_every=20,
                publish_at_most_every_seconds=NEVER,
            )
        )
        service.clock = Clock()  # type: ignore[method-assign]
        return cls(Bench(service))

    def take(self, step: Step, *, caught_up: bool) -> Iterator[list[Announced]]:
        """Let a step happen; gives what is announced of it, publication by publication."""
        if isinstance(step, str):
            self._release()
        elif step[0][0] == "registration":
            self.records += step
            self.bench.deliver("unit-registered", [_registered(record) for record in step], caught_up=caught_up)
        else:
            self.records += step
            self.bench.deliver("observations-accepted", [_observed(step)], caught_up=caught_up)
        everything = self.bench.outbox()
        fresh, self.told = everything[self.told :], len(everything)
        vintages = sorted({vintage_of(one) for one in fresh if one.topic != "release-decided"})
        for vintage in vintages:
            yield [one for one in fresh if one.topic != "release-decided" and vintage_of(one) == vintage]
            self.published = self.records[:]

    def _release(self) -> None:
        """What ReleaseService does for an operator, without the call."""
        service = self.bench.service
        book, tick = book_of(service), tick_of(service)
        service.database.read(book.load)
        if (SCHEME, PERIOD) not in book.periods:
            return
        period = book.periods[SCHEME, PERIOD]
        plan = service.database.read(lambda c: releasing.draft(c, book, period, None, date(2025, 6, 1))).plan()
        decided = release_wire.decided(SCHEME, PERIOD, plan.release)
        servicer = ReleaseService(service, book, tick)
        service.transact(lambda tx: servicer._make(tx, decided, plan, decided), cause="release")

    def released(self, vintage: int) -> list[releases.ReleaseDecided]:
        """The releases that a vintage counts."""
        made = [one.message for one in self.bench.outbox("release-decided")]
        return [one for one in made if one.vintage <= vintage]  # type: ignore[union-attr, misc]


def vintage_of(one: Announced) -> int:
    message: Any = one.message
    return int(message.vintage if one.topic == "benchmark-updated" else message.vintage_after)


def _registered(record: Record) -> submission.UnitRegistered:
    attributes = dict(group.split("=") for group in record[3] if group != "all")
    profile = submission.Profile(unit_id=record[1], organisation_id=record[1], version=record[2], scheme=SCHEME)
    profile.attributes.update(attributes)
    return submission.UnitRegistered(profile=profile)


def _observed(records: Sequence[Record]) -> Any:
    contents = {r[1]: r[3] for r in records}
    message = observations(
        {u: [c["figures"][f] for f in FIGURES] for u, c in contents.items()},
        groups={u: c["groups"] for u, c in contents.items()},
        holders={u: c["holder"] for u, c in contents.items()},
        withdrawn=[u for u, c in contents.items() if c["withdrawn"]],
        figures=FIGURES,
    )
    message.scheme, message.period = SCHEME, PERIOD
    message.method_version = _kind(records[0]).removesuffix("+statistics-1")
    message.revisions[:] = [r[2] for r in records]
    return message
