"""Files meant to hurt, or only odd, through the whole way: read, marked, read again. Nothing but findings, faults and CannotMark."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from services.catalogue import definitions
from services.ingest import columns, form, marking, reading, template
from services.ingest.amount_cells import Missing
from services.ingest.delivered import Form
from services.ingest.marking import CellFinding
from services.ingest.table import FileFault
from tests.unit.ingest.forms import UNITS, around, tsm
from tests.unit.ingest.workbooks import changed, packed, parts
from tests.unit.ingest.workbooks import workbook as made

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["Afdelings-id", "konto_114", "bruttoareal"]
PLAIN = made([HEAD, ["afd-1", 612.5, 7]])
EXCEL = (Path(__file__).resolve().parents[2] / "data" / "files" / "filled-like-excel.xlsx").read_bytes()
FOUND = [CellFinding("Tal", 2, 2, "NT-1121", "error", "afd-1", "konto_114", "Ikke et tal.")]
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "ccc"><!ENTITY d "&b;&b;&b;">]>'


def read(file: bytes) -> Form:
    return form.read(reading.read(file), around())


def number(value: str) -> bytes:
    return changed(PLAIN, SHEET, b"<v>612.5</v>", f"<v>{value}</v>".encode())


@pytest.mark.parametrize(
    "shown",
    [
        '#,##0.00\\ "kr."',
        "[$kr.-406]\\ #,##0.00",
        '_-* #,##0.00\\ _k_r_._-;\\-* #,##0.00\\ _k_r_._-;_-* "-"??\\ _k_r_._-;_-@_-',
        "_-* #,##0.00\\ _D_K_K_-",
        '#,##0 "md."',
        "0\\ \\m\\d",
        "#,##0.00_ ;[Red]\\-#,##0.00\\ ",
        "[Magenta]0",
        "[>=1000]#,##0;0",
        "0.00E+00",
        "@",
    ],
)
def test_however_a_number_is_shown_it_is_that_number(shown: str) -> None:
    """Danish and English accounting formats hold the letters of days and months."""
    book = load_workbook(io.BytesIO(PLAIN))
    book.worksheets[0]["B2"].number_format = shown
    assert read(written(book)).rows[0].amounts[0] == ("konto_114", 61250)


@pytest.mark.parametrize("value", ["inf", "nan", "1e400", "9223372036854775808", "1e308", "-1e-7"])
def test_what_no_amount_can_be_is_named_and_the_rest_goes_on(value: str) -> None:
    found = read(number(value))
    assert [(f.code, f.place.cell) for f in found.findings] in ([("NT-1124", "B2")], [("NT-1123", "B2")])
    assert found.rows[0].amounts[1] == ("bruttoareal", 700)


@pytest.mark.parametrize("value", ["1_000", "0x10", "٣", "1 000", "--1", "1,5"])
def test_what_is_no_number_of_a_workbook_refuses_the_file(value: str) -> None:
    with pytest.raises(FileFault, match="NT-1107"):
        read(number(value))


@pytest.mark.parametrize(
    "target", ["../xl/worksheets/sheet1.xml", "worksheets//sheet1.xml", "file:///etc/passwd", "..\\x"]
)
def test_a_sheet_that_is_said_to_be_elsewhere_is_looked_for_nowhere(target: str) -> None:
    name = "xl/_rels/workbook.xml.rels"
    old = b"/xl/worksheets/sheet1.xml"
    with pytest.raises(FileFault):
        read(changed(PLAIN, name, old, target.encode()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<c r="B2" t="n"><v>612.5</v>', b'<c r="B2" t="s"><v>99</v>'),
        (b'<c r="B2" t="n"><v>612.5</v>', b'<c r="B2" t="none"><v>99</v>'),
        (b'<c r="B2"', b'<c r="$B$2"'),
        (b'<c r="B2"', b'<c r="ABCD2"'),
    ],
)
def test_a_cell_that_is_nothing_refuses_the_file(old: bytes, new: bytes) -> None:
    with pytest.raises(FileFault, match="NT-1107"):
        read(changed(PLAIN, SHEET, old, new))


@pytest.mark.parametrize(
    "value", ["9223372036854775.8", "500000000000000.01", "10000000000000001", "-99999999999999.99"]
)
def test_a_number_cell_of_more_digits_than_it_holds_is_refused(value: str) -> None:
    assert [(f.code, f.place.cell) for f in read(number(value)).findings] == [("NT-1124", "B2")]


@pytest.mark.parametrize(("value", "amount"), [("1234.5600000000001", 123456), ("0.30000000000000004", 30)])
def test_a_sum_of_excel_is_what_excel_shows(value: str, amount: int) -> None:
    found = read(number(value))
    assert (found.findings, found.rows[0].amounts[0]) == ([], ("konto_114", amount))


IN_PIECES = {
    "a-comment": "61<!-- x -->2.5",
    "a-section": "<![CDATA[612.5]]>",
    "a-section-inside": "6<![CDATA[12.5]]>",
    "an-instruction": "6<?x?>12.5",
    "an-element": "6<x/>12.5",
    "an-element-behind": "612.5<x>3</x>",
    "a-reference": "6&#49;2.5",
    "a-name": "61&amp;2.5",
    "two-values": "6</v><v>612.5",
    "two-cells": '6</v></c><c r="B2"><v>612.5',
}


@pytest.mark.parametrize("defect", sorted(IN_PIECES))
def test_of_a_number_in_pieces_no_piece_is_read(defect: str) -> None:
    with pytest.raises(FileFault, match="NT-1107") as caught:
        read(number(IN_PIECES[defect]))
    assert "B2" in caught.value.parameters["detail"]


@pytest.mark.parametrize("text", ["61<!-- x -->2", "<![CDATA[612]]>"])
def test_of_a_text_in_pieces_no_piece_is_read(text: str) -> None:
    inline = f'<c r="B2" t="inlineStr"><is><t>{text}</t></is>'.encode()
    with pytest.raises(FileFault, match="NT-1107"):
        read(changed(PLAIN, SHEET, b'<c r="B2" t="n"><v>612.5</v>', inline))


def test_a_text_with_references_and_a_comment_between_cells_is_read_whole() -> None:
    formula = b'<!-- x --><c r="B2" t="str"><f>1</f><v>6&#49;2,5</v>'
    assert read(changed(PLAIN, SHEET, b'<c r="B2" t="n"><v>612.5</v>', formula)).rows[0].amounts[0][1] == 61250


def test_a_formula_with_nothing_but_space_for_a_value_is_not_blank() -> None:
    blank = b'<c r="B2"><f>1+1</f><v> </v>'
    found = read(changed(PLAIN, SHEET, b'<c r="B2" t="n"><v>612.5</v>', blank))
    assert [(f.code, f.place.cell) for f in found.findings] == [("NT-1125", "B2")]


def test_two_sheets_of_one_name_refuse_the_file() -> None:
    two = made([HEAD, ["afd-1", "=1+1", 7]], Andet=[HEAD, ["afd-2", 5, 6]])
    with pytest.raises(FileFault, match="NT-1107"):
        read(changed(two, "xl/workbook.xml", b'"Andet"', b'"Tal"'))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_sheet_in_another_encoding_is_not_called_empty(encoding: str) -> None:
    content = parts(PLAIN)
    with pytest.raises(FileFault, match="NT-1107") as caught:
        read(packed(content | {SHEET: content[SHEET].decode().encode(encoding)}))
    assert caught.value.parameters == {"detail": "UTF-16"}


def test_a_sheet_said_to_be_where_nothing_is_is_not_called_empty() -> None:
    elsewhere = changed(PLAIN, "xl/_rels/workbook.xml.rels", b"/xl/worksheets/", b"WORKSHEETS/")
    with pytest.raises(FileFault, match="NT-1107") as caught:
        read(elsewhere)
    assert caught.value.parameters == {"detail": "no part for the sheet »Tal«"}


def test_a_sheet_that_is_a_chart_is_passed_over() -> None:
    content = parts(made([HEAD, ["afd-1", 612.5, 7]], Graf=[["x"]]))
    rels = content["xl/_rels/workbook.xml.rels"]
    rels = rels.replace(
        b'relationships/worksheet" Target="/xl/worksheets/sheet2.xml',
        b'relationships/chartsheet" Target="/xl/chartsheets/sheet1.xml',
    )
    assert b"chartsheet" in rels
    chart = content.pop("xl/worksheets/sheet2.xml")
    file = packed(content | {"xl/_rels/workbook.xml.rels": rels, "xl/chartsheets/sheet1.xml": chart})
    assert read(file).rows[0].amounts[0][1] == 61250


def test_every_part_of_a_workbook_with_entities_of_its_own_cannot_be_marked() -> None:
    content = parts(EXCEL)
    for name in content:
        part = content[name]
        after = part.find(b"?>") + 2 if part.startswith(b"<?xml") else 0
        with pytest.raises(marking.CannotMark, match="DOCTYPE"):
            marking.mark(packed(content | {name: part[:after] + ENTITIES + part[after:]}), FOUND, "da")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_workbook_gone_wrong_is_marked_or_cannot_be(data: st.DataObject) -> None:
    content = parts(EXCEL)
    name = data.draw(st.sampled_from([n for n in content if "theme" not in n]))
    part = bytearray(content[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(part))), data.draw(st.integers(0, 12))
        source = data.draw(st.integers(0, len(part)))
        part[at : at + length] = part[source : source + data.draw(st.integers(0, 12))]
    try:
        marked = marking.mark(packed(content | {name: bytes(part)}), FOUND, "da")
    except marking.CannotMark:
        return
    assert load_workbook(io.BytesIO(marked)).sheetnames


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=12) | st.integers() | st.none(), max_size=5), max_size=5), st.text(max_size=40)
)
def test_any_rows_and_words_can_be_marked(rows: list[list[object]], words: str) -> None:
    finding = CellFinding(words, 1, 1, words, "error", words, words, words)
    assert load_workbook(io.BytesIO(marking.mark_rows(rows, [finding], "en"))).sheetnames[0] == "Correct this"


def test_marks_change_nothing_of_what_is_read() -> None:
    file = made(
        [[*HEAD, "Begrundelse"], ["afd-1", "1234.5", 7, "konto_114: ny aftale"], ["afd-9", 5, 6], ["afd-2", "-", 8.25]]
    )
    before = read(file)
    found = [
        CellFinding("Tal", f.place.row, f.place.column, f.code, "error", f.unit_id, f.data_point, f.code)
        for f in before.findings
    ]
    assert {f.code for f in found} == {"NT-1121", "NT-1117"}
    for language in ("da", "en"):
        again = read(marking.mark(file, found, language))
        assert (again.rows, again.findings) == (before.rows, before.findings)
    rows = reading.read(file).sheets[0].rows
    csv_back = read(marking.mark_rows(rows, found, "da"))
    assert [row.amounts for row in csv_back.rows] == [row.amounts for row in before.rows]


def test_in_a_long_table_the_reason_stands_alone_and_without_its_column_it_is_asked_for() -> None:
    doubt = CellFinding("", 2, 3, "NT-1122", "confirm", "afd-1", "konto_114", "?")
    for heads, said in ((["unit_id", "data_point", "value", "confirmation"], "Skriv begrundelse"),
                        (["unit_id", "data_point", "value"], "Tilføj en kolonne med overskriften Begrundelse")):  # fmt: skip
        file = marking.mark_rows([heads, ["afd-1", "konto_114", "12.345"]], [doubt], "da")
        rows = load_workbook(io.BytesIO(file)).worksheets[0].iter_rows(values_only=True)
        assert [row[2:7] for row in rows][-1] == ("konto_114", "Bekræft", "NT-1122", "?", said)


def written(book: Workbook) -> bytes:
    packed_ = io.BytesIO()
    book.save(packed_)
    return packed_.getvalue()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.none() | st.integers(0, 10**15 - 1), min_size=16, max_size=16),
    st.lists(st.none() | st.integers(0, 10**15 - 1), min_size=16, max_size=16),
    st.sampled_from(["da", "en"]),
)
def test_a_filled_template_is_read_as_it_was_filled(
    this: list[int | None], last: list[int | None], language: str
) -> None:
    """Any amounts a spreadsheet's fifteen digits hold, with last period's beside, which is never read."""
    catalogue = definitions.of("uk-tsm", "2024")
    names = template.asked(catalogue)
    previous = {"afd-1": {n: v for n, v in zip(names, last, strict=True) if v is not None}}
    start, end = date(2023, 4, 1), date(2024, 3, 31)
    file = template.make(catalogue, "org-a", start, end, [(u, {}) for u in UNITS], previous, language)
    book = load_workbook(io.BytesIO(file))
    sheet = book.worksheets[0]
    place = {str(cell.value): cell.column for cell in sheet[1]}
    for name, value in zip(names, this, strict=True):
        scale = catalogue.data_point[name].scale
        amount = None if value is None else value if scale == 0 else value / 10**scale
        sheet.cell(2, place[columns.header(name, catalogue, language)]).value = amount
    found = form.read(reading.read(written(book)), around(scheme="uk-tsm", catalogue=tsm, period=("", "")))
    assert found.findings == []
    if any(value is not None for value in this):
        assert [row.unit_id for row in found.rows] == ["afd-1"]
        assert (found.rows[0].period_start, found.rows[0].period_end) == ("2023-04-01", "2024-03-31")
        assert dict(found.rows[0].amounts) == {
            name: Missing("blank") if value is None else value for name, value in zip(names, this, strict=True)
        }
