"""How far a unit is from the nearest quartile that is shown."""

import numpy as np
import pytest

from services.benchmark.cell_columns import Columns, GroupCells
from services.benchmark.statistics import QUANTILES
from services.benchmark.surroundings import to_quartile_e9


@pytest.mark.parametrize(
    ("quantiles", "own", "expected"),
    [
        ({2: 0.1, 5: 0.25, 10: 0.5, 15: 0.75}, (8, 10), 50_000_000),
        ({2: 0.1, 5: 0.25, 10: 0.5, 15: 0.75}, (1, 10), 150_000_000),  # the tenth is no quartile
        ({10: 0.5}, (1, 2), 0),
        ({}, (1, 2), None),
        ({10: 0.0}, (2**52, 1), None),  # wider than 64 bits
    ],
)
def test_the_nearest_of_those_shown(quantiles: dict[int, float], own: tuple[int, int], expected: int | None) -> None:
    columns = Columns.blank(1)
    columns.statistics[0, 1:] = [quantiles.get(q, np.nan) for q in QUANTILES]

    assert to_quartile_e9(GroupCells("all", 30, 40, ("F",), columns), 0, own) == expected
