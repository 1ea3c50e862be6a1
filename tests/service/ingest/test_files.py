"""Files over a real server: sent, sent again, corrected, undone, marked; others' files and hostile ones refused."""

import io
from collections.abc import AsyncIterator
from typing import Any

import grpc
import openpyxl
import pytest
from noegletal.v1 import assessment_pb2
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.ingest import file_store, store
from services.ingest.registration import Unit
from tests.service.ingest.conftest import SINCE, Running, refused
from tests.unit.ingest.workbooks import workbook

PERIOD = {"period_start": "2024-01-01", "period_end": "2024-12-31"}
HEAD = ["Afdelings-id", "Renholdelse (konto 114), kr.", "Bruttoetageareal, gennemsnit, m²", "Begrundelse"]
PIECE = 256 * 1024


@pytest.fixture
async def almen(running: Running) -> Running:
    """An ingest that knows two departments of org-a and one of org-b."""
    owners = {"afd-1": "org-a", "afd-2": "org-a", "afd-b": "org-b"}
    rows = [Unit("dk-almen", u, o, o, {"type": "family", "name": f"Afdeling {u}"}, 1, SINCE) for u, o in owners.items()]
    await running.service.write(lambda tx: store.keep_units(tx, rows))
    return running


async def upload(running: Running, key: Any, data: bytes, **head: Any) -> Any:
    async def requests() -> AsyncIterator[api.UploadRequest]:
        yield api.UploadRequest(
            head=api.UploadHead(**({"scheme": "dk-almen", "file_name": "tal.xlsx"} | PERIOD | head))
        )
        for first in range(0, len(data), PIECE):
            yield api.UploadRequest(piece=data[first : first + PIECE])

    return await running.submissions.Upload(requests(), metadata=key, timeout=20)


def rows(answer: Any) -> list[tuple[str, int, int]]:
    return [(r.unit_id, r.outcome, r.receipt.revision) for r in answer.rows]


async def lines(running: Running) -> Any:
    return await running.service.read(lambda c: c.execute(store.submission_log.select()).all())


async def content(running: Running, unit: str) -> dict[str, Any]:
    """The amounts of the newest revision of a unit in the log."""
    newest = await running.service.read(lambda c: file_store.newest(c, "dk-almen", [unit]))
    submission = pb.Submission.FromString(newest[unit, "2024"]["raw"])
    said = {a.data_point: getattr(a, a.WhichOneof("content")) for a in submission.amounts}
    return said | ({"withdrawn": True} if submission.withdraw else {})


SENT, UNCHANGED = api.UPLOAD_OUTCOME_SENT, api.UPLOAD_OUTCOME_UNCHANGED
TWO = workbook([HEAD, ["afd-1", 612.5, 1000], ["afd-2", 700, "1.234,5"]])


async def test_a_file_is_one_submission_a_unit_with_receipts(almen: Running) -> None:
    key = await almen.key("org-a")

    answer = await upload(almen, key, TWO)

    assert rows(answer) == [("afd-1", SENT, 1), ("afd-2", SENT, 1)]
    assert (answer.refused, answer.kind, list(answer.findings)) == (False, "xlsx", [])
    assert (answer.amounts, answer.ready, answer.number_convention) == (4, 4, api.NUMBER_CONVENTION_DANISH)
    assert answer.message_da.startswith("4 af 4 tal er klar, 0 skal rettes")
    assert [line.door for line in await lines(almen)] == [pb.DOOR_FILE, pb.DOOR_FILE]
    assert await content(almen, "afd-2") == {"konto_114": 70000, "bruttoareal": 123450}
    assert (answer.rows[0].sheet, answer.rows[0].row) == ("Tal", 2)


async def test_the_same_file_again_changes_nothing_and_says_so(almen: Running) -> None:
    key = await almen.key("org-a")
    first = await upload(almen, key, TWO)

    again = await upload(almen, key, TWO, file_name="kopi.xlsx")

    assert rows(again) == [("afd-1", UNCHANGED, 1), ("afd-2", UNCHANGED, 1)]
    assert [r.receipt for r in again.rows] == [r.receipt for r in first.rows]
    assert again.upload_id == first.upload_id
    assert len(await lines(almen)) == 2


async def test_only_what_was_changed_is_sent_and_back_and_forth_is_three_revisions(almen: Running) -> None:
    key = await almen.key("org-a")
    other = workbook([HEAD, ["afd-1", 650, 1000], ["afd-2", 700, "1.234,5"]])

    revisions = [rows(await upload(almen, key, data))[0] for data in (TWO, other, TWO, TWO)]

    assert revisions == [("afd-1", SENT, 1), ("afd-1", SENT, 2), ("afd-1", SENT, 3), ("afd-1", UNCHANGED, 3)]
    assert (await content(almen, "afd-1"))["konto_114"] == 61250
    assert len(await lines(almen)) == 4


