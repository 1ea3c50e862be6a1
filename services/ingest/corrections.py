"""The first sheet of a marked workbook: every finding on a line with a link to its cell, worst first, and what to do. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from services.catalogue.definitions import Text
from services.ingest import columns, sheets

Rank = Literal["error", "confirm", "note"]
RANKS: tuple[Rank, ...] = ("error", "confirm", "note")
COLOURS: dict[Rank, str] = {"error": "FFF7C6C4", "confirm": "FFFFE08A", "note": "FFC9DDF3"}
SAID: dict[Rank, Text] = {
    "error": Text(da="Ret", en="Correct"),
    "confirm": Text(da="Bekræft", en="Confirm"),
    "note": Text(da="Til orientering", en="For information"),
}
MEANS: dict[Rank, Text] = {
    "error": Text(da="Tallet er ikke taget med. Ret cellen.", en="The number was not taken. Correct the cell."),
    "confirm": Text(
        da="Tallet venter. Ret det, eller skriv i rækkens »Begrundelse«, hvorfor det er rigtigt; "
        "kolonnen længst til højre viser hvordan.",
        en="The number waits. Correct it, or write in the row's »Reason« why it is right; "
        "the column furthest to the right shows how.",
    ),
    "note": Text(da="Intet skal gøres.", en="Nothing needs to be done."),
}
COUNTED: dict[Rank, Text] = {
    "error": Text(da="skal rettes", en="to correct"),
    "confirm": Text(da="skal bekræftes", en="to confirm"),
    "note": Text(da="til orientering", en="for information"),
}
PLACE = Text(da="sted", en="place")
PLACES = Text(da="steder", en="places")
NEXT = Text(
    da="Klik på et sted for at komme til cellen. Ret, gem filen, og send den igen; kun det, I har ændret, bliver ændret hos os. "
    "Dette ark og markeringerne læses ikke, og de fornys, næste gang I sender.",
    en="Click a place to go to its cell. Correct, save the file and send it again; only what you changed is changed with us. "
    "This sheet and the marks are not read, and they are renewed the next time you send.",
)
FORMULAS = Text(
    da="Filen har formler. De er bevaret, men resultaterne er ikke: åbn og gem filen i jeres regneark, før I sender igen.",
    en="The file has formulas. They are kept, but the results are not: open and save it in your spreadsheet, then send again.",
)
HEADS = (
    Text(da="Sted", en="Place"),
    Text(da="Afdeling", en="Unit"),
    Text(da="Tal", en="Number"),
    Text(da="Hvad", en="What"),
    Text(da="Kode", en="Code"),
    Text(da="Besked", en="Message"),
    Text(da="Begrundelse", en="Reason"),
)
WRITE_REASON = Text(da="Skriv begrundelse", en="Write the reason")
ADD_COLUMN = Text(da="Tilføj en kolonne med overskriften Begrundelse", en="Add a column headed Reason")
WHOLE_FILE = Text(da="Hele filen", en="The whole file")
MORE = Text(da="… og {n} mere i cellerne", en="… and {n} more in the cells")
WIDTHS = (24.0, 14.0, 32.0, 15.0, 10.0, 74.0, 24.0)
LISTED = 5_000  # most findings with a line of their own
HEAD_ROWS = 20  # a table's head is looked for so far down
ROWS, COLUMNS = 1_048_576, 16_384  # of a sheet


class CellFinding(NamedTuple):
    """What is wrong, and where. Rows and columns count from 1; column 0: the whole row; row 0: the file or the whole column."""

    sheet: str
    row: int
    column: int
    code: str
    severity: Rank
    unit_id: str
    data_point: str
    message: str  # in the reader's language


def worst_first(finding: CellFinding) -> tuple[int, str, int, int, str]:
    """Orders findings: what stops a figure, what holds one, the rest; each as they stand in the file."""
    return RANKS.index(finding.severity), finding.sheet, finding.row, finding.column, finding.code


def place(finding: CellFinding, workbook: Workbook) -> tuple[str, int, int] | None:
    """The cell a finding is marked in: sheet, row, column. A row's is its first, a column's its head. None: the whole file."""
    if finding.sheet not in workbook.sheetnames or not isinstance(workbook[finding.sheet], Worksheet):
        return None
    if (finding.row, finding.column) == (0, 0) or finding.row > ROWS or finding.column > COLUMNS:
        return None
    return finding.sheet, max(finding.row, 1), max(finding.column, 1)


def add(workbook: Workbook, findings: Sequence[CellFinding], language: str) -> None:
    """Put the sheet first and open the workbook on it. A sender's own sheet of that name keeps it."""
    places = [(finding, place(finding, workbook)) for finding in sorted(findings, key=worst_first)]
    heads = {sheet.title: _heads(sheet) for sheet in workbook.worksheets}
    formulas = any(_has_formulas(sheet) for sheet in workbook.worksheets)
    title = _free(sheets.CORRECTIONS.of(language), workbook.sheetnames)
    sheet = workbook.create_sheet(title, 0)
    row = _opening(sheet, findings, formulas, language)
    _table(sheet, row, places, heads, language)
    for other in workbook.worksheets:
        other.sheet_view.tabSelected = other is sheet  # sheets selected together are edited together
    workbook.active = 0
    if formulas:
        workbook.calculation.fullCalcOnLoad = True


