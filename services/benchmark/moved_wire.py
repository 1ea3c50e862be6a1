"""Standings that moved as they travel: columns of packed numbers, one message a unit, all put together at once."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
from noegletal.v1 import benchmark_pb2 as pb

from services import pieces
from services.benchmark import surroundings
from services.benchmark.cell_columns import GroupCells
from services.benchmark.kernels import packing_moves, packing_names
from services.benchmark.moves import Moves
from services.benchmark.statistics import Whole
from services.benchmark.view import View
from services.field_kernels import Bytes
from services.fields import field, number
from services.pieces import Joined, Piece

EVENT, MOVED = pb.StandingChanged, pb.MovedFigures
ORGANISATION, UNIT = EVENT.ORGANISATION_ID_FIELD_NUMBER, EVENT.UNIT_ID_FIELD_NUMBER
OWN, REVISION, FIGURES = (
    EVENT.OWN_SUBMISSION_FIELD_NUMBER,
    EVENT.REVISION_FIELD_NUMBER,
    EVENT.MOVED_FIELD_NUMBER,
)


def changed(
    moves: Moves,
    scheme: str,
    period: str,
    a: View,
    b: View,
    submitted: Sequence[int],
    cells: Mapping[str, GroupCells],
) -> Joined:
    """The events of the units' organisations, by column. `cells`: the groups as they stand at `b`."""
    columns, width = moves.columns[moves.begins], len(b.unit_ids)
    own, listed, many = np.zeros(width, dtype=np.int64), columns.tolist(), len(columns)
    own[submitted] = 1
    place = EVENT(scheme=scheme, period=period, vintage_before=a.vintage, vintage_after=b.vintage).SerializeToString()
    organisations, units = (
        pieces.each([texts[column].encode() for column in listed]) for texts in (b.organisations, b.unit_ids)
    )
    method = pieces.same(field(MOVED.METHOD_VERSION_FIELD_NUMBER, b.method_version.encode()), many)
    named, counted = _names(moves, b.figures, cells)
    parts = (
        *pieces.within(ORGANISATION, [organisations]),
        *pieces.within(UNIT, [units]),
        pieces.same(place, many),
        pieces.chosen([b"", number(OWN, 1)], own[columns]),
        pieces.numbers(REVISION, np.array([b.revisions[column] for column in listed], dtype=np.int64)),
        *pieces.within(FIGURES, [method, named, _numbers(moves), counted]),
    )
    return pieces.joined(width, [(columns, parts)], {})


def _numbers(moves: Moves) -> Piece:
    """Of each unit its standings before and after, what each step contributed, and the gaps priced."""
    units, standings = len(moves.begins), len(moves.columns)
    ends, starts = np.empty(units, dtype=np.int64), np.append(moves.begins, standings)
    out = np.empty(standings * packing_moves.MOST + units * packing_moves.BEYOND, dtype=np.uint8)
    a, b, priced = moves.before, moves.after, moves.priced
    amounts = priced.known, priced.per_year_e4, priced.per_dwelling_month_e4
    packing_moves.pack(starts, a.there, a.placed, a.own, b.there, b.placed, b.own, moves.parts, *amounts, out, ends)
    return out, pieces.between(ends)


def _names(moves: Moves, figures: tuple[str, ...], cells: Mapping[str, GroupCells]) -> tuple[Piece, Piece]:
    """Of each unit its key figures, the groups, and each figure's place among them; and what surrounds its standings."""
    units, standings, groups = len(moves.begins), len(moves.columns), _groups(moves, cells)
    names, begins = _lines(figures)
    sizes, group_sizes = np.diff(begins), np.diff(groups[1])
    room = sizes[moves.rows].sum() + group_sizes[moves.group_before].sum() + group_sizes[moves.group].sum()
    heads, near = 3 * packing_names.HEAD * units, surroundings.to_quartiles_e9(moves, cells)
    named = np.empty(room + packing_names.SAID * standings + heads, dtype=np.uint8)
    counted = np.empty(packing_names.COUNTED * standings + heads, dtype=np.uint8)
    named_ends, counted_ends = np.empty((2, units), dtype=np.int64)
    where = np.append(moves.begins, standings), moves.rows, moves.group_before, moves.group
    packing_names.pack(*where, names, begins, *groups, near, named, named_ends, counted, counted_ends)
    return (named, pieces.between(named_ends)), (counted, pieces.between(counted_ends))


@functools.lru_cache(maxsize=64)
def _lines(figures: tuple[str, ...]) -> tuple[Bytes, Whole]:
    """The names of key figures, a line feed behind each; where each begins, and where the last one ends."""
    content, spans = pieces.each([f"{name}\n".encode() for name in figures])
    return content, np.append(0, spans[:, 1])


def _groups(moves: Moves, cells: Mapping[str, GroupCells]) -> tuple[Bytes, Whole, Whole, Whole]:
    """Peer groups as they travel, where each begins, and what is counted of it; nothing of those that nobody is looked at in."""
    is_any = np.zeros(len(moves.groups), dtype=np.bool_)
    is_any[moves.group_before], is_any[moves.group] = True, True
    sizes, counts = np.zeros(len(is_any) + 1, dtype=np.int64), np.zeros((2, len(is_any)), dtype=np.int64)
    contents = list[bytes]()
    for place in np.flatnonzero(is_any).tolist():
        group = moves.groups[place]
        contents.append(field(MOVED.PEER_GROUPS_FIELD_NUMBER, group.encode()))
        sizes[place + 1] = len(contents[-1])
        if (known := cells.get(group)) is not None:
            counts[:, place] = known.reported, known.expected
    return pieces.each(contents)[0], np.cumsum(sizes), *counts
