"""Normalisation against numbers computed by hand, and the way back from raw pair and factors to the published pair."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue import codes, definitions
from services.validate import normalisation, periods, rules
from services.validate.finding import Severity
from services.validate.key_figures import Absence, Pair
from services.validate.normalisation import Factor, Lacking
from services.validate.periods import Period
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery, Figure

CATALOGUE = definitions.of("dk-almen", "2024")
CLEANING = {"konto_114": "420000", "bruttoareal": "5000"}
HEAT = {"varmeforbrug": "630000", "opvarmet_areal": "4500"}


def _period(start: str, end: str) -> Period:
    period = periods.read(start, end)
    assert isinstance(period, Period)
    return period


YEAR, SHIFTED = _period("2024-01-01", "2024-12-31"), _period("2023-07-01", "2024-06-30")
HALF = _period("2024-07-01", "2024-12-31")  # 184 of 366 days


def _assess(sent: dict[str, str], period: Period = YEAR, **attributes: str) -> Assessment:
    amounts = {name: int(Decimal(v).scaleb(CATALOGUE.data_point[name].scale)) for name, v in sent.items()}
    return rules.assess(Delivery(amounts, attributes, period=period), CATALOGUE)


def _figure(assessment: Assessment, name: str) -> Figure:
    return next(f for f in assessment.figures if f.key_figure == name)


def _codes(assessment: Assessment, figure: str) -> set[str]:
    return {f.code for f in assessment.findings if f.key_figure == figure}


def test_a_calendar_year_is_at_the_prices_of_its_own_year() -> None:
    figure = _figure(_assess(CLEANING), "OEK-114")
    assert figure.result == Pair(42000000, 500000)
    assert figure.compared is not None
    (factor,) = figure.compared.factors
    assert (factor.numerator, factor.denominator, factor.assumed) == (1, 1, False)


def test_a_shifted_year_is_moved_to_the_prices_of_the_year_in_which_it_ends() -> None:
    """2024: 1181 + 5·1188 + 1204 + 1195 + 1192 + 1195 + 1190 + 1184 = 14281.
    July 2023 to June 2024: 1192 + 1183 + 1180 + 1183 + 1178 + 1172 + 1181 + 5·1188 = 14209."""
    figure = _figure(_assess(CLEANING, SHIFTED), "OEK-114")
    assert figure.compared is not None
    (factor,) = figure.compared.factors
    assert Fraction(factor.numerator, factor.denominator) == Fraction(14281, 14209)
    assert dict(factor.basis) == {"months": "2023-07/2024-06", "base": "2024"}
    assert factor.table.startswith("nettoprisindeks/2024-07#")
    assert factor.assumed  # July to December 2024
    # 42,000,000 · 14281 / 14209 = 42,212,822.86…
    assert figure.result == Pair(42212823, 500000)


def test_heat_is_corrected_to_a_normal_year() -> None:
    """April 2022 to March 2023: 331 + 188 + 84 + 53 + 32 + 138 + 190 + 296 + 498 + 431 + 389 + 435 = 3065; normal 3009."""
    period = _period("2022-04-01", "2023-03-31")
    factor = normalisation.degree_days(period, "", "dwelling", CATALOGUE)
    assert isinstance(factor, Factor)
    assert Fraction(factor.numerator, factor.denominator) == Fraction(30, 100) + Fraction(70, 100) * Fraction(
        3009, 3065
    )
    assert dict(factor.basis) | {"shares": ""} == {
        "months": "2022-04/2023-03",
        "station": "Aarhus",
        "method": "whole_year",
        "normal": "3009",
        "degree_days": "3065",
        "use": "dwelling",
        "weather_independent_pct": "30",
        "shares": "",
    }
    assert not factor.assumed
    # 630,000 · (0.3 + 0.7 · 3009 / 3065) = 621,942.57…, in hundredths since the area is
    assert normalisation.normalised(Pair(63000000, 450000), [factor]) == Pair(62194258, 450000)


def test_the_share_that_follows_the_weather_is_the_buildings() -> None:
    factors = [
        _figure(_assess(HEAT, building_use=use), "ENE-VAR").compared.factors[0]  # type: ignore[union-attr]
        for use in ("", "Kontor", "døgninstitution")
    ]
    assert [dict(f.basis)["weather_independent_pct"] for f in factors] == ["30", "18", "31"]


DEFECTS = {
    "degree-days-of-another-method": ({"degree_day_method": "TI"}, YEAR, Absence.REFUSED, "NT-2031"),
    "degree-days-of-a-method-nobody-knows": ({"degree_day_method": "mine"}, YEAR, Absence.REFUSED, "NT-2031"),
    "building-use-unknown": ({"building_use": "spaceship"}, YEAR, Absence.EXCLUDED, "NT-2032"),
    "period-inside-a-month": ({}, _period("2023-01-16", "2024-01-15"), Absence.EXCLUDED, "NT-2033"),
    "months-without-degree-days": ({}, _period("2025-02-01", "2026-01-31"), Absence.EXCLUDED, "NT-2030"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_figure_that_cannot_be_corrected_is_not_compared(defect: str) -> None:
    attributes, period, absence, code = DEFECTS[defect]
    assessment = _assess(HEAT, period, **attributes)
    assert _figure(assessment, "ENE-VAR").result is absence
    assert code in _codes(assessment, "ENE-VAR")
    for finding in assessment.findings:
        assert "–" not in codes.words(finding.code, finding.parameters)["da"].replace(" – ", "")


def test_the_missing_months_are_named() -> None:
    assessment = _assess(CLEANING, _period("2025-02-01", "2026-01-31"))
    (said,) = [f.parameters for f in assessment.findings if f.key_figure == "OEK-114" and f.code == "NT-2030"]
    assert said["months"].startswith("2026-01, 2026-02")
    assert _figure(assessment, "OEK-114").result is Absence.EXCLUDED


def test_naming_the_method_of_the_table_is_no_fault() -> None:
    assert isinstance(_figure(_assess(HEAT, degree_day_method="Hele året"), "ENE-VAR").result, Pair)


def test_a_range_looks_at_the_normalised_figure() -> None:
    """250.00 kr. per m² is the bound; a shifted year's 249.50 is 250.76 at 2024 prices."""
    sent = {"konto_114": "1247500", "bruttoareal": "5000"}
    assert isinstance(_figure(_assess(sent), "OEK-114").result, Pair)
    held = _figure(_assess(sent, SHIFTED), "OEK-114")
    assert (held.result, held.held) == (Absence.HELD, Pair(125382135, 500000))


