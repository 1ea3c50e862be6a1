"""The parts of a workbook looked through before it is read: sound XML, how many cells, and those without a value. Pure."""

import re
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat

from services.ingest.intake import shown
from services.ingest.table import FileFault, NoValue, cell_name, within

WITHOUT_CELLS = ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")  # kinds of sheets that hold none


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
    """Follows a part element by element; of a sheet, notes every cell that has no value to read.

    A value stands once, and in one piece: of one that a comment, a section or a reference divides, a part alone would be read.
    """

    def __init__(self, part: bytes, parser: expat.XMLParserType) -> None:
        self.scan = Scan()
        self._part, self._parser, self._open, self._began = part, parser, [""], 0
        self._row = self._column = 0
        self._type, self._text, self._formula, self._inline, self._inside = "", "", False, False, False
        self._values, self._length = 0, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, inside = tag.rpartition(":")[2], self._open[-1]
        self._open.append(name)
        if name == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
        elif name == "c":
            before = self._row, self._column
            self._place(attributes.get("r", ""))
            self._one(before != (self._row, self._column))
            self._type, self._formula, self._text, self._inline = attributes.get("t", ""), False, "", False
            self._values = 0
        elif name == "f":
            self._formula = True
        elif name == "si":
            self._length = 0
        elif inside == "c" and name in ("v", "is"):
            self._values += 1
            self._one(self._values == 1)
            self._inline = name == "is"
        self._inside = name == "t" or (name == "v" and inside == "c")
        if self._inside:
            self._began = self._parser.CurrentByteIndex

    def text(self, text: str) -> None:
        if self._inside:
            self._length += len(text)
            self._text += text if len(self._text) < 100 else ""

    def end(self, tag: str) -> None:
        name, scan = tag.rpartition(":")[2], self.scan
        self._open.pop()
        if name == "t" or (name == "v" and self._open[-1] == "c"):
            self._whole(name == "v" and self._type != "str")
        self._inside = False
        if name == "si":
            scan.strings.append(self._length)
        elif name == "c":
            self._cell(scan)

    def _whole(self, plain: bool) -> None:
        """Raise FileFault where a value is not in one piece, or a number is written with references."""
        written = self._part[self._began : self._parser.CurrentByteIndex].partition(b">")[2]
        if not self._inside or b"<" in written or (plain and b"&" in written):
            raise FileFault("NT-1107", detail=f"cell {cell_name(self._row, self._column)}")

    def _one(self, alone: bool) -> None:
        """Raise FileFault where a cell stands twice or has two values."""
        if not alone:
            raise FileFault("NT-1107", detail=f"two values, cell {cell_name(self._row, self._column)}")

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
        elif self._formula and not self._text.strip() and self._type != "str":
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
    """A part looked through: sound XML in UTF-8 without definitions of its own, and its cells counted. Raises FileFault."""
    if b"\0" in part[:4]:  # an encoding in which a sheet would seem empty
        raise FileFault("NT-1107", detail="UTF-16")
    parser = expat.ParserCreate()
    reader = _Reader(part, parser)
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.text, _no_doctype
    parser.XmlDeclHandler = _utf8
    parser.buffer_text = True
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise FileFault("NT-1107", detail=type(error).__name__) from None
    return reader.scan


def _no_doctype(*_: object) -> None:
    raise FileFault("NT-1107", detail="DOCTYPE")


def _utf8(_: str, encoding: str | None, __: int) -> None:
    if (encoding or "utf-8").casefold() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise FileFault("NT-1107", detail=str(encoding)[:20])


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 7 else otherwise


def files_by_sheet(parts: dict[str, bytes]) -> dict[str, str]:
    """The part of each sheet of cells, by the sheet's name. Raises FileFault where a sheet has none, or two have one name."""
    targets: dict[str, tuple[str, str]] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "").removeprefix("/xl/").removeprefix("xl/")
            targets[attributes.get("Id", "")] = f"xl/{target}", attributes.get("Type", "").rpartition("/")[2]

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] != "sheet":
            return
        identity = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        name, (file, kind) = attributes.get("name", ""), targets.get(identity, ("", ""))
        if name in sheets:
            raise FileFault("NT-1107", detail=f"two sheets »{shown(name)}«")
        if file not in parts and kind not in WITHOUT_CELLS:
            raise FileFault("NT-1107", detail=f"no part for the sheet »{shown(name)}«")
        sheets[name] = file

    for name, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", sheet)):
        parser = expat.ParserCreate()
        parser.StartElementHandler = handler
        parser.Parse(parts.get(name, b"<none/>"), True)  # looked through before
    return {name: file for name, file in sheets.items() if file in parts}
