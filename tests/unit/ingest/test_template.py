"""The template: made for one organisation, safe, the same bytes each time, and read back as what it says."""

import functools
import hashlib
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.ingest import columns, meta, prompts, sheets, template

ALMEN = definitions.of("dk-almen", "2024")
TSM = definitions.of("uk-tsm", "2024")
CATALOGUES = [definitions.of(s, y) for s in definitions.schemes() for y in definitions.years(s)]
UNITS = [("0101", {"name": "Søparken", "type": "family"}), ("0102", {"type": "youth"}), ("0103", {})]
PREVIOUS = {"0101": {"konto_114": 123456789, "boliger": 7000}, "0102": {"konto_114": -5}, "0103": {"boliger": 1050}}


def made(
    catalogue: Catalogue = ALMEN,
    language: str = "da",
    units: template.Units = UNITS,
    previous: template.Previous = PREVIOUS,
) -> bytes:
    return template.make(catalogue, "bo-nord", date(2024, 1, 1), date(2024, 12, 31), units, previous, language)


@functools.cache
def plain(catalogue: Catalogue, language: str) -> Workbook:
    """Opened once for the tests that only look."""
    return load_workbook(io.BytesIO(made(catalogue, language)))


def form_of(file: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(file)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def heads(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[1]}


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.version)
@pytest.mark.parametrize("language", ["da", "en"])
def test_a_column_for_every_data_point_a_figure_uses_in_catalogue_order(catalogue: Catalogue, language: str) -> None:
    sheet = plain(catalogue, language).worksheets[0]
    matched = columns.match([str(cell.value) for cell in sheet[1]], catalogue)
    assert list(matched.data_points.values()) == template.asked(catalogue)
    assert set(matched.fixed) == {"unit_id", "period_start", "period_end", "confirmation"}
    assert not matched.unknown
    assert not matched.duplicates
    used = {part for figure in catalogue.key_figure.values() for part in figure.parts}
    assert set(template.asked(catalogue)) == used


def test_units_and_last_period_are_filled_in_and_the_amounts_are_left_empty() -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made())).get_sheet_by_name("Indberetning").to_python()
    assert [row[:4] for row in rows[1:]] == [
        ["0101", "Søparken", date(2024, 1, 1), date(2024, 12, 31)],
        ["0102", "", date(2024, 1, 1), date(2024, 12, 31)],
        ["0103", "", date(2024, 1, 1), date(2024, 12, 31)],
    ]
    place = rows[0].index("Sidste periode: Renholdelse (konto 114), kr.")
    assert rows[0][place - 1] == "Renholdelse (konto 114), kr."
    assert [row[place] for row in rows[1:]] == [1234567.89, -0.05, ""]
    assert [row[place - 1] for row in rows[1:]] == ["", "", ""]
    assert [head for head in rows[0] if str(head).startswith("Sidste periode")] == [
        "Sidste periode: Renholdelse (konto 114), kr.",
        "Sidste periode: Boliger, gennemsnit, boliger",
    ]


def test_the_head_and_the_units_stay_in_sight() -> None:
    assert form_of(made()).freeze_panes == "C2"
    assert form_of(made(TSM)).freeze_panes == "C2"
    assert form_of(made(units=[("1", {})])).freeze_panes == "B2"


def test_the_same_arguments_give_the_same_bytes_and_no_moment_of_making() -> None:
    assert made() == made()
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_meta_says_for_whom_it_was_made() -> None:
    file = made(TSM, "en")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_name("_meta").to_python()
    said, intact = meta.read(rows)
    assert said == meta.Meta("1", "uk-tsm", "2024", TSM.digest, "bo-nord", "2024-01-01", "2024-12-31", "en")
    assert intact
    assert load_workbook(io.BytesIO(file))["_meta"].sheet_state == "hidden"
    changed = [[k, "2025-12-31" if k == "period_end" else v] for k, v in rows]
    assert meta.read(changed)[1] is False
    assert meta.read(rows[:3]) == (None, False)


