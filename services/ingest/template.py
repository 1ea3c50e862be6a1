"""The workbook an organisation fills in: made for it from the catalogue, its units as rows, a column for each amount. Pure.

Bytes in the Excel format; the same arguments give the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from services.catalogue import amounts
from services.catalogue.definitions import Catalogue
from services.ingest import columns, guidance, meta, prompts, sheets
from services.ingest.columns import END, NAME, REASON, START, UNIT
from services.ingest.prompts import MISSING, tokens

Units = Sequence[tuple[str, Mapping[str, str]]]  # unit id and the attributes of its profile
Previous = Mapping[str, Mapping[str, int]]  # unit id, data point, whole number in its scale

NAMED_BY = ("name", "navn")  # attributes that say what a unit is called
WIDTH = {UNIT: 16.0, NAME: 24.0, START: 12.0, END: 12.0, REASON: 44.0, "data_point": 17.0, "previous": 15.0}
HEAD_LINES, WIDEST = 4, 28.0  # a column is made wider, so far, where its head would take more lines
EMPTY_ROWS = 50  # where no unit is registered yet
DIGITS = 15  # a spreadsheet's numbers are exact so far
DATES = {"da": r"dd\.mm\.yyyy", "en": "yyyy-mm-dd"}


@dataclass(frozen=True)
class _Field:
    """One column of the form: a fixed one, a data point's, or last period's beside it."""

    kind: str  # a fixed column's name, "data_point" or "previous"
    data_point: str = ""
    tint: int = 0  # changes where the subject does


def make(
    catalogue: Catalogue,
    organisation_id: str,
    period_start: date,
    period_end: date,
    units: Units,
    previous: Previous,
    language: str,
) -> bytes:
    """The template of an organisation for a period.

    units      in the order they are to stand in; none: empty rows to write in
    previous   last period's amounts; a data point nobody has one of gets no grey column
    language   of everything a person reads, da or en; it is read whichever the language
    """
    workbook = Workbook()
    workbook.properties.creator, workbook.properties.created = "Nøgletal", sheets.EPOCH
    workbook.properties.title = f"{catalogue.title.of(language)} · {organisation_id}"
    form = workbook.active
    assert isinstance(form, Worksheet)
    form.title = sheets.FORM.of(language)
    form.sheet_view.tabSelected = True
    named = any(_name(attributes) for _, attributes in units)
    fields = _fields(catalogue, previous, named=named)
    _head(form, fields, catalogue, language)
    _rows(form, fields, catalogue, (period_start, period_end), units, previous, language)
    _validations(form, fields, catalogue, units, previous, language)
    guidance.add(workbook, catalogue, asked(catalogue), language)
    _tokens(workbook, catalogue)
    what = (meta.TEMPLATE_VERSION, catalogue.scheme, str(catalogue.year), catalogue.digest)
    said = meta.Meta(*what, organisation_id, period_start.isoformat(), period_end.isoformat(), language)
    _hidden(workbook, sheets.META, [*meta.rows(said), ("checksum", said.checksum)])
    return sheets.saved(workbook)


def asked(catalogue: Catalogue) -> list[str]:
    """Data points a key figure is made of, in catalogue order. Others only check these; they may be added as columns."""
    used = {part for figure in catalogue.key_figure.values() for part in figure.parts}
    return [name for name in catalogue.data_point if name in used]


def _fields(catalogue: Catalogue, previous: Previous, *, named: bool) -> list[_Field]:
    known = {name for own in previous.values() for name in own}
    subject = guidance.subjects(catalogue)
    fields = [_Field(UNIT), *([_Field(NAME)] if named else []), _Field(START), _Field(END)]
    for tint, (_, members) in enumerate(groupby(asked(catalogue), key=lambda name: subject[name])):
        for name in members:
            fields.append(_Field("data_point", name, tint % 2))
            fields += [_Field("previous", name, tint % 2)] if name in known else []
    return [*fields, _Field(REASON)]


def _name(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.casefold() in NAMED_BY), "")


def _head(form: Worksheet, fields: Sequence[_Field], catalogue: Catalogue, language: str) -> None:
    book = form.parent
    assert isinstance(book, Workbook)
    fixed = sheets.style(book, "nt-head", colour=sheets.DARK, bold=True, color="FFFFFFFF")
    tinted = [sheets.style(book, f"nt-head-{n}", colour=tint, bold=True) for n, tint in enumerate(sheets.TINTS)]
    grey = sheets.style(book, "nt-head-previous", colour=sheets.GREY_FILL, italic=True, color=sheets.GREY)
    tallest = 1
    for column, field in enumerate(fields, 1):
        if field.kind == "data_point":
            text, look = columns.header(field.data_point, catalogue, language), tinted[field.tint]
        elif field.kind == "previous":
            text, look = columns.previous_header(field.data_point, catalogue, language), grey
        else:
            text, look = columns.fixed_header(field.kind, language), fixed
        sheets.write(form, 1, column, text, look)
        width = next(w for w in _widths(field.kind) if sheets.lines(text, w - 2) <= HEAD_LINES or w >= WIDEST)
        form.column_dimensions[get_column_letter(column)].width = width
        tallest = max(tallest, sheets.lines(text, width - 2))
    form.row_dimensions[1].height = 15.5 * tallest
    frozen = 1 + sum(field.kind in (UNIT, NAME) for field in fields)
    form.freeze_panes = f"{get_column_letter(frozen)}2"
    form.print_options.gridLines = True
    sheets.landscape(form, 1 + len(fields) // 10, "1:1", f"A:{get_column_letter(frozen - 1)}")


def _widths(kind: str) -> Iterator[float]:
    """A column's width, then wider and wider."""
    yield WIDTH[kind]
    yield from (WIDTH[kind] + wider for wider in range(2, 18, 2))


