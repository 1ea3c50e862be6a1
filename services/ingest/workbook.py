"""A workbook as sheets of cells: looked through and bounded before anything is unpacked, then read by calamine. Pure.

Only the parts that hold cells are read; they are packed anew, so that what is read is what was looked through.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

from services.ingest.parts import Scan, files_by_sheet, scanned
from services.ingest.table import FileFault, NoValue, Sheet, Table, Value, within

UNPACKED, RATIO, SMALL = 64 * 1024 * 1024, 100, 1024 * 1024  # bytes; a ratio is only looked at above a size
ENTRIES, SHEETS, NAME = 2000, 50, 100
SPARSE = 4  # so many times the cells may lie between the first and the last: what is between takes room too
STRINGS = "xl/sharedStrings.xml"
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|styles|sharedStrings)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/[^/]+\.xml"
)
SHEET = "xl/worksheets/"
MACROS = (b"macroEnabled", b"vbaProject")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
    KeyError,
)


def read(data: bytes) -> Table:
    """A workbook's sheets, hidden ones too. Raises FileFault."""
    parts = unpacked(data)
    if any(word in parts.get("[Content_Types].xml", b"") for word in MACROS):
        raise FileFault("NT-1103")
    found = {name: scanned(part) for name, part in parts.items()}
    files = files_by_sheet(parts)
    if any(len(name) > NAME for name in files):
        raise FileFault("NT-1107", detail="the name of a sheet")
    if len(files) > SHEETS:
        raise FileFault("NT-1108", count=str(len(files)), most=str(SHEETS), rule_da="ark", rule_en="sheets")
    _bounded([found[file] for file in files.values()], found.get(STRINGS, Scan()).strings)
    cells = _cells(_packed(parts), files)
    sheets = [Sheet(name, _values(rows, found[files[name]])) for name, rows in cells]
    if not any(value is not None for sheet in sheets for row in sheet.rows for value in row):
        raise FileFault("NT-1102")
    return Table("xlsx", sheets)


def _bounded(scans: list[Scan], strings: list[int]) -> None:
    """Raise FileFault where reading would take more room than a file may: a part counts for every sheet it stands for."""
    for scan in scans:
        within(scan.last_row, scan.last_column, 0)
    area = sum(scan.last_row * scan.last_column for scan in scans)
    within(0, 0, max(sum(scan.cells for scan in scans), area // SPARSE))
    shared = sum(strings[i] * n for scan in scans for i, n in scan.used.items() if i < len(strings))
    if shared > UNPACKED:
        raise FileFault("NT-1106", size=f"{shared / 2**20:.0f}", most=f"{UNPACKED // 2**20}")


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts that hold cells. Sizes are judged by what the file declares, before unpacking, and held to it after."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _judge(entries)
            return {e.filename: archive.read(e) for e in entries if PARTS.fullmatch(e.filename)}
    except BROKEN as error:
        raise FileFault("NT-1107", detail=type(error).__name__) from None


def _judge(entries: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if size > UNPACKED or len(entries) > ENTRIES or (size > SMALL and size > RATIO * packed):
        raise FileFault("NT-1106", size=f"{size / 2**20:.0f}", most=f"{UNPACKED // 2**20}")
    if any(e.flag_bits & 1 for e in entries):
        raise FileFault("NT-1105")
    if any(e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for e in entries):
        raise FileFault("NT-1107", detail="compression")
    names = [e.filename for e in entries]
    if len(set(names)) != len(names):
        raise FileFault("NT-1107", detail="two parts of one name")
    if any("vbaproject" in name.lower() for name in names):
        raise FileFault("NT-1103")
    if "xl/workbook.xml" not in names:
        raise FileFault("NT-1104", kind=_kind(names))


def _kind(names: list[str]) -> str:
    known = {
        "xl/workbook.bin": ".xlsb",
        "content.xml": ".ods",
        "word/document.xml": ".docx",
        "ppt/presentation.xml": ".pptx",
    }
    return next((kind for part, kind in known.items() if part in names), ".zip")


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _cells(data: bytes, names: Collection[str]) -> list[tuple[str, list[list[Any]]]]:
    """Every sheet's rows as calamine has them. Should it panic, that is no Exception: a future hands back whatever it was."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        reading = thread.submit(lambda: list(_sheets(data, names)))
        error = reading.exception()
    if error is not None:
        raise FileFault("NT-1107", detail=type(error).__name__)
    return reading.result()


def _sheets(data: bytes, names: Collection[str]) -> Iterator[tuple[str, list[list[Any]]]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for name in (known for known in dict.fromkeys(workbook.sheet_names) if known in names):
        yield name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _values(rows: list[list[Any]], scan: Scan) -> list[list[Value]]:
    values = [[_value(cell) for cell in row] for row in rows]
    for (row, column), odd in scan.odd.items():
        if row <= len(values):
            values[row - 1] += [None] * (column - len(values[row - 1]))
            values[row - 1][column - 1] = odd
        else:
            values += [[] for _ in range(row - len(values))]
            values[row - 1] = [*([None] * (column - 1)), odd]
    return values


def _value(cell: Any) -> Value:
    """A cell's value. A number is the shortest decimal its float stands for; a date is a day without a time of day."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        return NoValue("boolean", "SAND" if cell else "FALSK")
    if isinstance(cell, int | float):
        return Decimal(repr(cell))
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == time() else NoValue("time", cell.isoformat(" "))
    if isinstance(cell, date):
        return cell
    return NoValue("time", str(cell)) if isinstance(cell, time | timedelta) else None
