"""Tables as submissions: columns in any order, every fault with its cell, what is wrong stops no more than it must."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue import codes
from services.ingest import form
from services.ingest.amount_cells import Missing, Unreadable
from services.ingest.delivered import Finding, Form, Place, Severity
from services.ingest.intake import readable
from services.ingest.table import NoValue, Sheet, Table
from tests.unit.ingest.forms import PERIOD, UNITS, WIDE, around, read_csv, read_rows


def told(found: Form) -> list[tuple[str, str]]:
    return [(f.code, f.place.cell) for f in found.findings]


def test_one_row_a_unit() -> None:
    found = read_rows(
        [*WIDE, "Begrundelse"], ["afd-1", 612.5, "1.234,5", "konto_114: Ny aftale fra maj"], ["afd-2", None, "-"]
    )

    assert found.findings == []
    first, second = found.rows
    assert (first.unit_id, first.organisation_id, first.period_start, first.period_end) == ("afd-1", "org-a", *PERIOD)
    assert first.amounts == [("konto_114", 61250), ("bruttoareal", 123450)]
    assert first.confirmations == [("konto_114", "Ny aftale fra maj")]
    assert first.places == {"konto_114": Place("Tal", 2, 2), "bruttoareal": Place("Tal", 2, 3)}
    assert second.amounts == [("konto_114", Missing("blank")), ("bruttoareal", Missing("blank"))]
    assert (found.cells, found.long, found.convention) == (3, False, "da")


def test_one_row_an_amount_with_its_revision_and_reason() -> None:
    found = read_csv(
        "unit_id,period_start,period_end,data_point,value,revision,confirmation\n"
        "afd-1,2024-01-01,2024-12-31,konto_114,612.5,2,Ny aftale fra maj\n"
        "afd-1,2024-01-01,2024-12-31,bruttoareal,1000,2,\n"
        "afd-1,2024-01-01,2024-12-31,konto_114,600,1,\n"
    )

    assert found.findings == []
    assert [(r.revision, r.amounts) for r in found.rows] == [
        (1, [("konto_114", 60000)]),
        (2, [("konto_114", 61250), ("bruttoareal", 100000)]),
    ]
    assert found.rows[1].confirmations == [("konto_114", "Ny aftale fra maj")]
    assert found.rows[1].places["bruttoareal"] == Place("", 3, 5)


def test_columns_in_any_order_under_a_title_in_another_language_with_dates_and_numbers_for_ids() -> None:
    found = read_rows(
        ["Vores tal 2024"],
        [],
        ["Period to", "Cleaning and caretaking (account 114), DKK", "Unit id", "Period from"],
        [date(2024, 12, 31), "1,234.5", 12, "2024-01-01"],
        period=("", ""),
    )
    assert found.findings == []
    assert [(r.unit_id, r.period_start, r.period_end, r.amounts) for r in found.rows] == [
        ("12", *PERIOD, [("konto_114", 123450)])
    ]


def test_what_cannot_be_read_travels_as_it_is_and_the_rest_goes_on() -> None:
    found = read_rows(
        WIDE,
        ["afd-1", "1234.5", 2000],
        ["afd-2", 0.125, date(2024, 1, 2)],
        before={("afd-1", "2024"): {"konto_114": 1}},
    )

    assert told(found) == [("NT-1121", "B2"), ("NT-1123", "B3"), ("NT-1128", "C3")]
    assert found.findings[0] == Finding(
        "NT-1121",
        Severity.ERROR,
        Place("Tal", 2, 2),
        {
            "text": "1234.5",
            "suggestion": "1.234,5",
            "rule_meant_da": "Mener I 1.234,5? ",
            "rule_meant_en": "Did you mean 1.234,5? ",
            "decimals": "2",
            "unit": "",
            "rule_da": "dansk",
            "rule_en": "a Danish",
            "cell": "B2",
            "column": "Renholdelse (konto 114), kr.",
        },
        "afd-1",
        "konto_114",
    )
    assert found.rows[0].amounts == [("konto_114", Unreadable("1234.5")), ("bruttoareal", 200000)]
    assert [r.unit_id for r in found.rows] == ["afd-1", "afd-2"]


def test_a_reading_far_from_last_period_is_held_until_it_is_confirmed() -> None:
    before = {("afd-1", "2024"): {"konto_114": 1200}}
    held = read_rows(WIDE, ["afd-1", "12.345", None], before=before)
    assert [(f.code, f.severity, f.parameters["suggestion"]) for f in held.findings] == [
        ("NT-1122", Severity.CONFIRM, "12,345")
    ]
    assert held.rows[0].amounts[0] == ("konto_114", Unreadable("12.345"))

    confirmed = read_rows(
        [*WIDE, "Begrundelse"], ["afd-1", "12.345", None, "konto_114: Hele taget blev vasket"], before=before
    )
    assert confirmed.findings == []
    assert confirmed.rows[0].amounts[0] == ("konto_114", 1234500)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        ("unit_id,data_point,value", ["afd-1,konto_114,1234.5"], 123450),
        ("unit_id;data_point;value", ["afd-1;konto_114;1234,5", "afd-2;konto_114;12.345"], 123450),
        ("unit_id;data_point;value", ["afd-1;konto_114;1234.5", "afd-2;konto_114;12.3"], 123450),
        ("unit_id;data_point;value", ["afd-1;konto_114;12.345", "afd-2;konto_114;1,5"], 1234500),
        ("unit_id;data_point;value", ["afd-1;konto_114;12.345", "afd-2;konto_114;5"], Unreadable("12.345")),
        (
            "unit_id;data_point;value",
            ["afd-1;konto_114;12.345", "afd-2;konto_114;1,5", "12;konto_114;1.5"],
            Unreadable("12.345"),
        ),
        ("Afdelings-id;Datapunkt;Værdi", ["afd-1;Renholdelse (konto 114);12.345"], 1234500),
        ("Afdelings-id;Datapunkt;Værdi", ["afd-1;konto_114;1234.5"], Unreadable("1234.5")),
    ],
)
def test_how_a_file_writes_its_numbers(header: str, rows: list[str], expected: Any) -> None:
    assert read_csv("\n".join([header, *rows])).rows[0].amounts[0] == ("konto_114", expected)


DEFECTS: dict[str, tuple[list[list[Any]], list[tuple[str, str]], list[str]]] = {
    "unknown-header": ([[*WIDE, "Renholdelse (konto 114), t.kr."], ["afd-1", 1, 2, 3]], [("NT-1113", "D1")], ["afd-1"]),
    "one-data-point-twice": ([[*WIDE, "konto_114"], ["afd-1", 1, 2, 3]], [("NT-1114", "D1")], []),
    "no-unit-column": ([WIDE[1:], [1, 2]], [("NT-1115", "1")], []),
    "amounts-without-a-unit": ([WIDE, [None, 1, 2], ["afd-1", 1, 2]], [("NT-1116", "A2")], ["afd-1"]),
    "somebody-elses-unit": ([WIDE, ["afd-1x", 1, 2], ["afd-2", 1, 2]], [("NT-1117", "A2")], ["afd-2"]),
    "a-unit-twice": (
        [WIDE, ["afd-1", 1, 2], ["afd-2", 1, 2], ["afd-1", 3, 4]],
        [("NT-1118", "A2"), ("NT-1118", "A4")],
        ["afd-2"],
    ),
    "month-first": (
        [[*WIDE, "Periode fra", "Periode til"], ["afd-1", 1, 2, "01/04/2023", "31/03/2024"]],
        [("NT-1129", "D2")],
        [],
    ),
    "a-serial-for-a-date": ([[*WIDE, "Periode fra"], ["afd-1", 1, 2, 45292]], [("NT-1129", "D2")], []),
    "formula-never-computed": ([WIDE, ["afd-1", "=1+1", 2]], [("NT-1125", "B2")], ["afd-1"]),
    "yes-or-no": ([WIDE, ["afd-1", True, 2]], [("NT-1128", "B2")], ["afd-1"]),
    "unit-of-another-size": ([WIDE, ["afd-1", "12 t.kr.", 2]], [("NT-1127", "B2")], ["afd-1"]),
    "reason-for-nothing": ([[*WIDE, "Begrundelse"], ["afd-1", 1, 2, "det passer"]], [("NT-1130", "D2")], ["afd-1"]),
    "nothing-filled-in": ([WIDE, ["afd-1", None, None], ["afd-2"]], [], []),
}


@pytest.mark.parametrize("defect", sorted(DEFECTS))
def test_defect(defect: str) -> None:
    rows, expected, used = DEFECTS[defect]
    found = read_rows(*rows)
    assert told(found) == expected
    assert [r.unit_id for r in found.rows] == used


def test_a_period_nobody_gives() -> None:
    assert told(read_rows(WIDE, ["afd-1", 1, 2], period=("", ""))) == [("NT-1119", "A2")]


def test_a_line_of_another_length_stops_itself_alone() -> None:
    found = read_csv("unit_id;konto_114\nafd-1;1\nafd-2\n12;3\n")
    assert told(found) == [("NT-1111", "3")]
    assert [r.unit_id for r in found.rows] == ["afd-1", "12"]


def test_a_revision_that_is_no_number() -> None:
    found = read_csv(
        "unit_id,data_point,value,revision\nafd-1,konto_114,1,x\nafd-1,konto_114,1,1.0\nafd-2,konto_114,1,3\n"
    )
    assert told(found) == [("NT-1139", "D2"), ("NT-1139", "D3")]
    assert [(r.unit_id, r.revision) for r in found.rows] == [("afd-2", 3)]


def test_a_second_sheet_of_amounts_is_not_passed_over_in_silence() -> None:
    rows: list[list[Any]] = [list(WIDE), ["afd-1", Decimal(1), Decimal(2)]]
    table = Table(
        "xlsx", [Sheet("2024", rows), Sheet("2023", [WIDE[:2], ["afd-1", Decimal(1)]]), Sheet("Noter", [["x"]])]
    )
    found = form.read(table, around())
    assert [(f.code, f.place.sheet, f.severity) for f in found.findings] == [("NT-1143", "2023", Severity.NOTE)]
    assert found.rows[0].place.sheet == "2024"


def test_one_fault_many_times_is_counted_and_kept_ten_thousand_times() -> None:
    found = read_csv("unit_id;data_point;value\n" + "afd-1;konto_114;x\n" * 10_100)
    assert (found.found, len(found.findings), found.cells, found.correct) == (10_100, 10_000, 10_100, 10_100)


CELL = (
    st.none()
    | st.text(max_size=20)
    | st.sampled_from(
        ["afd-1", "afd-2", "konto_114", "1.234,5", "-", "\u200b12", "udgår", "2024-12-31", "konto_114: hvorfor"]
    )
    | st.dates()
    | st.decimals(allow_nan=True, allow_infinity=True)
    | st.sampled_from(
        [NoValue("formula"), NoValue("error", "#N/A"), NoValue("boolean", "SAND"), NoValue("time", "12:00")]
    )
)
HEADERS = st.sampled_from(
    [
        "Afdelings-id",
        "Periode fra",
        "Periode til",
        "Begrundelse",
        "Revision",
        "Datapunkt",
        "Værdi",
        *WIDE[1:],
        "konto_106",
        "x",
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(HEADERS, max_size=7), st.lists(st.lists(CELL, max_size=9), max_size=6))
def test_any_cells_are_submissions_and_findings_that_keep_the_contract(
    headers: list[str], cells: list[list[Any]]
) -> None:
    table = Table("xlsx", [Sheet("Tal", [["Afdelings-id", *headers], *cells])])
    found = form.read(table, around())
    for finding in found.findings:
        words = codes.words(finding.code, finding.parameters)
        assert not any(re.search(r"\{[a-z_]+\}|–\.\d", text) for text in words.values())
        assert codes.entries()[finding.code].placeholders <= finding.parameters.keys()
    for row in found.rows:
        assert row.unit_id in UNITS
        assert all(readable(a.text) and len(a.text) <= 64 for _, a in row.amounts if isinstance(a, Unreadable))
        assert all(readable(reason) for _, reason in row.confirmations)
