"""The sender's own workbook with everything marked, fetched from ingest for the mail that says what is to be corrected."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from noegletal.v1 import assessment_pb2
from noegletal.v1 import submission_service_pb2 as api
from noegletal.v1 import submission_service_pb2_grpc as grpc_api

from services.notify.mail_message import Attachment
from services.notify.sentences import words

MOST_BYTES = 5 * 1024 * 1024  # of a file that still travels by mail; mail servers take some 10 MB in base64
REQUEST = 900 * 1024  # bytes of findings: a call takes at most 1 MiB
TYPE = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
NEVER = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.PERMISSION_DENIED)


class Away(Exception):
    """Ingest does not answer just now; asked again, it may."""


class Workbooks:
    """Asks ingest with an operator's key, and only ever for the organisation that the mail goes to."""

    def __init__(self, address: str, key: str, timeout_seconds: float) -> None:
        self._address, self._key, self._timeout_seconds = address, key, timeout_seconds

    async def marked(self, organisation_id: str, file: Mapping[str, Sequence[str]], language: str) -> Attachment | None:
        """The workbook of receipts, with their findings; None where there is none that could travel. Raises Away.

        file   as mail_facts has it.
        """
        request = api.MarkWorkbookRequest(organisation_id=organisation_id, language=language, receipt_id=[*file][-1])
        size = 0
        for receipt_id, packed in file.items():
            for one in packed:
                size += len(one) + len(receipt_id)
                if size < REQUEST:
                    finding = assessment_pb2.Finding.FromString(b64decode(one))
                    request.findings.add(receipt_id=receipt_id, finding=finding)
        content = await self._asked(request)
        return Attachment(words(language)("mail.workbook"), content, TYPE) if 0 < len(content) <= MOST_BYTES else None

    async def _asked(self, request: Any) -> bytes:
        """The file's bytes; none where ingest has no such file for us, or more than can travel."""
        content = bytearray()
        try:
            async with grpc.aio.insecure_channel(self._address) as channel:
                ask = grpc_api.SubmissionServiceStub(channel).MarkWorkbook
                metadata = [("authorization", f"Bearer {self._key}")]
                async for answer in ask(request, metadata=metadata, timeout=self._timeout_seconds):
                    content += answer.piece
                    if len(content) > MOST_BYTES:
                        return b""
        except grpc.aio.AioRpcError as error:
            if error.code() in NEVER:
                return b""
            raise Away(error.code().name) from None
        return bytes(content)