def _rows(
    form: Worksheet,
    fields: Sequence[_Field],
    catalogue: Catalogue,
    period: tuple[date, date],
    units: Units,
    previous: Previous,
    language: str,
) -> None:
    formats = [_number_format(field, catalogue, language) for field in fields]
    looks = [_look(form, field, shown) for field, shown in zip(fields, formats, strict=True)]
    for column, shown in enumerate(formats, 1):  # for cells that are not there yet
        form.column_dimensions[get_column_letter(column)].number_format = shown
    for row, (unit_id, attributes) in enumerate(units, 2):
        fixed = {UNIT: unit_id, NAME: _name(attributes), START: period[0], END: period[1]}
        own = previous.get(unit_id, {})
        for column, field in enumerate(fields, 1):
            if field.kind in fixed:
                sheets.write(form, row, column, fixed[field.kind], looks[column - 1])
            elif field.kind == "previous":
                value = own.get(field.data_point)
                known = None if value is None else _shown(value, catalogue.data_point[field.data_point].scale)
                sheets.write(form, row, column, known, looks[column - 1])


def _look(form: Worksheet, field: _Field, number_format: str) -> str:
    """The style of a column's cells below its head."""
    book = form.parent
    assert isinstance(book, Workbook)
    name = f"nt-{field.kind} {number_format}"
    if field.kind == "previous":
        return sheets.style(book, name, number_format, sheets.GREY_FILL, italic=True, color=sheets.GREY)
    return sheets.style(book, name, number_format)


def _number_format(field: _Field, catalogue: Catalogue, language: str) -> str:
    """Thousands and decimals are written by the reader's own program and country."""
    if field.data_point:
        scale = catalogue.data_point[field.data_point].scale
        return "#,##0" + (f".{'0' * scale}" if scale else "")
    return DATES[language] if field.kind in (START, END) else "@" if field.kind == UNIT else "General"


def _shown(value: int, scale: int) -> Decimal | int | str:
    """A number where a spreadsheet holds it exactly, else the text of it."""
    if len(str(abs(value))) > DIGITS:
        return amounts.natural(value, scale)
    return Decimal(value).scaleb(-scale) if scale else value


def _tokens(workbook: Workbook, catalogue: Catalogue) -> None:
    """The list that validations look missing tokens up in; a list in the validation itself ends at 255 characters."""
    listed = tokens(catalogue)
    if listed:
        _hidden(workbook, sheets.LISTS, [(token,) for token in listed])
        workbook.defined_names[MISSING] = DefinedName(MISSING, attr_text=f"'{sheets.LISTS}'!$A$1:$A${len(listed)}")


def _hidden(workbook: Workbook, title: str, rows: Sequence[tuple[str, ...]]) -> None:
    sheet = workbook.create_sheet(title)
    sheet.sheet_state = "hidden"
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            sheets.write(sheet, number, column, text)


def _validations(
    form: Worksheet,
    fields: Sequence[_Field],
    catalogue: Catalogue,
    units: Units,
    previous: Previous,
    language: str,
) -> None:
    last = 1 + (len(units) or EMPTY_ROWS)
    for column, field in enumerate(fields, 1):
        letter = get_column_letter(column)
        whole = f"{letter}2:{letter}{last}"
        if field.kind == "data_point":
            without = _without(field.data_point, units, previous) if tokens(catalogue) else []
            with_number = [row for row in range(2, last + 1) if row not in set(without)]
            if with_number:
                form.add_data_validation(prompts.amount(letter, with_number, field.data_point, catalogue, language))
            if without:
                form.add_data_validation(prompts.choice(letter, without, field.data_point, catalogue, language))
        elif field.kind == "previous":
            form.add_data_validation(prompts.untouchable(whole, language))
        elif field.kind in (START, END):
            form.add_data_validation(prompts.period(whole, field.kind, language))
        elif field.kind == REASON:
            form.add_data_validation(prompts.reason(whole, asked(catalogue)[0], language))


def _without(data_point: str, units: Units, previous: Previous) -> list[int]:
    """Rows of units that reported last period, but not this data point, which others did: a token is the likely answer."""
    if not any(data_point in own for own in previous.values()):
        return []
    return [row for row, (unit, _) in enumerate(units, 2) if previous.get(unit) and data_point not in previous[unit]]
