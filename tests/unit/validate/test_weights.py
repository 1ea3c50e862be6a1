"""What a doubt weighs is the catalogue's to say, per figure: the same defects as notes hold nothing and can be answered."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from services.catalogue import codes, definitions
from services.catalogue.definitions import Catalogue
from services.validate import rules
from services.validate.doubts import Previous
from services.validate.finding import Finding, Severity
from services.validate.key_figures import Absence, Pair
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery

CATALOGUE = definitions.of("dk-almen", "2024")
CLEANING = {"konto_114": "420000", "bruttoareal": "5000"}
CAPITAL = {"konto_105": "300000", "bruttoareal": "5000"}
NOTES = {"past": dict.fromkeys(("magnitude", "copied", "moved", "sign"), "note")}
WHOLE = {"range": ["15", "250"], "source": "assumed", "severity": "note"}


def _with(figure: str, **words: Any) -> Catalogue:
    """The catalogue, one figure of it saying something else."""
    content = CATALOGUE.model_dump(mode="json")
    content["key_figure"][figure] |= words
    return Catalogue.model_validate(content)


def _assess(
    catalogue: Catalogue, sent: Mapping[str, str], before: Mapping[str, str] | None = None, reason: str = ""
) -> Assessment:
    def scaled(natural: Mapping[str, str]) -> dict[str, int]:
        return {name: int(Decimal(v).scaleb(CATALOGUE.data_point[name].scale)) for name, v in natural.items()}

    confirmations = {"OEK-114": reason} if reason else {}
    past = Previous("2023", scaled(before)) if before else None
    return rules.assess(Delivery(scaled(sent), {}, confirmations=confirmations), catalogue, past)


def _one(assessment: Assessment, code: str) -> Finding | None:
    return next((f for f in assessment.findings if f.code == code), None)


def _result(assessment: Assessment, figure: str) -> Pair | Absence:
    return next(f.result for f in assessment.figures if f.key_figure == figure)


# code: figure, what is sent, the period before, what makes it a note
DOUBTS: dict[str, tuple[str, dict[str, str], dict[str, str] | None, dict[str, Any]]] = {
    "NT-2012": ("OEK-114", CLEANING | {"konto_114": "1500000"}, None, {"soft": WHOLE}),
    "NT-2015": (
        "OEK-114",
        CLEANING | {"konto_114": "700000"},
        CLEANING,
        {"change": {"pct": 40, "source": "assumed", "severity": "note"}},
    ),
    "NT-2016": ("OEK-105", CAPITAL | {"konto_105": "3000000"}, CAPITAL, NOTES),
    "NT-2017": ("OEK-114", CLEANING, CLEANING, NOTES),
    "NT-2018": ("OEK-114", CLEANING | {"konto_114": "430000", "bruttoareal": "3900"}, CLEANING, NOTES),
    "NT-2022": ("OEK-105", CAPITAL | {"konto_105": "-290000"}, CAPITAL, NOTES | {"soft": None}),
}


@pytest.mark.parametrize("code", DOUBTS)
def test_a_doubt_holds_and_the_same_as_a_note_does_not(code: str) -> None:
    figure, sent, before, note = DOUBTS[code]
    if code == "NT-2022":  # a range that reaches below 0 leaves the sign alone to speak
        note = note | {"soft": {"range": ["-90", "900"], "source": "assumed"}}
    held = _assess(CATALOGUE, sent, before)
    said = _one(held, code)
    assert said is not None
    assert (said.severity, _result(held, figure)) == (Severity.CONFIRM, Absence.HELD)

    let_through = _assess(_with(figure, **note), sent, before)
    said = _one(let_through, code)
    assert said is not None
    assert said.severity is Severity.NOTE
    assert isinstance(_result(let_through, figure), Pair)


def test_a_note_may_be_answered_and_the_reason_travels() -> None:
    sent = CLEANING | {"konto_114": "1500000"}
    assessment = _assess(_with("OEK-114", soft=WHOLE), sent, None, "Kælderen blev tømt efter skybruddet.")
    said = _one(assessment, "NT-2012")
    assert said is not None
    assert codes.words(said.code, said.parameters)["da"].endswith("Bekræftet: »Kælderen blev tømt efter skybruddet.«")
    assert _one(assessment, "NT-2020") is None


def test_a_hard_range_is_always_an_error() -> None:
    hard = {"range": ["0", "400"], "source": "x", "severity": "note"}
    with pytest.raises(ValueError, match="severity"):
        _with("OEK-114", hard=hard)


@pytest.mark.parametrize("factor", [10, 100, 1000])
@pytest.mark.parametrize("figure", ["OEK-105", "OEK-116"])
def test_an_order_of_magnitude_both_ways_and_its_suggestion_undoes_it(figure: str, factor: int) -> None:
    part = {"OEK-105": "konto_105", "OEK-116": "konto_116_brutto"}[figure]
    for was, now in ((500_000, 500_000 * factor), (500_000 * factor, 500_000)):
        before, sent = ({part: str(n), "bruttoareal": "500000"} for n in (was, now))
        found = _one(_assess(CATALOGUE, sent, before), "NT-2016")
        assert found is not None
        assert (found.data_point, found.parameters["factor"]) == (part, str(factor))
        assert found.parameters["suggestion"] == str(was)


@pytest.mark.parametrize(
    ("now", "found"), [("3333333", False), ("3333334", True), ("7500000", True), ("7500001", False)]
)
def test_how_far_from_tenfold_an_ordinary_change_may_take_it(now: str, found: bool) -> None:
    sent = {"konto_116_brutto": now, "bruttoareal": "50000"}
    assert bool(_one(_assess(CATALOGUE, sent, sent | {"konto_116_brutto": "500000"}), "NT-2016")) is found


def test_a_debt_ten_times_itself_is_told_too() -> None:
    found = _one(_assess(CATALOGUE, CAPITAL | {"konto_105": "-900000"}, CAPITAL | {"konto_105": "-90000"}), "NT-2016")
    assert found is not None
    assert found.parameters["suggestion"] == "-90000"


@pytest.mark.parametrize(
    ("figure", "sent", "before", "what"),
    [
        ("OEK-105", CAPITAL | {"konto_105": "-1"}, CAPITAL, "konto_105"),
        ("OEK-105", CAPITAL | {"konto_105": "0"}, CAPITAL, None),
        ("OEK-105", CAPITAL, CAPITAL | {"konto_105": "0"}, None),
        ("OEK-105", CAPITAL | {"konto_105": "-290000"}, CAPITAL | {"konto_105": "-300000"}, None),
        (
            "OEK-118",
            {"konto_118": "30000", "konto_203": "35000", "bruttoareal": "5000"},
            {"konto_118": "60000", "konto_203": "35500", "bruttoareal": "5000"},
            "OEK-118",  # no part turned, the figure did
        ),
    ],
)
def test_a_sign_that_turned(figure: str, sent: dict[str, str], before: dict[str, str], what: str | None) -> None:
    found = _one(_assess(CATALOGUE, sent, before), "NT-2022")
    assert (found.parameters["what"] if found else None) == what


def _beside(**words: Any) -> Catalogue:
    content = CATALOGUE.model_dump(mode="json")
    content["data_point"]["konto_114"]["beside"] = {"data_point": "bruttoareal", "source": "assumed"} | words
    content["key_figure"]["OEK-114"]["base"] = {"least": "100", "source": "assumed"}
    return Catalogue.model_validate(content)


@pytest.mark.parametrize(("cleaning", "area", "codes_found"), [
    ("500000", "5000", set()), ("500000.01", "5000", {"NT-2024"}), ("99999.99", "5000", {"NT-2024"}),
    ("10000", "100", set()), ("9999", "99.99", {"NT-2023"}), ("0", "0", set()),
])  # fmt: skip
def test_beside_and_base_have_their_ends_inside(cleaning: str, area: str, codes_found: set[str]) -> None:
    found = _assess(_beside(range=["20", "100"]), {"konto_114": cleaning, "bruttoareal": area}).findings
    assert {f.code for f in found} & {"NT-2023", "NT-2024"} == codes_found
    assert all(f.key_figure == "OEK-114" for f in found if f.code in ("NT-2023", "NT-2024"))


def test_what_stops_a_figure_is_told_before_what_holds_one_and_that_before_notes() -> None:
    sent = CLEANING | {"konto_114": "1500000", "konto_110": "-1"}  # OEK-114 is in doubt, konto_110 at fault
    weights = [f.severity for f in _assess(CATALOGUE, sent).findings]
    assert weights == sorted(weights)
    assert set(weights) == {Severity.ERROR, Severity.CONFIRM, Severity.NOTE}
