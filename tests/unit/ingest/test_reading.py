"""Files of every kind: what is read, what is refused and with which code; nothing else comes of any bytes."""

import io
import re
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest import reading, table, workbook
from services.ingest.table import FileFault, NoValue, Table
from tests.unit.ingest.workbooks import changed, packed, parts
from tests.unit.ingest.workbooks import workbook as made

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = made([["Afdelings-id", "konto_114"], ["A", 612.4]], _meta=[["organisation", "org-a"]])
RELATION = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id'
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def test_a_workbook_has_its_cells_where_they_stand_hidden_sheets_too() -> None:
    read = reading.read(made([[], [None, "x", 5, 0.1, -0.0, date(2024, 12, 31), True]], _meta=[["a", "b"]]))

    assert read.kind == "xlsx"
    assert [s.name for s in read.sheets] == ["Tal", "_meta"]
    cells: list[Any] = [None, "x", Decimal(5), Decimal("0.1"), Decimal(0), date(2024, 12, 31)]
    assert read.sheets[0].rows[1] == [*cells, NoValue("boolean", "SAND")]
    assert read.sheets[1].rows == [["a", "b"]]


def test_a_formula_that_was_never_computed_and_an_error_are_not_blank() -> None:
    data = made([["a", "b", "c", "d"], [1, "=A2*2", "=1/0", None], ["=A2"]])
    data = changed(data, SHEET, b'<c r="C2"><f>1/0</f><v /></c>', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    data = changed(data, SHEET, b'<c r="A3"><f>A2</f><v /></c>', b'<c r="A3"><f>A2</f><v>1</v></c>')

    rows = reading.read(data).sheets[0].rows

    assert rows[1][:3] == [Decimal(1), NoValue("formula"), NoValue("error", "#DIV/0!")]
    assert rows[2][0] == Decimal(1)


def bomb() -> bytes:
    return packed(parts(PLAIN) | {"xl/media/a": bytes(20 * 2**20)})


def lying_bomb() -> bytes:
    """Says it unpacks to a little; unpacks to much."""
    data = bytearray(packed({"xl/workbook.xml": b"<a/>", SHEET: bytes(5 * 2**20)}))
    size = (5 * 2**20).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def one_string_in_many_cells() -> bytes:
    """Small when packed and when unpacked; every cell read would be a copy of the string."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001)).encode()
    content = parts(PLAIN)
    content[SHEET] = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
    content[SHEET] += cells + b"</sheetData></worksheet>"
    return packed(content | {"xl/sharedStrings.xml": b"<sst><si><t>" + b"xyz" * 10_000 + b"</t></si></sst>"})


def one_part_for_many_sheets() -> bytes:
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(9, 39)).encode()
    far = changed(PLAIN, SHEET, b"</sheetData>", b'<row r="9000"><c r="AZ9000"><v>1</v></c></row></sheetData>')
    return changed(far, "xl/workbook.xml", b"</sheets>", sheets.replace(b"r:id", RELATION) + b"</sheets>")


def encrypted_zip() -> bytes:
    data = bytearray(PLAIN)
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        at = data.find(b"PK\x01\x02", archive.start_dir)
    data[at + 8] |= 1
    return bytes(data)


CONTENT_TYPES = "[Content_Types].xml"
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;&b;">]><a>&d;</a>'
REFUSED = {
    "oversize": ("NT-1101", bytes(8 * 2**20 + 1)),
    "empty": ("NT-1102", b""),
    "blank-lines-only": ("NT-1102", b"\xef\xbb\xbf\r\n\r\n"),
    "separators-only": ("NT-1102", b";;;\n;;;\n"),
    "workbook-without-cells": ("NT-1102", made([])),
    "macros-named-xlsx": ("NT-1103", packed(parts(PLAIN) | {"xl/vbaProject.bin": b"Sub Auto_Open()"})),
    "macro-enabled-type": (
        "NT-1103",
        packed(parts(PLAIN) | {CONTENT_TYPES: parts(PLAIN)[CONTENT_TYPES].replace(b"sheet.main+xml", MACRO_TYPE)}),
    ),
    "xls-of-before-2007": ("NT-1104", OLE + bytes(1000)),
    "xlsb": ("NT-1104", packed({"xl/workbook.bin": b"x"})),
    "ods": ("NT-1104", packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})),
    "docx": ("NT-1104", packed({"word/document.xml": b"<a/>"})),
    "zip-of-csv": ("NT-1104", packed({"a.csv": b"a;b"})),
    "pdf": ("NT-1104", b"%PDF-1.7 ..."),
    "html-named-xls": ("NT-1104", b"\n<html><table><tr><td>1</td></tr></table></html>"),
    "password": ("NT-1105", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "encrypted-zip": ("NT-1105", encrypted_zip()),
    "zip-bomb": ("NT-1106", bomb()),
    "one-string-in-many-cells": ("NT-1106", one_string_in_many_cells()),
    "one-part-for-many-sheets": ("NT-1108", one_part_for_many_sheets()),
    "the-name-of-a-sheet": ("NT-1107", changed(PLAIN, "xl/workbook.xml", b'"Tal"', b'"' + b"x" * 101 + b'"')),
    "zip-bomb-that-lies": ("NT-1107", lying_bomb()),
    "truncated": ("NT-1107", PLAIN[: len(PLAIN) // 2]),
    "two-parts-of-one-name": ("NT-1107", PLAIN),
    "entities": ("NT-1107", packed(parts(PLAIN) | {SHEET: DOCTYPE})),
    "not-xml": ("NT-1107", packed(parts(PLAIN) | {SHEET: b"<worksheet><sheetData>"})),
    "cell-at-no-place": ("NT-1107", changed(PLAIN, SHEET, b'r="A2"', b'r="A-2"')),
    "a-cell-at-the-far-corner": (
        "NT-1108",
        changed(PLAIN, SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    ),
    "too-wide": ("NT-1108", b"a;" * 1200 + b"a\n"),
    "neither-text-nor-anything": ("NT-1109", bytes(range(256))),
    "stray-quote": ("NT-1110", b'a;b\n1;2\nx;3"5\n'),
    "quote-never-closed": ("NT-1110", b'a;b\n1;"2\n3;4\n'),
    "text-behind-a-quote": ("NT-1110", b'a;b\n"1"x;2\n'),
}


def _twice() -> bytes:
    file = io.BytesIO(PLAIN)
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, b"<a/>")
    return file.getvalue()


@pytest.mark.parametrize("defect", sorted(REFUSED))
def test_refused(defect: str) -> None:
    code, data = REFUSED[defect]
    data = _twice() if defect == "two-parts-of-one-name" else data

    with pytest.raises(FileFault) as caught:
        reading.read(data)

    assert caught.value.code == code


def test_a_bomb_is_judged_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bomb()
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with pytest.raises(FileFault, match="NT-1106"):
        workbook.unpacked(data)


def test_a_format_far_down_is_no_cell() -> None:
    data = changed(PLAIN, SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert len(reading.read(data).sheets[0].rows) == 2


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encoding_and_separator_are_found_and_told_back(encoding: str, told: str, separator: str) -> None:
    text = f"Afdelings-id{separator}Værdi\r\nÆblehaven{separator}612\r\n"

    read = reading.read(text.encode(encoding))

    assert (read.encoding, read.separator) == (told, separator)
    assert read.sheets[0].rows == [["Afdelings-id", "Værdi"], ["Æblehaven", "612"]]


@pytest.mark.parametrize(
    ("text", "separator", "rows"),
    [
        ("a;b, kr.;c, kr.\n1;2;3\n", ";", [["a", "b, kr.", "c, kr."], ["1", "2", "3"]]),
        ('a,"b; c"\n1,2', ",", [["a", "b; c"], ["1", "2"]]),
        ("sep=,\na,b;c\n1,2\n", ",", [[], ["a", "b;c"], ["1", "2"]]),
        ('a;b\n"x ""y"" z"; 1 \n', ";", [["a", "b"], ['x "y" z', "1"]]),
        ('a;b\n"1\r\n2";3\n4;5', ";", [["a", "b"], ["1\r\n2", "3"], [], ["4", "5"]]),
        ("a;b\r\r\n1;\r;;\r2;3", ";", [["a", "b"], [], ["1", None], [], ["2", "3"]]),
        ("a;b;;\n1;2;;\n", ";", [["a", "b", None, None], ["1", "2", None, None]]),
        ("a\n1\n", ";", [["a"], ["1"]]),
    ],
)
def test_csv(text: str, separator: str, rows: list[list[str | None]]) -> None:
    read = reading.read(text.encode())
    assert (read.separator, read.sheets[0].rows, read.faults) == (separator, rows, [])


def test_stray_quotes_are_named_by_line_and_column() -> None:
    with pytest.raises(FileFault) as caught:
        reading.read(b'a;b\r\n"1\r\n2";3\r\nx;3"5\r\n')
    assert caught.value.parameters == {"line": "4", "position": "4", "text": '3"5'}


LONG = 200_000  # characters, of one field


@pytest.mark.parametrize(
    ("defect", "text"),
    [
        ("one-long-field", 'a;b\n1;"' + "x" * LONG + '"\n'),
        ("quotes-inside", 'a;b\n1;"' + 'x""' * (LONG // 3) + '"\n'),
        ("never-closed", 'a;b\n1;"' + '""' * (LONG // 2)),
        ("line-breaks-inside", 'a;b\n1;"' + "\n" * LONG + '"\n'),
        ("separators-alone", ";" * LONG),
        ("lines-alone", "\n" * LONG + "a;b\n"),
    ],
)
def test_no_text_takes_many_times_its_size(defect: str, text: str) -> None:
    data = text.encode()
    tracemalloc.start()
    try:
        _fault_or_table(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * LONG + 8 * 2**20 * (defect == "lines-alone"), (
        peak
    )  # a list a line, of which there may be 100,000


@pytest.mark.parametrize(
    ("field", "value"),
    [('""', None), ('""""', '"'), ('"a""b"', 'a"b'), ('"\r\n\r\n"', None), ('"x\r\ny\n\rz"', "x\r\ny\n\rz")],
)
def test_quotes_within_a_field(field: str, value: str | None) -> None:
    rows = reading.read(f"a;b\n{field};1\nc;2\n".encode()).sheets[0].rows
    assert rows[1] == [value, "1"]
    assert rows[-1] == ["c", "2"]
    assert len(rows) == 3 + len(re.findall("\r\n|\r|\n", field))


