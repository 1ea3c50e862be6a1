"""Standings that moved as they travel: columns of packed numbers, one message a unit, all packed at once."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import surroundings
from services.benchmark.cell_columns import GroupCells
from services.benchmark.kernels import packing_moves
from services.benchmark.moves import Moves
from services.benchmark.view import View
from services.fields import counted, field, head, number

EVENT, MOVED = pb.StandingChanged, pb.MovedFigures
ORGANISATION, UNIT = EVENT.ORGANISATION_ID_FIELD_NUMBER, EVENT.UNIT_ID_FIELD_NUMBER
REVISION, FIGURES, NEAR = EVENT.REVISION_FIELD_NUMBER, EVENT.MOVED_FIELD_NUMBER, MOVED.TO_QUARTILE_E9_FIELD_NUMBER


def changed(
    moves: Moves,
    scheme: str,
    period: str,
    a: View,
    b: View,
    submitted: Sequence[int],
    cells: Mapping[str, GroupCells],
) -> Iterator[tuple[int, bytes]]:
    """Column -> the event of the unit's organisation, by unit. `cells`: the groups as they stand at `b`."""
    own, names, columns = set(submitted), _Names(b, moves, cells), moves.columns[moves.begins].tolist()
    place = EVENT(scheme=scheme, period=period, vintage_before=a.vintage, vintage_after=b.vintage).SerializeToString()
    near = surroundings.to_quartiles_e9(moves, cells).astype("<i8", copy=False).tobytes()
    is_own, bounds = number(EVENT.OWN_SUBMISSION_FIELD_NUMBER, 1), [*moves.begins.tolist(), len(moves.columns)]
    for column, (begin, end), mine in zip(columns, pairwise(bounds), _numbers(moves), strict=True):
        organisation, unit = b.organisations[column].encode(), b.unit_ids[column].encode()
        figures, (groups, counts) = names.of(begin, end)
        near_head = head(NEAR, 8 * (end - begin))
        size = len(figures) + len(groups) + len(mine) + len(counts) + len(near_head) + 8 * (end - begin)
        parts = (
            head(ORGANISATION, len(organisation)),
            organisation,
            head(UNIT, len(unit)),
            unit,
            place,
            is_own if column in own else b"",
            number(REVISION, b.revisions[column]),
            head(FIGURES, size),
            figures,
            groups,
            mine,
            counts,
            near_head,
            near[8 * begin : 8 * end],
        )
        yield column, b"".join(parts)


def _numbers(moves: Moves) -> Iterator[bytes]:
    """What a kernel packs of each unit: its standings before and after, what each step contributed, and the gaps priced."""
    units, standings = len(moves.begins), len(moves.columns)
    ends, starts = np.empty(units, dtype=np.int64), np.append(moves.begins, standings)
    out = np.empty(standings * packing_moves.MOST + units * packing_moves.BEYOND, dtype=np.uint8)
    a, b, priced = moves.before, moves.after, moves.priced
    amounts = priced.known, priced.per_year_e4, priced.per_dwelling_month_e4
    packing_moves.pack(starts, a.there, a.placed, a.own, b.there, b.placed, b.own, moves.parts, *amounts, out, ends)
    packed = out[: ends[-1] if len(ends) else 0].tobytes()
    return (packed[start:end] for start, end in pairwise([0, *ends.tolist()]))


class _Names:
    """Method and key figures, and groups with their counts, packed once for all units that have the same."""

    def __init__(self, view: View, moves: Moves, cells: Mapping[str, GroupCells]) -> None:
        self._view, self._moves, self._cells = view, moves, cells
        self._rows = moves.rows.astype("<i8", copy=False).tobytes()
        self._places = np.stack([moves.group_before, moves.group], axis=1).astype("<i8", copy=False).tobytes()
        self._figures: dict[bytes, bytes] = {}
        self._groups: dict[bytes, tuple[bytes, bytes]] = {}
        self._named: dict[int, tuple[bytes, int, int]] = {}

    def of(self, begin: int, end: int) -> tuple[bytes, tuple[bytes, bytes]]:
        """The names of the key figures; the groups and each figure's place among them; and what is counted of the groups."""
        key = self._rows[8 * begin : 8 * end]
        figures = self._figures.get(key)
        if figures is None:
            named = "\n".join(map(self._view.figures.__getitem__, self._moves.rows[begin:end].tolist()))
            made = MOVED(method_version=self._view.method_version, key_figures=named)
            figures = self._figures[key] = made.SerializeToString()
        key = self._places[16 * begin : 16 * end]
        groups = self._groups.get(key)
        if groups is None:
            groups = self._groups[key] = self._pack(slice(begin, end))
        return figures, groups

    def _pack(self, at: slice) -> tuple[bytes, bytes]:
        before, after = self._moves.group_before[at].tolist(), self._moves.group[at].tolist()
        known = sorted({*before, *after})
        names, reported, expected = zip(*map(self._group, known), strict=True)
        places = {number: place for place, number in enumerate(known)}
        sides = (bytes(map(places.__getitem__, side)) for side in (before, after))
        numbers = MOVED.PEER_GROUP_BEFORE_FIELD_NUMBER, MOVED.PEER_GROUP_FIELD_NUMBER
        named = b"".join((*names, *map(field, numbers, sides)))
        counts = counted(MOVED.REPORTED_FIELD_NUMBER, reported) + counted(MOVED.EXPECTED_FIELD_NUMBER, expected)
        return named, counts

    def _group(self, number: int) -> tuple[bytes, int, int]:
        """A group's name as it travels, and what is counted of it."""
        if (known := self._named.get(number)) is None:
            group = self._moves.groups[number]
            cells = self._cells.get(group)
            counts = (cells.reported, cells.expected) if cells else (0, 0)
            known = self._named[number] = (field(MOVED.PEER_GROUPS_FIELD_NUMBER, group.encode()), *counts)
        return known
