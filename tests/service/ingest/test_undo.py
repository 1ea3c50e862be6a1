"""Undo over a real server: what was before holds again."""

from typing import Any

import grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.ingest import file_store
from tests.service.ingest.conftest import Running, refused
from tests.service.ingest.files import HEAD, PERIOD, SENT, UNCHANGED, almen, content, lines, sent_rows, upload
from tests.unit.ingest.workbooks import workbook

__all__ = ["almen"]


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
    assert sent_rows(after) == [("afd-1", SENT, 3)]


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


async def test_an_operator_undoes_for_whoever_sent(almen: Running) -> None:
    ours, operator = await almen.key("org-a"), await almen.key(role=pb.ROLE_OPERATOR)
    sent = (await upload(almen, ours, workbook([HEAD[:2], ["afd-1", 1]]))).rows[0].receipt
    assert (await undo(almen, operator, sent.submission_id)).receipt.organisation_id == "org-a"


async def test_months_and_the_year_are_undone_each_by_themselves(almen: Running) -> None:
    key = await almen.key("org-a")
    periods = [("2024-01-01", "2024-12-31"), ("2024-06-01", "2024-06-30"), ("2024-06-01", "2024-06-30")]
    sent = [
        (await upload(almen, key, workbook([HEAD[:2], ["afd-1", n + 1]]), period_start=start, period_end=end)).rows[0]
        for n, (start, end) in enumerate(periods)
    ]
    assert [row.receipt.revision for row in sent] == [1, 1, 2]

    undone = await undo(almen, key, sent[2].receipt.submission_id)

    assert (undone.receipt.revision, undone.restored_submission_id) == (3, sent[1].receipt.submission_id)
    newest = await almen.service.read(lambda c: file_store.newest(c, "dk-almen", ["afd-1"]))
    assert {period: line.revision for (_, period), line in newest.items()} == {"2024": 1, "2024-06": 3}
    year = workbook([HEAD[:2], ["afd-1", 1]])
    assert sent_rows(await upload(almen, key, year)) == [("afd-1", UNCHANGED, 1)]
