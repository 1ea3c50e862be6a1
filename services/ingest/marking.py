"""A sender's own workbook back, with what is to be corrected marked in its cells and listed on a first sheet. Pure.

Everything else of it is kept: formulas (never executed), validations, formats, other sheets. Marks of an earlier round go first.
"""

import io
import re
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from services.ingest import corrections, sheets
from services.ingest.corrections import COLOURS, SAID, CellFinding

__all__ = ["CannotMark", "CellFinding", "mark", "mark_rows"]

SIGN = "Nøgletal"  # author of our comments and the first line of each: programs drop the author
NOBODY = "–"  # author of a comment given back: who wrote it is not kept
OWN_FILL, OWN_COMMENT = "[fill]", "[comment]"  # in a mark: what the cell had before
FILLS = {rank: PatternFill("solid", fgColor=colour) for rank, colour in COLOURS.items()}
LONGEST = 2_000  # characters of a comment
BROKEN = (  # what openpyxl raises at workbooks it does not understand
    *(BadZipFile, ParseError, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError),
)


class CannotMark(ValueError):
    """The workbook cannot be opened for writing. Its rows, once read, can be marked with mark_rows instead."""


def mark(file: bytes, findings: Sequence[CellFinding], language: str) -> bytes:
    """The workbook with each finding in its cell, as fill and comment, and all on a first sheet; none: without any marks.

    Stored results of formulas go; the first sheet says so. Raises CannotMark.
    """
    try:
        _without_entities(file)
        workbook = load_workbook(io.BytesIO(file), rich_text=True)
        _unmark(workbook)
        return _marked(workbook, findings, language)
    except BROKEN as broken:
        raise CannotMark(str(broken)[:200]) from None


def mark_rows(rows: Iterable[Sequence[object]], findings: Sequence[CellFinding], language: str) -> bytes:
    """A table that was no workbook, as a marked one: text stays as it was written, numbers and dates what they are.

    `rows` from the first row of the file, the header among them; the findings' sheet does not matter.
    """
    workbook = Workbook()
    workbook.properties.creator, workbook.properties.created = SIGN, sheets.EPOCH
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = sheets.FORM.of(language)
    widest = 0
    for number, row in enumerate(rows, 1):
        widest = max(widest, len(row))
        for column, value in enumerate(row, 1):
            if value not in (None, ""):
                sheets.write(sheet, number, column, value)
    for column in range(1, widest + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    sheets.landscape(sheet, 1 + widest // 10, "1:1")
    here = [CellFinding(sheet.title, *f[1:]) for f in findings]
    return _marked(workbook, here, language)


def _without_entities(file: bytes) -> None:
    """Raise where a part defines entities of its own: no program writes them, and they can swell to any size."""
    with ZipFile(io.BytesIO(file)) as archive:
        parts = [name for name in archive.namelist() if name.endswith((".xml", ".rels", ".vml"))]
        if any(b"<!DOCTYPE" in archive.read(name) for name in parts):
            raise CannotMark("DOCTYPE")


def _marked(workbook: Workbook, findings: Sequence[CellFinding], language: str) -> bytes:
    cells: dict[tuple[str, int, int], list[CellFinding]] = defaultdict(list)
    for finding in sorted(findings, key=corrections.worst_first):
        place = corrections.place(finding, workbook)
        if place:
            cells[place].append(finding)
    for (title, row, column), found in cells.items():
        _mark_cell(_writable(workbook[title], row, column), found, language)
    if findings:
        corrections.add(workbook, findings, language)
    return sheets.saved(workbook)


def _writable(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, or the first of the merged ones it belongs to. One without a format has its column's."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        merged = next(r for r in sheet.merged_cells.ranges if cell.coordinate in r)
        cell = sheet.cell(merged.min_row, merged.min_col)
    assert isinstance(cell, Cell)
    if not cell.has_style:
        for dimension in sheet.column_dimensions.values():
            if (dimension.min or 0) <= column <= (dimension.max or 0):
                cell.number_format = dimension.number_format
    return cell


def _mark_cell(cell: Cell, found: Sequence[CellFinding], language: str) -> None:
    lines = [SIGN, *(f"{SAID[f.severity].of(language)} · {f.code}: {' '.join(f.message.split())}" for f in found)]
    text = sheets.readable("\n".join(lines))[:LONGEST]
    before = _fill_code(cell.fill)
    if before:
        text += f"\n{OWN_FILL} {before}"
    if cell.comment:
        text += f"\n{OWN_COMMENT}\n{cell.comment.text}"
    cell.comment = Comment(text, SIGN, height=40 + 18 * sheets.lines(text, 48), width=340)
    if before is not None:
        cell.fill = FILLS[found[0].severity]


def _unmark(workbook: Workbook) -> None:
    """Take an earlier round's marks and list out, and put back what the cells had."""
    for sheet in list(workbook.worksheets):
        first = sheet.cell(1, 1).value
        if sheets.is_corrections(sheet.title, str(first)) and len(workbook.sheetnames) > 1:
            workbook.remove(sheet)
            continue
        for cell in corrections.cells(sheet):
            if cell.has_style or cell.comment:
                _unmark_cell(cell)


def _unmark_cell(cell: Cell) -> None:
    said = cell.comment.text if cell.comment else ""
    ours = said.startswith(f"{SIGN}\n")
    if cell.has_style and _is_ours(cell.fill):
        code = re.search(rf"\n{re.escape(OWN_FILL)} (\S+)", said) if ours else None
        cell.fill = _fill(code[1]) if code else PatternFill()
    if ours:
        _, _, own = said.partition(f"\n{OWN_COMMENT}\n")
        cell.comment = Comment(own, NOBODY) if own else None


def _is_ours(fill: Any) -> bool:
    """Whether a fill is a mark's. Programs rewrite the colour behind a solid one, so it does not count."""
    return fill.tagname == "patternFill" and fill.patternType == "solid" and fill.fgColor.value in COLOURS.values()


def _fill_code(fill: Any) -> str | None:
    """A cell's fill as text: empty where it has none, None where it cannot be put into words (a gradient)."""
    if fill.tagname != "patternFill":
        return None
    if not fill.patternType:
        return ""
    return "|".join([fill.patternType, *(f"{c.type}:{c.value}:{c.tint}" for c in (fill.fgColor, fill.bgColor))])


def _fill(code: str) -> PatternFill:
    """The fill that _fill_code put into words; none where somebody edited the words."""
    pattern, *said = code.split("|")
    try:
        front, back = (_colour(*part.split(":")) for part in said)
        return PatternFill(patternType=pattern, fgColor=front, bgColor=back)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return PatternFill()


def _colour(kind: str, value: str, tint: str) -> Color:
    if kind == "rgb":
        return Color(rgb=value, tint=float(tint))
    return Color(**{kind: int(value)}, tint=float(tint))
