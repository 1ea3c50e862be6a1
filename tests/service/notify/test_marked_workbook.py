"""The sender's own workbook, marked, in the mail that says what is to be corrected: notify and a real ingest."""

import io
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from noegletal.v1 import assessment_pb2
from noegletal.v1 import submission_pb2 as pb

from tests.service.ingest.conftest import Running, start
from tests.service.ingest.conftest import running as ingest
from tests.service.ingest.files import HEAD, almen, upload
from tests.service.notify import running
from tests.service.notify.receiver import until
from tests.service.notify.running import DELIVERED
from tests.unit.ingest.workbooks import workbook

__all__ = ["almen", "ingest", "start"]
FILE = workbook([HEAD, ["afd-1", "1234.5", 1000], ["afd-2", 700, 5]])


@pytest.fixture(name="running")
async def _running(ingest: Running) -> Running:
    return ingest


def _assessed(row: Any) -> assessment_pb2.SubmissionAssessed:
    """A row of an upload as it was assessed: one figure refused."""
    event = assessment_pb2.SubmissionAssessed(
        receipt=row.receipt,
        unit_id=row.unit_id,
        scheme="dk-almen",
        period="2024",
        verdict="SUBMISSION_VERDICT_ACCEPTED",
    )
    event.figures.add(key_figure="OEK-114", verdict="VERDICT_REFUSED", absence="ABSENCE_REFUSED")
    said = {"data_point": "bruttoareal", "value": "-5"}
    event.findings.add(code="NT-2003", severity="SEVERITY_ERROR", data_point="bruttoareal", parameters=said)
    return event


async def _mailed(folder: Path, events: list[Any], attempts: int, **given: Any) -> Any:
    """The one mail that tells of assessments, and the delivery it came by."""
    given |= {"mail_outbox_dir": folder / "outbox"}
    async with running.running(folder, **given) as notify:
        endpoint_id = await notify.mailbox()
        for event in events:
            await notify.deliver("submission-assessed", event)
        [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
        assert delivery.attempts == attempts
    [kept] = (folder / "outbox").glob("*.eml")
    return message_from_bytes(kept.read_bytes(), policy=default)


async def _operator(almen: Running) -> str:
    [(_, bearer)] = await almen.key("", pb.ROLE_OPERATOR)
    return bearer.removeprefix("Bearer ")


async def test_one_mail_for_a_file_with_the_file_marked(almen: Running, tmp_path: Path) -> None:
    answer = await upload(almen, await almen.key("org-a"), FILE)
    given = {"ingest": almen.service.grpc_address, "ingest_key": await _operator(almen)}

    mail = await _mailed(tmp_path, [_assessed(row) for row in answer.rows], 1, **given)

    text = mail.get_body(("plain",)).get_content()
    assert "2 svar på det, I har sendt." in text
    assert "Jeres egen fil er vedhæftet" in text
    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == "ret-dette.xlsx"
    marked = openpyxl.load_workbook(io.BytesIO(attached.get_content()))
    assert marked.sheetnames == ["Ret dette", "Tal"]
    assert {c.coordinate for row in marked["Tal"] for c in row if c.comment} == {"B2", "C2", "C3"}


async def test_a_file_that_is_not_the_organisations_own_does_not_travel(almen: Running, tmp_path: Path) -> None:
    """An operator's file may hold the units of many: it is never sent to one of them."""
    key = await almen.key("", pb.ROLE_OPERATOR)
    answer = await upload(almen, key, workbook([HEAD, ["afd-1", 612.5, 1000], ["afd-b", 1, 2]]))
    given = {"ingest": almen.service.grpc_address, "ingest_key": await _operator(almen)}

    mail = await _mailed(tmp_path, [_assessed(answer.rows[0])], 1, **given)

    assert list(mail.iter_attachments()) == []
    assert "noegletal submit FIL" in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(("given", "attempts"), [({}, 1), ({"ingest": "127.0.0.1:1", "ingest_key": "k.s"}, 3)])
async def test_the_mail_does_not_wait_for_ever_for_the_file(
    almen: Running, tmp_path: Path, given: dict[str, str], attempts: int
) -> None:
    answer = await upload(almen, await almen.key("org-a"), FILE)

    mail = await _mailed(tmp_path, [_assessed(answer.rows[1])], attempts, **given)

    assert mail["Subject"] == "Afdeling afd-2 2024: 0 nøgletal er med, 1 er ikke"
    assert list(mail.iter_attachments()) == []
    assert "noegletal submit FIL" in mail.get_body(("plain",)).get_content()
