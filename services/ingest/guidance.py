"""The guidance sheet of a template: how to fill it in, and every data point and key figure with definition and source. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal
from openpyxl import Workbook
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from services.catalogue.definitions import Catalogue, KeyFigure, Text
from services.ingest import columns, sheets

WIDTHS = (23.0, 30.0, 48.0, 14.0, 24.0, 40.0, 30.0)
LOCALES = {"da": "da_DK", "en": "en_GB"}

STEPS = (
    Text(
        da="1. Skriv periodens tal i arket Indberetning: en række pr. afdeling, en kolonne pr. tal. "
        "Grå kolonner viser sidste periode og læses ikke.",
        en="1. Write the period's numbers in the sheet Submission: a row for each unit, a column for each number. "
        "Grey columns show last period and are not read.",
    ),
    Text(
        da="2. Skriv tal som tal. Lad cellen stå tom, hvis I ikke har tallet; skriv aldrig 0 for det ukendte. {tokens}",
        en="2. Write numbers as numbers. Leave the cell empty if you do not have the number; "
        "never write 0 for what is unknown. {tokens}",
    ),
    Text(
        da="3. Kolonner må flyttes og slettes, og rækker må sorteres. Behold overskrifterne; det er dem, tallene findes ved.",
        en="3. Columns may be moved and deleted, and rows sorted. Keep the headers; the numbers are found by them.",
    ),
    Text(
        da="4. Send filen. Skal noget rettes eller bekræftes, får I jeres egen fil tilbage med cellerne markeret. "
        "Det, der er i orden, er imens modtaget.",
        en="4. Send the file. If something is to be corrected or confirmed, you get your own file back with the cells marked. "
        "What is in order is received meanwhile.",
    ),
)
REASONS = {
    "blank": Text(da="vi har ikke tallet", en="we do not have the number"),
    "not_required": Text(da="tallet gælder ikke for afdelingen", en="the number does not apply to the unit"),
    "excluded": Text(da="afdelingen er holdt ude", en="the unit is excluded"),
}
OR = Text(da=" eller ", en=" or ")
POINTS = Text(da="Tal, der indberettes", en="Numbers to report")
POINT_HEADS = (
    Text(da="Id", en="Id"),
    Text(da="Kolonne", en="Column"),
    Text(da="Sådan gør I", en="What to write"),
    Text(da="Enhed", en="Unit"),
    Text(da="Dækker", en="Covers"),
    Text(da="Bruges i", en="Used in"),
    Text(da="Kommer fra", en="Comes from"),
)
FIGURES = Text(da="Nøgletal", en="Key figures")
FIGURE_HEADS = (
    Text(da="Id", en="Id"),
    Text(da="Nøgletal", en="Key figure"),
    Text(da="Sådan regnes det, og hvorfor", en="How it is computed, and why"),
    Text(da="Enhed", en="Unit"),
    Text(da="Forventet interval", en="Expected range"),
    Text(da="Eksempel", en="Example"),
    Text(da="Kommer fra", en="Comes from"),
)
NATURE = {
    "flow": Text(da="hele perioden", en="the whole period"),
    "stock": Text(da="periodens sidste dag", en="the last day of the period"),
    "average": Text(da="gennemsnit over periodens dage", en="average over the days of the period"),
    "count": Text(da="antal i hele perioden", en="number in the whole period"),
}
SUM_OF = Text(da="Er summen af: {parts}.", en="Is the sum of: {parts}.")
AT_MOST = Text(da="Er højst så stort som: {parts}.", en="Is at most as large as: {parts}.")
DAYS_OF = Text(da="Er summen over periodens dage af: {parts}.", en="Is the sum over the period's days of: {parts}.")
NEGATIVE = Text(da="Må være under 0.", en="May be below 0.")
ONLY_CHECKS = Text(
    da="Står ikke i arket; I kan tilføje kolonnen, så bliver de andre tal kontrolleret med den.",
    en="Not in the sheet; you may add the column, and the other numbers are checked by it.",
)
HARD = Text(da="Afvises uden for {low} til {high}{assumed}.", en="Refused outside {low} to {high}{assumed}.")
SOFT = Text(
    da="Skal begrundes uden for {low} til {high}{assumed}.", en="Needs a reason outside {low} to {high}{assumed}."
)
CHANGE = Text(
    da="Skal begrundes, hvis det ændrer sig over {pct}\u00a0%{assumed}.",
    en="Needs a reason if it changes by more than {pct}%{assumed}.",
)
ASSUMED = Text(da=" (vores skøn)", en=" (our estimate)")
NO_RANGE = Text(da="Intet interval.", en="No range.")
ACCOUNT = Text(da="Konto {account}. ", en="Account {account}. ")
REVIEWED = Text(da="{source}. Sidst gennemgået {day}.", en="{source}. Last reviewed {day}.")
OWN = Text(da="Ordningen selv", en="The scheme itself")


def add(workbook: Workbook, catalogue: Catalogue, asked: Sequence[str], language: str) -> None:
    """Put the guidance sheet behind the form. `asked`: the data points the form has columns for."""
    sheet = workbook.create_sheet(sheets.GUIDANCE.of(language))
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions["ABCDEFG"[number]].width = width
    title = sheets.style(workbook, "nt-title", "@", bold=True, size=14)
    row = _line(sheet, 1, f"{sheets.GUIDANCE.of(language)}: {catalogue.title.of(language)}", title)
    plain = sheets.style(workbook, "nt-text", colour="")
    for step in STEPS:
        row = _line(sheet, row, step.of(language).format(tokens=_tokens(catalogue, language)), plain)
    section = sheets.style(workbook, "nt-section", "@", bold=True, size=12)
    points = [_point(name, catalogue, name in asked, language) for name in catalogue.data_point]
    row = _table(sheet, row + 1, POINTS.of(language), section, [t.of(language) for t in POINT_HEADS], points)
    sheet.row_breaks.append(Break(row))
    figures = [_figure(name, figure, catalogue, language) for name, figure in catalogue.key_figure.items()]
    _table(sheet, row + 1, FIGURES.of(language), section, [t.of(language) for t in FIGURE_HEADS], figures)
    sheets.landscape(sheet, 1, "1:1")


def subjects(catalogue: Catalogue) -> dict[str, str]:
    """What each data point is about: the letters before the number of the first key figure that uses it (OEK, ENE, RP)."""
    subject: dict[str, str] = {}
    for name, figure in catalogue.key_figure.items():
        letters = name.split("-")[0].rstrip("0123456789_")
        for part in figure.parts:
            subject.setdefault(part, letters)
    return subject


def number(value: Decimal | int, language: str) -> str:
    """A number as the language writes it, with all of its decimals.

    >>> number(Decimal("1234.5"), "da"), number(Decimal("1234.5"), "en")
    ('1.234,5', '1,234.5')
    """
    return format_decimal(value, format="#,##0.######", locale=LOCALES[language])


def _tokens(catalogue: Catalogue, language: str) -> str:
    """Which token says what, such as »ikke relevant«: tallet gælder ikke for afdelingen."""
    said = []
    for reason, meaning in REASONS.items():
        written = [f"»{token}«" for token, meant in catalogue.missing.items() if token and meant == reason]
        said += [f"{OR.of(language).join(written)}: {meaning.of(language)}"] if written else []
    return "; ".join(said) + "." if said else ""


def _line(sheet: Worksheet, row: int, text: str, style: str) -> int:
    """One line over the whole width. Returns the next row."""
    sheets.write(sheet, row, 1, text, style)
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(WIDTHS))
    sheet.row_dimensions[row].height = 21 if row == 1 else 15.5 * sheets.lines(text, sum(WIDTHS))
    return row + 1


def _table(
    sheet: Worksheet, row: int, heading: str, style: str, heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> int:
    """A heading, a head and lines below them. Returns the row after."""
    book = sheet.parent
    assert isinstance(book, Workbook)
    ruled = sheets.style(book, "nt-row", ruled=True)
    sheets.write(sheet, row, 1, heading, style)
    sheet.row_dimensions[row].height = 20
    head = sheets.style(book, "nt-head", colour=sheets.DARK, bold=True, color="FFFFFFFF")
    for number_, line in enumerate([heads, *rows], row + 1):
        for column, text in enumerate(line, 1):
            sheets.write(sheet, number_, column, text, head if line is heads else ruled)
        tallest = max(sheets.lines(text, width - 1) for text, width in zip(line, WIDTHS, strict=True))
        sheet.row_dimensions[number_].height = 15 * tallest + 2
    return row + len(rows) + 2


def _point(name: str, catalogue: Catalogue, asked: bool, language: str) -> tuple[str, ...]:
    point = catalogue.data_point[name]
    used = [f.name.of(language) for f in catalogue.key_figure.values() if name in f.parts]
    sources = [point.source, *(f.source for f in catalogue.key_figure.values() if name in f.parts)]
    source = _source(next((s for s in sources if s), ""), language)
    account = ACCOUNT.of(language).format(account=point.account) if point.account else ""
    return (
        name,
        columns.header(name, catalogue, language),
        " ".join(_how(name, catalogue, asked, language)),
        point.unit.of(language),
        NATURE[point.nature].of(language),
        "; ".join(used),
        account + source,
    )


def _how(name: str, catalogue: Catalogue, asked: bool, language: str) -> Iterator[str]:
    point = catalogue.data_point[name]
    used = next((f.how for f in catalogue.key_figure.values() if name in f.parts), None)
    if said := point.guidance or used:
        yield said.of(language)
    for text, parts in ((SUM_OF, point.sum_of), (AT_MOST, point.at_most), (DAYS_OF, point.days_of)):
        named = [parts] if isinstance(parts, str) else list(parts)
        named_so = [catalogue.data_point[part].text.of(language) for part in named if part]
        if named_so:
            yield text.of(language).format(parts="; ".join(named_so))
    if point.negative:
        yield NEGATIVE.of(language)
    if not asked:
        yield ONLY_CHECKS.of(language)


def _figure(name: str, figure: KeyFigure, catalogue: Catalogue, language: str) -> tuple[str, ...]:
    comparable = figure.comparable.of(language) if figure.comparable else ""
    why = figure.why.of(language) if figure.why else ""
    how = " ".join(text for text in (figure.how.of(language), why, comparable) if text)
    source = _source(figure.source, language)
    if figure.reviewed:
        source = REVIEWED.of(language).format(source=source, day=_day(figure.reviewed, language))
    unit = figure.show.unit.of(language)
    ranges = " ".join(_ranges(figure, language)) or NO_RANGE.of(language)
    return name, figure.name.of(language), how, unit, ranges, _example(figure, catalogue, language), source


def _source(source: str, language: str) -> str:
    return OWN.of(language) if source == "the scheme" else source.rstrip(".")


def _day(day: date, language: str) -> str:
    return f"{day:%d.%m.%Y}" if language == "da" else day.isoformat()


def _ranges(figure: KeyFigure, language: str) -> Iterator[str]:
    for text, bounds in ((HARD, figure.hard), (SOFT, figure.soft)):
        if bounds:
            low, high = (number(end, language) for end in bounds.range)
            assumed = ASSUMED.of(language) if bounds.source == "assumed" else ""
            yield text.of(language).format(low=low, high=high, assumed=assumed)
    if figure.change:
        assumed = ASSUMED.of(language) if figure.change.source == "assumed" else ""
        yield CHANGE.of(language).format(pct=figure.change.pct, assumed=assumed)


def _example(figure: KeyFigure, catalogue: Catalogue, language: str) -> str:
    said = [
        f"{catalogue.data_point[part].text.of(language)} {number(value, language)}"
        for part, value in figure.example.amounts.items()
    ]
    return f"{'; '.join(said)} → {number(figure.example.gives, language)} {figure.show.unit.of(language)}"
