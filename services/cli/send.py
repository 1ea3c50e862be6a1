"""`noegletal submit`: a file to the services that run, and what became of it, cell by cell."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from noegletal.v1 import assessment_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.catalogue import codes
from services.cli import running, tables
from services.cli.assessments import Assessments
from services.cli.client import Client, connect
from services.cli.file_commands import write
from services.cli.tables import Faults
from services.cli.talk import Exit, Stop, Talk

REQUEST = 900_000  # bytes of findings that are handed back to be marked; the worst first
MARKED = {"da": "ret", "en": "marked"}
DEFAULT_SCHEME = "uk-tsm"
CONVENTIONS = {
    api.NUMBER_CONVENTION_DANISH: {"da": "danske tal (1.234,5)", "en": "Danish numbers (1.234,5)"},
    api.NUMBER_CONVENTION_ENGLISH: {"da": "engelske tal (1,234.5)", "en": "English numbers (1,234.5)"},
    api.NUMBER_CONVENTION_UNSPECIFIED: {"da": "tal, der læses ens overalt", "en": "numbers read alike everywhere"},
}
COUNTS = {
    "da": "med {}, venter {}, afvist {}, mangler {}",
    "en": "accepted {}, held {}, refused {}, missing {}",
}
ENDS = {
    "findings": {"da": "{} afvist eller tilbageholdt; se ovenfor{}", "en": "{} refused or held; see above{}"},
    "then": {"da": "; ret filen, og send den igen", "en": ", correct the file and send it again"},
    "marked": {"da": "; ret {}, og send den", "en": "; correct {} and send that"},
    "in": {"da": "indberetninger inde: {}, uændrede: {}", "en": "submissions in: {}, unchanged: {}"},
}


@dataclass(frozen=True)
class Order:
    """What is to be sent. No scheme: as the template says."""

    file: Path
    scheme: str
    catalogue_year: int | None
    units: Path | None
    organisation: str
    dry_run: bool
    language: str


async def run(order: Order, talk: Talk) -> None:
    """Send; ends with findings when anything was refused or held."""
    faults = Faults()
    data = _bytes(order.file, faults)
    units = tables.read_units(order.units, faults) if order.units else []
    faults.stop()
    workbook = data.startswith(b"PK")
    scheme = order.scheme or ("" if workbook else DEFAULT_SCHEME)
    head = api.UploadHead(
        scheme=scheme,
        organisation_id=order.organisation,
        file_name=order.file.name,
        dry_run=order.dry_run,
        catalogue_year=order.catalogue_year or 0,
    )
    known, marked = running.read(), None
    async with connect(known.addresses, known.key, order.language) as client:
        if units and not order.dry_run:
            await client.register(scheme or DEFAULT_SCHEME, units)
        answer = await client.upload(head, data)
        wrong = _file(answer, talk, order.language)
        assessed = [] if order.dry_run else await _assessed(answer, known.kafka, talk)
        cells = {row.receipt.receipt_id: row.cells for row in answer.rows}
        told = {(f.unit_id, f.data_point) for f in answer.findings if f.data_point}
        for one in assessed:
            wrong += _say(one, cells[one.receipt.receipt_id], told, talk, order.language)
        if wrong and workbook and answer.upload_id:
            marked = await _marked(client, answer, assessed, order)
    _end(answer, wrong, marked, talk, order)


def _bytes(path: Path, faults: Faults) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        faults.add(path, 0, "does not exist; check the path")
    except OSError as error:
        faults.add(path, 0, f"cannot be read ({error.strerror})")
    return b""


def _file(answer: api.UploadResponse, talk: Talk, language: str) -> int:
    """Say how the file was read and what is wrong in it; returns how many findings stop something."""
    how = [answer.kind.upper(), answer.encoding, f"»{answer.separator}«" if answer.separator else ""]
    how.append(CONVENTIONS[answer.number_convention][language])
    talk.say(" · ".join(part for part in how if part))
    if talk.as_json:
        talk.record({"upload": MessageToDict(answer, preserving_proto_field_name=True)})
    for finding in () if talk.as_json else answer.findings:
        talk.data(f"{finding.code} {finding.message_da if language == 'da' else finding.message_en}")
    if answer.findings_in_all > len(answer.findings):
        talk.say(f"… {answer.findings_in_all - len(answer.findings)} +")
    for row in answer.rows:
        if row.outcome == api.UPLOAD_OUTCOME_REFUSED:
            talk.say(f"{row.receipt.code} {row.message_da if language == 'da' else row.message_en}")
    refused = sum(row.outcome == api.UPLOAD_OUTCOME_REFUSED for row in answer.rows)
    return refused + sum(f.severity != pb.SEVERITY_NOTE for f in answer.findings)


async def _assessed(answer: api.UploadResponse, kafka: str, talk: Talk) -> list[pb.SubmissionAssessed]:
    """The assessments of what was sent, and of what stands unchanged."""
    if not kafka:
        talk.say("the assessments are on topic submission-assessed; set NOEGLETAL_KAFKA to see them here")
        return []
    async with Assessments(kafka) as assessments:
        return await assessments.wait_for([row.receipt.receipt_id for row in answer.rows])


async def _marked(
    client: Client, answer: api.UploadResponse, assessed: Sequence[pb.SubmissionAssessed], order: Order
) -> Path:
    """The sender's workbook with everything marked, beside the file."""
    request = api.MarkWorkbookRequest(
        upload_id=answer.upload_id, organisation_id=order.organisation, language=order.language
    )
    size = 0
    for finding in sorted(_findings(assessed), key=lambda item: item.finding.severity):
        size += finding.ByteSize() + 8
        if size < REQUEST:
            request.findings.append(finding)
    path = order.file.with_name(f"{order.file.stem}-{MARKED[order.language]}.xlsx")
    write(path, await client.file(client.submissions.MarkWorkbook, request))
    return path


