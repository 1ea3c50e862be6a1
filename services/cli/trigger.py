"""`noegletal trigger`: an example through the real path, and every event that it leads to."""

import asyncio
import difflib
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import text_format
from google.protobuf.json_format import MessageToDict
from noegletal.v1 import assessment_pb2
from noegletal.v1 import benchmark_service_pb2 as bench
from noegletal.v1 import registry_service_pb2 as registry
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import codes
from services.chassis.event import text
from services.cli import running, sector_data
from services.cli.client import Client, connect
from services.cli.tables import UnitRow
from services.cli.talk import Exit, Stop, Talk, coded
from services.cli.topic_lines import as_object, message
from services.cli.topic_reading import Reading, Start, address, reading

EXAMPLES = Path(__file__).resolve().parents[2] / "proto" / "examples" / "submissions"
PATH = ("submission-received", "submission-assessed", "observations-accepted", "benchmark-updated")
RECORDS_AT_ONCE = 10_000
SAYS = {
    "registered": {"da": "afdeling {} er tilmeldt for {}", "en": "unit {} is registered for {}"},
    "known": {"da": "afdeling {} er allerede tilmeldt for {}", "en": "unit {} is registered for {} already"},
    "receipt": {
        "da": "kvittering {}: nr. {} i loggen, revision {}",
        "en": "receipt {}: number {} in the log, revision {}",
    },
    "step": {"da": "{} {}@{} ce_id {} efter {:.0f} ms", "en": "{} {}@{} ce_id {} after {:.0f} ms"},
    "holds": {"da": "{} udgave {} indeholder den", "en": "{} vintage {} holds it"},
    "undo": {"da": "fortryd: noegletal undo {}", "en": "undo: noegletal undo {}"},
    "refused": {
        "da": "indberetningen gav ingen nøgletal; se fundene ovenfor",
        "en": "no key figure came of the submission; see the findings above",
    },
    "dry": {"da": "intet er sendt", "en": "nothing was sent"},
}


@dataclass(frozen=True)
class Order:
    """What is to be sent. `unit` goes before `example`; an empty organisation is the example's own."""

    example: str
    unit: str
    organisation: str
    seconds: float
    kafka: str
    language: str


def submission(order: Order) -> tuple[pb.Submission, UnitRow]:
    """The submission, with an id that was never used, and the unit as it would be registered. Raises Stop (NT-9205)."""
    sector = sector_data.load()
    if order.unit:
        if order.unit not in sector.submissions:
            raise _unknown(order.unit, sorted(sector.submissions), order.language)
        made = pb.Submission()
        made.CopyFrom(sector.submissions[order.unit])
    else:
        there = {path.stem: path for path in EXAMPLES.glob("*.txtpb")}
        if order.example not in there:
            raise _unknown(order.example, sorted(there), order.language)
        made = text_format.Parse(there[order.example].read_text(), pb.Submission())
    row = next((u for u in sector.units if u.unit_id == made.unit_id), None)
    owner = order.organisation or (row.organisation_id if row else made.organisation_id)
    made.organisation_id = order.organisation or made.organisation_id or owner
    made.submission_id, made.revision = f"trigger-{uuid.uuid4()}", 0
    return made, UnitRow(made.unit_id, owner, owner, dict(row.attributes) if row else {})


def _unknown(name: str, known: list[str], language: str) -> Stop:
    near = difflib.get_close_matches(name, known, n=3) or known[:9]
    return Stop(coded("NT-9205", language, what=name[:64], near=", ".join(near)), Exit.USAGE)


def preview(order: Order, talk: Talk) -> None:
    """Say what would be sent."""
    made, unit = submission(order)
    talk.record(
        {
            "register_unless_known": {"unit_id": unit.unit_id, "organisation_id": unit.organisation_id}
            | {"scheme": made.scheme, "attributes": dict(unit.attributes)},
            "submit": MessageToDict(made, preserving_proto_field_name=True),
        }
    )
    talk.say(SAYS["dry"][order.language])


async def run(order: Order, talk: Talk) -> None:
    """Send, and show each event it leads to. Raises Stop: 1 when no key figure came of it, 5 when an event did not come."""
    made, unit = submission(order)
    known = running.read()
    bootstrap = address(order.kafka or known.kafka, order.language)
    async with connect(known.addresses, known.key, order.language) as client:
        await _register(client, made.scheme, unit, talk, order.language)
        # Reading begins before anything is sent: no event can come too early.
        with reading(bootstrap, PATH, Start("newest"), order.language) as topics:
            follow = _Following(topics, bootstrap, talk, order)
            receipt = await _submit(client, made, talk, order.language)
            id = receipt.receipt_id
            await follow.until("submission-received", lambda m: m.receipt.receipt_id == id)
            assessed = await follow.until("submission-assessed", lambda m: m.receipt.receipt_id == id)
            for finding in assessed.findings:
                talk.say(f"  {finding.code} {codes.words(finding.code, finding.parameters)[order.language]}")
            if assessed.verdict == assessment_pb2.SUBMISSION_VERDICT_REFUSED:
                raise Stop(SAYS["refused"][order.language], Exit.FINDINGS)
            await follow.until("observations-accepted", lambda m: id in m.receipt_ids)
            await follow.until_published(client, assessed, id)
    talk.say(SAYS["undo"][order.language].format(made.submission_id))


