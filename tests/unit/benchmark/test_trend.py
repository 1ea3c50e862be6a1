"""Histories over periods: years without a figure, figures that are not public."""

from typing import Any

from services.benchmark import batch_bytes, trend, wire
from services.benchmark.period import Period
from services.benchmark.state import PeriodState
from services.benchmark.trend import Asked
from services.benchmark.view import View
from services.catalogue import definitions
from tests.builders import observations

CATALOGUE = definitions.of("dk-almen", "2024")
PUBLIC = next(name for name, figure in CATALOGUE.key_figure.items() if figure.publicity == "public")
MEMBERS = next(name for name, figure in CATALOGUE.key_figure.items() if figure.publicity == "members")


def _period(year: int, value: int, *, without: str = "") -> tuple[Period, View]:
    state, figures = PeriodState(CATALOGUE.key_figures), (PUBLIC, MEMBERS)
    units: dict[str, Any] = {
        f"u{n:02}": [2 if f"u{n:02}" == without else (value + n, 10)] * len(figures) for n in range(12)
    }
    state.apply(wire.batch(batch_bytes.read(observations(units, figures=figures).SerializeToString())))
    nothing = PeriodState(CATALOGUE.key_figures).freeze()
    return Period("dk-almen", str(year), CATALOGUE, state, nothing), state.freeze()


def _asked(figure: str, unit: str = "") -> Asked:
    return Asked("dk-almen", unit, figure, "all", "mean")


def test_a_year_without_the_figure_is_a_point_without_a_value() -> None:
    periods = [_period(2010 + n, 100 + n % 2, without="u03" if n == 4 else "") for n in range(9)]
    history = trend.trend(_asked(PUBLIC, "u03"), periods)
    assert [p.HasField("value") for p in history.points] == [True] * 4 + [False] + [True] * 4
    assert history.points[4].units == 11
    assert history.HasField("centre")  # eight values are left
    assert history.points[0].value == 10.3
    assert [p.change_computable for p in history.points] == [False, True, True, True, False, False, True, True, True]


def test_seven_years_have_no_limits() -> None:
    history = trend.trend(_asked(PUBLIC), [_period(2010 + n, 100) for n in range(7)])
    assert [p.value for p in history.points] == [10.55] * 7  # 100 … 111 of 10: the median is 105.5 / 10
    assert not any(history.HasField(name) for name in ("centre", "lower", "upper"))  # type: ignore[arg-type]


def test_a_figure_that_is_not_public_shows_a_unit_its_own_values_and_nothing_of_others() -> None:
    periods = [_period(2010 + n, 100 * (1 + n)) for n in range(9)]
    own = trend.trend(_asked(MEMBERS, "u03"), periods)
    assert [p.value for p in own.points] == [10.0 * (1 + n) + 0.3 for n in range(9)]
    cell = trend.trend(_asked(MEMBERS), periods)
    for point in (*own.points, *cell.points):
        assert not any(point.HasField(name) for name in ("q1", "median", "q3"))  # type: ignore[arg-type]
        assert not point.change_computable
        assert not point.flags
    assert not any(point.HasField("value") for point in cell.points)
