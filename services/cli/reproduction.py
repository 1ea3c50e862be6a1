"""Recomputes a published number from the log of record and the definitions alone, and says equal or what differs."""

import asyncio
import hashlib
import io
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
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
    """What an id names: one cell at a vintage; every cell of a group, as an event says them, where there is no key figure."""

    scheme: str
    period: str
    peer_group: str
    key_figure: str
    vintage: int
    method_version: str = ""  # empty: the series that was the default then

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


def event_id(id: str) -> str:
    """The ce_id of an event; empty where it is none.

    >>> event_id("E8C0B5A0-5B0A-5C5D-9B7D-0123456789AB"), event_id("uk-tsm/2024/all/RP01@360")
    ('e8c0b5a0-5b0a-5c5d-9b7d-0123456789ab', '')
    """
    try:
        return str(uuid.UUID(id))
    except ValueError:
        return ""


async def of_event(client: Client, event_id: str) -> Benchmark:
    """Every cell that a benchmark-updated told of. Raises Stop."""
    found = await client.call(client.benchmarks.FindPublication, api.FindPublicationRequest(event_id=event_id))
    return Benchmark(found.scheme, found.period, found.peer_group, "", found.vintage, found.method_version)


@dataclass(frozen=True)
class Compared:
    """One field of a cell, as published and as recomputed."""

    field: str
    published: object
    recomputed: object
    key_figure: str = ""

    @property
    def equal(self) -> bool:
        """Whether both say the same, to the last digit."""
        return self.published == self.recomputed


@dataclass(frozen=True)
class Evidence:
    """What numbers are recomputed from: records they count, lines of the log, profiles as registered.

    releases   number -> the series a release shows and the records it counts, of those that a cell shows
    """

    cells: Sequence[pb.Cell]
    records: Sequence[api.Record]
    lines: Sequence[log.LogLine]
    profiles: Sequence[submission.Profile]
    releases: Mapping[int, tuple[str, Sequence[api.Record]]]


async def evidence(client: Client, named: Benchmark) -> Evidence:
    """Ask benchmark what it published and of which records; ask ingest for the log and the registry. Raises Stop."""
    place: dict[str, Any] = {"scheme": named.scheme, "period": named.period}
    then: dict[str, Any] = {"as_of": api.AsOf(vintage=named.vintage), "method_version": named.method_version}
    then |= {"peer_group": named.peer_group, "key_figure": named.key_figure}
    if named.key_figure:
        asked = api.GetBenchmarkRequest(**place, **then)
        cells = [(await client.call(client.benchmarks.GetBenchmark, asked)).cell]
    else:
        cells = await client.cells(**place, **then)
    request = api.ListRecordsRequest(**place, vintage=named.vintage)
    records = await client.pages(client.benchmarks.ListRecords, request, "records")
    releases = {}
    for number in sorted({cell.release_number for cell in cells} - {0}):
        shown = api.ListRecordsRequest(**place, release=number)
        method = (await client.call(client.benchmarks.ListRecords, shown)).method_version
        releases[number] = (method, await client.pages(client.benchmarks.ListRecords, shown, "records"))
    profiles = await client.pages(client.log.ReadProfiles, log.ReadProfilesRequest(scheme=named.scheme), "profiles")
    lines: list[log.LogLine] = []
    after = 0
    while True:
        page = await client.call(client.log.ReadLog, log.ReadLogRequest(scheme=named.scheme, after_sequence=after))
        lines += page.lines
        after = page.next_after_sequence
        if not after:
            return Evidence(cells, records, lines, profiles, releases)


async def reproduce(
    found: Evidence, named: Benchmark, arguments: Sequence[str], catalogue: Catalogue, lang: str
) -> list[Compared]:
    """Replay the log, compute each cell, compare. Raises Stop where what is at hand cannot give the numbers.

    Of a figure that is not public, numbers are those of the release it shows. That it might be released, and to which base it is
    rounded, `noegletal release audit` works out again.
    """
    output = await _recomputed(b"".join(_received(line, lang) for line in found.lines), arguments)
    batches = {(b.receipt_ids[0], b.revisions[0]): b for b in _batches(output) if b.period == named.period}
    registered = {(r.unit_id, r.revision) for r in found.records if not r.method_version}
    profiles = [(p.unit_id, p.version, dict(p.attributes)) for p in found.profiles]
    profiles = [profile for profile in profiles if profile[:2] in registered]
    compared = []
    for cell in found.cells:
        release = None
        if cell.release_number:
            method, shown = found.releases[cell.release_number]
            released = _counted(shown, method, batches, cell.key_figure, lang)
            release = naive.Release(released, Fraction(cell.rounding_base))
        records = _counted(found.records, cell.method_version, batches, cell.key_figure, lang)
        computed = naive.cell(records, profiles, named.peer_group, cell.key_figure, catalogue, release)
        published = _plain(cell)
        if catalogue.key_figure[cell.key_figure].publicity != "public" and release is None:
            computed["suppression"] = published["suppression"]
        compared += [Compared(field, published[field], computed[field], cell.key_figure) for field in FIELDS]
    return compared


def _counted(
    records: Sequence[api.Record],
    method_version: str,
    batches: Mapping[tuple[str, int], dense.ObservationsAccepted],
    key_figure: str,
    lang: str,
) -> list[naive.Observed]:
    """The records of one series, observed anew. Raises Stop where the log or the definitions at hand do not give one."""
    counted = [r for r in records if r.method_version and r.method_version == method_version]
    if counted:
        rule_set, _, statistics = method_version.rpartition("+")
        _at_hand(rule_set, statistics, batches, lang)
    for record in counted:
        batch = batches.get((record.receipt_id, record.revision))
        if batch is None or batch.unit_ids[0] != record.unit_id:
            raise Stop(coded("NT-3214", lang, receipt=record.receipt_id, unit=record.unit_id), Exit.FINDINGS)
    return [naive.observed(batches[r.receipt_id, r.revision], key_figure) for r in counted]


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
