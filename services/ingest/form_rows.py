"""The rows of a form, one by one: whose they are, for which period, and the amounts in them. Pure."""

from collections.abc import Sequence
from datetime import date

from services.catalogue import dates
from services.catalogue.dates import NoDate
from services.ingest import amount_cells, columns, near, reasons
from services.ingest.columns import END, ORGANISATION, REVISION, START, SUBMISSION, UNIT
from services.ingest.delivered import Finding, Form, Place, Row, Severity, Surroundings
from services.ingest.intake import TEXT, listed, meant, shown
from services.ingest.layout import Layout
from services.ingest.table import NoValue, Value

GUESSED = 50  # most units and data points that are compared with those there are


class Reader:
    """Takes the rows of a file one by one."""

    def __init__(self, found: Layout, around: Surroundings, period: tuple[str, str], form: Form) -> None:
        self._layout, self._around, self._period, self._form = found, around, period, form
        self._fixed = found.matched.fixed
        self._guesses, self._near = GUESSED, near.Units(around.units)
        self._gathered: dict[tuple[str, str, str, int], Row] = {}

    def row(self, number: int, values: Sequence[Value]) -> None:
        """One row: a unit's amounts, or one amount."""
        if not self._layout.long and not any(values[index] is not None for index in self._layout.matched.data_points):
            return
        where = self._place(number, UNIT)
        unit, findings = self._unit(values, where)
        start, end = (self._day(number, values, name, findings, unit) for name in (START, END))
        revision = self._revision(number, values, findings, unit)
        organisation = text_of(self._value(values, ORGANISATION)) or self._around.units.get(unit, "")
        self._form.say(*findings)
        if findings:
            return
        row = Row(unit, organisation, start, end, revision, text_of(self._value(values, SUBMISSION)), where)
        if self._layout.long:
            self._amount_row(number, values, self._gathered.setdefault((unit, start, end, revision), row))
        else:
            self._form.rows.append(row)
            self._unit_row(number, values, row)

    def close(self) -> None:
        """Rows of the long form in the order of their revisions; units that stand twice in the other are left out."""
        if self._layout.long:
            self._form.rows = sorted(self._gathered.values(), key=lambda row: row.revision)
            return
        places: dict[tuple[str, str], list[Row]] = {}
        for row in self._form.rows:
            places.setdefault((row.unit_id, row.counted_by), []).append(row)
        for (unit, _), rows in places.items():
            cells = listed([row.place.cell for row in rows])
            for row in rows if len(rows) > 1 else ():
                said = {"cell": row.place.cell, "unit": unit, "cells": cells}
                self._form.say(Finding("NT-1118", Severity.ERROR, row.place, said, unit))
        self._form.rows = [rows[0] for rows in places.values() if len(rows) == 1]

    def _unit_row(self, number: int, values: Sequence[Value], row: Row) -> None:
        catalogue, given = self._around.catalogue(row.period_end[:4]), self._value(values, columns.REASON)
        row.confirmations, unclear = reasons.read(text_of(given), catalogue)
        for text in unclear:
            place = self._place(number, columns.REASON)
            said = {"cell": place.cell, "text": shown(text, 60)}
            self._form.say(Finding("NT-1130", Severity.NOTE, place, said, row.unit_id))
        for index, data_point in self._layout.matched.data_points.items():
            self._amount(number, index, values[index], data_point, self._layout.matched.columns[index].header, row)

    def _amount_row(self, number: int, values: Sequence[Value], row: Row) -> None:
        index, given = self._fixed[columns.VALUE], text_of(self._value(values, columns.POINT))
        catalogue = self._around.catalogue(row.period_end[:4])
        column = columns.match([given], catalogue).columns[0] if given not in catalogue.data_point else None
        data_point = column.name if column is not None and column.kind == "data_point" else given
        if data_point not in catalogue.data_point:
            place = self._place(number, columns.POINT)
            self._guesses -= 1
            likely = column.meant if column and self._guesses >= 0 else ""
            said = {"cell": place.cell, "header": shown(given, 80)} | meant(likely, named=True)
            self._form.say(Finding("NT-1113", Severity.NOTE, place, said, row.unit_id))
        reason = text_of(self._value(values, columns.REASON))
        if reason:
            row.confirmations.append((data_point, shown(reason, TEXT)))
        self._amount(number, index, values[index], data_point, shown(data_point, 64), row)

    def _amount(self, number: int, index: int, value: Value, data_point: str, header: str, row: Row) -> None:
        year, place = row.period_end[:4], Place(self._layout.sheet.name, number, index + 1)
        amount, doubt = amount_cells.read(
            value,
            data_point,
            self._around.catalogue(year),
            self._layout.convention,
            before=self._around.before.get((row.unit_id, row.counted_by), {}).get(data_point),
            confirmed=any(what == data_point for what, _ in row.confirmations),
        )
        row.amounts.append((data_point, amount))
        row.places[data_point] = place
        self._form.cells += value is not None
        if doubt is not None:
            severity = Severity.CONFIRM if doubt.confirmable else Severity.ERROR
            self._form.correct += not doubt.confirmable
            self._form.confirm += doubt.confirmable
            said = {**doubt.parameters, "cell": place.cell, "column": shown(header, 80)}
            self._form.say(Finding(doubt.code, severity, place, said, row.unit_id, data_point))

    def _unit(self, values: Sequence[Value], where: Place) -> tuple[str, list[Finding]]:
        unit = text_of(self._value(values, UNIT))
        if not unit:
            return "", [Finding("NT-1116", Severity.ERROR, where, {"cell": where.cell})]
        if unit in self._around.units:
            return unit, []
        self._guesses -= 1
        likely = self._near.meant(unit) if self._guesses >= 0 else ""
        said = {"cell": where.cell, "unit": shown(unit, 64)} | meant(likely, named=True)
        return unit, [Finding("NT-1117", Severity.ERROR, where, said, shown(unit, 64))]

    def _day(self, number: int, values: Sequence[Value], name: str, findings: list[Finding], unit: str) -> str:
        value, place = self._value(values, name), self._place(number, name)
        if value is None and self._period[name == END]:
            return self._period[name == END]
        if isinstance(value, date):
            return value.isoformat()
        if value is None:
            said = {"cell": place.cell, "start": self._layout.heading(START), "end": self._layout.heading(END)}
            if not any(f.code == "NT-1119" for f in findings):
                findings.append(Finding("NT-1119", Severity.ERROR, place, said, unit))
            return ""
        read = dates.read(value if isinstance(value, str) else text_of(value))
        if not isinstance(read, NoDate):
            return read.isoformat()
        said = {"cell": place.cell, "text": shown(read.text)} | meant(read.suggestion)
        findings.append(Finding("NT-1129", Severity.ERROR, place, said, unit))
        return ""

    def _revision(self, number: int, values: Sequence[Value], findings: list[Finding], unit: str) -> int:
        text = text_of(self._value(values, REVISION)) or "0"
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            return int(text)
        place = self._place(number, REVISION)
        findings.append(Finding("NT-1139", Severity.ERROR, place, {"cell": place.cell, "text": shown(text)}, unit))
        return 0

    def _value(self, values: Sequence[Value], name: str) -> Value:
        return values[self._fixed[name]] if name in self._fixed else None

    def _place(self, number: int, name: str) -> Place:
        index = self._fixed.get(name, self._fixed[UNIT])
        return Place(self._layout.sheet.name, number, index + 1)


def text_of(value: Value) -> str:
    """A cell as text; a whole number without the decimals a spreadsheet gives it."""
    if isinstance(value, NoValue):
        return value.text
    if value is None or isinstance(value, str | date):
        return str(value or "").strip()
    return str(int(value)) if value.is_finite() and abs(value) < 10**18 and value == int(value) else str(value)
