"""Where in a file the amounts stand: sheet, header, one row a unit or one row an amount, and how numbers are written. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from services.catalogue import numbers
from services.catalogue.definitions import Catalogue
from services.catalogue.numbers import Convention
from services.ingest import columns, sheets
from services.ingest.columns import Matched
from services.ingest.table import HEADER_ROWS, FileFault, Sheet, Table, Value

WRITTEN_BY_PROGRAMS = ","  # a file with ids for headers and commas between: its numbers have points
LOOKED_AT = 2000  # rows whose numbers are looked at for how they are written


@dataclass(frozen=True)
class Layout:
    """One sheet with its header.

    header      row of the header, from 1
    long        one row an amount; else one row a unit
    language    of the headers; empty where they are ids
    convention  how numbers are written; empty where nothing tells
    others      sheets that could have been read as well
    """

    sheet: Sheet
    header: int
    matched: Matched
    long: bool
    language: Literal["da", "en", ""]
    convention: Convention
    others: tuple[str, ...] = ()

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        """Rows below the header that hold anything, with their number from 1; each as wide as the header."""
        width = len(self.matched.columns)
        for number, row in enumerate(self.sheet.rows[self.header :], start=self.header + 1):
            if any(value is not None for value in row[:width]):
                yield number, [*row[:width], *([None] * (width - len(row)))]

    def heading(self, name: str) -> str:
        """The header of a fixed column in the file's language, for whoever lacks it."""
        return columns.fixed_header(name, self.language or "da")


def find(table: Table, catalogue: Catalogue, convention: Convention) -> Layout:
    """The sheet and row with the most headers that are known. Raises FileFault where no row has one.

    convention  as the sender says; empty: headers in a language tell, then the way the numbers themselves are written
    """
    best: tuple[int, Sheet, int] | None = None
    readable: list[str] = []
    for sheet in table.sheets:
        first_cell = _text(sheet.rows[0][0]) if sheet.rows and sheet.rows[0] else ""
        if not sheets.holds_amounts(sheet.name, first_cell):
            continue
        for number, row in enumerate(sheet.rows[:HEADER_ROWS], start=1):
            matched = columns.match([_text(value) for value in row], catalogue)
            known = len(matched.fixed) + len(matched.data_points)
            if columns.UNIT in matched.fixed and (matched.data_points or columns.POINT in matched.fixed):
                readable.append(sheet.name)
            if known and (best is None or known > best[0]):
                best = (known, sheet, number)
    if best is None:
        raise FileFault("NT-1112", unit=columns.fixed_header(columns.UNIT, "da"))
    _, sheet, number = best
    matched = columns.match([_text(value) for value in sheet.rows[number - 1]], catalogue)
    long = columns.POINT in matched.fixed and columns.VALUE in matched.fixed
    language = _language(matched, catalogue)
    others = tuple(dict.fromkeys(name for name in readable if name != sheet.name))
    found = Layout(sheet, number, matched, long, language, "", others)
    return replace(found, convention=convention or language or _written(found, table))


def _written(layout: Layout, table: Table) -> Convention:
    """How a file with ids for headers writes its numbers: by those that only one convention reads."""
    if table.separator == WRITTEN_BY_PROGRAMS:
        return "en"
    places = [layout.matched.fixed[columns.VALUE]] if layout.long else list(layout.matched.data_points)
    texts = [v for _, row in list(layout.rows())[:LOOKED_AT] for p in places if isinstance(v := row[p], str)]
    alone = {next(iter(read)) for text in texts if len(read := numbers.legal(text)) == 1}
    return alone.pop() if len(alone) == 1 else ""


def _language(matched: Matched, catalogue: Catalogue) -> Literal["da", "en", ""]:
    counts = {"da": 0, "en": 0}
    for column in matched.columns:
        known = columns.FIXED.get(column.name) if column.kind == "fixed" else None
        if column.kind == "data_point":
            known = catalogue.data_point[column.name].text
        if known and known.da != known.en and columns.folded(column.header) != columns.folded(column.name):
            for language in ("da", "en"):
                counts[language] += columns.folded(column.header).startswith(columns.folded(known.of(language)))
    if counts["da"] == counts["en"]:
        return ""
    return "da" if counts["da"] > counts["en"] else "en"


def _text(value: Value) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
