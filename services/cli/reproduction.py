"""Recomputes a published number from the log of record and the definitions alone, and says equal or what differs."""

import asyncio
import hashlib
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import proto
from noegletal.v1 import assessment_pb2 as assessment
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import log_service_pb2 as log
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as submission

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.cli import naive
from services.cli.client import Client
from services.cli.talk import Exit, Stop, coded

OPTIONAL = ("pooled", "p10", "q1", "median", "q3", "p90")
COUNTS = ("units", "holders", "reported", "expected", "absences")
FIELDS = (*COUNTS, "numerator_sum", "denominator_sum", "suppression", *OPTIONAL)


@dataclass(frozen=True)
class Benchmark:
    """What an id names: one cell at a vintage."""

    scheme: str
    period: str
    peer_group: str
    key_figure: str
    vintage: int

    @classmethod
    def named(cls, id: str, language: str) -> "Benchmark":
        """Read scheme/period/group/key figure@vintage. Raises Stop.

        >>> Benchmark.named("uk-tsm/2024/org_type=PRP/RP01@360", "en").peer_group
        'org_type=PRP'
        """
        place, at, vintage = id.rpartition("@")
        head, *rest = place.split("/", 2)
        group, _, figure = rest[-1].rpartition("/") if len(rest) == 2 else ("", "", "")
        if not (at and vintage.isdecimal() and int(vintage) and head and rest[0] and group and figure):
            raise Stop(coded("NT-3212", language, id=id[:80]), Exit.USAGE)
        return cls(head, rest[0], group, figure, int(vintage))


@dataclass(frozen=True)
class Compared:
    """One field of the cell, as published and as recomputed."""

    field: str
    published: object
    recomputed: object

    @property
    def equal(self) -> bool:
        """Whether both say the same, to the last digit."""
        return self.published == self.recomputed


@dataclass(frozen=True)
class Evidence:
    """What a number is recomputed from: records it counts, lines of the log, profiles as registered."""

    cell: pb.Cell
    records: Sequence[api.Record]
    lines: Sequence[log.LogLine]
    profiles: Sequence[submission.Profile]


async def evidence(client: Client, named: Benchmark) -> Evidence:
    """Ask benchmark what it published and of which records; ask ingest for the log and the registry. Raises Stop."""
    place: dict[str, Any] = {"scheme": named.scheme, "period": named.period}
    asked = api.GetBenchmarkRequest(
        **place, peer_group=named.peer_group, key_figure=named.key_figure, as_of=api.AsOf(vintage=named.vintage)
    )
    cell = (await client.call(client.benchmarks.GetBenchmark, asked)).cell
    request = api.ListRecordsRequest(**place, vintage=named.vintage)
    records = await client.pages(client.benchmarks.ListRecords, request, "records")
    profiles = await client.pages(client.log.ReadProfiles, log.ReadProfilesRequest(scheme=named.scheme), "profiles")
    lines: list[log.LogLine] = []
    after = 0
    while True:
        page = await client.call(client.log.ReadLog, log.ReadLogRequest(scheme=named.scheme, after_sequence=after))
        lines += page.lines
        after = page.next_after_sequence
        if not after:
            return Evidence(cell, records, lines, profiles)


async def reproduce(
    found: Evidence, named: Benchmark, arguments: Sequence[str], catalogue: Catalogue, lang: str
) -> list[Compared]:
    """Replay the log, compute the cell, compare. Raises Stop where what is at hand cannot give the number."""
    output = await _recomputed(b"".join(_received(line, lang) for line in found.lines), arguments)
    batches = {(b.receipt_ids[0], b.revisions[0]): b for b in _batches(output) if b.period == named.period}
    rule_set, _, statistics = found.cell.method_version.rpartition("+")
    _at_hand(rule_set, statistics, batches, lang)
    counted = [r for r in found.records if r.method_version == found.cell.method_version]
    for record in counted:
        batch = batches.get((record.receipt_id, record.revision))
        if batch is None or batch.unit_ids[0] != record.unit_id:
            raise Stop(coded("NT-3214", lang, receipt=record.receipt_id, unit=record.unit_id), Exit.FINDINGS)
    registered = {(r.unit_id, r.revision) for r in found.records if not r.method_version}
    computed = naive.cell(
        [naive.observed(batches[r.receipt_id, r.revision], named.key_figure) for r in counted],
        [(p.unit_id, p.version, dict(p.attributes)) for p in found.profiles if (p.unit_id, p.version) in registered],
        named.peer_group,
        named.key_figure,
        catalogue,
    )
    published = _plain(found.cell)
    return [Compared(field, published[field], computed[field]) for field in FIELDS]


def definitions_at_hand(named: Benchmark, file: Path | None, year: int | None) -> Catalogue:
    """The definitions to recompute by: a file's, else the installed ones. Raises CatalogueError, UnknownDefinitions."""
    return definitions.instead(file) if file else definitions.of(named.scheme, named.period, year)


async def _recomputed(received: bytes, arguments: Sequence[str]) -> bytes:
    """Run validate's pure functions over the log, in a process of their own. Raises Stop."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.validate.recompute", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, said = await process.communicate(received)
    if process.returncode:
        last = said.decode(errors="replace").strip().rpartition("\n")[2]
        raise Stop(f"services.validate.recompute: {last}", Exit.USAGE)
    return output


def _received(line: log.LogLine, lang: str) -> bytes:
    """A line of the log as ingest announced it, behind its length; nothing of what ingest refused."""
    if hashlib.sha256(line.raw).digest() != line.receipt.sha256:
        raise Stop(coded("NT-3213", lang, sequence=str(line.receipt.sequence)), Exit.FINDINGS)
    if line.receipt.outcome != submission.RECEIPT_OUTCOME_ACCEPTED or not line.HasField("profile"):
        return b""
    sent = submission.Submission.FromString(line.raw)
    sent.organisation_id, sent.revision = line.receipt.organisation_id, line.receipt.revision
    out = io.BytesIO()
    event = submission.SubmissionReceived(submission=sent, receipt=line.receipt, profile=line.profile)
    proto.serialize_length_prefixed(event, out)
    return out.getvalue()


def _batches(output: bytes) -> list[dense.ObservationsAccepted]:
    stream, found = io.BytesIO(output), []
    while (batch := proto.parse_length_prefixed(dense.ObservationsAccepted, stream)) is not None:
        found.append(batch)
    return found


def _at_hand(rule_set: str, statistics: str, batches: Mapping[Any, dense.ObservationsAccepted], lang: str) -> None:
    known = {b.method_version for b in batches.values()}
    if known != {rule_set} or statistics != naive.STATISTICS:
        said = {"published": f"{rule_set}+{statistics}", "known": ", ".join(sorted(known)) + f"+{naive.STATISTICS}"}
        raise Stop(coded("NT-3211", lang, **said), Exit.FINDINGS)


def _plain(cell: pb.Cell) -> dict[str, Any]:
    """A published cell with the fields of a recomputed one."""
    plain: dict[str, Any] = {field: getattr(cell, field) for field in FIELDS}
    plain |= {field: getattr(cell, field) if cell.HasField(field) else None for field in OPTIONAL}
    plain["absences"] = {int(a.absence): a.units for a in cell.absences}
    withheld = pb.Suppression.Name(cell.suppression).removeprefix("SUPPRESSION_")
    plain["suppression"] = "" if withheld == "UNSPECIFIED" else withheld
    assert set(plain["absences"]) <= set(assessment.Absence.values())
    return plain