def opening(findings: Sequence[CellFinding], language: str) -> str:
    """The counts in a sentence: »2 steder skal rettes, 1 skal bekræftes, 3 til orientering.«"""
    counts = Counter(finding.severity for finding in findings)
    said = [f"{counts[rank]} {COUNTED[rank].of(language)}" for rank in RANKS if counts[rank]]
    first = next(counts[rank] for rank in RANKS if counts[rank])
    number, _, rest = said[0].partition(" ")
    noun = (PLACE if first == 1 else PLACES).of(language)
    return ", ".join([f"{number} {noun} {rest}", *said[1:]]) + "."


def _opening(sheet: Worksheet, findings: Sequence[CellFinding], formulas: bool, language: str) -> int:
    book = sheet.parent
    assert isinstance(book, Workbook)
    for number, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    title = sheets.style(book, "nt-fix-title", "@", bold=True, size=14)
    bold, plain = sheets.style(book, "nt-fix-bold", bold=True, size=12), sheets.style(book, "nt-fix-text")
    sheets.write(sheet, 1, 1, sheets.CORRECTIONS_HEADING.of(language), title)
    row = _line(sheet, 2, opening(findings, language), bold)
    row = _line(sheet, row, NEXT.of(language), plain)
    if formulas:
        row = _line(sheet, row, FORMULAS.of(language), plain)
    for rank in RANKS:
        if any(finding.severity == rank for finding in findings):
            sheets.write(sheet, row, 1, SAID[rank].of(language), _coloured(book, rank))
            row = _line(sheet, row, MEANS[rank].of(language), plain, first=2)
    return row + 1


def _line(sheet: Worksheet, row: int, text: str, style: str, first: int = 1) -> int:
    sheets.write(sheet, row, first, text, style)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=len(WIDTHS))
    sheet.row_dimensions[row].height = 17 * sheets.lines(text, sum(WIDTHS[first - 1 :]) - 10)
    return row + 1


def _table(
    sheet: Worksheet,
    row: int,
    places: Sequence[tuple[CellFinding, tuple[str, int, int] | None]],
    heads: dict[str, dict[int, str]],
    language: str,
) -> None:
    book = sheet.parent
    assert isinstance(book, Workbook)
    head = sheets.style(book, "nt-fix-head", colour=sheets.DARK, bold=True, color="FFFFFFFF")
    for column, text in enumerate(HEADS, 1):
        sheets.write(sheet, row, column, text.of(language), head)
    sheet.freeze_panes = f"A{row + 1}"
    last = row
    for last, (finding, where) in enumerate(places[:LISTED], row + 1):
        _finding(sheet, last, finding, where, heads.get(finding.sheet, {}), language)
    sheet.auto_filter.ref = f"A{row}:{get_column_letter(len(HEADS))}{last}"
    if len(places) > LISTED:
        sheets.write(sheet, last + 1, 1, MORE.of(language).format(n=len(places) - LISTED), "nt-fix-bold")
    sheets.landscape(sheet, 1, f"{row}:{row}")