def test_a_part_of_a_year_is_annualised_by_days_and_stays_out() -> None:
    """35 jobs in 184 days: 35 · 366 / 184 = 69.62; the figure counts in hundredths, since dwellings do."""
    sent = {"opgaver_vvs": "20", "opgaver_el": "10", "opgaver_toemrer": "5", "boliger": "70"}
    assessment = _assess(sent, HALF)
    figure = _figure(assessment, "DRI-HVK")
    assert (figure.result, figure.provisional) == (Absence.EXCLUDED, Pair(6962, 7000))
    assert figure.compared is not None
    assert [(f.kind, f.numerator, f.denominator) for f in figure.compared.factors] == [("annualise", 183, 92)]
    assert "NT-2035" in _codes(assessment, "DRI-HVK")
    assert assessment.amounts["opgaver_vvs"] == 20


def test_what_a_part_of_a_year_cannot_say_is_excluded_and_the_rest_stands() -> None:
    sent = CLEANING | {"konto_401": "3101000", "boliger": "70", "reparationer_til_tiden": "119", "reparationer": "140"}
    assessment = _assess(sent, HALF)
    assert _figure(assessment, "OEK-114").result is Absence.EXCLUDED
    assert _codes(assessment, "OEK-114") == {"NT-2036"}
    assert _figure(assessment, "DRI-TID").result == Pair(119, 140)  # a share of counts
    stock = _figure(assessment, "OEK-401")
    assert isinstance(stock.result, Pair)  # a stock is what it is on the last day
    assert stock.compared is not None
    assert [f.kind for f in stock.compared.factors] == ["price"]


def test_a_wild_figure_of_a_part_of_a_year_is_refused_all_the_same() -> None:
    sent = {"opgaver_vvs": "2000", "opgaver_el": "10", "opgaver_toemrer": "5", "boliger": "70"}
    assert _figure(_assess(sent, HALF), "DRI-HVK").result is Absence.REFUSED


NUMBERS = st.integers(-(2**52), 2**52)
EXACT = st.builds(lambda n, d: Factor("price", "", n, d, ()), st.integers(1, 10**6), st.integers(1, 10**6))


@given(NUMBERS, st.lists(EXACT, max_size=3))
def test_anyone_can_recompute_the_published_pair(raw: int, factors: list[Factor]) -> None:
    exact = Fraction(raw)
    for f in factors:
        exact *= Fraction(f.numerator, f.denominator)
    assert normalisation.normalised(Pair(raw, 7), factors) == Pair(round(exact), 7)  # Python rounds half to even


DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@settings(deadline=None)
@given(DAYS, DAYS, st.sampled_from(["", "TI", "whole_year", "x"]), st.sampled_from(["", "butik", "x"]))
def test_any_period_and_profile_have_factors_or_say_why_not(first: object, last: object, method: str, use: str) -> None:
    period = _period(str(first), str(last))
    if period.days < 1:
        return
    found = normalisation.factors(period, {"degree_day_method": method, "building_use": use}, CATALOGUE)
    assert set(found) == {"price", "degree_days"}
    for one in found.values():
        if isinstance(one, Lacking):
            assert one.severity in (Severity.NOTE, Severity.ERROR)
        else:
            assert one.numerator > 0 < one.denominator