async def test_a_preview_keeps_nothing(almen: Running) -> None:
    key = await almen.key("org-a")
    wrong = workbook([HEAD, ["afd-1", "1234.5", 1000], ["afd-2", 700, None]])

    answer = await upload(almen, key, wrong, dry_run=True)

    assert [r.outcome for r in answer.rows] == [api.UPLOAD_OUTCOME_WOULD_BE_SENT] * 2
    assert (answer.amounts, answer.ready, answer.to_correct, answer.to_confirm) == (3, 2, 1, 0)
    assert answer.message_da == (
        "2 af 3 tal er klar, 1 skal rettes, 0 skal bekræftes. Afdelinger: 2 med nyt, 0 uændret."
    )
    assert answer.upload_id == ""
    assert await lines(almen) == []
    assert await almen.service.read(lambda c: c.execute(file_store.upload.select()).all()) == []


async def test_a_cell_that_cannot_be_read_travels_and_is_told_with_its_place(almen: Running) -> None:
    key = await almen.key("org-a")

    answer = await upload(almen, key, workbook([HEAD, ["afd-1", "1234.5", 1000], ["afd-9", 1, 2]]))

    first, second = answer.findings
    assert (first.code, first.cell, first.unit_id, first.data_point) == ("NT-1121", "B2", "afd-1", "konto_114")
    assert first.message_da == (
        "B2 · Renholdelse (konto 114), kr.: »1234.5« er ikke et dansk tal. Mener I 1.234,5? "
        "Skriv tallet sådan, eller brug en talcelle."
    )
    assert (second.code, second.cell, second.parameters["near"]) == ("NT-1117", "A3", "afd-2")
    assert rows(answer) == [("afd-1", SENT, 1)]
    assert await content(almen, "afd-1") == {"konto_114": "1234.5", "bruttoareal": 100000}


async def test_last_period_chooses_what_may_have_been_meant(almen: Running) -> None:
    key = await almen.key("org-a")
    before = workbook([HEAD[:2], ["afd-1", 12500]])
    await upload(almen, key, before, period_start="2023-01-01", period_end="2023-12-31")

    answer = await upload(almen, key, workbook([HEAD[:2], ["afd-1", "1234.5"]]))

    assert answer.findings[0].parameters["suggestion"] == "12.345"


async def test_numbers_that_are_no_longer_there_are_told(almen: Running) -> None:
    key = await almen.key("org-a")
    await upload(almen, key, TWO)

    answer = await upload(almen, key, workbook([HEAD[:2], ["afd-1", 612.5]]))

    assert [(f.code, f.parameters["names"]) for f in answer.findings] == [("NT-1131", "bruttoareal")]


async def test_a_long_csv_with_revisions_is_the_same_for_ever(almen: Running) -> None:
    key = await almen.key("org-a")
    text = (
        b"unit_id,period_start,period_end,data_point,value,revision\n"
        b"afd-1,2024-01-01,2024-12-31,konto_114,612.5,2\nafd-1,2024-01-01,2024-12-31,konto_114,600,1\n"
    )

    first, again = [await upload(almen, key, text) for _ in range(2)]

    assert rows(first) == [("afd-1", SENT, 1), ("afd-1", SENT, 2)]
    assert [r.receipt.receipt_id for r in again.rows] == [r.receipt.receipt_id for r in first.rows]
    assert (first.encoding, first.separator, len(await lines(almen))) == ("UTF-8", ",", 2)


async def test_nobody_sends_for_another_organisation(almen: Running) -> None:
    ours, theirs, reader = await almen.key("org-a"), await almen.key("org-b"), await almen.key(role=pb.ROLE_READER)
    denied = (grpc.StatusCode.PERMISSION_DENIED, "NT-1002")

    assert (await refused(upload(almen, theirs, TWO, organisation_id="org-a")))[:2] == denied
    assert (await refused(upload(almen, reader, TWO)))[:2] == denied
    stranger = await upload(almen, theirs, TWO)
    assert [f.code for f in stranger.findings] == ["NT-1117", "NT-1117", "NT-1138"]
    assert stranger.refused
    named = b"unit_id,organisation_id,data_point,value\nafd-1,org-b,konto_114,1\n"
    assert (await refused(upload(almen, ours, named)))[:2] == denied
    assert await lines(almen) == []


