"""Twelve months by hand: what is added, averaged, taken as it stands, and what is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue import definitions
from services.validate import periods, rolling, rules
from services.validate.key_figures import Absence, Pair
from services.validate.neighbours import Around
from services.validate.periods import Kind, Period
from services.validate.verdicts import Delivery

CATALOGUE = definitions.of("dk-almen", "2024")
JUNE = Period(Kind.MONTH, *(periods.calendar_year(2024).first.replace(month=6, day=d) for d in (1, 30)))
EARLIER = periods.twelve_to("2024-06")[:-1]  # 2023-07 to 2024-05
PAST = {month: {"opgaver_vvs": 2, "opgaver_el": 1, "opgaver_toemrer": 0, "boliger": 7000} for month in EARLIER}
OWN = {"opgaver_vvs": 5, "opgaver_el": 1, "opgaver_toemrer": 0, "boliger": 7006, "restancer": 9}


def test_the_window_is_the_twelve_months_that_end_with_the_month() -> None:
    window = rolling.window_of(JUNE)
    assert (window.first.isoformat(), window.last.isoformat()) == ("2023-07-01", "2024-06-30")
    assert window.months == (*EARLIER, "2024-06")


def test_counts_are_added_averages_averaged_and_stocks_left_to_the_last_month() -> None:
    """11 · 2 + 5 = 27 jobs; (11 · 7000 + 7006) / 12 = 7000.5, to even 7000; arrears are a stock."""
    amounts, lacking = rolling.over("2024-06", OWN, PAST, CATALOGUE)
    assert amounts == {"opgaver_vvs": 27, "opgaver_el": 12, "opgaver_toemrer": 0, "boliger": 7000}
    assert lacking == {}


def test_a_month_without_a_data_point_is_named_for_it_alone() -> None:
    past = PAST | {"2023-09": {"boliger": 7000, "opgaver_el": 1}, "2024-02": {}}
    amounts, lacking = rolling.over("2024-06", OWN, past, CATALOGUE)
    assert amounts == {}
    assert lacking["boliger"] == ("2024-02",)
    assert lacking["opgaver_vvs"] == ("2023-09", "2024-02")


@pytest.mark.parametrize(
    ("month", "missing"), [("2023-07", True), ("2024-05", True), ("2023-06", False), ("2024-07", False)]
)
def test_exactly_the_window_is_needed(month: str, missing: bool) -> None:
    there = {m: a for m, a in (PAST | {"2023-06": {}, "2024-07": {}}).items() if m != month}
    assert bool(rolling.over("2024-06", OWN, there, CATALOGUE)[1]) is missing


def test_what_is_kept_of_a_month_is_what_its_figures_rest_on_without_a_fault() -> None:
    amounts = {"boliger": 7000, "ledige": -1, "konto_114": 5, "restancer": Absence.BLANK}
    assert rolling.sound(amounts, {"ledige"}, CATALOGUE) == {"boliger": 7000}  # cleaning is looked at once a year


def _result(own: dict[str, int], past: dict[str, dict[str, int]], figure: str) -> Pair | Absence:
    assessment = rules.assess(Delivery(own, {}, period=JUNE), CATALOGUE, around=Around(months=past))
    return next(f.result for f in assessment.figures if f.key_figure == figure)


def test_a_month_without_a_repair_is_no_hole() -> None:
    """Eleven months of 10 repairs, 9 of them on time, and one month without any: 99 of 110."""
    past = {month: {"reparationer": 10, "reparationer_til_tiden": 9} for month in EARLIER}
    assert _result({"reparationer": 0, "reparationer_til_tiden": 0}, past, "DRI-TID") == Pair(99, 110)


def test_a_quarterly_figure_is_over_twelve_months_too() -> None:
    past = {month: {"klager": 1, "boliger": 7000} for month in EARLIER}
    assert _result({"klager": 2, "boliger": 7000}, past, "TIL-KLA") == Pair(1300, 7000)


NUMBERS = st.integers(-(2**60), 2**60) | st.integers(0, 10**7)
AMOUNTS = st.dictionaries(st.sampled_from(sorted(CATALOGUE.monthly_parts)), NUMBERS, max_size=12)


@settings(deadline=None, max_examples=50)
@given(AMOUNTS, st.dictionaries(st.sampled_from(EARLIER), AMOUNTS))
def test_any_months_give_the_same_figures_again_and_never_raise(
    own: dict[str, int], past: dict[str, dict[str, int]]
) -> None:
    delivery, around = Delivery(own, {"building_use": "butik"}, period=JUNE), Around(months=past)
    first = rules.assess(delivery, CATALOGUE, around=around)
    assert first == rules.assess(delivery, CATALOGUE, around=around)
    assert len(first.figures) == len(CATALOGUE.key_figures)
    yearly = {f.result for f in first.figures if CATALOGUE.key_figure[f.key_figure].period == "year"}
    assert yearly == {Absence.NOT_REQUIRED}