def _finding(
    sheet: Worksheet,
    row: int,
    finding: CellFinding,
    where: tuple[str, int, int] | None,
    heads: dict[int, str],
    language: str,
) -> None:
    book = sheet.parent
    assert isinstance(book, Workbook)
    ruled = sheets.style(book, "nt-fix-row", ruled=True)
    coordinate = f"{get_column_letter(where[2])}{where[1]}" if where else ""
    shown = f"{finding.sheet} {coordinate}" if where else finding.sheet or WHOLE_FILE.of(language)
    head = heads.get(finding.column, "")
    number = finding.data_point if finding.data_point and columns.fixed_column(head) else head or finding.data_point
    said = SAID[finding.severity].of(language)
    for column, text in enumerate((shown, finding.unit_id, number, said, finding.code, finding.message), 1):
        sheets.write(sheet, row, column, text, _coloured(book, finding.severity) if column == 4 else ruled)
    if where:
        _link(sheet, row, 1, finding.sheet, coordinate)
    start, reason = _reason(finding, heads, language) if where and finding.severity == "confirm" else ("", 0)
    sheets.write(sheet, row, len(HEADS), start or None, ruled)
    if where and reason:
        _link(sheet, row, len(HEADS), finding.sheet, f"{get_column_letter(reason)}{where[1]}")
    tallest = max(
        sheets.lines(text, width - 1)
        for text, width in (
            (shown, WIDTHS[0]),
            (number, WIDTHS[2]),
            (finding.message, WIDTHS[5]),
            (start, WIDTHS[6]),
        )
    )
    sheet.row_dimensions[row].height = 15 * tallest + 2


def _reason(finding: CellFinding, heads: dict[int, str], language: str) -> tuple[str, int]:
    """How the reason of a doubt is written, and the column it is written in; 0 where the sheet has none."""
    fixed = {columns.fixed_column(text): column for column, text in heads.items()}
    if columns.REASON not in fixed:
        return ADD_COLUMN.of(language), 0
    alone = columns.POINT in fixed or not finding.data_point
    return WRITE_REASON.of(language) if alone else f"{finding.data_point}: …", fixed[columns.REASON]


def _link(sheet: Worksheet, row: int, column: int, title: str, coordinate: str) -> None:
    """A link inside the workbook; no formula."""
    cell = sheet.cell(row, column)
    quoted = title.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{coordinate}")
    cell.font = Font(name="Calibri", size=11, underline="single", color="FF0B5394")


def _coloured(workbook: Workbook, rank: Rank) -> str:
    return sheets.style(workbook, f"nt-fix-{rank}", colour=COLOURS[rank], bold=True)


def cells(sheet: Worksheet) -> list[Cell]:
    """The cells there are. Going by rows would make one for every place up to the last, which may be the last of all."""
    return [cell for cell in sheet._cells.values() if isinstance(cell, Cell)]


def _heads(sheet: Worksheet) -> dict[int, str]:
    """Header by column of a sheet: of the first row that heads a column with the unit's id; empty where none does."""
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for cell in cells(sheet):
        if cell.row <= HEAD_ROWS and cell.value is not None:
            rows[cell.row][cell.column] = " ".join(str(cell.value).split())
    return next(
        (rows[n] for n in sorted(rows) if any(columns.fixed_column(t) == columns.UNIT for t in rows[n].values())), {}
    )


def _has_formulas(sheet: Worksheet) -> bool:
    return any(cell.data_type == "f" for cell in cells(sheet))


def _free(title: str, taken: Sequence[str]) -> str:
    """A title no sheet has yet: the title, else with a number."""
    folded = {name.casefold() for name in taken}
    return next(t for t in (title, *(f"{title} ({n})" for n in range(2, 1000))) if t.casefold() not in folded)