def test_the_checksum_is_over_every_entry() -> None:
    said = meta.Meta("1", "uk-tsm", "2024", "9f", "LA1", "2023-04-01", "2024-03-31", "en")
    text = (
        "template_version=1\nscheme=uk-tsm\nyear=2024\ncatalogue_digest=9f\norganisation_id=LA1\n"
        "period_start=2023-04-01\nperiod_end=2024-03-31\nlanguage=en"
    )
    assert said.checksum == hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("hostile", ["=1+1", "+45", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0"])
def test_text_that_looks_like_a_formula_stays_text(hostile: str) -> None:
    file = made(units=[(hostile, {"name": hostile})])
    sheet = form_of(file)
    for cell in (sheet["A2"], sheet["B2"]):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (hostile, "s", True)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_negative_number_of_last_period_is_a_number() -> None:
    sheet = form_of(made())
    cell = sheet.cell(3, heads(sheet)["Sidste periode: Renholdelse (konto 114), kr."])
    assert (cell.value, cell.data_type, cell.number_format) == (-0.05, "n", "#,##0.00")


def test_control_characters_never_break_the_file() -> None:
    assert form_of(made(units=[("a\x00b\x0b", {"name": "\ud800"})]))["A2"].value == "a\ufffdb\ufffd"


def test_a_number_too_long_for_a_spreadsheet_is_shown_as_text() -> None:
    sheet = form_of(made(previous={"0101": {"konto_114": 2**62}}))
    assert sheet.cell(2, heads(sheet)["Sidste periode: Renholdelse (konto 114), kr."]).value == "46116860184273879.04"


def test_a_cell_accepts_a_number_of_its_scale_and_sign_or_a_missing_token() -> None:
    sheet = form_of(made())
    formulas = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "custom"}
    letter = sheet.cell(1, heads(sheet)["Nettokapitaludgifter (konto 105.9), kr."]).column_letter
    assert formulas[f"{letter}2:{letter}4"] == (
        f"IF(ISNUMBER({letter}2),ROUND({letter}2,2)={letter}2,SUMPRODUCT(--(nt_missing={letter}2))>0)"
    )
    letter = sheet.cell(1, heads(sheet)["Genudlejninger, stk."]).column_letter
    assert formulas[f"{letter}2:{letter}4"] == (
        f"IF(ISNUMBER({letter}2),AND({letter}2>=0,ROUND({letter}2,0)={letter}2),SUMPRODUCT(--(nt_missing={letter}2))>0)"
    )


def test_the_tokens_are_a_list_that_may_be_longer_than_a_validation() -> None:
    workbook = load_workbook(io.BytesIO(made()))
    assert workbook.defined_names["nt_missing"].attr_text == "'_lists'!$A$1:$A$5"
    assert [cell.value for cell in workbook["_lists"]["A"]] == prompts.tokens(ALMEN)
    assert workbook["_lists"].sheet_state == "hidden"


def test_where_there_was_no_number_last_period_tokens_are_offered() -> None:
    """0103 reported last period, but not account 114, which others did."""
    sheet = form_of(made())
    letter = sheet.cell(1, heads(sheet)["Renholdelse (konto 114), kr."]).column_letter
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list" and str(v.sqref).startswith(letter)]
    assert [(str(v.sqref), v.formula1, v.showErrorMessage) for v in lists] == [(f"{letter}4", "nt_missing", False)]


def test_last_periods_column_takes_no_typing() -> None:
    sheet = form_of(made())
    letter = sheet.cell(1, heads(sheet)["Sidste periode: Renholdelse (konto 114), kr."]).column_letter
    never = next(v for v in sheet.data_validations.dataValidation if str(v.sqref) == f"{letter}2:{letter}4")
    assert (never.type, never.formula1, never.showErrorMessage) == ("custom", "FALSE", True)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.version)
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_prompt_fits_what_a_spreadsheet_shows(catalogue: Catalogue, language: str) -> None:
    shown = plain(catalogue, language).worksheets[0].data_validations.dataValidation
    assert all(len(v.prompt or "") <= 255 and len(v.error or "") <= 255 for v in shown)
    assert all(len(v.promptTitle or "") <= 32 and len(v.errorTitle or "") <= 32 for v in shown)
    assert all(len(v.formula1 or "") <= 255 for v in shown)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.version)
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_guidance_tells_of_every_data_point_and_key_figure(catalogue: Catalogue, language: str) -> None:
    rows = list(plain(catalogue, language)[sheets.GUIDANCE.of(language)].iter_rows(values_only=True))
    ids = [row[0] for row in rows]
    assert [i for i in ids if i in catalogue.data_point] == list(catalogue.data_point)
    assert [i for i in ids if i in catalogue.key_figure] == list(catalogue.key_figure)
    for row in rows:
        if row[0] in catalogue.key_figure:
            assert all(row[:7]), row[0]  # name, how, unit, range, example, source: each says something
        if row[0] in catalogue.data_point:
            assert row[1] == columns.header(str(row[0]), catalogue, language)
            assert all((row[3], row[4], row[6])), row[0]


def test_a_key_figure_as_the_guidance_tells_it() -> None:
    rows = plain(ALMEN, "da")["Vejledning"].iter_rows(values_only=True)
    row = next(row for row in rows if row[0] == "UDL-FRA")
    assert row[3:6] == (
        "%",
        "Afvises uden for 0 til 100 (vores skøn). Skal begrundes uden for 0 til 80 (vores skøn). "
        "Skal begrundes, hvis det ændrer sig over 400\u00a0% (vores skøn).",
        "Fraflytninger ud af afdelingen 9; Boliger, gennemsnit 70 → 12,9 %",
    )
    assert row[6] == "Landsbyggefonden, temastatistik 2020:7. Sidst gennemgået 24.11.2026."


def test_without_registered_units_there_are_rows_to_write_in() -> None:
    sheet = form_of(made(units=[], previous={}))
    assert sheet.max_row == 1
    assert {str(v.sqref).split(":")[1][-2:] for v in sheet.data_validations.dataValidation} == {"51"}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(-(10**15) + 1, 10**15 - 1), min_size=1, max_size=16), st.sampled_from(["da", "en"]))
def test_any_amount_filled_in_is_read_back_exactly(values: list[int], language: str) -> None:
    """Through a spreadsheet's doubles, up to the 15 digits they hold: the shortest decimal is the amount."""
    names = template.asked(TSM)[: len(values)]
    amounts = dict(zip(names, values, strict=False))
    file = made(TSM, language, [("00AA", {})], {"00AA": amounts})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    by_head = dict(zip(rows[0], rows[1], strict=True))
    for name, value in amounts.items():
        read = by_head[columns.previous_header(name, TSM, language)]
        assert isinstance(read, float)
        assert Decimal(repr(read)).scaleb(TSM.data_point[name].scale) == value
