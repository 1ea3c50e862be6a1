"""Workbooks as LibreOffice and Excel write them: read as what they say, and marked with everything of theirs kept."""

import io
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from services.catalogue import definitions
from services.ingest import columns, marking, meta
from services.ingest.marking import CellFinding

FILES = Path(__file__).resolve().parents[2] / "data" / "files"
LIBREOFFICE = (FILES / "filled-by-libreoffice.xlsx").read_bytes()
EXCEL = (FILES / "filled-like-excel.xlsx").read_bytes()
ALMEN = definitions.of("dk-almen", "2024")


def amounts(file: bytes, sheet: str) -> dict[str, dict[str, object]]:
    """What each unit says, by data point or fixed column; what is empty left out."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name(sheet).to_python()
    matched = columns.match([str(head) for head in rows[0]], ALMEN)
    wanted = matched.data_points | {index: name for name, index in matched.fixed.items()}
    unit = matched.fixed["unit_id"]
    return {
        str(row[unit]): {name: row[i] for i, name in wanted.items() if row[i] != "" and i != unit} for row in rows[1:]
    }


YEAR = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}


def test_a_template_that_libreoffice_wrote_reads_as_it_was_filled_in() -> None:
    assert amounts(LIBREOFFICE, "Indberetning") == {
        "0101": YEAR | {"konto_107": "ikke relevant", "konto_114": 1234567.89, "boliger": 70.0, "konto_105": -1250.5},
        "0102": YEAR
        | {
            "konto_114": 0.3,
            "boliger": 28.25,
            "varmeforbrug": 310000.0,
            "confirmation": "konto_114: ny aftale fra maj",
        },
        "0103": YEAR | {"konto_114": "1.234,50", "boliger": "udgår"},
    }


def test_libreoffice_keeps_meta_validations_lists_and_hidden_sheets() -> None:
    said, intact = meta.read(
        CalamineWorkbook.from_filelike(io.BytesIO(LIBREOFFICE)).get_sheet_by_name("_meta").to_python()
    )
    assert said is not None
    assert (said.organisation_id, said.period_end, intact) == ("bo-nord", "2024-12-31", True)
    workbook = load_workbook(io.BytesIO(LIBREOFFICE))
    assert {s.title: s.sheet_state for s in workbook.worksheets} == {
        "Indberetning": "visible", "Vejledning": "visible", "_lists": "hidden", "_meta": "hidden",
    }  # fmt: skip
    assert "nt_missing" in workbook.defined_names
    checks = workbook["Indberetning"].data_validations.dataValidation
    assert sum(v.type == "custom" and v.formula1.startswith("IF(ISNUMBER(") for v in checks) == 63
    assert {v.formula1 for v in checks if v.type == "list"} == {"nt_missing"}


def test_a_marked_workbook_of_libreoffice_keeps_its_validations() -> None:
    finding = CellFinding("Indberetning", 4, 17, "NT-1121", "error", "0103", "konto_114", "Ikke et tal.")
    before = load_workbook(io.BytesIO(LIBREOFFICE))["Indberetning"].data_validations.dataValidation
    after = load_workbook(io.BytesIO(marking.mark(LIBREOFFICE, [finding], "da")))[
        "Indberetning"
    ].data_validations.dataValidation
    assert [(str(v.sqref), v.formula1, v.prompt) for v in after] == [
        (str(v.sqref), v.formula1, v.prompt) for v in before
    ]


def test_a_sheet_as_excel_writes_it_is_matched_in_its_own_order() -> None:
    assert amounts(EXCEL, "Regnskab 2024") == {
        "0101": YEAR | {"boliger": 70.0, "konto_114": 1234567.89, "varmeforbrug": 310000.0, "konto_201": 5200000.0},
        "0102": YEAR
        | {"boliger": 28.25, "konto_114": 420000.5, "varmeforbrug": "ikke relevant", "konto_201": 1999999.99}
        | {"confirmation": "konto_114: ny aftale fra maj"},
        "0103": YEAR | {"boliger": "udgår", "konto_114": "1.234,50", "varmeforbrug": 45000.0, "konto_201": 830000.0},
    }


def test_a_sheet_as_excel_writes_it_comes_back_marked_and_whole() -> None:
    finding = CellFinding("Regnskab 2024", 2, 2, "NT-2012", "confirm", "0101", "konto_114", "Højt. Bekræft det.")
    once = marking.mark(EXCEL, [finding], "da")
    sheet = load_workbook(io.BytesIO(once))["Regnskab 2024"]
    assert sheet["I2"].value == "=5000000+200000"
    assert (sheet["G4"].value, sheet["G4"].data_type) == ("=ikke en formel", "s")
    assert "Bilag 17" in sheet["B2"].comment.text
    assert sheet["B2"].fill.fgColor.rgb == "FFFFE08A"
    assert sheet.freeze_panes == "D2"
    assert [v.prompt for v in sheet.data_validations.dataValidation] == ["Gennemsnit over året"]
    back = load_workbook(io.BytesIO(marking.mark(once, [], "da")))
    assert back.sheetnames == ["Regnskab 2024", "Noter"]
    assert back["Regnskab 2024"]["B2"].fill.fgColor.rgb == "FFCCFFCC"
    assert "Bilag 17" in back["Regnskab 2024"]["B2"].comment.text
    assert "Nøgletal" not in back["Regnskab 2024"]["B2"].comment.text
