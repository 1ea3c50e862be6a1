"""Random histories: submissions, corrections, withdrawals, profile changes, late and repeated records."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from services.benchmark.batch import Batch, Registration
from services.benchmark.state import PeriodState

FIGURES = ("BS03", "RP01", "NM01_1")  # higher, lower and none reads as better
BETTER = ("higher", "lower", "none")
GROUPS = (("all",), ("all", "type=A"), ("all", "type=B"), ("all", "type=A", "band=1"), ("all", "type=B", "band=1"))
BIG = 2**52
PAIRS = [(0, 7), (1, 2), (2, 4), (3, 6), (1, 3), (5, 7), (7, 7), (BIG, BIG + 1), (BIG + 1, BIG + 2), (BIG + 2, BIG + 3)]
PAIRS += [
    (2 * BIG - 1, 2 * BIG - 2),
    (2 * BIG - 2, 2 * BIG - 3),
    (-3, 7),
    (2 * BIG - 1, 1),
]  # the largest there are; and below nothing

Record = tuple[str, str, int, Any]


def history(seed: int, *, units: int = 34, length: int = 90) -> list[Record]:
    """A history in the order it happened. Small pools of values, so that ties and near ties are common."""
    rng = random.Random(seed)
    revisions: dict[str, int] = {}
    versions: dict[str, int] = {}
    records: list[Record] = []
    for _ in range(length):
        unit = f"u{rng.randrange(units):02}"
        if rng.random() < 0.2:
            versions[unit] = versions.get(unit, 0) + 1
            records.append(("registration", unit, versions[unit], rng.choice(GROUPS)))
            continue
        revisions[unit] = revisions.get(unit, 0) + rng.choice((1, 1, 3))
        pairs = {f: _value(rng) for f in FIGURES}
        withdrawn = rng.random() < 0.08
        content = {
            "holder": f"h{int(unit[1:]) % 17}" if rng.random() < 0.7 else "h-merged",
            "groups": rng.choice(GROUPS),
            "withdrawn": withdrawn,
            "figures": dict.fromkeys(FIGURES, 9) if withdrawn else pairs,
        }
        records.append(("observation", unit, revisions[unit], content))
    return records


def shuffled(records: Sequence[Record], seed: int) -> list[list[Record]]:
    """The same records in another order, some of them more than once, cut into batches."""
    rng = random.Random(seed)
    everything = [*records, *rng.sample(list(records), len(records) // 3)]
    rng.shuffle(everything)
    batches = []
    while everything:
        size = rng.choice((1, 2, 7, 40))
        batches.append(everything[:size])
        everything = everything[size:]
    return batches


def apply(state: PeriodState, records: Sequence[Record]) -> None:
    """Let a state take records in, each kind as a batch in the order it comes."""
    for record in records:
        kind, unit, number, content = record
        if kind == "registration":
            state.register([Registration(unit, unit, number, content)])
        else:
            state.apply(batch([record]))


def batch(records: Sequence[Record]) -> Batch:
    """Observation records as matrices."""
    columns = [[r[3]["figures"][f] for f in FIGURES] for r in records]
    shape = (len(FIGURES), len(records))

    def matrix(part: Any, kind: type) -> Any:
        return np.array([[part(v) for v in column] for column in columns], dtype=kind).T.reshape(shape)

    return Batch(
        method_version="test",
        key_figures=FIGURES,
        unit_ids=[r[1] for r in records],
        organisations=[r[1] for r in records],
        holders=[r[3]["holder"] for r in records],
        groups=[r[3]["groups"] for r in records],
        revisions=[r[2] for r in records],
        withdrawn=[r[3]["withdrawn"] for r in records],
        numerators=matrix(lambda v: v[0] if isinstance(v, tuple) else 0, np.int64),
        denominators=matrix(lambda v: v[1] if isinstance(v, tuple) else 0, np.int64),
        absences=matrix(lambda v: 0 if isinstance(v, tuple) else v, np.uint8),
    )


def _value(rng: random.Random) -> tuple[int, int] | int:
    chance = rng.random()
    if chance < 0.1:
        return rng.choice((1, 2, 4, 5, 8))
    if chance < 0.6:
        return rng.choice(PAIRS)
    return rng.randrange(0, 50), rng.randrange(1, 50)
