"""A table as submissions: one row a unit or one row an amount, each amount with its place, and everything wrong at once. Pure.

What concerns identity, period or the file itself comes first, and alone refuses the row or the file. A cell that cannot be
read travels as unreadable, and the rest of its row goes on.
"""

from services.ingest import layout, meta
from services.ingest.columns import UNIT
from services.ingest.delivered import Finding, Form, Place, Severity, Surroundings
from services.ingest.form_rows import Reader
from services.ingest.intake import listed, meant, shown
from services.ingest.layout import Layout
from services.ingest.sheets import META
from services.ingest.table import Table

ENVELOPE = ("NT-1114", "NT-1115")  # these refuse the file


def read(table: Table, around: Surroundings) -> Form:
    """A file's submissions. Raises FileFault where no header can be found."""
    period, findings = _period(table, around)
    if findings:
        form = Form(around.convention)
        form.say(*findings)
        return form
    catalogue = around.catalogue(period[1][:4])
    found = layout.find(table, catalogue, around.convention)
    form = Form(found.convention, found.long)
    form.say(*(Finding(f.code, Severity.ERROR, Place(found.sheet.name, f.row), f.parameters) for f in table.faults))
    form.say(*_headers(found))
    for other in found.others:
        said = {"sheet": shown(other), "read": shown(found.sheet.name)}
        form.say(Finding("NT-1143", Severity.NOTE, Place(other), said))
    if not any(f.code in ENVELOPE for f in form.findings):
        reader = Reader(found, around, period, form)
        for number, values in found.rows():
            reader.row(number, values)
        reader.close()
    return form


def scheme(table: Table) -> str:
    """The scheme a template was made for; empty where the file is none."""
    said = _meta(table)
    return said[0].scheme if said and said[0] else ""


def _meta(table: Table) -> tuple[meta.Meta | None, bool] | None:
    """What the hidden sheet says, and whether it is sound; None where there is no such sheet."""
    sheet = next((s for s in table.sheets if s.name == META), None)
    return meta.read([[v if isinstance(v, str) else str(v) for v in row] for row in sheet.rows]) if sheet else None


def _period(table: Table, around: Surroundings) -> tuple[tuple[str, str], list[Finding]]:
    """The file's period: the call's, else the template's; and what the template says otherwise than the call."""
    template_says = _meta(table)
    if template_says is None:
        return around.period, []
    said, sound = template_says
    if said is None or not sound:
        return around.period, [Finding("NT-1141", Severity.ERROR, Place(""), {})]
    template = (said.period_start, said.period_end)
    asked = around.period if any(around.period) else template
    pairs = [
        ("organisationen", "organisation", said.organisation_id, around.organisation_id or said.organisation_id),
        ("ordningen", "scheme", said.scheme, around.scheme),
        ("perioden", "period", " – ".join(template), " – ".join(asked)),
    ]
    return asked, [
        Finding("NT-1120", Severity.ERROR, Place(""), {"rule_da": da, "rule_en": en, "found": found, "asked": wanted})
        for da, en, found, wanted in pairs
        if found != wanted
    ]


def _headers(found: Layout) -> list[Finding]:
    """What is wrong with the header."""
    findings = []

    def place(index: int) -> Place:
        return Place(found.sheet.name, found.header, index + 1)

    for indexes in found.matched.duplicates.values():
        cells = listed([place(i).cell for i in indexes])
        header = shown(found.matched.columns[indexes[0]].header, 80)
        said = {"header": header, "cells": cells}
        findings.append(Finding("NT-1114", Severity.ERROR, place(indexes[1]), said))
    if UNIT not in found.matched.fixed:
        said = {"header": found.heading(UNIT)}
        findings.append(Finding("NT-1115", Severity.ERROR, Place(found.sheet.name, found.header), said))
    for column in found.matched.unknown:
        said = {"cell": place(column.index).cell, "header": shown(column.header, 80)}
        said |= meant(column.meant, named=True)
        findings.append(Finding("NT-1113", Severity.NOTE, place(column.index), said))
    return findings
