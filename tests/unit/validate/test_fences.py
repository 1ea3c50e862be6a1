"""Fences from a closed period: exact at their edge, asymmetric, silent where a side has no width, and how often they are wrong."""

import math
import random
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import codes, definitions
from services.catalogue.bounds import Fences
from services.catalogue.quartiles import Frozen, Quartiles
from services.cli.fences import false_alarms
from services.validate import fences, rules
from services.validate.finding import Severity
from services.validate.key_figures import Absence, Pair
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery

CATALOGUE = definitions.of("dk-almen", "2024")
PROFILE = {"type": "family", "size_band": "50-149", "region": "Midtjylland", "built": "1970-1989"}
# OEK-114, k = 5 on logarithms. All: 81(81/90)^5 = 47.82969 and 100(100/90)^5 = 169.3508...
# Family: 90(90/100)^5 = 53.1441 and 110(110/100)^5 = 177.1561, exactly.
FROZEN = Frozen(
    scheme="dk-almen",
    period="2023",
    source="test",
    digest="ab" * 32,
    quartiles={
        "OEK-114": {
            "all": Quartiles(units=60, q1=Decimal(81), median=Decimal(90), q3=Decimal(100)),
            "type=family;region=Midtjylland": Quartiles(units=39, q1=Decimal(52), median=Decimal(53), q3=Decimal(54)),
            "type=family": Quartiles(units=40, q1=Decimal(90), median=Decimal(100), q3=Decimal(110)),
        },
        "OEK-118": {"all": Quartiles(units=60, q1=Decimal(-10), median=Decimal(-4), q3=Decimal(5))},
        "OEK-129": {"all": Quartiles(units=60, q1=Decimal(0), median=Decimal(1), q3=Decimal(2))},
    },
)


def _assess(oere: int, profile: dict[str, str] | None = None, reason: str = "") -> Assessment:
    said = {"OEK-114": reason} if reason else {}
    sent = Delivery({"konto_114": oere, "bruttoareal": 500_000}, profile or {}, confirmations=said)
    return rules.assess(sent, CATALOGUE, None, FROZEN)


def _cleaning(assessment: Assessment) -> Pair | Absence:
    return next(f.result for f in assessment.figures if f.key_figure == "OEK-114")


@pytest.mark.parametrize(
    ("kroner", "profile", "held"),
    [
        ("239148.45", {}, False),  # 47.82969 a m² is the fence: 5,000 m² times it is 239,148.45
        ("239148.44", {}, True),
        ("265720.50", PROFILE, False),  # 53.1441, of family homes: narrower than everybody's
        ("265720.49", PROFILE, True),
        ("885780.50", PROFILE, False),
        ("885780.51", PROFILE, True),
        ("265000", {}, False),  # outside the family's, inside everybody's
    ],
)
def test_the_edge_is_inside_to_the_last_oere(kroner: str, profile: dict[str, str], held: bool) -> None:
    assessment = _assess(int(Decimal(kroner) * 100), profile)
    assert (_cleaning(assessment) is Absence.HELD) is held
    assert ("NT-2021" in {f.code for f in assessment.findings}) is held


def test_the_finding_says_which_group_period_and_limits() -> None:
    finding = next(f for f in _assess(26_500_000, PROFILE).findings if f.code == "NT-2021")
    assert finding.severity is Severity.CONFIRM
    assert finding.parameters == {
        "key_figure": "OEK-114",
        "value": "53",
        "group": "type=family",
        "period": "2023",
        "units": "40",
        "low": "53.14",
        "high": "177.15",
    }
    assert "type=family" in codes.words(finding.code, finding.parameters)["da"]


def test_a_reason_lets_it_go() -> None:
    assert _cleaning(_assess(26_500_000, PROFILE, "Beboerne gør selv rent.")) == Pair(26_500_000, 500_000)


def test_a_figure_the_catalogue_has_no_fences_for_is_left_alone() -> None:
    sent = Delivery({"konto_129": 100_000_000, "bruttoareal": 500_000}, {})
    assert "NT-2021" not in {f.code for f in rules.assess(sent, CATALOGUE, None, FROZEN).findings}


@pytest.mark.parametrize(("scheme", "period", "judges"), [
    ("dk-almen", "2024", True), ("dk-almen", "2023", False), ("dk-almen", "2022", False),
    ("dk-almen", "2024-Q2", False), ("uk-tsm", "2024", False),
])  # fmt: skip
def test_fences_judge_later_periods_of_their_scheme_alone(scheme: str, period: str, judges: bool) -> None:
    assert (FROZEN.judging(scheme, period) is FROZEN) is judges


def test_the_rule_set_names_the_fences_down_to_the_byte() -> None:
    assert rules.rule_set(CATALOGUE, FROZEN) == f"{rules.rule_set(CATALOGUE)}+fences-2023#abababababab"


