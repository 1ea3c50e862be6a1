"""A template that was filled in: it says whose it is, by which definitions and for which period."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from services.ingest import form, reading, template
from services.ingest.amount_cells import Missing
from tests.unit.ingest.forms import PERIOD, almen, around, tsm


def filled(**changes: Any) -> bytes:
    made = template.make(almen("2024"), "org-a", date(2024, 1, 1), date(2024, 12, 31), [("afd-1", {})], {}, "da")
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book["Indberetning"]
    at = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, at["Renholdelse (konto 114), kr."]).value = 612.5
    for name, value in changes.items():
        next(c for row in book["_meta"] for c in row if c.value == name).offset(column=1).value = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_template_filled_in_says_its_own_period() -> None:
    found = form.read(reading.read(filled()), around(period=("", "")))
    assert found.findings == []
    (row,) = found.rows
    assert (row.unit_id, row.period_start, row.period_end) == ("afd-1", *PERIOD)
    assert [(name, amount) for name, amount in row.amounts if not isinstance(amount, Missing)] == [("konto_114", 61250)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"organisation_id": "org-b"}, ["NT-1120"]),
        ({"scheme": "uk-tsm", "catalogue": tsm}, ["NT-1120"]),
        ({"period": ("2023-01-01", "2023-12-31")}, ["NT-1120"]),
    ],
)
def test_a_template_made_for_something_else(changes: dict[str, Any], code: list[str]) -> None:
    found = form.read(reading.read(filled()), around(**changes))
    assert [f.code for f in found.findings] == code
    assert found.refused


def test_a_template_whose_meta_was_changed() -> None:
    found = form.read(reading.read(filled(organisation_id="org-b")), around(organisation_id="org-b"))
    assert [f.code for f in found.findings] == ["NT-1141"]
    assert found.refused
