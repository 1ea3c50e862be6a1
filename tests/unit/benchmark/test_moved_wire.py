"""Standings that moved, packed by a kernel, against the same message filled in field by field: the widest numbers and names there are."""

import dataclasses
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import benchmark_pb2 as pb
from numpy.typing import NDArray

from services.benchmark import moved_wire
from services.benchmark.cell_columns import Columns, GroupCells
from services.benchmark.moves import Moves, Side
from services.benchmark.priced import Priced
from services.benchmark.state import PeriodState
from services.benchmark.view import View
from tests import moved

FIGURES = tuple(f"figure-{n}" for n in range(150))
GROUPS = tuple(f"område=Ærø {n} ♜{'x' * (n * 3)}" for n in range(200))  # names of more than 127 bytes among them
A = PeriodState(FIGURES).freeze()
wide, short = (
    st.sampled_from([-(2**63), 2**63 - 1, -1, 0, 1, 2**40]),
    st.sampled_from([-(2**31), 2**31 - 1, -1, 0, 1, 300]),
)


@st.composite
def _moves(draw: st.DrawFn) -> Moves:
    """Units with their standings, in order. What is not there has numbers none the less: they are not said."""
    sizes = draw(st.lists(st.sampled_from((1, 2, 3, 150)), max_size=4))
    columns = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    rows = np.concatenate([np.arange(size) for size in sizes] or [np.zeros(0)]).astype(np.int64)
    count, rng = len(columns), np.random.default_rng(draw(st.integers(0, 2**32)))
    widest, shortest = np.array(draw(st.lists(wide, min_size=1))), np.array(draw(st.lists(short, min_size=1)))

    def side() -> Side:
        placed = rng.choice(shortest, (count, 7))
        placed[:, 4], placed[:, 5], placed[:, 6] = (
            rng.integers(0, 5, count),
            rng.choice(widest, count),
            rng.integers(-1, 2, count),
        )
        there = rng.integers(0, 2, count, dtype=np.uint8) > 0
        return Side(there & draw(st.booleans()), placed, rng.choice(widest, (count, 2)))

    parts = rng.choice(shortest, (count, 6, 5))
    parts[:, :, 3] = rng.choice(widest, (count, 6))
    parts[:, rng.integers(0, 2, 6) > 0] = 0
    known = rng.integers(0, 3, count).astype(np.uint8) * draw(st.integers(0, 1))
    priced = Priced(known.astype(np.uint8), rng.choice(widest, count), rng.choice(widest, count))
    before, after = rng.integers(0, len(GROUPS), (2, count))
    return Moves(GROUPS, columns, rows, before, after, side(), side(), parts, priced)


@settings(max_examples=60, deadline=None)
@given(_moves(), st.sampled_from(("u", "Ærø-♜", "x" * 127, "x" * 128, "ø" * 9000)), st.integers(0, 2**31 - 1))
def test_what_the_kernel_packs_is_the_message_filled_in_field_by_field(moves: Moves, name: str, revision: int) -> None:
    units = [f"{name}{column}" for column, _ in _units(moves)]
    b = dataclasses.replace(
        A, unit_ids=units, organisations=[name] * len(units), revisions=[revision] * len(units), vintage=9
    )
    cells = {group: GroupCells(group, 300, 70_000, FIGURES, Columns.blank(len(FIGURES))) for group in GROUPS[::2]}
    own = [column for column in (0, 2) if column < len(units)]
    told = moved_wire.changed(moves, "s", "2024", A, b, own, cells)
    said = [_filled_in(moves, column, at, b, cells) for column, at in _units(moves)]
    assert moved.events(told) == {n: one.SerializeToString(deterministic=True) for n, one in enumerate(said)}


def _units(moves: Moves) -> list[tuple[int, slice]]:
    """Each unit's column, and where its standings are."""
    columns = sorted({*moves.columns.tolist()})
    return [(c, slice(*np.searchsorted(moves.columns, (c, c + 1)).tolist())) for c in columns]


def _filled_in(moves: Moves, column: int, at: slice, b: View, cells: dict[str, GroupCells]) -> pb.StandingChanged:
    before, after = moves.group_before[at].tolist(), moves.group[at].tolist()
    known, parts = sorted({*before, *after}), moves.parts[at]
    groups = [moves.groups[n] for n in known]
    counts, count = [cells.get(group) for group in groups], len(before)
    steps = [step for step in range(6) if parts[:, step].any()]
    priced = moves.priced.known[at]
    amounts = [moves.priced.per_year_e4[at], moves.priced.per_dwelling_month_e4[at]]
    figures = pb.MovedFigures(
        method_version=b.method_version,
        key_figures="\n".join(b.figures[row] for row in moves.rows[at].tolist()),
        peer_groups=groups,
        peer_group_before=bytes(map(known.index, before)),
        peer_group=bytes(map(known.index, after)),
        before=_side(moves.before, at),
        after=_side(moves.after, at),
        steps=bytes(step + 1 for step in steps),
        parts=_packed(parts[:, steps][:, :, [0, 1, 2, 4]], "<i4"),
        part_gaps_e9=_packed(parts[:, steps, 3], "<i8"),
        priced=priced.tobytes() if priced.any() else b"",
        priced_e4=_packed(np.stack(amounts, axis=1), "<i8") if priced.any() else b"",
        reported=[one.reported if one else 0 for one in counts],
        expected=[one.expected if one else 0 for one in counts],
        to_quartile_e9=_packed(np.full(count, -1), "<i8"),
    )
    return pb.StandingChanged(
        organisation_id=b.organisations[column],
        unit_id=b.unit_ids[column],
        scheme="s",
        period="2024",
        vintage_after=9,
        own_submission=column in (0, 2),
        revision=b.revisions[column],
        moved=figures,
    )


def _side(side: Side, at: slice) -> pb.MovedStandings:
    there, placed, own = side.there[at], side.placed[at], side.own[at]
    message = pb.MovedStandings(
        there=bytes(1 + (gap > 0) if is_there else 0 for is_there, gap in zip(there, placed[:, 6], strict=True))
    )
    if there.any():
        shown = there[:, None]
        message.places = _packed(placed[:, :3] * shown, "<i4")
        message.quartiles = bytes((placed[:, 4] * there).tolist())
        message.amounts = _packed(np.concatenate([placed[:, 5:6], own], axis=1) * shown, "<i8")
    return message


def _packed(numbers: NDArray[Any], kind: str) -> bytes:
    return np.ascontiguousarray(numbers).astype(kind).tobytes()
