"""Standings that moved as they travel: columns of packed numbers, one message a unit."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import surroundings, wire
from services.benchmark.cell_columns import GroupCells
from services.benchmark.moves import Moves, Side
from services.benchmark.state import View


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
    own, before, after = set(submitted), _Side(moves.before), _Side(moves.after)
    parts = np.ascontiguousarray(moves.parts[:, [0, 1, 2, 4]].transpose(2, 0, 1).astype("<i4"))
    gaps = np.ascontiguousarray(moves.parts[:, 3].T.astype("<i8"))
    priced = np.stack([moves.priced.per_year_e4, moves.priced.per_dwelling_month_e4], axis=1).astype("<i8")
    known, names = moves.priced.known, _Names(b.figures, moves)
    near = surroundings.to_quartiles_e9(moves, cells)
    units = list(moves.units())
    starts = [at.start for _, at in units]
    said = np.logical_or.reduceat(moves.parts.any(axis=1), starts, axis=1) if units else np.zeros((6, 0), np.bool_)
    is_priced = np.logical_or.reduceat(known > 0, starts) if units else known
    for n, (column, at) in enumerate(units):
        figures, groups, group_before, group = names.of(at)
        steps = np.flatnonzero(said[:, n])
        moved = pb.MovedFigures(
            method_version=b.method_version,
            key_figures=figures,
            peer_groups=groups,
            peer_group_before=group_before,
            peer_group=group,
            before=before.of(at),
            after=after.of(at),
            reported=[cells[g].reported if g in cells else 0 for g in groups],
            expected=[cells[g].expected if g in cells else 0 for g in groups],
            to_quartile_e9=near[at].tobytes(),
        )
        if len(steps):
            moved.steps = bytes(s + 1 for s in steps.tolist())
            moved.parts, moved.part_gaps_e9 = parts[at][:, steps].tobytes(), gaps[at][:, steps].tobytes()
        if is_priced[n]:
            moved.priced, moved.priced_e4 = known[at].tobytes(), priced[at].tobytes()
        yield column, wire.standing_changed(scheme, period, a, b, column, own=column in own, moved=moved)


class _Side:
    """The standings of one vintage, packed once."""

    def __init__(self, side: Side) -> None:
        position, units, mid, _, quartile, gap, has_gap = side.placed
        here = side.there
        self._there = (here + 1 * (here & (has_gap > 0))).astype(np.uint8)
        self._places = np.ascontiguousarray((np.stack([position, units, mid]) * here).T.astype("<i4"))
        self._quartiles = (quartile * here).astype(np.uint8)
        self._amounts = np.ascontiguousarray((np.stack([gap, *side.own]) * here).T.astype("<i8"))

    def of(self, at: slice) -> pb.MovedStandings:
        """Some of them."""
        there = self._there[at].tobytes()
        if not any(there):
            return pb.MovedStandings(there=there)
        places, amounts = self._places[at].tobytes(), self._amounts[at].tobytes()
        return pb.MovedStandings(there=there, places=places, quartiles=self._quartiles[at].tobytes(), amounts=amounts)


class _Names:
    """Key figures and groups of units, worked out once for all that have the same."""

    def __init__(self, figures: Sequence[str], moves: Moves) -> None:
        self._figures, self._moves = figures, moves
        self._names: dict[bytes, str] = {}
        self._groups: dict[bytes, tuple[list[str], bytes, bytes]] = {}

    def of(self, at: slice) -> tuple[str, list[str], bytes, bytes]:
        """The names of the key figures, the groups, and each figure's place among them before and after."""
        rows = self._moves.rows[at]
        names = self._names.get(key := rows.tobytes())
        if names is None:
            names = self._names[key] = "\n".join(self._figures[row] for row in rows.tolist())
        before, after = self._moves.group_before[at], self._moves.group[at]
        key = before.tobytes() + after.tobytes()
        if key not in self._groups:
            known = np.unique(np.concatenate([before, after]))
            places = tuple(np.searchsorted(known, numbers).astype(np.uint8).tobytes() for numbers in (before, after))
            self._groups[key] = ([self._moves.groups[n] for n in known.tolist()], *places)  # type: ignore[assignment]
        return names, *self._groups[key]
