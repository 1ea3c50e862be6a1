"""The linear audit: the cases it must see, and the naive elimination in fractions on everything small."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.benchmark.disclosure import audit, elimination
from services.benchmark.disclosure.audit import Sum
from services.benchmark.disclosure.elimination import PRIMES
from tests import oracle_disclosure as oracle


def a_sum(holders: str, *, corrected: str = "") -> Sum:
    """One unit a holder, a letter each."""
    return frozenset((h, f"unit-{h}", int(h in corrected)) for h in holders)


def disclosed(*sums: Sum) -> set[tuple[str, str]]:
    return {(one.kind, "".join(one.holders)) for one in audit.of(tuple(sums)).disclosed}


FLAGGED = {
    "one-newcomer": ((a_sum("ABCDE"), a_sum("ABCDEF")), {("exact", "F")}),
    "batch-of-two": ((a_sum("ABCDE"), a_sum("ABCDEFG")), {("pair", "FG")}),
    "lone-correction": ((a_sum("ABCDE"), a_sum("ABCDE", corrected="A")), {("pair", "AA")}),
    "nested-groups-differ-by-one": ((a_sum("ABCDEF"), a_sum("BCDEF")), {("exact", "A")}),
    "k-and-k-plus-1-twins": ((a_sum("ABCDEFGH"), a_sum("ABCDEFGHI")), {("exact", "I")}),
    "withdraw-then-cancel": ((a_sum("ABCDEF"), a_sum("ABCDE"), a_sum("ABCDEF")), {("exact", "F")}),
}


@pytest.mark.parametrize("case", FLAGGED)
def test_what_must_be_seen(case: str) -> None:
    sums, expected = FLAGGED[case]
    assert disclosed(*sums) == expected


def test_two_partitions_that_no_comparison_of_two_cells_sees() -> None:
    # a+b+X, c+d, a+c, b+d: every two differ in at least 8 holders, and yet X = first + second - third - fourth.
    a, b, c, d = ({f"{name}{n}" for n in range(8)} for name in "abcd")
    sums = [frozenset((h, h, 0) for h in members) for members in (a | b | {"X"}, c | d, a | c, b | d)]
    assert all(len(one ^ other) >= 8 for n, one in enumerate(sums) for other in sums[:n])

    found = audit.of(tuple(sums)).disclosed

    assert [(one.kind, one.holders, one.sums) for one in found] == [("exact", ("X",), (0, 1, 2, 3))]


def test_a_batch_of_three_is_not_for_the_audit_to_see() -> None:
    assert disclosed(a_sum("ABCDE"), a_sum("ABCDEFGH")) == set()


def test_a_holders_total_over_units_in_several_cells() -> None:
    # H has a unit in each half; the halves with strangers and the strangers alone are out: its total is, its units are not.
    h1, h2 = ("H", "h1", 0), ("H", "h2", 0)
    whole = frozenset({h1, h2, *a_sum("ABCDE")})
    some = frozenset({h1, *a_sum("KLMNO")})
    assert disclosed(whole, some) == set()
    assert disclosed(whole, some, a_sum("ABCDE")) == {("total", "H"), ("pair", "HH")}


def test_units_of_one_holder_in_the_same_sums_are_one() -> None:
    both = frozenset({("H", "h1", 0), ("H", "h2", 0)})
    assert disclosed(a_sum("ABCDE"), a_sum("ABCDE") | both) == {("exact", "H")}


def test_nothing_released_gives_nothing_away() -> None:
    assert audit.of(()) == audit.Audit(0, 0, 0, ())


ATOMS = st.tuples(st.sampled_from("ABCDEFG"), st.sampled_from("xy"), st.integers(0, 1))
CELLS = st.lists(st.frozensets(ATOMS, min_size=1, max_size=9), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(CELLS)
def test_the_audit_equals_the_elimination_in_fractions(sums: Sequence[Sum]) -> None:
    found = audit.of(tuple(sums)).disclosed
    exact = {one.holders[0] for one in found if one.kind == "exact"}
    pairs = oracle.connected([set(one.holders) for one in found if one.kind == "pair"])
    totals = {one.holders[0] for one in found if one.kind == "total"}
    assert (exact, pairs, totals) == oracle.audit(list(sums))


@settings(max_examples=50, deadline=None)
@given(CELLS)
def test_the_sums_that_are_named_do_disclose(sums: Sequence[Sum]) -> None:
    for one in audit.of(tuple(sums)).disclosed:
        again = audit.of(tuple(sums[n] for n in one.sums)).disclosed
        assert set(one.holders) <= {holder for other in again for holder in other.holders}


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 28))
@example(6691, 2)  # a matrix of zeros
def test_weights_are_exact_however_long_their_fractions(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 2, (n, n + 3))
    form = elimination.echelon(matrix, PRIMES[0])
    inside = rng.integers(-(2**15), 2**15, (3, n)) @ matrix
    units = np.eye(n + 3, dtype=np.int64)[:n]
    targets = np.concatenate([inside, units])
    found = elimination.combinations(matrix, form, targets)

    assert all(weights is not None for weights in found[:3])
    basis = oracle.null_space([dict(enumerate(row)) for row in matrix.tolist()], n + 3)
    directions = {free for line in basis for free in line}
    for target, weights in zip(targets.tolist(), found, strict=True):
        orthogonal = all(
            sum(t * line.get(k, 0) for t, line in zip(target, basis, strict=True)) == 0 for k in directions
        )
        assert (weights is not None) == orthogonal
        if weights is not None:
            rows = matrix[form.chosen].tolist()
            assert [sum(w * row[k] for w, row in zip(weights, rows, strict=True)) for k in range(n + 3)] == target


def test_a_dense_square_is_solved_exactly() -> None:
    # 60 sums of 60 holders, each in half of them: everybody can be worked out, with weights of dozens of digits.
    rng = np.random.default_rng(1)
    matrix = rng.integers(0, 2, (60, 60))
    sums = tuple(frozenset((f"h{k}", f"u{k}", 0) for k in np.flatnonzero(row).tolist()) for row in matrix)
    found = audit.of(sums)
    assert found.rank == 60
    assert {one.holders for one in found.disclosed} == {(f"h{k}",) for k in range(60)}
    weights = elimination.combinations(matrix, elimination.echelon(matrix, PRIMES[0]), np.eye(60, dtype=np.int64)[:1])[
        0
    ]
    assert weights is not None
    assert max(w.denominator for w in weights) > 10**20


def test_a_pair_with_a_factor_of_many_digits_is_seen() -> None:
    # The square above with two columns for one: what one holder adds to it, the other adds with another weight.
    rng = np.random.default_rng(2)
    matrix = rng.integers(0, 2, (50, 51))
    sums = tuple(frozenset((f"h{k:02}", f"u{k}", 0) for k in np.flatnonzero(row).tolist()) for row in matrix)
    found = audit.of(sums).disclosed
    assert {one.kind for one in found} == {"pair"}
    assert {holder for one in found for holder in one.holders} == {f"h{k:02}" for k in range(51)}
