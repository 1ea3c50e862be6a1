"""The real sector through rules and key figures, against a count that knows nothing of them."""

import csv
from collections import Counter, defaultdict
from fractions import Fraction
from pathlib import Path

from services.catalogue import amounts, definitions
from services.validate import rules
from services.validate.key_figures import Absence, Amount, Pair
from services.validate.rules import Assessment, Delivery

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


def test_nothing_in_the_sector_breaks_a_rule() -> None:
    assert not any(a.refused or a.withdrawn for a in ASSESSED.values())
    assert {f.code for a in ASSESSED.values() for f in a.findings} <= {"NT-2001"}
    assert {f.result for a in ASSESSED.values() for f in a.figures}.isdisjoint({Absence.REFUSED, Absence.HELD})
