"""Standings that moved, worked out for all units at once and packed, against one unit at a time."""

import random
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import cores, moved_wire, moves, walking, wire
from services.benchmark.batch import Batch
from services.benchmark.explanation import Comparison
from services.benchmark.priced import PricedGap, Prices
from services.benchmark.publication import Shown
from services.benchmark.standing import E4, Reading, Standing
from services.benchmark.state import PeriodState
from services.benchmark.statistics import Whole
from services.benchmark.view import View
from services.catalogue.numerals import rounded
from tests import moved
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import BETTER, FIGURES

READINGS = tuple(Reading(True, better) for better in BETTER)  # type: ignore[arg-type]
LADDER = ("all", "type=A", "type=B", "band=1")
SCALES = {0: 2, 2: 0}


@dataclass(frozen=True)
class _Invented(Prices):
    """Dwellings of each column, whatever its figures say: (whole number, scale)."""

    invented: Whole

    def dwellings(self, view: View, columns: Whole) -> Whole:
        return self.invented[:, columns]


def _price(row: int, column: int, after: Standing | None, prices: _Invented) -> PricedGap | None:
    """A priced gap, exactly."""
    if row not in SCALES or after is None or after.median is None or after.gap_e9 is None:
        return None
    (own_n, own_d), (n, d) = after.own, after.median
    money, parts = E4 * (own_n * d - own_d * n), d * 10 ** SCALES[row]
    dwellings, scale = prices.invented[:, column].tolist()
    return PricedGap(rounded(money, parts), rounded(money * 10**scale, parts * 12 * dwellings) if dwellings else None)


def _one_by_one(a: View, b: View, submitted: set[int], prices: _Invented) -> dict[str, list[bytes]]:
    before, after = Shown(a, READINGS, LADDER), Shown(b, READINGS, LADDER)
    found: dict[str, list[bytes]] = {}
    for column, unit_id in enumerate(b.unit_ids):
        there = column < len(a.unit_ids) and bool(a.reported[column])
        for row, figure in enumerate(FIGURES):
            quarters = before.quarters[row, column] if column < len(a.unit_ids) else 0, after.quarters[row, column]
            if column not in submitted and (0 in quarters or quarters[0] == quarters[1]):
                continue
            group = after.group(row, column)
            said = Comparison(a, b, row, before.group(row, column) if there else group, group, READINGS[row])
            one = said.explain(column)
            if one.before is None and one.after is None:
                continue
            packed = wire.explanation(
                one,
                unit_id=unit_id,
                scheme="s",
                period="2024",
                key_figure=figure,
                a=a,
                b=b,
                text={},
                measure=0,
                gap=_price(row, column, one.after, prices),
            )
            found.setdefault(unit_id, []).append(packed.SerializeToString(deterministic=True))
    return found


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from((1, 2, 5)))
def test_what_travels_is_what_each_unit_would_be_told_by_itself(seed: int, many_cores: int) -> None:
    rng = random.Random(seed)
    units, length = rng.choice(((13, 120), (34, 120), (150, 300)))  # the last: few change in groups of many
    records = [r for r in histories.history(seed, units=units, length=length) if _small(r)]
    cut = len(records) - rng.randrange(1, 6) if units == 150 else rng.randrange(rng.choice((1, len(records))))
    state = PeriodState(FIGURES)
    histories.apply(state, records[:cut])
    a = state.freeze()
    state.clear_changes()
    histories.apply(state, records[cut:])
    b, submitted = state.freeze(), state.submitted
    dwellings = [[rng.choice((0, 1, 70, 12_345)) for _ in b.unit_ids], [rng.randrange(3) for _ in b.unit_ids]]
    prices = _Invented(SCALES, (), np.array(dwellings, dtype=np.int64))
    before, after = Shown(a, READINGS, LADDER), Shown(b, READINGS, LADDER)
    with patch.object(cores, "CORES", many_cores), patch.object(walking, "MUCH", 1):
        told = moves.moves(before, after, sorted(submitted), READINGS, prices)
    packed = moved.events(moved_wire.changed(told, "s", "2024", a, b, sorted(submitted), {}))
    said = {b.unit_ids[column]: pb.StandingChanged.FromString(content) for column, content in packed.items()}
    assert all(said[b.unit_ids[column]].SerializeToString() == content for column, content in packed.items())
    unpacked = {u: [e.SerializeToString(deterministic=True) for e in moved.explanations(m)] for u, m in said.items()}
    assert unpacked == _one_by_one(a, b, submitted, prices)
    assert {u for u, m in said.items() if m.own_submission} <= {b.unit_ids[column] for column in submitted}


def _small(record: histories.Record) -> bool:
    """Whether a record's gaps can be priced in 64 bits."""
    pairs = [v for v in record[3]["figures"].values() if isinstance(v, tuple)] if record[0] == "observation" else []
    return all(abs(n) < 2**40 and d < 2**40 for n, d in pairs)


def test_a_sector_of_many_groups_is_told_of_its_own_group() -> None:
    """Three hundred groups that show quartiles, every one of a department corrected: more pairs of groups than 16 bits count."""
    count, size = 300, 11
    units, groups = [f"u{n:04}" for n in range(count * size)], [f"band={g:03}" for g in range(count)]

    def batch(numbers: list[int], revision: int, shift: int) -> Batch:
        shape = (1, len(numbers))
        return Batch(
            method_version="test",
            key_figures=("RP01",),
            unit_ids=[units[n] for n in numbers],
            organisations=[units[n] for n in numbers],
            holders=[units[n] for n in numbers],
            groups=[("all", groups[n // size]) for n in numbers],
            revisions=[revision] * len(numbers),
            withdrawn=[False] * len(numbers),
            numerators=np.array([[100 * (n % size) + shift for n in numbers]], dtype=np.int64),
            denominators=np.full(shape, 7, dtype=np.int64),
            absences=np.zeros(shape, dtype=np.uint8),
        )

    state, readings, ladder = PeriodState(("RP01",)), (Reading(True, "higher"),), ["all", *groups]
    state.apply(batch(list(range(len(units))), 1, 0))
    before = Shown(state.freeze(), readings, ladder)
    state.clear_changes()
    corrected = [g * size for g in range(count)]
    state.apply(batch(corrected, 2, 150))
    after = Shown(state.freeze(), readings, ladder)
    told = moves.moves(before, after, sorted(state.submitted), readings, Prices({}, ()))
    said = moved_wire.changed(told, "s", "2024", before.view, after.view, sorted(state.submitted), {})
    events = [pb.StandingChanged.FromString(content) for content in moved.events(said).values()]
    own = {e.unit_id: moved.explanations(e) for e in events if e.own_submission}
    assert len(own) == count
    for unit, (one,) in own.items():
        assert (one.peer_group, one.peer_group_before) == (f"band={int(unit[1:]) // size:03}", "")
        assert (one.before.position, one.after.position, one.after.units) == (11, 10, 11)
