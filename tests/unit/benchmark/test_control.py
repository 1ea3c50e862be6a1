"""Control charts: hand-computed, and signals against looking at every seven points."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.benchmark import control
from services.benchmark.control import Signal
from tests import oracle_variation as oracle

histories = st.lists(st.integers(0, 12).map(Fraction), min_size=8, max_size=24)


def _whole(*values: int) -> list[Fraction]:
    return [Fraction(v) for v in values]


def test_limits_by_hand() -> None:
    # mean 80/8 = 10; moving ranges 2 1 3 2 4 3 1: mean 16/7, median 2
    values = _whole(10, 12, 11, 8, 10, 6, 9, 14)
    values[-1] = Fraction(10)
    found = control.chart(values)
    assert found.centre == Fraction(76, 8)
    reach = Fraction("2.66") * Fraction(16, 7)
    assert (found.lower, found.upper) == (Fraction(76, 8) - reach, Fraction(76, 8) + reach)
    median = control.chart(values, "median")
    assert (median.centre, median.upper) == (10, 10 + 3 * 2 / Fraction("0.954"))
    assert not any(found.signals)


def test_fewer_than_eight_periods_are_plain_dots() -> None:
    found = control.chart(_whole(1, 2, 3, 4, 5, 6, 700))
    assert (found.centre, found.lower, found.upper, found.signals) == (None, None, None, ((),) * 7)
    assert control.chart([]).signals == ()


def test_a_point_beyond_a_limit() -> None:
    found = control.chart(_whole(*[10, 11] * 6, 40), "median")
    assert [n for n, said in enumerate(found.signals) if Signal.OUTSIDE in said] == [12]


def test_the_seventh_on_one_side_and_the_seventh_that_rises() -> None:
    found = control.chart(_whole(*[0] * 7, *[9] * 7))
    assert [n for n, said in enumerate(found.signals) if Signal.ONE_SIDE in said] == [6, 13]
    rising = control.chart(_whole(5, 1, 2, 3, 4, 5, 6, 7, 8, 3))
    assert [n for n, said in enumerate(rising.signals) if Signal.RISING in said] == [7, 8]
    falling = control.chart(_whole(1, 8, 7, 6, 5, 4, 3, 2, 4))
    assert [n for n, said in enumerate(falling.signals) if Signal.FALLING in said] == [7]


def test_a_point_on_the_centre_ends_a_run() -> None:
    found = control.chart(_whole(4, 4, 4, 6, 6, 6, 5, 6, 4, 5), "median")
    assert found.centre == 5
    assert not any(Signal.ONE_SIDE in said for said in found.signals)


@pytest.mark.parametrize("version", ["mean", "median"])
@given(histories)
def test_signals_are_the_naive_ones(version: str, values: list[Fraction]) -> None:
    found = control.chart(values, version)  # type: ignore[arg-type]
    assert found.centre is not None
    assert found.upper is not None
    naive = oracle.signals(values, found.centre, found.upper - found.centre)
    assert [[s.name for s in said] for said in found.signals] == naive
