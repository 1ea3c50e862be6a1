"""What is lent does not change as long as it is held, and what is written is what a copy for each loan would have."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark.matrices import Lent, Loan, Matrices
from services.benchmark.state import FILLS

FIGURES = 2


def _same(one: Matrices, other: Matrices) -> bool:
    return all(np.array_equal(a, b) and a.flags.c_contiguous for a, b in zip(one, other, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_whoever_holds_a_loan_sees_what_was_lent(seed: int) -> None:
    """Written, lent, held and given back in any order, while units come."""
    rng, lent, units = random.Random(seed), Lent(FIGURES, FILLS), 0
    held: list[tuple[Loan, Matrices, Matrices]] = []
    naive = [np.full((FIGURES, 200) if n < 3 else 200, fill) for n, fill in enumerate(FILLS)]
    for _ in range(40):
        units = min(200, units + rng.choice((0, 0, 0, 1, 7)))
        if units and rng.random() < 0.6:
            columns = np.array(rng.sample(range(units), rng.randint(1, min(units, 4))), dtype=np.int64)
            mine = lent.written(columns, units)
            for array, known in zip(mine, naive, strict=True):
                known[..., columns] = rng.randrange(2)
                array[..., columns] = known[..., columns]
        if rng.random() < 0.5:
            matrices, loan = lent.lend(units)
            copied = Matrices(*(k[..., :units].astype(m.dtype) for k, m in zip(naive, matrices, strict=True)))
            assert _same(matrices, copied)
            held.append((loan, matrices, copied))
            del matrices, loan
        while held and rng.random() < 0.4:
            held.pop(rng.randrange(len(held)))
        assert all(_same(matrices, copied) for _, matrices, copied in held)


def test_two_vintages_share_two_sets_of_matrices() -> None:
    """What was lent before is written again once nobody holds it."""
    lent, column = Lent(FIGURES, FILLS), np.array([0])
    seen = set()
    for value in range(6):
        lent.written(column, 3).numerators[:, 0] = value
        matrices, loan = lent.lend(3)
        seen.add(id(matrices.numerators))
        assert matrices.numerators[:, 0].tolist() == [value] * FIGURES
        assert loan
    assert len(seen) == 2
