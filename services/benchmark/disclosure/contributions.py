"""What each holder contributes to a cell: the holder is who is protected, however many units it has (rule D0)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.benchmark.view import View

Line = tuple[str, str, int, int]  # holder, unit, numerator, denominator


@dataclass(frozen=True)
class Contribution:
    """A holder's part of a cell: its units there, the sums of their pairs, and the units with their pairs, sorted."""

    units: int
    numerator: int
    denominator: int
    content: tuple[Line, ...]


Contributions = Mapping[str, Contribution]  # by holder


def of_lines(lines: Iterable[Line]) -> dict[str, Contribution]:
    """The contributions of a cell's units, in any order."""
    held: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        held[line[0]].append(line)
    return {holder: _contribution(tuple(sorted(held[holder]))) for holder in sorted(held)}


def lines(view: View, row: int, group: str) -> list[Line]:
    """The units of a cell at a vintage: those in the group with an observation of the figure in this row."""
    columns = columns_of(view, row, group)
    owners = view.holders[columns].tolist()
    numerators, denominators = view.numerators[row, columns].tolist(), view.denominators[row, columns].tolist()
    return [
        (view.holder_names[owner], view.unit_ids[column], n, d)
        for column, owner, n, d in zip(columns.tolist(), owners, numerators, denominators, strict=True)
    ]


def columns_of(view: View, row: int, group: str) -> NDArray[np.int64]:
    """The view's columns of the units of a cell."""
    members = view.members(group)
    with_figure: NDArray[np.int64] = members[view.absences[row, members] == 0]
    return with_figure


def _contribution(own: tuple[Line, ...]) -> Contribution:
    return Contribution(len(own), sum(n for _, _, n, _ in own), sum(d for *_, d in own), own)
