"""The parts of a workbook looked through before it is read: sound XML, how many cells, and those without a value. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

from services.ingest.table import FileFault, NoValue, within


@dataclass
class Scan:
    """What a part says of its cells, by row and column from 1.

    strings  length of each string cells may share; used: how often a cell shares each
    """

    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    odd: dict[tuple[int, int], NoValue] = field(default_factory=dict)
    strings: list[int] = field(default_factory=list)
    used: Counter[int] = field(default_factory=Counter)


class _Reader:
    """Follows a part element by element; of a sheet, notes every cell that has no value to read."""

    def __init__(self) -> None:
        self.scan = Scan()
        self._row = self._column = 0
        self._type, self._text, self._formula, self._inline, self._inside = "", "", False, False, False
        self._length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
        elif name == "c":
            self._place(attributes.get("r", ""))
            self._type, self._formula, self._text, self._inline = attributes.get("t", ""), False, "", False
        elif name == "f":
            self._formula = True
        elif name == "is":
            self._inline = True
        elif name == "si":
            self._length = 0
        self._inside = name in ("v", "t")

    def text(self, text: str) -> None:
        if self._inside:
            self._length += len(text)
            self._text += text if len(self._text) < 100 else ""

    def end(self, tag: str) -> None:
        name, scan = tag.rpartition(":")[2], self.scan
        self._inside = False
        if name == "si":
            scan.strings.append(self._length)
        elif name == "c":
            self._cell(scan)

    def _cell(self, scan: Scan) -> None:
        scan.cells += 1
        if self._type == "s":
            scan.used[_number(self._text, 0)] += 1
        if self._formula or self._text or self._inline:  # a cell with a format alone is no cell
            scan.last_row, scan.last_column = max(scan.last_row, self._row), max(scan.last_column, self._column)
        if scan.cells % 10_000 == 0:
            within(scan.last_row, scan.last_column, scan.cells)
        if self._type == "e":
            scan.odd[self._row, self._column] = NoValue("error", self._text[:20])
        elif self._formula and not self._text and self._type != "str":
            scan.odd[self._row, self._column] = NoValue("formula")

    def _place(self, reference: str) -> None:
        match = re.fullmatch(r"([A-Za-z]{1,3})([0-9]{1,7})", reference)
        if reference and not match:
            raise FileFault("NT-1107", detail=f"cell {reference[:20]}")
        if match is None:
            self._column += 1
            return
        column = 0
        for letter in match[1].upper():
            column = column * 26 + ord(letter) - 64
        self._row, self._column = int(match[2]), column


def scanned(part: bytes) -> Scan:
    """A part looked through: sound XML without definitions of its own, and its cells counted. Raises FileFault."""
    reader, parser = _Reader(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, _no_doctype
    parser.buffer_text = True
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise FileFault("NT-1107", detail=type(error).__name__) from None
    return reader.scan


def _no_doctype(*_: object) -> None:
    raise FileFault("NT-1107", detail="DOCTYPE")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 7 else otherwise


def files_by_sheet(parts: dict[str, bytes]) -> dict[str, str]:
    """The part of each sheet, by the sheet's name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.endswith("Relationship"):
            target = attributes.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
            targets[attributes.get("Id", "")] = f"xl/{target}"

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets[attributes.get("name", "")] = targets.get(identity, "")

    for name, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        parser.Parse(parts.get(name, b"<none/>"), True)  # looked through before
    return sheets
