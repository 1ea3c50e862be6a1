"""Every rule of the scheme has a fault that it must find; a score says which it missed and where it spoke out of turn."""

import re

import pytest

from services.catalogue import codes, definitions
from services.cli import scoring
from services.cli.planted import DEFECTS, NOT_PLANTABLE

YEARS = {year: definitions.of("dk-almen", year) for year in ("2024", "2025")}
SENT = {(unit, year) for unit in "ABCDEFGH" for year in YEARS}
FAULT = {
    "unit_id": "A",
    "period": "2024",
    "revision": "1",
    "defect": "hard-range",
    "code": "NT-2011",
    "data_points": "konto_114",
}


def _row(unit: str, period: str, **more: str) -> dict[str, str]:
    empty = dict.fromkeys(("code", "severity", "data_point", "key_figure", "absence"), "")
    return {"unit_id": unit, "period": period, "kind": "finding"} | empty | more


def test_every_rule_has_a_planted_fault_or_a_reason_why_not() -> None:
    rules = {code for code in codes.entries() if re.fullmatch(r"NT-2[01]\d\d", code)}
    planted = {defect.code for defect in DEFECTS}
    assert planted | set(NOT_PLANTABLE) >= rules
    assert planted <= rules
    assert not planted & set(NOT_PLANTABLE)


@pytest.mark.parametrize("year", YEARS)
def test_what_cannot_be_planted_cannot_be(year: str) -> None:
    catalogue = YEARS[year]
    assert set(NOT_PLANTABLE) >= {"NT-2004", "NT-2023", "NT-2024", "NT-2030", "NT-2102"}
    for figure in catalogue.key_figure.values():
        assert figure.base is None  # NT-2023
        if figure.kind == "share":  # NT-2004
            assert [catalogue.data_point[n].at_most for n in figure.numerator] == list(figure.denominator)
    assert not any(point.beside for point in catalogue.data_point.values())  # NT-2024
    assert catalogue.part_years
    assert catalogue.months  # NT-2102
    months = {f"{y}-{m:02}" for y in (catalogue.year - 1, catalogue.year) for m in range(1, 13)}
    for table in (catalogue.factors.price, catalogue.factors.degree_days):
        assert table is not None
        assert months <= set(table.at)  # NT-2030


def test_a_fault_that_its_code_found_and_nothing_else() -> None:
    said = [
        _row("A", "2024", code="NT-2011", key_figure="OEK-114"),
        _row("A", "2024", kind="absence", key_figure="OEK-114", absence="refused"),
    ]
    result = scoring.score([FAULT], SENT, said, YEARS)
    assert result.faults == []
    assert [(f.planted, f.found) for f in result.found if f.defect == "hard-range"] == [(1, 1)]


@pytest.mark.parametrize(
    "said",
    [
        [],
        [_row("A", "2025", code="NT-2011", key_figure="OEK-114")],
        [_row("A", "2024", code="NT-2012", key_figure="OEK-114")],
        [_row("A", "2024", code="NT-2011", key_figure="OEK-106")],
    ],
    ids=["nothing said", "of another year", "by another code", "of another figure"],
)
def test_a_fault_that_was_not_found(said: list[dict[str, str]]) -> None:
    result = scoring.score([FAULT], SENT, said, YEARS)
    assert result.faults[0] == "hard-range: 1 of 1 not found by NT-2011"


def test_a_rule_that_speaks_of_clean_figures_more_often_than_it_may() -> None:
    said = [_row(unit, "2025", code="NT-2012", key_figure="TIL-REN") for unit in "BCDE"]
    result = scoring.score([FAULT], SENT, [_row("A", "2024", code="NT-2011", key_figure="OEK-114"), *said], YEARS)
    (alarm,) = [a for a in result.alarms if a.code == "NT-2012"]
    assert (alarm.spoken, alarm.clean, alarm.most) == (
        4,
        16 * 40 - 2 * 2,
        "TIL-REN 4",
    )  # OEK-114 and OEK-7K, both years
    assert result.faults == ["NT-2012: more than 0.5% of the clean figures, TIL-REN 4"]


def test_figures_held_without_cause_are_counted_whatever_held_them() -> None:
    held = [_row("B", "2025", kind="absence", key_figure=name, absence="held") for name in YEARS["2025"].key_figures]
    result = scoring.score([], SENT, held, YEARS)
    assert [(a.code, a.spoken) for a in result.alarms if a.spoken] == [("", 40)]
    assert result.faults[0].startswith("held or refused: more than 0.5%")


def test_what_was_withdrawn_or_never_sent_must_not_count() -> None:
    fates = [
        FAULT | {"unit_id": "B", "defect": "withdrawn", "code": ""},
        FAULT | {"unit_id": "Z", "defect": "missing", "code": ""},
    ]
    result = scoring.score(fates, SENT, [_row("Z", "2024", kind="absence", absence="blank")], YEARS)
    assert result.faults == ["B 2024 was withdrawn, and still counts", "Z 2024 was not sent, and still counts"]
    gone = _row("B", "2024", kind="absence", key_figure="OEK-114", absence="withdrawn")
    assert scoring.score(fates[:1], SENT, [gone], YEARS).faults == []
