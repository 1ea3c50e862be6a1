"""Groups sorted together, against fractions."""

import random
from fractions import Fraction
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import cores, ordering
from services.benchmark.batch import Batch
from services.benchmark.state import PeriodState
from tests.unit.benchmark.histories import FIGURES

NEAR = 2**52  # ratios beside one another differ in bits that a sort by doubles does not have


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from((1, 2, 5)))
def test_groups_are_sorted_together_as_each_is_by_fractions(seed: int, many_cores: int) -> None:
    """Overlapping groups, below nothing, level, and closer than doubles tell apart; what is counted of them."""
    rng = random.Random(seed)
    many, names = rng.choice((0, 1, 2, 63, 64, 65, 130, 700)), ["all", "a", "b", "c"]
    pairs = [(n, d) for n in (-3, 0, 1, NEAR - 1, NEAR - 2) for d in (1, 2, NEAR - 1, NEAR - 2, NEAR - 3)]
    state = PeriodState(FIGURES)
    if many:
        state.apply(
            Batch(
                method_version="test",
                key_figures=FIGURES,
                unit_ids=[f"unit-{n}" for n in range(many)],
                organisations=[""] * many,
                holders=[rng.choice("xyz") for _ in range(many)],
                groups=[("all", *rng.sample(names[1:], rng.randrange(4))) for _ in range(many)],
                revisions=[1] * many,
                withdrawn=[rng.random() < 0.1 for _ in range(many)],
                numerators=np.array([[rng.choice(pairs)[0] for _ in range(many)] for _ in FIGURES], dtype=np.int64),
                denominators=np.array([[rng.choice(pairs)[1] for _ in range(many)] for _ in FIGURES], dtype=np.int64),
                absences=np.array(
                    [[rng.choice((0, 0, 0, 1, 9)) for _ in range(many)] for _ in FIGURES], dtype=np.uint8
                ),
            )
        )
    view = state.freeze()
    with patch.object(cores, "CORES", many_cores), patch.object(ordering, "MUCH", 1):
        everything = ordering.of(view, names)
    for group, found in zip(names, everything, strict=True):
        columns = view.members(group).tolist()
        assert found.many == len(columns)
        for row in range(len(FIGURES)):
            there = [c for c in columns if view.absences[row, c] == 0]
            ratio = {c: Fraction(int(view.numerators[row, c]), int(view.denominators[row, c])) for c in there}
            assert found.order[row, : found.units[row]].tolist() == sorted(there, key=lambda c: (ratio[c], c))
            assert found.kinds[row].tolist() == [sum(view.absences[row, c] == k for c in columns) for k in range(10)]
            assert found.holders[row] == len({view.holders[c] for c in there})
            assert found.total(row) == (
                sum(int(view.numerators[row, c]) for c in there),
                sum(int(view.denominators[row, c]) for c in there),
            )
