"""Files that go back: the sender's own workbook marked, templates."""

import io
from typing import Any

import grpc
import openpyxl
import pytest
from noegletal.v1 import assessment_pb2
from noegletal.v1 import submission_service_pb2 as api

from tests.service.ingest.conftest import Running, refused
from tests.service.ingest.files import (
    HEAD,
    PERIOD,
    SENT,
    TWO,
    UNCHANGED,
    almen,
    sent_rows,
    upload,
)
from tests.unit.ingest.workbooks import workbook

__all__ = ["almen"]


async def whole(stream: Any) -> bytes:
    return b"".join([answer.piece async for answer in stream])


def mark(running: Running, key: Any, upload_id: str, **asked: Any) -> Any:
    request = api.MarkWorkbookRequest(**({"upload_id": upload_id, "language": "da"} | asked))
    return whole(running.submissions.MarkWorkbook(request, metadata=key, timeout=20))


async def test_the_senders_own_workbook_comes_back_marked(almen: Running) -> None:
    key = await almen.key("org-a")
    answer = await upload(almen, key, workbook([HEAD, ["afd-1", "1234.5", 1000], ["afd-2", 700, 5]]))
    rule = assessment_pb2.Finding(code="NT-2003", severity=1, data_point="bruttoareal", parameters={"value": "-5"})
    said_already = assessment_pb2.Finding(code="NT-2002", severity=1, data_point="konto_114")
    of_figure = assessment_pb2.Finding(code="NT-2012", severity=2, key_figure="OEK-114")
    receipts = [r.receipt.receipt_id for r in answer.rows]
    findings = [
        api.ReceiptFinding(receipt_id=receipts[1], finding=rule),
        api.ReceiptFinding(receipt_id=receipts[0], finding=said_already),
        api.ReceiptFinding(receipt_id=receipts[1], finding=of_figure),
        api.ReceiptFinding(receipt_id="another", finding=rule),
    ]

    marked = openpyxl.load_workbook(io.BytesIO(await mark(almen, key, answer.upload_id, findings=findings)))

    assert marked.sheetnames == ["Ret dette", "Tal"]
    comments = {c.coordinate: c.comment.text for row in marked["Tal"] for c in row if c.comment}
    assert set(comments) == {"B2", "C3", "B3"}
    assert "Mener I 1.234,5?" in comments["B2"]
    assert "NT-2002" not in comments["B2"]
    assert marked["Tal"]["B2"].value == "1234.5"
    again = await upload(almen, key, await mark(almen, key, answer.upload_id))
    assert [r.outcome for r in again.rows] == [UNCHANGED, UNCHANGED]


async def test_a_csv_comes_back_as_a_workbook(almen: Running) -> None:
    key = await almen.key("org-a")
    answer = await upload(almen, key, "Afdelings-id;konto_114\nafd-1;12.34.5\n".encode("utf-16"))
    marked = openpyxl.load_workbook(io.BytesIO(await mark(almen, key, answer.upload_id)))
    assert marked.worksheets[1]["B2"].value == "12.34.5"
    assert marked.worksheets[1]["B2"].comment is not None


async def test_another_organisations_file_is_not_there(almen: Running) -> None:
    ours, theirs = await almen.key("org-a"), await almen.key("org-b")
    answer = await upload(almen, ours, TWO)
    assert (await refused(mark(almen, theirs, answer.upload_id)))[:2] == (grpc.StatusCode.NOT_FOUND, "NT-1133")
    assert (await refused(mark(almen, ours, "x" * 500)))[1] == "NT-1133"
    assert (await refused(mark(almen, ours, answer.upload_id, language="de")))[1] == "NT-1008"


async def get_template(running: Running, key: Any, **asked: Any) -> bytes:
    request = api.GetTemplateRequest(**({"scheme": "dk-almen", "language": "da"} | PERIOD | asked))
    return await whole(running.submissions.GetTemplate(request, metadata=key, timeout=20))


async def test_a_template_goes_out_filled_and_comes_in(almen: Running) -> None:
    key = await almen.key("org-a")
    await upload(almen, key, TWO, period_start="2023-01-01", period_end="2023-12-31")

    book = openpyxl.load_workbook(io.BytesIO(await get_template(almen, key)))
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    assert [sheet.cell(r, 1).value for r in (2, 3)] == ["afd-1", "afd-2"]
    assert sheet.cell(2, at["Sidste periode: Renholdelse (konto 114), kr."]).value == 612.5
    sheet.cell(2, at["Renholdelse (konto 114), kr."]).value = 650
    file = io.BytesIO()
    book.save(file)
    answer = await upload(almen, key, file.getvalue(), scheme="", period_start="", period_end="")

    assert list(answer.findings) == []
    assert sent_rows(answer) == [("afd-1", SENT, 1)]
    assert (answer.rows[0].period_start, answer.rows[0].period_end) == ("2024-01-01", "2024-12-31")
    theirs = await almen.key("org-b")
    other = await upload(almen, theirs, file.getvalue())
    assert (other.refused, [f.code for f in other.findings], len(other.rows)) == (True, ["NT-1120"], 0)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"scheme": "dk-alm"}, "NT-2103"),
        ({"period_start": "1.1.2024"}, "NT-1008"),
        ({"period_end": "2023-12-31"}, "NT-1008"),
        ({"language": ""}, "NT-1008"),
        ({"organisation_id": "org-b"}, "NT-1002"),
    ],
)
async def test_a_template_that_cannot_be_made(almen: Running, asked: dict[str, str], code: str) -> None:
    key = await almen.key("org-a")
    assert (await refused(get_template(almen, key, **asked)))[1] == code
