"""The doors for files: upload a workbook or CSV, have it back marked, get a template, undo. Every answer after the commit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

import grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.catalogue.numbers import Convention
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.ingest import file_cells, file_store, file_wire, form, marking, reading, wire
from services.ingest.asked_rpc import PIECE, day, definitions_of, language, pieces
from services.ingest.delivered import Finding, Form, Place, Row, Severity, Surroundings
from services.ingest.form_rows import text_of
from services.ingest.intake import shown
from services.ingest.table import FILE_BYTES, FileFault, NoValue, Table
from services.ingest.template_rpc import TemplateMethods
from services.ingest.undo_rpc import Commits, UndoMethods

ROWS = 5000  # most submissions of one file
AT_ONCE = 2  # files read at the same time
CONVENTIONS: dict[int, Convention] = {0: "", api.NUMBER_CONVENTION_DANISH: "da", api.NUMBER_CONVENTION_ENGLISH: "en"}
Newest = Mapping[tuple[str, str], Any]  # the newest line of the log, by unit and the place its revisions are counted by
Step = tuple[Row, pb.Submission, Any]


class FileMethods(TemplateMethods, UndoMethods):
    """The methods of noegletal.v1.SubmissionService that have to do with files."""

    def __init__(self, service: Service, commits: Commits) -> None:
        self._service, self._commits = service, commits
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def Upload(self, request_iterator: Any, context: Any) -> Any:
        head, data = await _gathered(request_iterator)
        who = caller()
        organisation = "" if who.is_operator and not head.organisation_id else who.acting_for(head.organisation_id)
        async with self._turns:
            table = await _readable(data)
            scheme = head.scheme or form.scheme(table)
            around, newest = await self._around(head, scheme, organisation, table)
            delivered = await asyncio.to_thread(_form, table, around)
            plan = await asyncio.to_thread(_planned, delivered, scheme, newest)
        for row in delivered.rows:
            who.acting_for(row.organisation_id or organisation)
        answers = await self._take_in(plan, head, context)
        kept = {
            "organisation_id": organisation,
            "key_id": who.key_id,
            "file_name": shown(head.file_name, 200),
            "scheme": scheme,
            "content": data,
        }
        upload_id = "" if head.dry_run else await self._keep(kept, delivered, answers)
        return file_wire.answer(table, delivered, answers, upload_id)

    async def MarkWorkbook(self, request: Any, context: Any) -> AsyncIterator[Any]:
        who = caller()
        organisation = (
            "" if who.is_operator and not request.organisation_id else who.acting_for(request.organisation_id)
        )
        language(request.language)
        named = request.upload_id or request.receipt_id
        kept = await self._service.read(
            lambda c: file_store.kept(c, request.upload_id or file_store.upload_of(c, request.receipt_id))
        )
        if kept is None or kept["organisation_id"] != organisation:
            raise Refusal("NT-1133", grpc.StatusCode.NOT_FOUND, upload=shown(named, 64))
        assessed = [(item.receipt_id, item.finding) for item in request.findings]
        findings = file_cells.cell_findings(kept, assessed, request.language)
        async with self._turns:
            marked = await asyncio.to_thread(_marked, bytes(kept["content"]), findings, request.language)
        for piece in pieces(marked):
            yield api.MarkWorkbookResponse(piece=piece)

    async def _around(self, head: Any, scheme: str, organisation: str, table: Table) -> tuple[Surroundings, Newest]:
        """What is known of the units in a file."""
        known = definitions.years(scheme) if scheme in definitions.schemes() else []
        newest_year = str(head.catalogue_year or (known[-1] if known else ""))
        definitions_of(scheme, newest_year)

        def catalogue(year: str) -> Catalogue:
            asked = year if year in known and not head.catalogue_year else newest_year
            return definitions.of(scheme, asked)

        units = await self._service.read(lambda c: file_store.units_of(c, scheme, organisation))
        mentioned = await asyncio.to_thread(_mentioned, table, units)
        newest = await self._service.read(lambda c: file_store.newest(c, scheme, mentioned))
        around = Surroundings(
            scheme=scheme,
            organisation_id=organisation,
            units={unit_id: owner for unit_id, (owner, _) in units.items()},
            before=await asyncio.to_thread(_before, newest),
            catalogue=catalogue,
            period=(head.period_start, head.period_end),
            convention=CONVENTIONS.get(head.number_convention, ""),
        )
        return around, newest

    async def _take_in(self, plan: Sequence[Step], head: Any, context: Any) -> list[api.UploadedRow]:
        """Send what is new of a file; says of each row what became of it."""
        answers: list[Any] = []
        for row, submission, last in plan:
            if last is not None:
                answers.append(file_wire.uploaded_row(row, api.UPLOAD_OUTCOME_UNCHANGED, wire.receipt(last)))
            elif head.dry_run:
                answers.append(file_wire.uploaded_row(row, api.UPLOAD_OUTCOME_WOULD_BE_SENT, None))
            else:
                source = f"grpc {context.peer()} file {row.place.sheet} {row.place.row}"
                answers.append((row, self._given(submission, row.organisation_id, pb.DOOR_FILE, source)))
        return [await _sent(*a) if isinstance(a, tuple) else a for a in answers]

    async def _keep(self, kept: dict[str, Any], delivered: Form, answers: Sequence[api.UploadedRow]) -> str:
        """Keep the file with where everything stands in it; its id."""
        receipts = [a.receipt.receipt_id for a in answers]
        upload_id = file_wire.upload_id(kept["organisation_id"], kept["content"], receipts)
        kept |= {
            "upload_id": upload_id,
            "sha256": sha256(kept["content"]).digest(),
            "cells": file_cells.cell_map(zip(delivered.rows, receipts, strict=True)),
            "findings": file_cells.kept_findings(delivered.findings),
        }
        await self._service.write(lambda tx: file_store.keep(tx, kept))
        return upload_id


async def _gathered(requests: Any) -> tuple[Any, bytes]:
    """The head and the bytes of an upload. Raises Refusal as soon as they break the contract."""
    head, data = None, bytearray()
    async for request in requests:
        kind = request.WhichOneof("content")
        if (kind == "head") is not (head is None) or kind is None:
            raise _protocol("Hovedet kommer først, og kun én gang.", "The head comes first, and once.")
        if kind == "head":
            head = request.head
            continue
        if len(request.piece) > PIECE:
            raise _protocol("Et stykke er på højst 256 KiB.", "A piece is at most 256 KiB.")
        data += request.piece
        if len(data) > FILE_BYTES:
            said = {"size": f"> {FILE_BYTES // 2**20}", "most": str(FILE_BYTES // 2**20)}
            raise Refusal("NT-1101", grpc.StatusCode.INVALID_ARGUMENT, **said)
    if head is None:
        raise _protocol("Hovedet mangler.", "The head is missing.")
    for field in ("period_start", "period_end"):
        if getattr(head, field):
            day(head, field)
    return head, bytes(data)


async def _readable(data: bytes) -> Table:
    try:
        return await asyncio.to_thread(reading.read, data)
    except FileFault as fault:
        raise Refusal(fault.code, grpc.StatusCode.INVALID_ARGUMENT, **fault.parameters) from None


def _form(table: Table, around: Surroundings) -> Form:
    try:
        delivered = form.read(table, around)
    except FileFault as fault:
        raise Refusal(fault.code, grpc.StatusCode.INVALID_ARGUMENT, **fault.parameters) from None
    if len(delivered.rows) > ROWS:
        said = {
            "count": str(len(delivered.rows)),
            "most": str(ROWS),
            "rule_da": "indberetninger",
            "rule_en": "submissions",
        }
        raise Refusal("NT-1108", grpc.StatusCode.INVALID_ARGUMENT, **said)
    if delivered.refused and not any(f.severity is Severity.ERROR and not f.unit_id for f in delivered.findings):
        delivered.say(Finding("NT-1138", Severity.ERROR, Place(""), {}))
    return delivered


def _planned(delivered: Form, scheme: str, newest: Newest) -> list[Step]:
    """Which rows are to be sent, each under its id; beside a row that says nothing new, the line that says the same."""
    plan: list[Step] = []
    for row in delivered.rows:
        submission = file_wire.submission(row, scheme)
        last = newest.get((row.unit_id, row.counted_by))
        if last is not None and _repeats(row, submission, last):
            plan.append((row, submission, last))
            continue
        gone = file_wire.fallen_away(row, last) if last is not None else None
        delivered.say(*([gone] if gone else []))
        file_wire.name(submission, last.revision if last is not None else 0)
        plan.append((row, submission, None))
    return plan


def _mentioned(table: Table, units: Collection[str]) -> set[str]:
    """The registered units that stand anywhere in a file."""
    return {text for sheet in table.sheets for row in sheet.rows for v in row if (text := text_of(v)) in units}


def _before(newest: Newest) -> dict[tuple[str, str], Mapping[str, int]]:
    """The amounts of a year before, by unit and the year or month they are before of."""
    return {
        (unit, f"{int(period[:4]) + 1:04}{period[4:]}"): file_wire.amounts(bytes(line.raw))
        for (unit, period), line in newest.items()
    }


def _marked(content: bytes, findings: Sequence[marking.CellFinding], language: str) -> bytes:
    """The sender's workbook, marked; of a CSV, and of a workbook that cannot be written in, a new one with its rows."""
    table = reading.read(content)
    if table.kind == "xlsx":
        try:
            return marking.mark(content, findings, language)
        except marking.CannotMark:
            pass
    name = next((f.sheet for f in findings if f.sheet), table.sheets[0].name)
    sheet = next((s for s in table.sheets if s.name == name), table.sheets[0])
    rows = [[value.text if isinstance(value, NoValue) else value for value in row] for row in sheet.rows]
    return marking.mark_rows(rows, findings, language)


async def _sent(row: Row, receipt: Awaitable[pb.Receipt]) -> api.UploadedRow:
    given = await receipt
    accepted = given.outcome == pb.RECEIPT_OUTCOME_ACCEPTED
    outcome = api.UPLOAD_OUTCOME_SENT if accepted else api.UPLOAD_OUTCOME_REFUSED
    return file_wire.uploaded_row(row, outcome, given)


def _repeats(row: Row, submission: pb.Submission, line: Any) -> bool:
    """Whether a row says what the newest line says; not where it asks for a revision of its own."""
    ours = line.organisation_id == row.organisation_id and row.revision in (0, line.revision)
    return ours and file_wire.says_the_same(submission, pb.Submission.FromString(bytes(line.raw)))


def _protocol(rule_da: str, rule_en: str) -> Refusal:
    return Refusal("NT-1132", grpc.StatusCode.INVALID_ARGUMENT, rule_da=rule_da, rule_en=rule_en)
