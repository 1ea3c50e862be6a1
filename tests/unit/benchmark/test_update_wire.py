"""What benchmark-updated says, packed by a kernel, against the same message filled in field by field."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import cell_table, release_wire, update_wire
from services.benchmark.cell_columns import BLANK, Columns, GroupCells
from services.benchmark.cell_table import NOT_THERE
from services.benchmark.kernels.orders import HALF
from services.benchmark.ordering import paired
from services.benchmark.publication import Updated
from services.benchmark.released import Numbers, Shown
from services.benchmark.state import PeriodState

FIGURES = ("rent", "heat", "water")
VIEW = dataclasses.replace(PeriodState(FIGURES).freeze(), vintage=7, method_version="m+statistics-1")
counts, doubles = st.integers(0, 2**31 - 1), st.floats(width=64)
halves = st.one_of(st.integers(-(2**62), 2**62), st.integers(-3, 3), st.sampled_from([-(2**HALF), 2**HALF]))


@st.composite
def _columns(draw: st.DrawFn) -> Columns:
    table = np.tile(BLANK, (len(FIGURES), 1))
    for row in table:
        row[: cell_table.ABSENCES.stop] = draw(st.lists(counts, min_size=13, max_size=13))
        row[cell_table.SUPPRESSION] = draw(st.integers(0, 3))
        upper, lower = draw(halves), draw(st.integers(-(2**40), 2**40))
        row[cell_table.SUMS] = [upper, lower, draw(st.integers(0, 2**62)), draw(st.integers(0, 2**HALF - 1))]
        for place in range(10):
            if draw(st.booleans()):
                row[cell_table.COVERAGES.start + place] = draw(st.integers(0, 10_000))
                for ends in (cell_table.LOWERS, cell_table.UPPERS):
                    row[ends.start + place] = np.float64(draw(doubles)).view(np.int64)
        for place in range(6):
            if draw(st.booleans()):
                row[cell_table.STATISTICS.start + place] = np.float64(draw(doubles)).view(np.int64)
    return Columns(table, (None,) * len(FIGURES))


def _filled_in(one: Updated) -> pb.BenchmarkUpdated:
    """The message, field by field."""
    group, table = one.cells, one.cells.columns.table
    message = pb.BenchmarkUpdated(
        scheme="s",
        period="2024",
        peer_group=group.group,
        vintage=7,
        method_version="m+statistics-1",
        reported=group.reported,
        expected=group.expected,
        key_figures=FIGURES,
        changed=one.changed,
        quantile_type=8,
    )
    columns: Any = group.columns
    for row, figure in enumerate(table):
        release = columns.releases[row]
        is_withheld = figure[cell_table.SUPPRESSION] or release
        n, d = paired(*figure[cell_table.SUMS].tolist())
        message.units.append(figure[cell_table.UNITS])
        message.holders.append(figure[cell_table.HOLDERS])
        message.suppressions.append(int(figure[cell_table.SUPPRESSION]))  # type: ignore[arg-type]
        message.absences.extend(figure[cell_table.ABSENCES].tolist())
        message.awaited.append(figure[cell_table.AWAITED])
        message.numerator_sums.append("" if is_withheld else str(n))
        message.denominator_sums.append("" if is_withheld else str(d))
        stated = figure[cell_table.STATISTICS].view(np.float64)
        message.statistics.extend(stated.tolist())
        message.shown += bytes([sum(1 << n for n, value in enumerate(stated) if not np.isnan(value))])
        for place, coverage in enumerate(figure[cell_table.COVERAGES].tolist()):
            if coverage != NOT_THERE:
                message.interval_places.append(10 * row + place)
                message.interval_coverages_e4.append(coverage)
                for ends, into in (
                    (cell_table.LOWERS, message.interval_lowers),
                    (cell_table.UPPERS, message.interval_uppers),
                ):
                    into.append(figure[ends].view(np.float64)[place])
        if any(columns.releases):
            message.release_numbers.append(release.number if release else 0)
            message.release_kinds.append(release_wire.kind_number(release.kind) if release else 0)  # type: ignore[arg-type]
            message.rounding_bases.append("0.05" if release else "")
    return message


def _group(name: str, columns: Columns) -> GroupCells:
    return GroupCells(name, 3, 4, FIGURES, columns)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_columns(), st.sets(st.integers(0, 2))), max_size=3))
def test_what_the_kernel_packs_is_the_message_filled_in_field_by_field(drawn: list[tuple[Columns, set[int]]]) -> None:
    updated = [Updated(_group(f"g{n}", columns), tuple(sorted(changed))) for n, (columns, changed) in enumerate(drawn)]
    _assert_same(updated)


def test_a_figure_that_shows_a_release_says_no_sums_and_which_release() -> None:
    numbers = Numbers(5, 4, Fraction(1, 20), None, {})
    release = Shown(3, "final", numbers)
    table = np.tile(BLANK, (len(FIGURES), 1))
    _assert_same([Updated(_group("all", Columns(table, (None, release, None))), (1,))])


def test_without_groups_there_is_nothing_to_say() -> None:
    assert update_wire.updates("s", "2024", VIEW, []) == []


def _assert_same(updated: Sequence[Updated]) -> None:
    made = update_wire.updates("s", "2024", VIEW, updated)
    assert [one.content for one in made] == [_filled_in(one).SerializeToString(deterministic=True) for one in updated]
    assert [(one.peer_group, one.vintage) for one in made] == [(one.cells.group, 7) for one in updated]
