"""A file somebody sends, as sheets of cells. Bytes in, cells out, or a fault with a code. Pure.

What a file is, its first bytes say, never its name. CSV and .xlsx are read; everything else is refused with what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FILE_BYTES = 8 * 1024 * 1024
ROWS, COLUMNS, CELLS = 100_000, 1000, 500_000  # most of a sheet; cells of all sheets together
HEADER_ROWS = 20  # the header stands among the first


class FileFault(Exception):
    """A file that cannot be read at all, by code, with what its words are filled with."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code, self.parameters = code, parameters


@dataclass(frozen=True)
class NoValue:
    """A cell that holds something, but nothing to read: a formula never computed, an error, yes or no, a time of day.

    kind  formula, error, boolean or time
    """

    kind: str
    text: str = ""


Value = Decimal | str | date | NoValue | None  # None: blank


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from A1 on; rows may be of different length."""

    name: str
    rows: list[list[Value]]


@dataclass(frozen=True)
class LineFault:
    """A line of a CSV that cannot be read; the others can. `row` counts from 1, as every program shows it."""

    row: int
    code: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A file as it was read. `encoding` and `separator` are told back of a CSV, and empty of a workbook."""

    kind: str  # xlsx or csv
    sheets: list[Sheet]
    encoding: str = ""
    separator: str = ""
    faults: list[LineFault] = field(default_factory=list)


def cell_name(row: int, column: int) -> str:
    """What a program calls a cell; both count from 1.

    >>> cell_name(14, 4), cell_name(1, 28)
    ('D14', 'AB1')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def within(rows: int, columns: int, cells: int) -> None:
    """Raise FileFault where a file has more of something than is read."""
    for count, most, what in ((rows, ROWS, "rows"), (columns, COLUMNS, "columns"), (cells, CELLS, "cells")):
        if count > most:
            names = {"rows": ("rækker", "rows"), "columns": ("kolonner", "columns"), "cells": ("celler", "cells")}
            said = {"rule_da": names[what][0], "rule_en": names[what][1]}
            raise FileFault("NT-1108", count=str(count), most=str(most), **said)