def _findings(assessed: Sequence[pb.SubmissionAssessed]) -> Iterator[api.ReceiptFinding]:
    for one in assessed:
        for finding in one.findings:
            yield api.ReceiptFinding(receipt_id=one.receipt.receipt_id, finding=finding)


def _say(
    one: pb.SubmissionAssessed, cells: Mapping[str, str], told: Set[tuple[str, str]], talk: Talk, language: str
) -> int:
    """Show one assessment, each finding with its cell; returns 1 where anything in it was refused or held.

    told  units and data points of cells that could not be read: what is wrong there has been said better
    """
    if talk.as_json:
        talk.record(MessageToDict(one, preserving_proto_field_name=True))
    verdicts = (pb.VERDICT_ACCEPTED, pb.VERDICT_HELD, pb.VERDICT_REFUSED, pb.VERDICT_MISSING)
    counts = [sum(f.verdict == v for f in one.figures) for v in verdicts]
    if not talk.as_json:
        named = f"{one.unit_id} {one.period} r{one.receipt.revision} {one.receipt.receipt_id}"
        talk.data(f"{named}: {COUNTS[language].format(*counts)}")
        for finding in one.findings:
            if finding.code == "NT-2002" and (one.unit_id, finding.data_point) in told:
                continue
            place = f" [{cells[finding.data_point]}]" if finding.data_point in cells else ""
            talk.data(f"  {finding.code} {codes.words(finding.code, finding.parameters)[language]}{place}")
    return int(one.verdict == pb.SUBMISSION_VERDICT_REFUSED or counts[1] + counts[2] > 0)


def _end(answer: api.UploadResponse, wrong: int, marked: Path | None, talk: Talk, order: Order) -> None:
    """The important line last, and what to do next."""
    language = order.language
    talk.say(answer.message_da if language == "da" else answer.message_en)
    if wrong:
        then = ENDS["marked"][language].format(marked) if marked else ENDS["then"][language]
        raise Stop(ENDS["findings"][language].format(wrong, then), Exit.FINDINGS)
    if order.dry_run:
        talk.say(f"noegletal submit {order.file}")
        return
    unchanged = sum(row.outcome == api.UPLOAD_OUTCOME_UNCHANGED for row in answer.rows)
    talk.say(ENDS["in"][language].format(len(answer.rows) - unchanged, unchanged) + " · noegletal benchmarks")
    if len(answer.rows) == 1 and not unchanged:
        talk.say(f"noegletal undo {answer.rows[0].receipt.submission_id}")
