"""CSV as people and programs write it: encoding and separator found and told back, stray quotation marks named. Pure."""

import codecs
import re
import unicodedata

from services.ingest.intake import shown
from services.ingest.table import COLUMNS, FileFault, LineFault, Sheet, Table, Value, within

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
SEPARATORS = ("\t", ";", ",")  # a comma may stand in a header, so it is the last that is thought of
LINE = re.compile(r"[^\r\n]+")
SAID = re.compile(r"sep=(.)\r?\n", re.I)  # how Excel is told the separator
QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')  # nothing is gone back on, so nothing is remembered of a long field


def read(data: bytes) -> Table:
    """A CSV. Raises FileFault."""
    text, encoding = decoded(data)
    said = SAID.match(text)
    body, first = (text[said.end() :], 2) if said else (text, 1)
    separator = said[1] if said and said[1] in SEPARATORS else separator_of(body)
    rows, faults = _rows(body, separator, first)
    if not any(rows):
        raise FileFault("NT-1102")
    return Table("csv", [Sheet("", rows)], encoding, separator, faults)


def decoded(data: bytes) -> tuple[str, str]:
    """The text, and the encoding it is in. Raises FileFault for what is no text in any of them.

    Without a mark in front: UTF-16 where every other byte is 0, else UTF-8, else Windows-1252.
    """
    for mark, codec, name in BOMS:
        if data.startswith(mark):
            return _checked(data, codec, name)
    if len(data) >= 4 and len(data) % 2 == 0 and 0 in data[:4]:
        odd, even = data[1:200:2], data[0:200:2]
        for zeros, others, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
            if not any(zeros) and all(others):
                return _checked(data, codec, "UTF-16")
    try:
        return _checked(data, "utf-8", "UTF-8")
    except FileFault:
        return _checked(data, "cp1252", "Windows-1252")


def separator_of(text: str) -> str:
    """What stands between the fields of the header: a tab or semicolon if there is one outside quotation marks."""
    header = next((line[0] for line in LINE.finditer(text) if line[0].strip()), "")
    plain = QUOTED.sub("", header)
    return next((s for s in SEPARATORS if s in plain), ";")


def _checked(data: bytes, codec: str, name: str) -> tuple[str, str]:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise FileFault("NT-1109", encoding=name, position=str(error.start + 1)) from None
    for position, character in enumerate(text[:10_000]):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\r\n":
            raise FileFault("NT-1109", encoding=name, position=str(position + 1))
    return text, name


def _rows(text: str, separator: str, first: int) -> tuple[list[list[Value]], list[LineFault]]:
    """Rows at the number of their line: a line that is blank or faulty is an empty row, and so is a field's second line."""
    field = re.compile(rf'([^{separator}"\r\n]*)({separator}|\r\n|\n|\r|\Z)')
    rows: list[list[Value]] = [[] for _ in range(first - 1)]
    faults: list[LineFault] = []
    place, width, cells = 0, 0, 0
    while place < len(text):
        row, place, lines = _row(text, place, separator, field, len(rows) + 1)
        blank = not any(row)
        width = width or (0 if blank else len(row))
        if not blank and len(row) != width and (len(row) < width or any(row[width:])):
            faults.append(_ragged(len(rows) + 1, len(row), width))
            row = []
        cells += len(row)
        rows.append([] if blank else row[:width])
        within(len(rows) + lines, width, cells)
        rows += [[] for _ in range(lines)]
    return rows, faults


def _row(text: str, place: int, separator: str, field: re.Pattern[str], line: int) -> tuple[list[Value], int, int]:
    """One row from a place in the text, where it ends, and how many line breaks its fields hold."""
    row: list[Value] = []
    lines, began = 0, place
    while True:
        if text.startswith('"', place):
            match = QUOTED.match(text, place)
            end = match.end() if match else len(text)
            after = re.compile(rf"[ ]*({separator}|\r\n|\n|\r|\Z)").match(text, end)
            if match is None or after is None:
                raise _stray(line + lines, place - began, text[place : place + 20])
            value = match[1].replace('""', '"')
            lines += match[1].count("\n") + match[1].count("\r") - match[1].count("\r\n")
            place, ending = after.end(), after[1]
        else:
            plain = field.match(text, place)
            if plain is None:
                at = text.index('"', place)
                raise _stray(line + lines, at - began, text[place : at + 10])
            value, place, ending = plain[1], plain.end(), plain[2]
        row.append(value.strip() or None)
        if len(row) > COLUMNS:
            within(line, len(row), 0)
        if ending != separator:
            return row, place, lines


def _ragged(row: int, fields: int, width: int) -> LineFault:
    return LineFault(row, "NT-1111", {"line": str(row), "fields": str(fields), "width": str(width)})


def _stray(line: int, column: int, near: str) -> FileFault:
    return FileFault("NT-1110", line=str(line), position=str(column + 1), text=shown(near.splitlines()[0], 30))
