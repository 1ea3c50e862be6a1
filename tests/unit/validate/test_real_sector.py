"""The real sector through rules and key figures, against a count that knows nothing of them."""

import csv
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

from services.catalogue import amounts, definitions
from services.validate import rules
from services.validate.finding import Severity
from services.validate.key_figures import Absence, Amount, Pair
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery

SECTOR = Path(__file__).resolve().parents[3] / "services" / "cli" / "sector" / "uk-tsm-2024"
CATALOGUE = definitions.of("uk-tsm", "2024")
# Counted in the file: 30 cells [E] and 28 [X] come in pairs, 11 denominators are 0, 19 figures have no row.
COUNTED_BY_HAND = {"EXCLUDED": 15, "BLANK": 14, "UNDEFINED": 11, "ABSENT": 19}
PRINTED: dict[str, dict[str, str]] = defaultdict(dict)  # unit -> data point -> as the regulator printed it
with (SECTOR / "submissions.csv").open(newline="") as file:
    for line in csv.DictReader(file):
        PRINTED[line["unit_id"]][line["data_point"]] = line["value"]
with (SECTOR / "units.csv").open(newline="") as file:
    PROFILES = {
        line["unit_id"]: {k: v for k, v in line.items() if not k.endswith("_id")} for line in csv.DictReader(file)
    }


def _amount(data_point: str, text: str) -> Amount:
    reason = amounts.missing_reason(text, CATALOGUE)
    return Absence[reason.upper()] if reason else amounts.scaled(text, CATALOGUE.data_point[data_point].scale)


def _assess(unit: str) -> Assessment:
    sent = {name: _amount(name, text) for name, text in PRINTED[unit].items()}
    return rules.assess(Delivery(sent, PROFILES[unit]), CATALOGUE)


ASSESSED = {unit: _assess(unit) for unit in PRINTED}


def _naively(unit: str, figure: str) -> Fraction | str:
    """What stands on paper: the quotient, or the word for why there is none."""
    n, d = (PRINTED[unit].get(f"{figure}.{part}") for part in ("numerator", "denominator"))
    for token, word in (("[E]", "EXCLUDED"), ("[X]", "BLANK"), (None, "ABSENT")):
        if token in (n, d):
            return word
    return Fraction(n or "") / Fraction(d or "") if Fraction(d or "") else "UNDEFINED"


def test_every_figure_is_the_quotient_on_paper_or_has_the_word_for_why_there_is_none() -> None:
    wrong = []
    for unit, assessment in ASSESSED.items():
        for f in assessment.figures:
            found = Fraction(f.result.numerator, f.result.denominator) if isinstance(f.result, Pair) else f.result.name
            if found != _naively(unit, f.key_figure):
                wrong.append((unit, f.key_figure, found))
    assert wrong == []


def test_how_many_figures_are_absent_and_why() -> None:
    found = Counter(
        (f.key_figure, f.result.name) for a in ASSESSED.values() for f in a.figures if isinstance(f.result, Absence)
    )
    naive = Counter(
        (figure, word)
        for unit in PRINTED
        for figure in CATALOGUE.key_figures
        if isinstance(word := _naively(unit, figure), str)
    )
    assert found == naive
    assert Counter(word for (_, word), n in found.items() for _ in range(n)) == COUNTED_BY_HAND


# What a careful analyst would ask these landlords about, read off the printed figures. All of it notes.
ASKED = {
    ("BS03", "NT-2012"): {"00CS", "37UD", "00HB", "45UB"},  # 2.1, 14.5, 26.2 and 44.9 % of asbestos re-inspections done
    ("BS03", "NT-2024"): {"00HY"},  # more homes that need a re-inspection than homes
    ("BS05", "NT-2012"): {"L2179", "LH4454"},  # about 27 % of lift checks done
    ("BS05", "NT-2024"): {"22UB"},  # every single home needs a lift check
    ("RP01", "NT-2012"): {"00CN", "A1855"},  # 63.1 and 61.8 % of homes below the standard
    ("RP01", "NT-2024"): {
        "22UN",
        "00HX",
        "00CN",
        "5062",
        "00AN",
        "38UC",
    },  # the standard said to apply to 9-37 % of homes
    ("RP02_1", "NT-2012"): {
        "00BR",
        "43UK",
        "L4203",
        "L3758",
        "4687",
    },  # 0.8, 5.0, 29.9 and 37.7 % on time; 100 % of all
    ("RP02_1", "NT-2024"): {"29UC", "5062", "LH4184", "4826"},  # 0.14 and 0.21 repairs a home; 6.5 and 12.0
    ("RP02_2", "NT-2012"): {"43UK", "00BR", "LH4078", "42UE"},  # 2.0, 5.5, 33.8 and 49.7 % of emergencies on time
    ("RP02_2", "NT-2024"): {"29UC", "4826", "00BP", "4718"},  # 0.03 emergencies a home; 3.1, 3.9 and 5.5
    ("NM01_1", "NT-2012"): {"4668", "47UD", "LH4339", "LH4078", "LH0155", "5177"},  # 0.5, 2.0, 2.3; 201, 258, 272
    ("CH01_1_LCRA", "NT-2012"): {
        "44UF",
        "4687",
        "5125",
        "29UD",
        "24UE",
        "LH4428",
        "L0277",
        "00AN",
    },  # 2.3-4.9; 210, 220
    ("CH01_1_LCRA", "NT-2024"): {"5062"},  # 1,128 homes here, 3,568 homes there
    ("TP01_LCRA", "NT-2012"): {"L4260", "22UB", "4687"},  # 26.2, 36.0 and 94.4 % satisfied
    ("TP01_LCRA", "NT-2023"): {"5062", "L3713", "L0266", "5149", "LH0279", "LH0884"},  # fewer than 300 answers
}


def test_nothing_in_the_sector_is_refused_or_held() -> None:
    assert not any(a.refused or a.withdrawn for a in ASSESSED.values())
    assert {f.severity for a in ASSESSED.values() for f in a.findings} == {Severity.NOTE}
    assert {f.result for a in ASSESSED.values() for f in a.figures}.isdisjoint({Absence.REFUSED, Absence.HELD})


def test_what_an_analyst_would_ask_about_is_noted_and_nothing_else() -> None:
    noted = defaultdict(set)
    for unit, assessment in ASSESSED.items():
        for finding in assessment.findings:
            noted[finding.key_figure, finding.code].add(unit)
    assert {key: units for key, units in noted.items() if key[1] != "NT-2001"} == ASKED