def _limits(q1: str, median: str, q3: str, k: str, of: str) -> list[str | None]:
    quartiles = Quartiles(units=40, q1=Decimal(q1), median=Decimal(median), q3=Decimal(q3))
    rule = Fences.model_validate({"k": k, "of": of, "source": "assumed"})
    return [fence.text(3) if fence else None for fence in fences.limits(quartiles, rule, 1)]


@pytest.mark.parametrize(
    ("q1", "median", "q3", "k", "of", "expected"),
    [
        ("8", "10", "14", "1.5", "values", ["5", "20"]),
        ("-10", "-4", "5", "4", "values", ["-34", "41"]),
        ("4", "9", "9", "2", "values", ["-6", None]),  # nothing between median and q3
        ("9", "9", "12", "2", "values", [None, "18"]),
        ("4", "9", "16", "0.5", "logarithms", ["2.666", "21.333"]),  # 4 * 2/3 and 16 * 4/3
        ("4", "9", "16", "1.5", "logarithms", ["1.185", "37.925"]),  # 4 * 8/27 and 16 * 64/27: 37.9259
        ("0", "9", "16", "2", "logarithms", [None, "50.567"]),
        ("-2", "0", "16", "2", "logarithms", [None, None]),
        ("7", "7", "7", "2", "logarithms", [None, None]),
    ],
)
def test_limits_by_hand(q1: str, median: str, q3: str, k: str, of: str, expected: list[str | None]) -> None:
    assert _limits(q1, median, q3, k, of) == expected


def test_nothing_below_0_is_inside_a_fence_on_logarithms() -> None:
    low, _ = fences.limits(
        Quartiles(units=40, q1=Decimal(4), median=Decimal(9), q3=Decimal(16)),
        Fences(k=Decimal(2), of="logarithms", source="assumed"),
        1,
    )
    assert low is not None
    assert low.above(Fraction(0))
    assert low.above(Fraction(-50))
    assert not low.above(Fraction(50))


POSITIVE = st.fractions(min_value=Fraction(1, 100), max_value=10_000)


@given(st.lists(POSITIVE, min_size=3, max_size=3), st.integers(1, 12), POSITIVE)
def test_halves_on_logarithms_agree_with_logarithms(three: list[Fraction], twice: int, value: Fraction) -> None:
    q1, median, q3 = sorted(Decimal(int(f * 100)) / 100 for f in three)
    if not 0 < q1 < median:
        return
    rule = Fences(k=Decimal(twice) / 2, of="logarithms", source="assumed")
    low, _ = fences.limits(Quartiles(units=1, q1=q1, median=median, q3=q3), rule, 1)
    assert low is not None
    naive = (1 + twice / 2) * math.log(q1) - twice / 2 * math.log(median)
    if abs(math.log(value) - naive) > 1e-9:  # nearer than that a float cannot tell
        assert low.above(value) is (math.log(value) < naive)


def _held(draw: random.Random, fenced: tuple[fences.Fence | None, fences.Fence | None], sector: int) -> float:
    """The share of a sector with median 84 and a spread of 0.3 on the logarithm that is outside."""
    low, high = fenced
    assert low is not None
    assert high is not None
    ends = [math.sqrt(low.squared), math.sqrt(high.squared)]
    return sum(not ends[0] <= 84 * math.exp(draw.gauss(0, 0.3)) <= ends[1] for _ in range(sector)) / sector


@pytest.mark.parametrize("k", ["1.5", "3"])
def test_the_stated_rate_of_a_large_group_is_that_of_a_lognormal_sector(k: str) -> None:
    rule = Fences(k=Decimal(k), of="logarithms", source="assumed")
    way = (Decimal("0.3") * Decimal("0.6744897501960817")).exp()
    quartiles = Quartiles(units=1000, q1=84 / way, median=Decimal(84), q3=84 * way)
    held = _held(random.Random(4), fences.limits(quartiles, rule, 1), 200_000)
    assert held == pytest.approx(false_alarms(Decimal(k)), rel=0.1)


def test_the_stated_rate_of_the_smallest_group_that_judges_is_no_understatement() -> None:
    draw, rule, held = random.Random(5), Fences(k=Decimal(5), of="logarithms", source="assumed"), 0.0
    for _ in range(1000):
        peers = sorted(84 * math.exp(draw.gauss(0, 0.3)) for _ in range(rule.units))
        q1, median, q3 = (Decimal(repr(q)) for q in statistics.quantiles(peers, n=4))
        held += _held(draw, fences.limits(Quartiles(units=40, q1=q1, median=median, q3=q3), rule, 1), 100) / 1000
    assert false_alarms(rule.k, rule.units) / 4 < held < false_alarms(rule.k, rule.units)


def test_a_group_of_too_few_units_leaves_the_judging_to_a_wider_one() -> None:
    """The region's 39 family homes would hold DKK 60 per m²; the 40 of the country do not."""
    assert _cleaning(_assess(30_000_000, PROFILE)) == Pair(30_000_000, 500_000)
