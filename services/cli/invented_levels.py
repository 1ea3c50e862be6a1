"""Where the invented sector's figures lie: a level, how far departments are apart, how much a year moves, and who published it.

Published levels are used as they stand for the first year there is, 2023, and grow from there; the years between publication
and 2023 are not indexed. Where nobody published a level or a spread, `source` says "assumed": a careful guess, nobody's figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ASSUMED = "assumed"
FIRST_YEAR, GROWTH = 2023, 1.029  # a year's prices: rent's growth in 2023, Landsbyggefonden, huslejestatistik 2023
DWELLINGS = (
    60,
    0.9,
)  # median and spread; the mean of 90 is about 600,000 homes over 6,700 departments (Landsbyggefonden 2023:2)
SMALLEST, LARGEST = 16, 1500
TYPES = {"family": 0.85, "youth": 0.08, "elderly": 0.07}  # assumed
REGIONS = {
    "Hovedstaden": 0.3,
    "Sjælland": 0.15,
    "Syddanmark": 0.22,
    "Midtjylland": 0.22,
    "Nordjylland": 0.11,
}  # assumed
BUILT = {"-1945": 0.1, "1946-1969": 0.3, "1970-1989": 0.35, "1990-": 0.25}  # assumed
MODES = {"internet": 0.7, "post": 0.1, "telephone": 0.1, "face_to_face": 0.1}  # assumed
WATER_SETTLED_TOGETHER = 0.35  # assumed; to the others account 107 does not apply
LBF = "Landsbyggefonden, "


@dataclass(frozen=True)
class Level:
    """How a data point is invented.

    per       the data point it is counted per, or "dwellings"
    middle    median per that; where only some have any, the mean of those
    between   standard deviation of the logarithm (of the logit, for a part) between departments
    yearly    the same between a department's years
    kind      amount: log-normal, whole; average: the same, steady, with decimals; count: Poisson; part: binomial of `per`
    some      part of the departments that have any at all
    by        attribute -> value -> factor
    """

    per: str
    middle: float
    between: float
    yearly: float
    source: str = ASSUMED
    kind: Literal["amount", "average", "count", "part"] = "amount"
    some: float = 1.0
    by: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    grows: bool = True


def _steady(per: str, middle: float, between: float, source: str = ASSUMED, **by: Mapping[str, float]) -> Level:
    return Level(per, middle, between, 0.0, source, "average", by=by, grows=False)


def _used(
    per: str, middle: float, between: float, yearly: float, source: str = ASSUMED, **by: Mapping[str, float]
) -> Level:
    return Level(per, middle, between, yearly, source, by=by, grows=False)


def _count(per: str, middle: float, between: float, source: str = ASSUMED, **by: Mapping[str, float]) -> Level:
    return Level(per, middle, between, 0.05, source, "count", by=by, grows=False)


def _part(per: str, middle: float, between: float, source: str = ASSUMED) -> Level:
    return Level(per, middle, between, 0.05, source, "part", grows=False)


# Cleaning: 55 % dearer in the Capital Region than in Southern Denmark; the other regions lie between (assumed)
WAGES = {"Hovedstaden": 1.24, "Sjælland": 1.0, "Syddanmark": 0.8, "Midtjylland": 0.92, "Nordjylland": 0.9}
# Heat by year built: about 55 (2007-15), 140 (1963-78), 265 (before 1920); the bands between them are assumed
HEAT = {"-1945": 190.0, "1946-1969": 150.0, "1970-1989": 125.0, "1990-": 75.0}
LEVELS: dict[str, Level] = {  # in an order in which what is counted per comes first
    "boliger": _steady("dwellings", 1, 0),
    "bruttoareal": _steady(
        "boliger", 75.9, 0.08, LBF + "temastatistik 2023:9", type={"family": 1.04, "youth": 0.55, "elderly": 0.85}
    ),
    "lejemaalsenheder": _steady("boliger", 1.03, 0.02),
    "opvarmet_areal": _steady("bruttoareal", 0.92, 0.03),
    "udeareal": _steady("boliger", 85, 0.45),
    "konto_106": Level("bruttoareal", 50, 0.35, 0.03),
    "konto_107": Level("bruttoareal", 49, 0.2, 0.06, LBF + "Udgifter til varme, vand og el 2015"),
    "konto_109": Level("lejemaalsenheder", 2500, 0.22, 0.06),
    "konto_110": Level("bruttoareal", 15, 0.28, 0.06),
    "konto_111": Level("bruttoareal", 17.8, 0.32, 0.08, LBF + "temastatistik 2022:2: 12.8 and about 5 for metering"),
    "konto_1121": Level("lejemaalsenheder", 4000, 0.16, 0.03),
    "konto_114": Level("bruttoareal", 84, 0.25, 0.05, LBF + "temastatistik 2020:3", by={"region": WAGES}),
    "konto_115": Level("bruttoareal", 32, 0.33, 0.1, LBF + "temastatistik 2017:3"),
    "konto_116_brutto": Level("bruttoareal", 105, 0.4, 0.4, LBF + "temastatistik 2017:3"),
    "konto_116_netto": Level("konto_116_brutto", 0.2, 0.3, 0.2, some=0.3, grows=False),
    "fraflytninger": _count(
        "boliger", 0.104, 0.15, LBF + "temastatistik 2020:7", type={"youth": 0.399 / 0.104, "elderly": 0.153 / 0.104}
    ),
    "istandsaettelser": _part("fraflytninger", 0.9, 0.3),
    "konto_117": Level("istandsaettelser", 17_000, 0.25, 0.12, by={"type": {"youth": 0.4, "elderly": 0.8}}),
    "konto_117_netto": Level("konto_117", 0.3, 0.3, 0.2, some=0.3, grows=False),
    "konto_121": Level("boliger", 430, 0.35, 0.05),
    "konto_122": Level("boliger", 150, 0.4, 0.05),
    "konto_118": Level("bruttoareal", 12, 0.35, 0.07),
    "konto_203": Level("bruttoareal", 7, 0.35, 0.07),
    "konto_119": Level("bruttoareal", 8.1, 0.35, 0.15, LBF + "orientering 2020/2"),
    "konto_120": Level("boliger", 12_000, 0.33, 0.07),
    "konto_401": Level("boliger", 44_300, 0.45, 0.08, LBF + "orientering 2021/6"),
    "konto_124": Level("bruttoareal", 230, 0.9, 0.2, LBF + "temastatistik 2023:3", some=0.05, grows=False),
    # 70 % with any loss (assumed) and this spread put 17 % of the departments above the mean; 1.15 makes up for the tail cut off
    "konto_129": Level("bruttoareal", 5.4 / 0.7 * 1.15, 1.8, 0.5, LBF + "orientering 2023/2", some=0.7, grows=False),
    "konto_130": Level("lejemaalsenheder", 400, 0.7, 0.4, some=0.85),
    "konto_105": Level("bruttoareal", 300, 0.32, 0.02, grows=False),
    "konto_201": Level("bruttoareal", 899, 0.15, 0.01, LBF + "huslejestatistik 2023"),
    "dispositionsfond_fri": Level("lejemaalsenheder", 6000, 0.55, 0.1),
    "ledige": _count("boliger", 0.006, 0.3, type={"youth": 2.0, "elderly": 0.7}, region={"Hovedstaden": 0.5}),
    "ledige_3mdr": _part("ledige", 0.55, 0.3, LBF + "temastatistik 2018:2: over half"),
    "genudlejninger": _part("fraflytninger", 0.95, 0.3),
    "tomdage": _used("genudlejninger", 40, 0.3, 0.15, "Scottish Housing News: about 40 days in the UK"),
    "restancer": _used("konto_201", 0.025, 0.4, 0.16, "Scottish Housing News: about 2-3 % in the UK"),
    "varmeforbrug": _used("opvarmet_areal", 1, 0.13, 0.06, "Vojens Fjernvarme, by year built", built=HEAT),
    "varmeudgift": Level("opvarmet_areal", 99, 0.22, 0.07, LBF + "orientering 2015/12"),
    "vandforbrug": _used("boliger", 82, 0.16, 0.06, type={"youth": 0.55, "elderly": 0.7}),
    "faelles_el": _used("bruttoareal", 8, 0.42, 0.08),
    "co2": _used("opvarmet_areal", 10, 0.35, 0.08),
    "groen_graes": _used("udeareal", 0.033, 0.4, 0.1),
    "groen_bede": _used("udeareal", 0.017, 0.4, 0.1),
    "groen_haekke": _used("udeareal", 0.013, 0.4, 0.1),
    "groen_trae": _used("udeareal", 0.007, 0.4, 0.1),
    "groen_ukrudt": _used("udeareal", 0.01, 0.4, 0.1),
    "groen_vinter": _used("udeareal", 0.015, 0.4, 0.1),
    "groen_affald": _used("udeareal", 0.005, 0.4, 0.1),
    "timer_beboer": _used("boliger", 5, 0.45, 0.1),
    "opgaver_vvs": _count("boliger", 1.0, 0.25),
    "opgaver_el": _count("boliger", 0.5, 0.25),
    "opgaver_toemrer": _count("boliger", 0.5, 0.25),
    "reparationer": _count("boliger", 2.0, 0.25),
    "reparationer_til_tiden": _part(
        "reparationer", 0.82, 0.35, "Regulator of Social Housing: roughly 75-89 % in the UK"
    ),
    "svar_alt": _part("boliger", 0.5, 0.3),
    "tilfredse_alt": _part("svar_alt", 0.72, 0.25, "Regulator of Social Housing: roughly 65-79 % in the UK"),
    "svar_ren": _part("boliger", 0.5, 0.3),
    "tilfredse_ren": _part("svar_ren", 0.67, 0.25, "Regulator of Social Housing: roughly 61-73 % in the UK"),
    "klager": _count("boliger", 0.052, 0.3, "Regulator of Social Housing: roughly 34-73 per 1,000 in the UK"),
}
EFFICIENT = (0.2, 0.4, 0.05)  # what could be saved: part of the cost, spread between departments and years; assumed
