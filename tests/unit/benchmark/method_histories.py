"""Random histories in which the method changes: earlier submissions assessed again, new ones by either method."""

import random
from collections.abc import Sequence
from dataclasses import replace

from services.benchmark.batch import Batch, Registration
from services.benchmark.series import PeriodSeries
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import FIGURES, GROUPS, Record

OLD, NEW, NEWEST = "m/2024#fff+rules-2", "m/2024#aaa+rules-10", "m/2024.2#000+rules-10"
METHODS = (OLD, NEW, NEWEST)  # oldest first; neither their texts nor their digests are in that order


def history(seed: int, *, units: int = 30, length: int = 70, methods: Sequence[str] = METHODS) -> list[Record]:
    """A history in the order it happened. A method comes in, most or all that was there is assessed again, and so on."""
    rng = random.Random(seed)
    records: list[Record] = []
    plain = histories.history(seed, units=units, length=length)
    cuts = sorted(rng.sample(range(10, length), len(methods) - 1)) if len(methods) > 1 else []
    method, following = methods[0], list(methods[1:])
    for n, record in enumerate(plain):
        if cuts and n == cuts[0]:
            cuts, method = cuts[1:], following.pop(0)
            earlier = {(r[1], r[2]): r for r in records if r[0] == "observation"}
            share = rng.choice((1.0, 1.0, 0.7))
            records += [_again(r, method, rng) for r in earlier.values() if rng.random() < share]
        late = rng.random() < 0.05
        records.append(by(record, methods[0] if late else method))
    return records


def by(record: Record, method: str) -> Record:
    """A record, assessed by a method; a registration as it is."""
    kind, unit, number, content = record
    return record if kind == "registration" else (kind, unit, number, content | {"method": method})


def _again(record: Record, method: str, rng: random.Random) -> Record:
    """The same submission by another method: some figures otherwise, absent now or there now; sometimes other groups."""
    kind, unit, number, content = record
    figures = dict(content["figures"])
    if not content["withdrawn"]:
        for name in FIGURES:
            chance = rng.random()
            if chance < 0.1:
                figures[name] = rng.choice((4, 7))
            elif chance < 0.4:
                figures[name] = (rng.randrange(0, 50), rng.randrange(1, 50))
    groups = rng.choice(GROUPS) if rng.random() < 0.1 else content["groups"]
    return kind, unit, number, content | {"figures": figures, "groups": groups, "method": method}


def apply(series: PeriodSeries, records: Sequence[Record]) -> None:
    """Let series take records in, each as a batch of its own."""
    for record in records:
        if record[0] == "registration":
            series.register([Registration(record[1], record[1], record[2], record[3])])
        else:
            series.apply(batch([record]))


def batch(records: Sequence[Record]) -> Batch:
    """Observation records of one method as matrices."""
    return replace(histories.batch(records), method_version=records[0][3]["method"])
