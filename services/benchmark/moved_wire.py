"""Standings that moved as they travel: columns of packed numbers, one message a unit."""

import functools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from noegletal.v1 import benchmark_pb2 as pb
from numpy.typing import NDArray

from services.benchmark import surroundings, wire
from services.benchmark.cell_columns import GroupCells
from services.benchmark.moves import Moves, Side
from services.benchmark.packed import field, head
from services.benchmark.state import View
from services.benchmark.statistics import Whole

AMOUNTS, PLACES, GAP, STEPS = 24, 12, 8, 6  # the first three: bytes a standing
KINDS = np.array([0, 1, 2, 4])  # of a part: position, percentile, quartile, units; its gap travels beside them
MOVED, SIDE = pb.MovedFigures, pb.MovedStandings


def changed(
    moves: Moves,
    scheme: str,
    period: str,
    a: View,
    b: View,
    submitted: Sequence[int],
    cells: Mapping[str, GroupCells],
) -> Iterator[tuple[int, pb.StandingChanged]]:
    """Column -> the event of the unit's organisation, by unit. `cells`: the groups as they stand at `b`."""
    own, before = set(submitted), _Side(moves.before, MOVED.BEFORE_FIELD_NUMBER)
    after = _Side(moves.after, MOVED.AFTER_FIELD_NUMBER)
    parts, priced, names = _Parts(moves.parts), _Priced(moves), _Names(b, moves, cells)
    near = surroundings.to_quartiles_e9(moves, cells).astype("<i8", copy=False).tobytes()
    for column, at in moves.units():
        near_here = near[GAP * at.start : GAP * at.stop]
        made = [
            *names.of(at),
            *before.of(at),
            *after.of(at),
            *parts.of(at),
            *priced.of(at),
            field(MOVED.TO_QUARTILE_E9_FIELD_NUMBER, near_here),
        ]
        event = wire.standing_changed(scheme, period, a, b, column, own=column in own)
        event.moved.MergeFromString(b"".join(made))
        yield column, event


class _Side:
    """The standings of one vintage, packed once. `number`: of their field."""

    def __init__(self, side: Side, number: int) -> None:
        position, units, mid, _, quartile, gap, has_gap = side.placed
        here, self._number = side.there, number
        self._there = (here + 1 * (here & (has_gap > 0))).astype(np.uint8).tobytes()
        self._places = _rows(here, "<i4", position, units, mid)
        self._quartiles = (quartile * here).astype(np.uint8).tobytes()
        self._amounts = _rows(here, "<i8", gap, *side.own)

    def of(self, at: slice) -> Iterable[bytes]:
        """Some of them."""
        there = self._there[at]
        if there.count(0) == len(there):
            return (field(self._number, field(SIDE.THERE_FIELD_NUMBER, there)),)
        whole, first, second, third, fourth = _side_heads(self._number, len(there))
        places = self._places[PLACES * at.start : PLACES * at.stop]
        amounts = self._amounts[AMOUNTS * at.start : AMOUNTS * at.stop]
        return whole, first, there, second, places, third, self._quartiles[at], fourth, amounts


@functools.lru_cache(maxsize=512)
def _side_heads(number: int, standings: int) -> tuple[bytes, ...]:
    """What precedes so many standings, and each of their columns."""
    columns = {SIDE.THERE_FIELD_NUMBER: 1, SIDE.PLACES_FIELD_NUMBER: PLACES}
    columns |= {SIDE.QUARTILES_FIELD_NUMBER: 1, SIDE.AMOUNTS_FIELD_NUMBER: AMOUNTS}
    heads = [head(column, size * standings) for column, size in columns.items()]
    whole = sum(map(len, heads)) + standings * sum(columns.values())
    return head(number, whole), *heads


def _rows(here: NDArray[np.bool_], kind: str, *columns: Whole) -> bytes:
    """Numbers side by side, a row each; 0 where there is no standing."""
    rows = np.empty((len(here), len(columns)), dtype=kind)
    for n, column in enumerate(columns):
        np.multiply(column, here, out=rows[:, n], casting="unsafe")
    return rows.tobytes()


