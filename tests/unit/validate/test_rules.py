"""Rules as tables: what is delivered, what is found, what becomes of the figure."""

import pytest

from services.catalogue import definitions
from services.validate import rules
from services.validate.key_figures import LARGEST, Absence, Amount, Pair, Unreadable
from services.validate.rules import Delivery, Severity

CATALOGUE = definitions.of("uk-tsm", "2024")
N, D = "RP02_1.numerator", "RP02_1.denominator"


def _assess(amounts: dict[str, Amount], **changes: object) -> tuple[object, list[tuple[str, str]]]:
    """The verdict on RP02_1, and the codes that concern it or the submission, with their data point."""
    found = rules.assess(Delivery(amounts, changes.pop("attributes", {}), **changes), CATALOGUE)  # type: ignore[arg-type]
    figure = next(f for f in found.figures if f.key_figure == "RP02_1")
    relevant = [f for f in found.findings if not f.data_point or f.data_point.startswith(("RP02_1", "X"))]
    return figure.result, [(f.code, f.data_point) for f in relevant if f.key_figure in ("", "RP02_1")]


@pytest.mark.parametrize(
    ("amounts", "result", "codes"),
    [
        ({N: 90, D: 100}, Pair(90, 100), []),
        ({N: 0, D: 100}, Pair(0, 100), [("NT-2012", "")]),  # a note: it stands
        ({N: 100, D: 100}, Pair(100, 100), [("NT-2012", "")]),
        ({N: 101, D: 100}, Absence.REFUSED, [("NT-2004", "")]),
        ({N: 0, D: 0}, Absence.UNDEFINED, []),
        ({N: 5, D: 0}, Absence.REFUSED, [("NT-2004", "")]),
        ({N: -1, D: 100}, Absence.REFUSED, [("NT-2003", N)]),
        ({N: Unreadable("1,5"), D: 100}, Absence.REFUSED, [("NT-2002", N)]),
        ({N: 1, D: LARGEST}, Absence.REFUSED, [("NT-2005", D)]),
        ({N: 1, D: LARGEST - 1}, Pair(1, LARGEST - 1), [("NT-2012", "")]),
        ({}, Absence.ABSENT, [("NT-2001", N), ("NT-2001", D)]),
        ({N: 5}, Absence.ABSENT, [("NT-2001", D), ("NT-2010", "")]),
        ({N: Absence.BLANK, D: Absence.BLANK}, Absence.BLANK, []),
        ({N: Absence.EXCLUDED, D: Absence.BLANK}, Absence.EXCLUDED, []),
        ({N: Absence.NOT_REQUIRED, D: Absence.BLANK}, Absence.NOT_REQUIRED, []),
        ({N: 5, D: Absence.EXCLUDED}, Absence.EXCLUDED, [("NT-2010", "")]),
        ({N: 90, D: 100, "X.unknown": 1}, Pair(90, 100), [("NT-2006", "X.unknown")]),
    ],
)
def test_one_figure(amounts: dict[str, Amount], result: object, codes: list[tuple[str, str]]) -> None:
    assert _assess(amounts) == (result, codes)


def test_a_rate_may_be_above_one_and_undefined_with_cases() -> None:
    found = rules.assess(Delivery({"NM01_1.numerator": 5, "NM01_1.denominator": 2}, {}), CATALOGUE)
    assert next(f for f in found.figures if f.key_figure == "NM01_1").result == Pair(5, 2)
    found = rules.assess(Delivery({"NM01_1.numerator": 5, "NM01_1.denominator": 0}, {}), CATALOGUE)
    assert next(f for f in found.figures if f.key_figure == "NM01_1").result is Absence.UNDEFINED
    assert "NT-2009" in {f.code for f in found.findings}


def test_a_data_point_sent_twice_stops_its_figure() -> None:
    assert _assess({N: 90, D: 100}, twice=[N]) == (Absence.REFUSED, [("NT-2007", N)])


def test_a_fault_stops_its_figure_and_no_other() -> None:
    everything: dict[str, Amount] = {}
    for name in CATALOGUE.data_point:
        everything[name] = 90 if name.endswith("numerator") else 100
    found = rules.assess(Delivery(everything | {N: -1}, {}), CATALOGUE)
    assert [f.key_figure for f in found.figures if not isinstance(f.result, Pair)] == ["RP02_1"]


def test_every_fault_is_told_at_once() -> None:
    found = rules.assess(
        Delivery({N: -1, D: Unreadable("x"), "BS03.numerator": 2, "BS03.denominator": 1}, {}), CATALOGUE
    )
    assert {"NT-2002", "NT-2003", "NT-2004"} <= {f.code for f in found.findings if f.severity is Severity.ERROR}


def test_an_unknown_label_is_a_note() -> None:
    result, codes = _assess({N: 90, D: 100}, attributes={"region": "Wales"})
    assert (result, codes) == (Pair(90, 100), [("NT-2008", "")])


def test_a_withdrawal_takes_every_figure_out() -> None:
    found = rules.assess(Delivery({N: 90}, {}, withdraw=True), CATALOGUE)
    assert {f.result for f in found.figures} == {Absence.WITHDRAWN}
    assert (found.withdrawn, found.findings) == (True, ())
