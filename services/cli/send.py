"""`noegletal submit`: a file to the services that run, and what became of it."""

from dataclasses import dataclass
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from noegletal.v1 import assessment_pb2 as pb
from noegletal.v1 import submission_pb2

from services.catalogue import codes, definitions
from services.catalogue.definitions import UnknownDefinitions
from services.cli import running, tables
from services.cli.assessments import Assessments
from services.cli.client import connect
from services.cli.tables import Faults
from services.cli.talk import Exit, Stop, Talk


@dataclass(frozen=True)
class Order:
    """What is to be sent."""

    file: Path
    scheme: str
    catalogue_year: int | None
    units: Path | None
    language: str


async def run(order: Order, talk: Talk) -> None:
    """Send; ends with findings when anything was refused or held."""
    try:
        known_years = definitions.years(order.scheme)
        catalogue = definitions.of(order.scheme, str(order.catalogue_year or (known_years[-1] if known_years else "")))
    except UnknownDefinitions as unknown:
        raise Stop(
            f"NT-2103 no definitions for {unknown.scheme}; there are: {', '.join(unknown.known)}", Exit.USAGE
        ) from None
    faults = Faults()
    submissions = tables.read_submissions(order.file, order.scheme, catalogue, faults)
    units = tables.read_units(order.units, faults) if order.units else []
    organisations = {u.unit_id: u.organisation_id for u in units}
    for submission in submissions:
        submission.organisation_id = submission.organisation_id or organisations.get(submission.unit_id, "")
    faults.stop()
    known = running.read()
    refused = 0
    async with connect(known.addresses, known.key) as client:
        if units:
            await client.register(order.scheme, units)
        answers = await client.submit(submissions)
        for answer in answers:
            if answer.receipt.outcome != submission_pb2.RECEIPT_OUTCOME_ACCEPTED:
                refused += 1
                talk.say(f"{answer.receipt.code} {answer.message_da if order.language == 'da' else answer.message_en}")
        if known.kafka:
            async with Assessments(known.kafka) as assessments:
                for one in await assessments.wait_for([a.receipt.receipt_id for a in answers]):
                    refused += _say(one, talk, order.language)
        else:
            talk.say("the assessments are on topic submission-assessed; set NOEGLETAL_KAFKA to see them here")
    if refused:
        raise Stop(f"{refused} refused or held; see above, then send a new revision", Exit.FINDINGS)
    talk.say(f"{len(answers)} submissions are in; next: noegletal benchmarks")


def _say(one: pb.SubmissionAssessed, talk: Talk, language: str) -> int:
    """Show one assessment; returns 1 where anything in it was refused or held."""
    if talk.as_json:
        talk.record(MessageToDict(one, preserving_proto_field_name=True))
    counts = [
        sum(f.verdict == v for f in one.figures)
        for v in (pb.VERDICT_ACCEPTED, pb.VERDICT_HELD, pb.VERDICT_REFUSED, pb.VERDICT_MISSING)
    ]
    if not talk.as_json:
        said = (
            "accepted {}, held {}, refused {}, missing {}"
            if language == "en"
            else "med {}, venter {}, afvist {}, mangler {}"
        )
        talk.data(
            f"{one.unit_id} {one.period} r{one.receipt.revision} {one.receipt.receipt_id}: {said.format(*counts)}"
        )
        for finding in one.findings:
            talk.data(f"  {finding.code} {codes.words(finding.code, finding.parameters)[language]}")
    return int(one.verdict == pb.SUBMISSION_VERDICT_REFUSED or counts[1] + counts[2] > 0)
