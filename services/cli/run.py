"""`noegletal run`: one shot. Start everything, send all through the real pipeline, write what came of it, stop."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from noegletal.v1 import assessment_pb2
from noegletal.v1 import benchmark_service_pb2 as bench
from noegletal.v1 import submission_pb2 as pb

from deploy import topics
from deploy.kafka_jars import LocalKafkaError
from deploy.local_kafka import AttachedKafka, LocalKafka
from services.catalogue import definitions
from services.catalogue.definitions import Catalogue, UnknownDefinitions
from services.chassis import access
from services.cli import export, fences, tables
from services.cli.assessments import Assessments
from services.cli.client import Client, connect
from services.cli.definitions import bring
from services.cli.export import Precision
from services.cli.processes import Installation, unreachable
from services.cli.tables import Faults, UnitRow
from services.cli.talk import Exit, Stop, Talk

PATIENCE_SECONDS = 180.0  # without anything new


@dataclass(frozen=True)
class Order:
    """What is to be run."""

    scheme: str
    units: Path
    submissions: Path
    export: Path
    catalogue_year: int | None
    exact: bool
    quantile_type: int
    kafka: str
    data: Path | None
    catalogue: str = ""
    fences: Path | None = None


def run(order: Order, talk: Talk) -> None:
    """Do it. Raises Stop."""
    order = replace(order, catalogue=bring(order.catalogue))
    catalogue = _catalogue(order)
    told = fences.told(order.fences)
    faults = Faults()
    units = tables.read_units(order.units, faults)
    submissions = tables.read_submissions(order.submissions, order.scheme, catalogue, faults)
    _name_organisations(submissions, units, order.submissions, faults)
    faults.stop()
    order.export.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="noegletal-run-") as temporary:
        folder = order.data or Path(temporary)
        kafka = AttachedKafka(order.kafka) if order.kafka else LocalKafka(data=folder / "kafka")
        try:
            with kafka:
                topics.apply(kafka.bootstrap, most=None if order.kafka else topics.ALONE)
                asyncio.run(_through(order, talk, catalogue, units, submissions, folder, kafka.bootstrap, told))
        except LocalKafkaError as error:
            raise unreachable(error) from None


async def _through(
    order: Order,
    talk: Talk,
    catalogue: Catalogue,
    units: Sequence[UnitRow],
    submissions: Sequence[pb.Submission],
    folder: Path,
    bootstrap: str,
    told: str,
) -> None:
    began = time.monotonic()
    key_id, key, kept = access.new_key()
    operator = {"operator_key_id": key_id, "operator_key_sha256": kept.hex()}
    year = str(order.catalogue_year or "")
    installation = Installation(
        folder, bootstrap, operator=operator, catalogue=order.catalogue, catalogue_year=year, fences=told
    )
    try:
        installation.start()
        await installation.await_ready()
        talk.say(f"four services ready in {time.monotonic() - began:.1f} s")
        async with connect(installation.addresses, key) as client, Assessments(bootstrap) as assessments:
            await client.register(order.scheme, units)
            answers = await client.submit(submissions)
            assessed = await assessments.wait_for([a.receipt.receipt_id for a in answers])
            await drained(client, order.scheme, assessed, registered=len(units))
            talk.say(
                f"{len(answers)} submissions of {len(units)} units are through after {time.monotonic() - began:.1f} s"
            )
            await _export(order, talk, catalogue, client, assessed)
    finally:
        installation.stop()


async def drained(
    client: Client,
    scheme: str,
    assessed: Sequence[assessment_pb2.SubmissionAssessed],
    *,
    registered: int,
    released: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Wait until every record has reached its benchmark: the vintage of each period counts them all.

    That is every record that validate made, one per registered unit, and the releases made of a period.
    """
    expected = {period: count + registered + released.get(period, 0) for period, count in records(assessed).items()}
    for period, vintage in sorted(expected.items()):
        deadline, last = time.monotonic() + PATIENCE_SECONDS, -1
        while (now := await _vintage(client, scheme, period)) != vintage:
            if now != last:
                deadline, last = time.monotonic() + PATIENCE_SECONDS, now
            if time.monotonic() > deadline:
                raise Stop(
                    f"NT-9204 {scheme}/{period} not at vintage {vintage} within {PATIENCE_SECONDS:.0f} s",
                    Exit.TIMED_OUT,
                )
            await asyncio.sleep(0.05)


