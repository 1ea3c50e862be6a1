"""The linear audit: the cases it must see, and the naive elimination in fractions on everything small."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark.disclosure import audit, elimination
from services.benchmark.disclosure.audit import Sum
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
@given(st.lists(st.lists(st.integers(0, 1), min_size=6, max_size=6), min_size=1, max_size=7), st.integers(0, 6))
def test_the_slow_way_out_agrees(rows: list[list[int]], seed: int) -> None:
    target = rows[seed % len(rows)] if seed < 3 else [int(n == seed - 1) for n in range(6)]
    orthogonal = oracle.null_space(rows, 6)
    inside = all(sum(target[k] * orthogonal[k][n] for k in range(6)) == 0 for n in range(len(orthogonal[0])))
    assert elimination.exactly_in_row_space(np.array(rows), target) == inside
