"""What a catalogue says of reading a figure beyond the tiers: the fewest units, and a mean that says nothing."""

import pytest

from services.benchmark import cells
from services.benchmark.cell_columns import Suppression
from services.benchmark.publication import Shown
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from services.benchmark.view import View
from tests.unit.benchmark import histories

FIGURES = histories.FIGURES


@pytest.fixture
def view() -> View:
    state = PeriodState(FIGURES)
    content = {"groups": ("all",), "withdrawn": False}
    figures = [dict.fromkeys(FIGURES, (n, 40)) for n in range(30)]
    records = [("observation", f"u{n}", 1, content | {"holder": f"h{n}", "figures": figures[n]}) for n in range(30)]
    histories.apply(state, records)
    return state.freeze()


@pytest.mark.parametrize(
    ("fewest", "withheld"), [(0, Suppression.UNSPECIFIED), (30, Suppression.UNSPECIFIED), (31, Suppression.TOO_FEW)]
)
def test_fewer_units_than_the_figure_asks_for_show_nothing(view: View, fewest: int, withheld: Suppression) -> None:
    readings = (Reading(True, "lower", fewest), Reading(True, "lower"), Reading(True, "lower"))
    first, second, _ = cells.of_group(view, "all", readings).cells

    assert first.suppression is withheld
    assert (first.numerator_sum is None, not first.quantiles) == (bool(withheld), bool(withheld))
    assert second.suppression is Suppression.UNSPECIFIED
    assert Shown(view, readings, ["all"]).of("all").shown.tolist() == [not withheld, True, True]


def test_a_mean_that_says_nothing_is_left_out_and_the_quantiles_stay(view: View) -> None:
    readings = (Reading(True, "none", mean_meaningful=False), Reading(True, "none"), Reading(True, "none"))
    first, second, _ = cells.of_group(view, "all", readings).cells

    assert first.pooled is None
    assert first.numerator_sum == second.numerator_sum
    assert first.quantiles == second.quantiles
    assert second.pooled == second.numerator_sum / second.denominator_sum  # type: ignore[operator]
