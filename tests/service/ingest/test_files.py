"""Files over a real server: sent, sent again, corrected; others' files and hostile ones refused."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.ingest import file_store
from tests.service.ingest.conftest import Running, refused
from tests.service.ingest.files import HEAD, PIECE, SENT, TWO, UNCHANGED, almen, content, lines, sent_rows, upload
from tests.unit.ingest.workbooks import workbook

__all__ = ["almen"]


async def test_a_file_is_one_submission_a_unit_with_receipts(almen: Running) -> None:
    key = await almen.key("org-a")

    answer = await upload(almen, key, TWO)

    assert sent_rows(answer) == [("afd-1", SENT, 1), ("afd-2", SENT, 1)]
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

    assert sent_rows(again) == [("afd-1", UNCHANGED, 1), ("afd-2", UNCHANGED, 1)]
    assert [r.receipt for r in again.rows] == [r.receipt for r in first.rows]
    assert again.upload_id == first.upload_id
    assert len(await lines(almen)) == 2


async def test_only_what_was_changed_is_sent_and_back_and_forth_is_three_revisions(almen: Running) -> None:
    key = await almen.key("org-a")
    other = workbook([HEAD, ["afd-1", 650, 1000], ["afd-2", 700, "1.234,5"]])

    revisions = [sent_rows(await upload(almen, key, data))[0] for data in (TWO, other, TWO, TWO)]

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

    answer = await upload(almen, key, workbook([HEAD, ["afd-1", "1234.5", 1000], ["afd-22", 1, 2]]))

    first, second = answer.findings
    assert (first.code, first.cell, first.unit_id, first.data_point) == ("NT-1121", "B2", "afd-1", "konto_114")
    assert first.message_da == (
        "B2 · Renholdelse (konto 114), kr.: »1234.5« er ikke et dansk tal. Mener I 1.234,5? "
        "Ret cellen, eller brug en talcelle."
    )
    assert (second.code, second.cell, second.parameters["suggestion"]) == ("NT-1117", "A3", "afd-2")
    assert sent_rows(answer) == [("afd-1", SENT, 1)]
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

    assert sent_rows(first) == [("afd-1", SENT, 1), ("afd-1", SENT, 2)]
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


async def test_a_full_outbox_refuses_a_file(almen: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await almen.key("org-a")
    monkeypatch.setattr(type(almen.service), "outbox_full", True)
    assert (await refused(upload(almen, key, TWO)))[:2] == (grpc.StatusCode.RESOURCE_EXHAUSTED, "NT-1010")