def records(assessed: Sequence[assessment_pb2.SubmissionAssessed]) -> dict[str, int]:
    """Period -> the records that came of submissions: one per unit and revision that was not refused as a whole.

    A month's submission makes one record more for each of the eleven months after it that the unit had sent by then.
    """
    stand = {a.receipt.sequence: a for a in assessed if a.verdict != assessment_pb2.SUBMISSION_VERDICT_REFUSED}
    made: set[tuple[str, str, int]] = set()
    again: Counter[str] = Counter()
    newest: dict[tuple[str, str, str], int] = {}
    for _, one in sorted(stand.items()):
        unit, revision = (one.scheme, one.unit_id), one.receipt.revision
        if "-" in one.period and revision < newest.get((*unit, one.period), 0):
            continue
        made.add((one.period, one.unit_id, revision))
        if "-" in one.period:
            newest[*unit, one.period] = revision
            again.update(m for m in _next(one.period, 11) if (*unit, m) in newest)
    return dict(Counter(period for period, _, _ in made) + again)


def _next(month: str, count: int) -> list[str]:
    begin = int(month[:4]) * 12 + int(month[5:])
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(begin, begin + count)]


async def _vintage(client: Client, scheme: str, period: str) -> int:
    """The vintage a period is at; 0 where it has not begun, or where the answer has to wait for a publication."""
    try:
        found = await client.call(
            client.benchmarks.ListBenchmarks,
            bench.ListBenchmarksRequest(scheme=scheme, period=period, peer_group="all", page_size=1),
        )
    except Stop as stop:
        if stop.code in (Exit.USAGE, Exit.TIMED_OUT):  # no such period yet, or busy
            return 0
        raise
    return int(found.cells[0].vintage) if found.cells else 0


async def _export(
    order: Order,
    talk: Talk,
    catalogue: Catalogue,
    client: Client,
    assessed: Sequence[assessment_pb2.SubmissionAssessed],
) -> None:
    precision = Precision(catalogue, order.exact)
    begun = any(a.verdict != assessment_pb2.SUBMISSION_VERDICT_REFUSED for a in assessed)
    cells = await client.cells(order.scheme, quantile_type=order.quantile_type) if begun else []
    pages = client.standings(order.scheme) if begun else _nothing()
    rows = export.assessments(assessed)
    export.write(order.export / "benchmarks.csv", export.BENCHMARKS, export.benchmarks(cells, precision))
    placed = await export.write_standings(order.export / "standings.csv", pages, precision)
    export.write(order.export / "absences.csv", export.ABSENCES, export.absences(cells))
    export.write(order.export / "assessments.csv", export.ASSESSMENTS, rows)
    findings = sum(row["kind"] == "finding" for row in rows)
    talk.say(f"{findings} findings and {len(rows) - findings} absences in assessments.csv")
    talk.say(f"{len(cells)} cells and {placed} standings in {order.export}")
    if talk.as_json:
        talk.record({"cells": len(cells), "standings": placed, "findings": findings, "absences": len(rows) - findings})


async def _nothing() -> AsyncIterator[Sequence[Any]]:
    """No pages."""
    pages: tuple[Sequence[Any], ...] = ()
    for page in pages:
        yield page


def _catalogue(order: Order) -> Catalogue:
    """The definitions numbers in the file are read by: the forced year's, else the newest there is."""
    try:
        known = definitions.years(order.scheme)
        year = str(order.catalogue_year or (known[-1] if known else ""))
        return definitions.of(order.scheme, year)
    except UnknownDefinitions as unknown:
        there = ", ".join(unknown.known) or "none"
        raise Stop(
            f"NT-2103 no definitions for {unknown.scheme}/{unknown.period}; there are: {there}", Exit.USAGE
        ) from None


def _name_organisations(
    submissions: Sequence[pb.Submission], units: Sequence[UnitRow], path: Path, faults: Faults
) -> None:
    """Fill in who a unit belongs to, as the units file says."""
    organisations = {u.unit_id: u.organisation_id for u in units}
    unknown = sorted({s.unit_id for s in submissions if s.unit_id not in organisations})
    for unit in unknown:
        faults.add(path, 0, f"unit {unit} is not in the units file; add it there")
    for submission in submissions:
        submission.organisation_id = organisations.get(submission.unit_id, "")