class _Parts:
    """What steps contributed, of each unit those that contributed anything, packed once for each set of them."""

    def __init__(self, parts: Whole) -> None:
        self._said = ((1 << np.arange(STEPS)) @ parts.any(axis=1)).astype(np.uint8).tobytes()
        self._parts = parts[:, KINDS].transpose(2, 0, 1).astype("<i4")  # N x 6 x 4
        self._gaps = parts[:, 3].T.astype("<i8")  # N x 6
        self._packed: dict[int, tuple[bytes, bytes, bytes]] = {}

    def of(self, at: slice) -> Iterable[bytes]:
        """Those of some standings."""
        said = functools.reduce(operator.or_, set(self._said[at]))
        steps, parts, gaps = self._packed.get(said) or self._pack(said)
        if not steps:
            return ()
        one, gap = 16 * len(steps), 8 * len(steps)
        return (
            field(MOVED.STEPS_FIELD_NUMBER, steps),
            field(MOVED.PARTS_FIELD_NUMBER, parts[one * at.start : one * at.stop]),
            field(MOVED.PART_GAPS_E9_FIELD_NUMBER, gaps[gap * at.start : gap * at.stop]),
        )

    def _pack(self, said: int) -> tuple[bytes, bytes, bytes]:
        """Of all standings; there are few sets of steps."""
        steps = [step for step in range(STEPS) if said >> step & 1]
        parts, gaps = self._parts[:, steps].tobytes(), self._gaps[:, steps].tobytes()
        packed = self._packed[said] = (bytes(step + 1 for step in steps), parts, gaps)
        return packed


class _Priced:
    """The gaps after that are priced, packed once."""

    def __init__(self, moves: Moves) -> None:
        one = moves.priced
        self._known = one.known.astype(np.uint8, copy=False).tobytes()
        self._amounts = _rows(np.ones(len(self._known), np.bool_), "<i8", one.per_year_e4, one.per_dwelling_month_e4)

    def of(self, at: slice) -> Iterable[bytes]:
        """Those of some standings; nothing where none is."""
        known = self._known[at]
        if known.count(0) == len(known):
            return ()
        amounts = self._amounts[16 * at.start : 16 * at.stop]
        return field(MOVED.PRICED_FIELD_NUMBER, known), field(MOVED.PRICED_E4_FIELD_NUMBER, amounts)


class _Names:
    """Method and key figures, and groups with their counts, packed once for all units that have the same."""

    def __init__(self, view: View, moves: Moves, cells: Mapping[str, GroupCells]) -> None:
        self._view, self._moves, self._cells = view, moves, cells
        self._rows = moves.rows.astype("<i8", copy=False).tobytes()
        self._places = np.stack([moves.group_before, moves.group], axis=1).astype("<i8", copy=False).tobytes()
        self._figures: dict[bytes, bytes] = {}
        self._groups: dict[bytes, bytes] = {}

    def of(self, at: slice) -> Iterable[bytes]:
        """The names of the key figures, the groups, and each figure's place among them before and after."""
        key = self._rows[8 * at.start : 8 * at.stop]
        if (figures := self._figures.get(key)) is None:
            named = "\n".join(map(self._view.figures.__getitem__, self._moves.rows[at].tolist()))
            made = pb.MovedFigures(method_version=self._view.method_version, key_figures=named)
            figures = self._figures[key] = made.SerializeToString()
        key = self._places[16 * at.start : 16 * at.stop]
        if (groups := self._groups.get(key)) is None:
            groups = self._groups[key] = self._pack(at)
        return figures, groups

    def _pack(self, at: slice) -> bytes:
        before, after = self._moves.group_before[at].tolist(), self._moves.group[at].tolist()
        known = sorted({*before, *after})
        groups = [self._moves.groups[n] for n in known]
        counts = [self._cells.get(group) for group in groups]
        return pb.MovedFigures(
            peer_groups=groups,
            peer_group_before=bytes(map(known.index, before)),
            peer_group=bytes(map(known.index, after)),
            reported=[one.reported if one else 0 for one in counts],
            expected=[one.expected if one else 0 for one in counts],
        ).SerializeToString()