async def test_an_operator_sends_for_whoever_registered_the_unit(almen: Running) -> None:
    operator = await almen.key(role=pb.ROLE_OPERATOR)

    answer = await upload(almen, operator, b"unit_id;konto_114\nafd-1;1\nafd-b;2\n")

    assert [r.receipt.organisation_id for r in answer.rows] == ["org-a", "org-b"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "NT-1102"),
        (b"%PDF-1.7", "NT-1104"),
        (b"PK\x03\x04" + bytes(400), "NT-1107"),
        (b"x" * (9 * 2**20), "NT-1101"),
        (b"hello;there\n1;2\n", "NT-1112"),
        (b'unit_id;value\n"1;2\n', "NT-1110"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(almen: Running, data: bytes, code: str) -> None:
    key = await almen.key("org-a")
    assert (await refused(upload(almen, key, data)))[:2] == (grpc.StatusCode.INVALID_ARGUMENT, code)
    assert await lines(almen) == []


@pytest.mark.parametrize(
    ("requests", "code"),
    [
        ([], "NT-1132"),
        ([api.UploadRequest(piece=b"x")], "NT-1132"),
        ([api.UploadRequest()], "NT-1132"),
        ([api.UploadRequest(head=api.UploadHead(scheme="dk-almen"))] * 2, "NT-1132"),
        ([api.UploadRequest(head=api.UploadHead()), api.UploadRequest(piece=bytes(PIECE + 1))], "NT-1132"),
        ([api.UploadRequest(head=api.UploadHead(period_end="2024")), api.UploadRequest(piece=b"x")], "NT-1008"),
        ([api.UploadRequest(head=api.UploadHead(scheme="dk-alm")), api.UploadRequest(piece=b"a")], "NT-2103"),
        ([api.UploadRequest(head=api.UploadHead()), api.UploadRequest(piece=b"a")], "NT-2103"),
    ],
)
async def test_an_upload_that_breaks_the_contract(almen: Running, requests: list[Any], code: str) -> None:
    async def sent() -> AsyncIterator[Any]:
        for request in requests:
            yield request

    key = await almen.key("org-a")
    assert (await refused(almen.submissions.Upload(sent(), metadata=key, timeout=10)))[1] == code


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
    assert rows(answer) == [("afd-1", SENT, 1)]
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


def undo(running: Running, key: Any, submission_id: str, **asked: Any) -> Any:
    return running.submissions.Undo(api.UndoRequest(submission_id=submission_id, **asked), metadata=key, timeout=10)


async def test_undo_brings_back_what_was_before_and_undoing_that_brings_it_forth_again(almen: Running) -> None:
    key = await almen.key("org-a")
    first, second = [
        (await upload(almen, key, workbook([HEAD[:2], ["afd-1", amount]]))).rows[0].receipt for amount in (1, 2)
    ]

    undone = await undo(almen, key, second.submission_id)
    again = await undo(almen, key, second.submission_id)

    assert undone == again
    assert (undone.receipt.revision, undone.restored_submission_id) == (3, first.submission_id)
    assert undone.message_da == "Afdeling afd-1: revision 1 gælder igen, nu som revision 3."
    assert await content(almen, "afd-1") == {"konto_114": 100}
    redone = await undo(almen, key, undone.receipt.submission_id)
    assert (redone.receipt.revision, redone.restored_submission_id) == (4, second.submission_id)
    assert await content(almen, "afd-1") == {"konto_114": 200}
    assert len(await lines(almen)) == 4


async def test_undo_of_the_first_withdraws_the_unit(almen: Running) -> None:
    key = await almen.key("org-a")
    sent = (await upload(almen, key, workbook([HEAD[:2], ["afd-1", 1]]))).rows[0].receipt

    undone = await undo(almen, key, sent.submission_id)

    assert (undone.receipt.revision, undone.restored_submission_id) == (2, "")
    assert "trukket tilbage" in undone.message_da
    assert await content(almen, "afd-1") == {"withdrawn": True}
    after = await upload(almen, key, workbook([HEAD[:2], ["afd-1", 1]]))
    assert rows(after) == [("afd-1", SENT, 3)]


async def test_what_cannot_be_undone(almen: Running) -> None:
    ours, theirs = await almen.key("org-a"), await almen.key("org-b")
    first, second = [
        (await upload(almen, ours, workbook([HEAD[:2], ["afd-1", amount]]))).rows[0].receipt for amount in (1, 2)
    ]
    unknown = pb.Submission(submission_id="u", unit_id="nowhere", scheme="dk-almen", **PERIOD)
    await refused(almen.submissions.Submit(api.SubmitRequest(submission=unknown), metadata=ours, timeout=10))

    older = await refused(undo(almen, ours, first.submission_id))
    assert older[:2] == (grpc.StatusCode.FAILED_PRECONDITION, "NT-1135")
    assert older[2]["newest"] == second.submission_id
    assert (await refused(undo(almen, ours, "u")))[1] == "NT-1140"
    assert (await refused(undo(almen, ours, "nothing")))[:2] == (grpc.StatusCode.NOT_FOUND, "NT-1011")
    assert (await refused(undo(almen, theirs, second.submission_id)))[1] == "NT-1011"
    assert (await refused(undo(almen, theirs, second.submission_id, organisation_id="org-a")))[1] == "NT-1002"


async def test_a_full_outbox_refuses_a_file(almen: Running) -> None:
    key = await almen.key("org-a")
    almen.service._relay.pending = 10**9
    assert (await refused(upload(almen, key, TWO)))[:2] == (grpc.StatusCode.RESOURCE_EXHAUSTED, "NT-1010")
