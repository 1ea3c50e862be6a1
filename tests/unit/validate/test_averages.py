"""Averages from day sums: hand-computed, rounded once, and what contradicts them."""

import pytest

from services.catalogue import definitions
from services.validate import averages, rules
from services.validate.key_figures import Absence, Pair
from services.validate.verdicts import Delivery

CATALOGUE = definitions.of("dk-almen", "2024")  # 366 days
REFUSE = {"konto_109": 18000000}


def _result(amounts: dict[str, int]) -> tuple[object, set[str]]:
    assessment = rules.assess(Delivery(REFUSE | amounts, {}), CATALOGUE)
    result = next(f.result for f in assessment.figures if f.key_figure == "OEK-109")
    return result, {f.code for f in assessment.findings if f.code in ("NT-2003", "NT-2034")}


def test_the_average_is_the_day_sum_over_the_days_rounded_once() -> None:
    """72.2 units every day for 366 days = 26,425.2 unit-days; half a year of one more: 183 more; 26,608.2 / 366 = 72.70."""
    assert averages.derived({"lejemaalsenhed_dage": 266082}, 366, CATALOGUE) == {"lejemaalsenheder": 7270}
    assert averages.derived({"bolig_dage": 25651}, 366, CATALOGUE) == {"boliger": 7008}  # 70.0847
    assert averages.derived({"bolig_dage": Absence.BLANK}, 366, CATALOGUE) == {}
    assert _result({"lejemaalsenhed_dage": 266082}) == (Pair(18000000, 7270), set())


@pytest.mark.parametrize(
    ("average", "agrees"), [(7270, True), (7300, True), (7200, False), (7269, False), (7271, False), (7280, False)]
)
def test_an_average_beside_its_day_sum_must_agree_to_the_digits_it_has(average: int, agrees: bool) -> None:
    """72.70 is also 73 in whole units, but not 72.7 and one hundredth."""
    result, codes = _result({"lejemaalsenhed_dage": 266082, "lejemaalsenheder": average})
    assert (result, codes) == ((Pair(18000000, 7270), set()) if agrees else (Absence.REFUSED, {"NT-2034"}))


def test_a_day_sum_in_error_stops_what_rests_on_its_average() -> None:
    assert _result({"lejemaalsenhed_dage": -266082}) == (Absence.REFUSED, {"NT-2003"})


def test_what_is_kept_of_the_period_is_the_derived_average() -> None:
    assessment = rules.assess(Delivery(REFUSE | {"lejemaalsenhed_dage": 266082}, {}), CATALOGUE)
    assert assessment.amounts == {"konto_109": 18000000, "lejemaalsenheder": 7270}
