"""A gap in money, by hand."""

import pytest

from services.benchmark import priced
from services.benchmark.priced import PricedGap
from services.benchmark.standing import Standing
from services.catalogue import definitions

CATALOGUE = definitions.of("dk-almen", "2024")


def _standing(own: tuple[int, int], median: tuple[int, int] | None) -> Standing:
    return Standing(1, 12, 1, 0, 0, 0 if median else None, own, median)


@pytest.mark.parametrize(
    ("own", "median", "dwellings", "gap"),
    [
        # 84 kr. per m² on 5,000 m² against a median of 80: 4 kr. * 5,000 = 20,000 kr.; 70 homes: 23.8095 kr. a month.
        ((42_000_000, 500_000), (80, 1), (7000, 2), PricedGap(200_000_000, 238_095)),
        ((42_000_000, 500_000), (80, 1), None, PricedGap(200_000_000, None)),
        ((42_000_000, 500_000), (80, 1), (0, 2), PricedGap(200_000_000, None)),
        # A third of a krone below: the median is 253/3.
        ((42_000_000, 500_000), (253, 3), (7000, 2), PricedGap(-16_666_667, -19_841)),
        ((42_000_000, 500_000), (84, 1), (7000, 2), PricedGap(0, 0)),
        ((42_000_000, 500_000), None, (7000, 2), None),
    ],
)
def test_the_gap_times_the_units_own_denominator(
    own: tuple[int, int], median: tuple[int, int] | None, dwellings: tuple[int, int] | None, gap: PricedGap | None
) -> None:
    assert CATALOGUE.scale("OEK-114") == 2
    assert priced.gap(_standing(own, median), "OEK-114", CATALOGUE, dwellings) == gap


def test_a_figure_without_a_price_has_none() -> None:
    sector = definitions.of("uk-tsm", "2024")
    assert priced.gap(_standing((1, 2), (1, 2)), "RP01", sector, None) is None
    assert priced.dwellings_rows(sector) == []


def test_a_balance_is_no_money_a_year() -> None:
    assert CATALOGUE.key_figure["OEK-DISP"].priced
    assert priced.gap(_standing((42_000_000, 7000), (5_000, 1)), "OEK-DISP", CATALOGUE, (7000, 2)) is None


def test_dwellings_are_read_off_a_figure_that_divides_by_them() -> None:
    rows = priced.dwellings_rows(CATALOGUE)
    assert rows
    assert all(CATALOGUE.key_figure[CATALOGUE.key_figures[row]].denominator == ("boliger",) for row, _ in rows)
    assert {scale for _, scale in rows} == {2}
