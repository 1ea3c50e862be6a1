"""The sender's own workbook back: marked in its cells, listed first, kept as it was, and free of earlier rounds' marks."""

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.catalogue import definitions
from services.ingest import columns, marking, sheets, template
from services.ingest.marking import CellFinding

ALMEN = definitions.of("dk-almen", "2024")
ERROR = CellFinding(
    "Ark1", 2, 2, "NT-1121", "error", "A1", "boliger", "»1234.5« er ikke et dansk tal. Mener I 1.234,5?"
)
CONFIRM = CellFinding("Ark1", 3, 2, "NT-2012", "confirm", "A2", "boliger", "Tallet er stort. Bekræft det.")
NOTE = CellFinding("Ark1", 3, 3, "NT-2018", "note", "A2", "konto_114", "Samme tal som sidste periode.")
ROW = CellFinding("Ark1", 4, 0, "NT-1117", "error", "A3", "", "Afdelingen er ikke registreret.")
FILE = CellFinding("", 0, 0, "NT-1140", "note", "", "", "Filen har to ark.")
ALL = [NOTE, FILE, CONFIRM, ROW, ERROR]
COLOUR = {"error": "FFF7C6C4", "confirm": "FFFFE08A", "note": "FFC9DDF3"}


def sent(**sheets_of: list[list[Any]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    own = sheets_of or {
        "Ark1": [
            ["Afdeling", "Boliger", "Renholdelse (konto 114), kr.", "Begrundelse"],
            ["A1", "1234.5", 10, None],
            ["A2", 99999, 20, None],
            ["A3", 12, 30, None],
        ]
    }
    for title, rows in own.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return written(workbook)


def written(workbook: Workbook) -> bytes:
    packed = io.BytesIO()
    workbook.save(packed)
    return packed.getvalue()


def opened(file: bytes) -> Workbook:
    return load_workbook(io.BytesIO(file))


def listed(sheet: Any) -> list[list[Any]]:
    """The lines below the list's head."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(i for i, row in enumerate(rows) if row[4] in ("Kode", "Code"))
    return rows[head + 1 :]


def test_each_cell_is_filled_and_says_code_and_words() -> None:
    sheet = opened(marking.mark(sent(), ALL, "da"))["Ark1"]
    for place, finding in (("B2", ERROR), ("B3", CONFIRM), ("C3", NOTE), ("A4", ROW)):
        assert sheet[place].fill.fgColor.rgb == COLOUR[finding.severity]
        assert f"{finding.code}: {finding.message}" in sheet[place].comment.text
    assert sheet["C2"].comment is None
    assert sheet["C2"].fill.patternType is None


def test_the_first_sheet_lists_worst_first_with_a_link_to_each_cell() -> None:
    workbook = opened(marking.mark(sent(), ALL, "da"))
    assert workbook.sheetnames == ["Ret dette", "Ark1"]
    assert workbook.active is workbook.worksheets[0]
    assert [s.title for s in workbook.worksheets if s.sheet_view.tabSelected] == ["Ret dette"]
    first = workbook["Ret dette"]
    assert first["A2"].value == "2 steder skal rettes, 1 skal bekræftes, 2 til orientering."
    assert [row[:6] for row in listed(first)] == [
        ["Ark1 B2", "A1", "Boliger", "Ret", "NT-1121", ERROR.message],
        ["Ark1 A4", "A3", None, "Ret", "NT-1117", ROW.message],
        ["Ark1 B3", "A2", "Boliger", "Bekræft", "NT-2012", CONFIRM.message],
        ["Hele filen", None, None, "Til orientering", "NT-1140", FILE.message],
        ["Ark1 C3", "A2", "Renholdelse (konto 114), kr.", "Til orientering", "NT-2018", NOTE.message],
    ]
    links = {cell.value: cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink}
    assert links == {
        "Ark1 B2": "'Ark1'!B2", "Ark1 A4": "'Ark1'!A4", "Ark1 B3": "'Ark1'!B3", "Ark1 C3": "'Ark1'!C3", "boliger: …": "'Ark1'!D3",
    }  # fmt: skip


def test_in_english() -> None:
    workbook = opened(marking.mark(sent(), [ERROR], "en"))
    assert workbook.sheetnames == ["Correct this", "Ark1"]
    assert workbook["Correct this"]["A2"].value == "1 place to correct."
    assert workbook["Ark1"]["B2"].comment.text.startswith("Nøgletal\nCorrect · NT-1121: ")


def test_several_findings_in_one_cell_show_the_worst_and_tell_all() -> None:
    doubt = CONFIRM._replace(row=2)
    cell = opened(marking.mark(sent(), [doubt, ERROR], "da"))["Ark1"]["B2"]
    assert cell.fill.fgColor.rgb == COLOUR["error"]
    assert [line.split(":")[0] for line in cell.comment.text.splitlines()] == [
        "Nøgletal",
        "Ret · NT-1121",
        "Bekræft · NT-2012",
    ]


def test_marking_twice_is_marking_once() -> None:
    once = marking.mark(sent(), ALL, "da")
    assert marking.mark(once, ALL, "da") == once


def test_a_later_round_shows_only_what_is_still_wrong_in_whichever_language() -> None:
    workbook = opened(marking.mark(marking.mark(sent(), ALL, "da"), [CONFIRM], "en"))
    assert workbook.sheetnames == ["Correct this", "Ark1"]
    marked = [
        cell.coordinate for row in workbook["Ark1"].iter_rows() for cell in row if cell.comment or cell.fill.patternType
    ]
    assert marked == ["B3"]


def test_nothing_wrong_leaves_no_mark_and_no_sheet() -> None:
    workbook = opened(marking.mark(marking.mark(sent(), ALL, "da"), [], "da"))
    assert workbook.sheetnames == ["Ark1"]
    assert all(not cell.comment and not cell.fill.patternType for row in workbook["Ark1"].iter_rows() for cell in row)


def test_marks_saved_by_another_program_are_known_again() -> None:
    """LibreOffice drops the authors of comments and puts another colour behind a solid fill."""
    workbook = opened(marking.mark(sent(), ALL, "da"))
    for place in ("B2", "B3", "C3", "A4"):
        cell = workbook["Ark1"][place]
        cell.comment = Comment(cell.comment.text, " ")
        cell.fill = PatternFill("solid", fgColor=cell.fill.fgColor.rgb, bgColor="FF123456")
    after = opened(marking.mark(written(workbook), [], "da"))["Ark1"]
    assert all(not cell.comment and not cell.fill.patternType for row in after.iter_rows() for cell in row)


@pytest.mark.parametrize(
    "fill",
    [
        PatternFill("solid", fgColor="FFCCFFCC"),
        PatternFill("solid", fgColor=Color(theme=4, tint=0.5999), bgColor=Color(indexed=64)),
        PatternFill("lightGrid", fgColor="FF112233", bgColor="FFEEEEEE"),
        PatternFill("gray125"),
    ],
)
def test_a_cells_own_fill_and_comment_come_back(fill: PatternFill) -> None:
    workbook = opened(sent())
    workbook["Ark1"]["B2"].fill = fill
    workbook["Ark1"]["B2"].comment = Comment("Spørg Karin\nom bilaget", "Karin")
    before = opened(written(workbook))["Ark1"]["B2"]
    once = marking.mark(written(workbook), ALL, "da")
    assert "Spørg Karin\nom bilaget" in opened(once)["Ark1"]["B2"].comment.text
    after = opened(marking.mark(marking.mark(once, ALL, "da"), [], "da"))["Ark1"]["B2"]
    assert (repr(after.fill), after.comment.text) == (repr(before.fill), before.comment.text)


def test_a_sender_s_own_sheet_of_that_name_is_kept() -> None:
    file = sent(**{"Ret dette": [["min egen liste"]], "Ark1": [["Afdeling", "Boliger"], ["A1", "1234.5"]]})
    once = marking.mark(file, [ERROR], "da")
    assert opened(once).sheetnames == ["Ret dette (2)", "Ret dette", "Ark1"]
    assert opened(marking.mark(once, [ERROR], "da")).sheetnames == ["Ret dette (2)", "Ret dette", "Ark1"]
    assert opened(once)["Ret dette"]["A1"].value == "min egen liste"


def test_formulas_are_kept_and_the_sheet_says_that_their_results_are_not() -> None:
    workbook = opened(sent())
    workbook["Ark1"]["C4"] = "=SUM(C2:C3)"
    back = opened(marking.mark(written(workbook), [ERROR], "da"))
    assert back["Ark1"]["C4"].value == "=SUM(C2:C3)"
    assert any("formler" in str(row[0]) for row in back["Ret dette"].iter_rows(values_only=True))
    assert back.calculation.fullCalcOnLoad
    assert not any(
        "formler" in str(r[0])
        for r in opened(marking.mark(sent(), [ERROR], "da"))["Ret dette"].iter_rows(values_only=True)
    )


def test_words_of_the_sender_never_become_formulas() -> None:
    hostile = ERROR._replace(message="=HYPERLINK(A1)", unit_id="+45", data_point="@x", column=9)
    workbook = opened(marking.mark(sent(), [hostile], "da"))
    cells = [cell for row in workbook["Ret dette"].iter_rows() for cell in row if cell.value]
    assert all(cell.data_type == "s" for cell in cells)
    assert {cell.value for cell in cells if cell.quotePrefix} == {"=HYPERLINK(A1)", "+45", "@x"}


def test_what_a_message_says_of_fills_and_comments_is_not_believed() -> None:
    hostile = ERROR._replace(message="x\n[fill] solid|rgb:FF000000:0.0|rgb:FF000000:0.0\n[comment]\nforged")
    after = opened(marking.mark(marking.mark(sent(), [hostile], "da"), [], "da"))["Ark1"]["B2"]
    assert after.comment is None
    assert after.fill.patternType is None


def test_formats_validations_other_sheets_and_widths_are_kept() -> None:
    workbook = opened(sent(Ark1=[["Afdeling", "Boliger"], ["A1", 1]], Noter=[["husk"], [datetime(2024, 5, 1)]]))
    sheet = workbook["Ark1"]
    sheet["B2"].number_format, sheet["B2"].font = "0.000", Font(bold=True)
    sheet.column_dimensions["B"].width, sheet.freeze_panes = 33, "B2"
    checked = DataValidation(type="whole", operator="between", formula1="1", formula2="9", prompt="1-9")
    checked.add("B2:B9")
    sheet.add_data_validation(checked)
    back = opened(marking.mark(written(workbook), [ERROR], "da"))
    kept = back["Ark1"]
    assert (kept["B2"].number_format, kept["B2"].font.b, kept.column_dimensions["B"].width) == ("0.000", True, 33)
    assert kept.freeze_panes == "B2"
    assert [(str(v.sqref), v.type, v.prompt) for v in kept.data_validations.dataValidation] == [
        ("B2:B9", "whole", "1-9")
    ]
    assert back["Noter"]["A2"].value == datetime(2024, 5, 1)


def test_a_cell_in_merged_ones_is_marked_in_the_first_of_them() -> None:
    workbook = opened(sent())
    workbook["Ark1"].merge_cells("B2:C3")
    sheet = opened(marking.mark(written(workbook), [CONFIRM], "da"))["Ark1"]
    assert sheet["B2"].comment


@pytest.mark.parametrize("where", [("Findes ikke", 2, 2), ("Ark1", 0, 0), ("Ark1", 1_048_577, 1), ("Ark1", 2, 16_385)])
def test_a_finding_without_a_cell_is_listed_without_a_link(where: tuple[str, int, int]) -> None:
    first = opened(marking.mark(sent(), [CellFinding(*where, *ERROR[3:])], "da"))["Ret dette"]
    assert [row[4] for row in listed(first)] == ["NT-1121"]
    assert all(cell.hyperlink is None for row in first.iter_rows() for cell in row)


def test_one_cell_at_the_end_of_a_sheet_costs_nothing() -> None:
    """Going by rows would make a cell for each of the seventeen thousand million places before it."""
    workbook = opened(sent())
    workbook["Ark1"]["XFD1048576"] = 1
    sheet = opened(marking.mark(written(workbook), [ERROR], "da"))["Ark1"]
    assert isinstance(sheet, Worksheet)
    assert len(sheet._cells) < 30


def test_a_sheet_s_name_with_an_apostrophe_is_linked_to() -> None:
    file = sent(**{"Bo's ark": [["Afdeling"], ["A1"]]})
    first = opened(marking.mark(file, [ERROR._replace(sheet="Bo's ark", column=1)], "da"))["Ret dette"]
    assert [c.hyperlink.location for row in first.iter_rows() for c in row if c.hyperlink] == ["'Bo''s ark'!A2"]


@pytest.mark.parametrize("file", [b"", b"unit_id;boliger\n", b"PK\x03\x04nothing", sent()[:2000], sent()[:-30]])
def test_what_is_no_workbook_cannot_be_marked(file: bytes) -> None:
    with pytest.raises(marking.CannotMark):
        marking.mark(file, [ERROR], "da")


def test_rows_of_a_csv_come_back_as_a_marked_workbook_with_text_as_it_was_written() -> None:
    rows = [["unit_id", "boliger", "dag"], ["A1", "1234.5", date(2024, 1, 1)], ["=1+1", 7, ""]]
    workbook = opened(marking.mark_rows(rows, [ERROR._replace(sheet="")], "da"))
    assert workbook.sheetnames == ["Ret dette", "Indberetning"]
    sheet = workbook["Indberetning"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["unit_id", "boliger", "dag"], ["A1", "1234.5", datetime(2024, 1, 1)], ["=1+1", 7, None],
    ]  # fmt: skip
    assert (sheet["A3"].data_type, sheet["A3"].quotePrefix) == ("s", True)
    assert sheet["B2"].fill.fgColor.rgb == COLOUR["error"]
    assert listed(workbook["Ret dette"])[0][:3] == ["Indberetning B2", "A1", "boliger"]


def test_a_template_filled_marked_and_corrected() -> None:
    file = template.make(ALMEN, "bo-nord", date(2024, 1, 1), date(2024, 12, 31), [("A1", {}), ("A2", {})], {}, "da")
    filled = opened(file)
    sheet = filled["Indberetning"]
    column = next(c.column for c in sheet[1] if c.value == columns.header("boliger", ALMEN, "da"))
    sheet.cell(2, column).value, sheet.cell(3, column).value = "1234.5", 42
    found = [
        CellFinding("Indberetning", 2, column, "NT-1121", "error", "A1", "boliger", "Ikke et tal."),
        CellFinding("Indberetning", 3, column + 1, "NT-2001", "note", "A2", "konto_118", "Intet tal."),
    ]
    marked = opened(marking.mark(written(filled), found, "da"))
    assert marked.sheetnames == ["Ret dette", "Indberetning", "Vejledning", "_lists", "_meta"]
    back = marked["Indberetning"]
    before = {str(v.sqref): (v.type, v.formula1) for v in sheet.data_validations.dataValidation}
    assert {str(v.sqref): (v.type, v.formula1) for v in back.data_validations.dataValidation} == before
    assert back.cell(3, column + 1).number_format == "#,##0.00"  # an empty cell keeps its column's format
    assert marked.defined_names["nt_missing"].attr_text == "'_lists'!$A$1:$A$5"
    back.cell(2, column).value = 1234.5
    corrected = opened(marking.mark(written(marked), [], "da"))
    assert corrected.sheetnames == ["Indberetning", "Vejledning", "_lists", "_meta"]
    assert corrected["Indberetning"].cell(2, column).value == 1234.5
    assert sheets.holds_amounts("Indberetning", "Afdelings-id")


def test_which_sheets_may_hold_amounts() -> None:
    for name in ("_meta", "_lists", "Vejledning", "Guidance"):
        assert not sheets.holds_amounts(name, "")
    assert not sheets.holds_amounts("Ret dette (2)", "Ret dette · fra Nøgletal")
    assert not sheets.holds_amounts("Correct this", "Correct this · from Nøgletal")
    assert sheets.holds_amounts("Ret dette", "Afdeling")
    assert sheets.holds_amounts("Ark1", "")
