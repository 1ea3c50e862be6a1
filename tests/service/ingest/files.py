"""An ingest with departments of two organisations, and files sent to it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.ingest import file_store, store
from services.ingest.registration import Unit
from tests.service.ingest.conftest import SINCE, Running
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


def sent_rows(answer: Any) -> list[tuple[str, int, int]]:
    return [(r.unit_id, r.outcome, r.receipt.revision) for r in answer.rows]


async def lines(running: Running) -> Any:
    return await running.service.read(lambda c: c.execute(store.submission_log.select()).all())


async def content(running: Running, unit: str) -> dict[str, Any]:
    """The amounts of the newest revision of a unit in the log."""
    newest = await running.service.read(lambda c: file_store.newest(c, "dk-almen", [unit]))
    submission = pb.Submission.FromString(newest[unit, "2024"].raw)
    said = {a.data_point: getattr(a, a.WhichOneof("content")) for a in submission.amounts}
    return said | ({"withdrawn": True} if submission.withdraw else {})


SENT, UNCHANGED = api.UPLOAD_OUTCOME_SENT, api.UPLOAD_OUTCOME_UNCHANGED
TWO = workbook([HEAD, ["afd-1", 612.5, 1000], ["afd-2", 700, "1.234,5"]])