def test_a_line_of_another_length_is_a_fault_of_its_own() -> None:
    read = reading.read(b"a;b\n1\n2;3\n4;5;6\n7;8;\n")
    assert [(f.row, f.code, f.parameters["fields"]) for f in read.faults] == [(2, "NT-1111", "1"), (4, "NT-1111", "3")]
    assert read.sheets[0].rows == [["a", "b"], [], ["2", "3"], [], ["7", "8"]]


def test_cells_are_named_as_programs_name_them() -> None:
    assert [table.cell_name(1, c) for c in (1, 26, 27, 52, 702, 703, 16384)] == [
        *("A1", "Z1", "AA1", "AZ1", "ZZ1", "AAA1", "XFD1")
    ]


def _fault_or_table(data: bytes) -> None:
    try:
        found: Table | str = reading.read(data)
    except FileFault as fault:
        found = fault.code
    assert isinstance(found, Table) or found.startswith("NT-11")


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=100).map(str.encode) | st.text('a;,"\r\n\t', max_size=40).map(str.encode)
)
def test_any_bytes_are_a_table_or_a_fault(data: bytes) -> None:
    _fault_or_table(data)
    _fault_or_table(b"PK\x03\x04" + data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_workbook_gone_wrong_is_a_table_or_a_fault(data: st.DataObject) -> None:
    content = parts(PLAIN)
    name = data.draw(st.sampled_from([n for n in content if n.startswith("xl/") and "theme" not in n]))
    part = bytearray(content[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(part))), data.draw(st.integers(0, 12))
        source = data.draw(st.integers(0, len(part)))
        part[at : at + length] = part[source : source + data.draw(st.integers(0, 12))]
    _fault_or_table(packed(content | {name: bytes(part)}))
    whole = bytearray(PLAIN)
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    _fault_or_table(bytes(whole))
