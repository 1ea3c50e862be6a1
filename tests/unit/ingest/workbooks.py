"""Workbooks made for a test, and made wrong in one way."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl


def workbook(rows: Sequence[Sequence[Any]], **hidden: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with one sheet, and hidden ones by name."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Tal"
    for row in rows:
        sheet.append(list(row))
    for name, content in hidden.items():
        other = made.create_sheet(name)
        other.sheet_state = "veryHidden"
        for row in content:
            other.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    """A workbook's parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a workbook."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return file.getvalue()


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one part changed."""
    content = parts(data)
    assert old in content[part], content[part]
    return packed(content | {part: content[part].replace(old, new)})
