"""Ranges, sums, a unit's own past: each defect by name, what holds a figure and what lets it go."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import codes, definitions
from services.validate import rules
from services.validate.doubts import Previous
from services.validate.finding import Severity
from services.validate.key_figures import Absence, Pair
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery

CATALOGUE = definitions.of("dk-almen", "2024")
CLEANING = {"konto_114": "420000", "bruttoareal": "5000"}
RENT = {"konto_2011": "4000000", "konto_2012": "400000", "konto_2013": "95000", "bruttoareal": "5000"}


def _amounts(natural: Mapping[str, str]) -> dict[str, int]:
    return {name: int(Decimal(v).scaleb(CATALOGUE.data_point[name].scale)) for name, v in natural.items()}


def _assess(
    sent: Mapping[str, str],
    previous: Mapping[str, str] | None = None,
    confirmations: Mapping[str, str] | None = None,
) -> Assessment:
    past = Previous("2023", _amounts(previous)) if previous else None
    delivery = Delivery(_amounts(sent), {}, confirmations=confirmations or {})
    return rules.assess(delivery, CATALOGUE, past)


def _result(assessment: Assessment, figure: str) -> Pair | Absence:
    return next(f.result for f in assessment.figures if f.key_figure == figure)


def _codes(assessment: Assessment) -> set[str]:
    return {f.code for f in assessment.findings if f.severity is not Severity.NOTE}


@pytest.mark.parametrize("name", CATALOGUE.key_figures)
def test_every_worked_example_is_accepted_without_a_doubt(name: str) -> None:
    amounts = {k: str(v) for k, v in CATALOGUE.key_figure[name].example.amounts.items()}
    assessment = _assess(amounts)
    assert _codes(assessment) == set()
    assert isinstance(_result(assessment, name), Pair)


DEFECTS = {
    "outside-the-hard-range": ("OEK-114", {**CLEANING, "konto_114": "42000000"}, None, "NT-2011", Absence.REFUSED),
    "outside-the-soft-range": ("OEK-114", {**CLEANING, "konto_114": "1500000"}, None, "NT-2012", Absence.HELD),
    "sum-is-not-its-parts": ("OEK-HUS", {**RENT, "konto_201": "4495001"}, None, None, None),
    "sum-of-arrears-base-wrong": (
        "UDL-RES",
        {**RENT, "konto_201": "4495001", "restancer": "112375"},
        None,
        "NT-2013",
        Absence.REFUSED,
    ),
    "part-larger-than-the-whole": (
        "DRI-TID",
        {"reparationer_til_tiden": "141", "reparationer": "140"},
        None,
        "NT-2014",
        Absence.REFUSED,
    ),
    "net-larger-than-gross": (
        "OEK-116",
        {"konto_116_brutto": "525000", "konto_116_netto": "525001", "bruttoareal": "5000"},
        None,
        "NT-2014",
        Absence.REFUSED,
    ),
    "changed-by-half": ("OEK-114", {**CLEANING, "konto_114": "700000"}, CLEANING, "NT-2015", Absence.HELD),
    "ten-times-too-much": (
        "OEK-105",
        {"konto_105": "3000000", "bruttoareal": "5000"},
        {"konto_105": "300000", "bruttoareal": "5000"},
        "NT-2016",
        Absence.HELD,
    ),
    "written-in-thousands": (
        "OEK-116",
        {"konto_116_brutto": "525", "bruttoareal": "5000"},
        {"konto_116_brutto": "525000", "bruttoareal": "5000"},
        "NT-2016",
        Absence.HELD,
    ),
    "last-year-sent-again": ("OEK-114", CLEANING, CLEANING, "NT-2017", Absence.HELD),
    "another-kind-of-area": (
        "OEK-114",
        {"konto_114": "430000", "bruttoareal": "3900"},
        CLEANING,
        "NT-2018",
        Absence.HELD,
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_has_its_code(defect: str) -> None:
    figure, sent, previous, code, verdict = DEFECTS[defect]
    assessment = _assess(sent, previous)
    if code is None:
        assert isinstance(_result(assessment, figure), Pair)  # the parts stand; the declared sum is nobody's here
        return
    assert code in _codes(assessment)
    assert _result(assessment, figure) is verdict
    for finding in assessment.findings:
        assert "–" not in codes.words(finding.code, finding.parameters)["da"]


def test_an_ordinary_year_raises_no_doubt() -> None:
    assert _codes(_assess({"konto_114": "441000.50", "bruttoareal": "5000"}, CLEANING)) == set()


def test_a_suggestion_undoes_the_slip() -> None:
    _, sent, previous, _, _ = DEFECTS["ten-times-too-much"]
    said = next(f for f in _assess(sent, previous).findings if f.code == "NT-2016").parameters
    assert (said["factor"], said["suggestion"]) == ("10", "300000")


@pytest.mark.parametrize("what", ["OEK-114", "konto_114"])
def test_a_reason_lets_a_held_figure_go_and_travels_with_it(what: str) -> None:
    assessment = _assess(CLEANING, CLEANING, {what: "Fast aftale til samme pris."})
    assert _result(assessment, "OEK-114") == Pair(42000000, 500000)
    assert [f.parameters["reason"] for f in assessment.findings if f.code == "NT-2017"] == [
        "Fast aftale til samme pris."
    ]


def test_the_reason_is_told_with_the_finding() -> None:
    assessment = _assess(CLEANING, CLEANING, {"OEK-114": "Fast aftale til samme pris."})
    finding = next(f for f in assessment.findings if f.code == "NT-2017")
    assert codes.words(finding.code, finding.parameters)["da"].endswith("Bekræftet: »Fast aftale til samme pris.«")


def test_a_reason_too_short_to_tell_anything_leaves_it_held() -> None:
    assessment = _assess(CLEANING, CLEANING, {"OEK-114": "   ok   "})
    assert _result(assessment, "OEK-114") is Absence.HELD
    assert "NT-2019" in {f.code for f in assessment.findings}


def test_a_confirmation_nobody_asked_for_is_said() -> None:
    found = _assess(CLEANING, None, {"OEK-114": "Vi har set efter.", "OEK-999": "Vi har set efter."}).findings
    assert [f.parameters["what"] for f in found if f.code == "NT-2020"] == ["OEK-114", "OEK-999"]


def test_what_is_refused_cannot_be_confirmed() -> None:
    sent = {**CLEANING, "konto_114": "42000000"}
    assert _result(_assess(sent, None, {"OEK-114": "Det er rigtigt nok."}), "OEK-114") is Absence.REFUSED


@pytest.mark.parametrize(
    ("cost", "held"), [("1250000", False), ("1250000.01", True), ("75000", False), ("74999.99", True)]
)
def test_the_ends_of_a_range_are_inside(cost: str, held: bool) -> None:
    assessment = _assess({**CLEANING, "konto_114": cost})
    assert (_result(assessment, "OEK-114") is Absence.HELD) is held


NUMBERS = st.integers(-(2**60), 2**60) | st.integers(0, 10**7)
AMOUNTS = st.dictionaries(st.sampled_from(sorted(CATALOGUE.data_point)), NUMBERS)


@given(AMOUNTS, AMOUNTS, st.dictionaries(st.sampled_from(["OEK-114", "konto_114", "x"]), st.text(max_size=20)))
def test_any_amounts_and_past_give_the_same_verdicts_again_and_never_raise(
    sent: dict[str, int], past: dict[str, int], reasons: dict[str, str]
) -> None:
    delivery = Delivery(sent, {}, confirmations=reasons)
    first = rules.assess(delivery, CATALOGUE, Previous("2023", past))
    assert first == rules.assess(delivery, CATALOGUE, Previous("2023", past))
    assert len(first.figures) == len(CATALOGUE.key_figures)
    for finding in first.findings:
        codes.words(finding.code, finding.parameters)