async def _submit(client: Client, made: pb.Submission, talk: Talk, language: str) -> pb.Receipt:
    """Send it. Raises Stop with the code of a refusal."""
    answer = (await client.submit([made]))[0]
    receipt = answer.receipt
    if talk.as_json:
        talk.record({"receipt": MessageToDict(receipt, preserving_proto_field_name=True)})
    if receipt.outcome != pb.RECEIPT_OUTCOME_ACCEPTED:
        raise Stop(f"{receipt.code} {answer.message_da if language == 'da' else answer.message_en}", Exit.FINDINGS)
    talk.say(SAYS["receipt"][language].format(receipt.receipt_id, receipt.sequence, receipt.revision))
    return receipt


async def _register(client: Client, scheme: str, unit: UnitRow, talk: Talk, language: str) -> None:
    """Register the unit, unless it is: a profile that is there is not to be changed by an example."""
    asked = registry.ListUnitsRequest(scheme=scheme)
    async for page in client.each_page(client.registry.ListUnits, asked, "profiles"):
        if there := next((p for p in page if p.unit_id == unit.unit_id), None):
            talk.say(SAYS["known"][language].format(there.unit_id, there.organisation_id))
            return
    await client.register(scheme, [unit])
    talk.say(SAYS["registered"][language].format(unit.unit_id, unit.organisation_id))


class _Following:
    """The events of one submission, looked for topic by topic among all that come."""

    def __init__(self, topics: Reading, bootstrap: str, talk: Talk, order: Order) -> None:
        self._topics, self._bootstrap, self._talk, self._order = topics, bootstrap, talk, order
        self._began = time.monotonic()
        self._come: list[tuple[Any, Any]] = []  # records and their messages

    async def until(self, topic: str, wanted: Callable[[Any], bool]) -> Any:
        """The first message of a topic that is wanted, shown. Raises Stop when it does not come in time."""
        async for record, content in self._each(topic):
            if wanted(content):
                self._show(record)
                return content

    async def until_published(
        self, client: Client, assessed: assessment_pb2.SubmissionAssessed, receipt_id: str
    ) -> None:
        """The first benchmark-updated whose records hold the submission: of its vintage, they are asked for."""
        asked: dict[int, bool] = {}
        async for record, update in self._each("benchmark-updated"):
            if (update.scheme, update.period) != (assessed.scheme, assessed.period):
                continue
            if update.vintage not in asked:
                request = bench.ListRecordsRequest(
                    scheme=update.scheme, period=update.period, vintage=update.vintage, page_size=RECORDS_AT_ONCE
                )
                records = await client.pages(client.benchmarks.ListRecords, request, "records")
                asked[update.vintage] = any(r.receipt_id == receipt_id for r in records)
            if asked[update.vintage]:
                self._show(record)
                place = f"{update.scheme}/{update.period}/{update.peer_group}"
                self._talk.say(SAYS["holds"][self._order.language].format(place, update.vintage))
                return

    async def _each(self, topic: str) -> AsyncIterator[tuple[Any, Any]]:
        """What has come on a topic and what still comes. Raises Stop at the deadline."""
        seen = 0
        while True:
            for record, content in self._come[seen:]:
                seen += 1
                if record.topic == topic and content is not None:
                    yield record, content
            if time.monotonic() - self._began > self._order.seconds:
                address(self._bootstrap, self._order.language)
                raise Stop(f"NT-9204 {topic}: {self._order.seconds:.0f} s", Exit.TIMED_OUT)
            self._come += [(record, message(record)[0]) for record in self._topics.records(0)]
            await asyncio.sleep(0)  # here Ctrl-C is heard

    def _show(self, record: Any) -> None:
        if self._talk.as_json:
            self._talk.record(as_object(record))
            return
        id = text(dict(record.headers).get("ce_id") or b"")
        took = (time.monotonic() - self._began) * 1000
        said = (record.topic, record.partition, record.offset, id, took)
        self._talk.data(SAYS["step"][self._order.language].format(*said))
