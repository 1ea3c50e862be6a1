"""Sheets of the workbooks we write: their names, text that is safe in a cell, the same bytes for the same content. Pure."""

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from services.catalogue.definitions import Text

FORM = Text(da="Indberetning", en="Submission")
GUIDANCE = Text(da="Vejledning", en="Guidance")
CORRECTIONS = Text(da="Ret dette", en="Correct this")
CORRECTIONS_HEADING = Text(
    da="Ret dette · fra Nøgletal", en="Correct this · from Nøgletal"
)  # cell A1: by it we know our own sheet
META, LISTS = "_meta", "_lists"

LONGEST = 32_000  # characters of a cell; Excel takes 32,767
EPOCH = datetime(2000, 1, 1)  # stands where a file would say when it was made  # noqa: DTZ001
BESIDES = {t.casefold() for names in (GUIDANCE, CORRECTIONS) for t in (names.da, names.en)} | {META, LISTS}

UNREADABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")

DARK, TINTS, GREY_FILL, GREY = "FF1F3A56", ("FFDCE6F1", "FFE8EEDB"), "FFF2F2F2", "FF595959"
RULE = "FFBFBFBF"


def holds_amounts(title: str, first_cell: str) -> bool:
    """Whether a sheet of a sender's workbook may hold amounts: not our guidance, corrections, lists or meta.

    A sheet »Ret dette« that does not begin with our heading is the sender's own.
    """
    if is_corrections(title, first_cell):
        return False
    ours = {t.casefold() for t in (CORRECTIONS.da, CORRECTIONS.en)}
    return title.casefold() in ours or title.casefold() not in BESIDES


def is_corrections(title: str, first_cell: str) -> bool:
    """Whether a sheet is the list of corrections an earlier round put first, in whichever language."""
    named = any(title.casefold().startswith(t.casefold()) for t in (CORRECTIONS.da, CORRECTIONS.en))
    return named and first_cell in (CORRECTIONS_HEADING.da, CORRECTIONS_HEADING.en)


def readable(text: str) -> str:
    """Text as a cell can hold it: without control characters, and not longer."""
    return UNREADABLE.sub("\ufffd", text)[:LONGEST]


def write(sheet: Worksheet, row: int, column: int, value: object, style: str = "") -> Cell:
    """One cell. Text never becomes a formula: what begins as one carries the quote prefix. Numbers and dates stay so."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = readable(value)
        cell.data_type = "s"
    else:
        cell.value = value  # type: ignore[assignment]
    if style:
        cell.style = style
    if isinstance(value, str) and value.startswith(FORMULA_LIKE):
        cell.quotePrefix = True
    return cell


def style(
    workbook: Workbook,
    name: str,
    number_format: str = "General",
    colour: str = "",
    ruled: bool = False,
    size: int = 11,
    **font: object,
) -> str:
    """Name a style of a workbook, once, and return its name. `colour` fills, `ruled` draws a line below; text wraps."""
    if name not in workbook.named_styles:
        fill = PatternFill("solid", fgColor=colour) if colour else PatternFill()
        wrap = Alignment(wrap_text=number_format == "General", vertical="top")
        made = NamedStyle(name, font=Font(name="Calibri", size=size, **font), fill=fill, alignment=wrap)  # type: ignore[arg-type]
        made.number_format = number_format
        if ruled:
            made.border = Border(bottom=Side("thin", color=RULE))
        workbook.add_named_style(made)
    return name


def lines(text: str, width: float) -> int:
    """How many lines a text takes, wrapped at words in a column so wide."""
    count = 0
    for paragraph in text.split("\n"):
        room, count = width, count + 1
        for word in paragraph.split(" "):
            if len(word) > room and room < width:
                room, count = width, count + 1
            count += int(len(word) // (width + 1))
            room -= len(word) % (width + 1) + 1
    return count


def landscape(sheet: Worksheet, pages_wide: int, title_rows: str, title_columns: str = "") -> None:
    """Print on A4 across, so many pages wide, with the heading on every page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = title_rows
    if title_columns:
        sheet.print_title_cols = title_columns
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    footer = sheet.oddFooter
    assert footer is not None
    footer.center.text = "&A · &P/&N"


def saved(workbook: Workbook) -> bytes:
    """The bytes of a workbook: no moment of writing in them, so the same content gives the same bytes."""
    loose = io.BytesIO()
    ExcelWriter(workbook, ZipFile(loose, "w", ZIP_STORED, allowZip64=True)).save()
    created = workbook.properties.created or EPOCH
    stamp = created.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    packed = io.BytesIO()
    with ZipFile(loose) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, content)
    return packed.getvalue()
