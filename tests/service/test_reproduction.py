"""A published number recomputed from the log of record: ingest, validate and benchmark with their own databases, no Kafka."""

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import log_service_pb2 as log
from noegletal.v1 import release_service_pb2 as release_api
from noegletal.v1 import submission_pb2 as submission
from typer.testing import CliRunner

from services.benchmark import app as benchmark_app
from services.catalogue import definitions
from services.chassis import access
from services.cli import main, reproduction
from services.cli import running as installed
from services.cli.client import Addresses, Client, connect
from services.cli.reproduction import Benchmark
from services.cli.tables import UnitRow
from services.cli.talk import Stop
from services.ingest import app as ingest_app
from services.ingest import store
from services.validate import app as validate_app
from tests.builders import PROFILE, a_submission
from tests.service.benchmark.releases import CATALOGUE
from tests.service.delivery import Bench

ROUTES = {
    "ingest": {"submission-received": "validate", "unit-registered": "benchmark"},
    "validate": {"observations-accepted": "benchmark"},
}


class Pipeline:
    """Three services, and a hand that carries what one announces to the next, once."""

    def __init__(self, benches: dict[str, Bench]) -> None:
        self.benches = benches
        self._carried = dict.fromkeys(ROUTES, 0)

    async def pump(self) -> None:
        """Carry until nothing is left."""
        for name, routes in ROUTES.items():
            service = self.benches[name].service
            announced = await service.database.in_thread(self.benches[name].outbox)
            fresh, self._carried[name] = announced[self._carried[name] :], len(announced)
            for one in fresh:
                if one.topic in routes:
                    to = self.benches[routes[one.topic]]
                    await to.service.database.in_thread(lambda to=to, one=one: to.deliver(one.topic, [one.message]))


@dataclasses.dataclass
class Running:
    """The pipeline, the operator's client, and what is written down for the command line."""

    pipeline: Pipeline
    client: Client
    here: installed.Running

    async def send(self, *submissions: submission.Submission) -> None:
        answers = await self.client.submit(submissions)
        assert {a.receipt.outcome for a in answers} == {submission.RECEIPT_OUTCOME_ACCEPTED}
        await self.pipeline.pump()


@asynccontextmanager
async def _pipeline(folder: Path, catalogue: str = "") -> AsyncIterator[Running]:
    made: dict[str, Any] = {}
    for name, module in (("ingest", ingest_app), ("validate", validate_app), ("benchmark", benchmark_app)):
        database = f"sqlite:///{folder}/{name}.db"
        settings = module.Settings(kafka="127.0.0.1:1", database=database, stop_grace_seconds=0.2, catalogue=catalogue)
        made[name] = module.create_app(settings)
        await made[name].start()
    benches = {n: await s.database.in_thread(lambda s=s: Bench(s)) for n, s in made.items()}
    key_id, key, kept = access.new_key()
    granted = submission.AccessGranted(key_id=key_id, secret_sha256=kept, role=submission.ROLE_OPERATOR)
    for name in ("ingest", "benchmark"):
        service = made[name]
        await service.write(lambda tx, service=service: service.keys.keep(tx, granted))
    addresses = Addresses(made["ingest"].grpc_address, made["benchmark"].grpc_address, "127.0.0.1:1")
    async with connect(addresses, key) as client:
        yield Running(
            Pipeline(benches), client, installed.Running(*dataclasses.astuple(addresses), "", key, {}, catalogue)
        )
    for service in made.values():
        await service.stop()


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with _pipeline(tmp_path) as running:
        rows = [UnitRow(f"u{n:02}", f"u{n:02}", f"u{n:02}", PROFILE) for n in range(14)]
        await running.client.register("uk-tsm", rows)
        await running.pipeline.pump()
        await running.send(*(_one(n, RP01_n=60 + 3 * n, BS05_d=None if n == 4 else 100) for n in range(12)))
        yield running


def _one(n: int, **changes: object) -> submission.Submission:
    number = changes.pop("number", 1)
    made = a_submission(f"u{n:02}", submission_id=f"s-{n}-{number}", **changes)
    made.revision = 0
    return made


async def _compared(running: Running, id: str, *, file: Path | None = None) -> dict[str, reproduction.Compared]:
    named = Benchmark.named(id, "en")
    found = await reproduction.evidence(running.client, named)
    catalogue = definitions.load(file) if file else definitions.of(named.scheme, named.period)
    arguments = ["--catalogue", running.here.catalogue, *(["--definitions", str(file)] if file else [])]
    return {c.field: c for c in await reproduction.reproduce(found, named, arguments, catalogue, "en")}


def _differing(compared: dict[str, reproduction.Compared]) -> list[str]:
    return [field for field, one in compared.items() if not one.equal]


async def test_a_number_is_recomputed_from_the_log_now_and_at_earlier_vintages(running: Running) -> None:
    await running.send(_one(3, RP01_n=99, number=2), _one(5, number=2, RP01_n=None))
    gone = _one(6, number=2)
    gone.withdraw = True
    await running.send(gone)
    compared = await _compared(running, "uk-tsm/2024/all/RP01@29")
    assert _differing(compared) == []
    assert compared["units"].published == 10
    assert compared["expected"].published == 14
    assert compared["absences"].published == {1: 3, 9: 1}  # u05's figure, two that never reported; the one taken back
    assert compared["median"].published is not None
    before = await _compared(running, "uk-tsm/2024/org_type=LARP/RP01@26")
    assert _differing(before) == []
    assert before["units"].published == 12
    assert _differing(await _compared(running, "uk-tsm/2024/all/BS05@26")) == []


async def test_what_differs_is_named_figure_by_figure(running: Running) -> None:
    named = Benchmark.named("uk-tsm/2024/all/RP01@26", "en")
    found = await reproduction.evidence(running.client, named)
    wrong = pb.Cell()
    wrong.CopyFrom(found.cells[0])
    wrong.median, wrong.numerator_sum = 0.5, "1"
    found = dataclasses.replace(found, cells=[wrong])
    said = await reproduction.reproduce(found, named, [], definitions.of("uk-tsm", "2024"), "en")
    assert [c.field for c in said if not c.equal] == ["numerator_sum", "median"]


async def test_a_log_that_was_changed_is_found_out(running: Running) -> None:
    ingest = running.pipeline.benches["ingest"].service
    change = sa.update(store.submission_log).where(store.submission_log.c.sequence == 5).values(raw=b"")
    await ingest.write(lambda tx: tx.connection.execute(change))
    with pytest.raises(Stop, match="NT-3213 Line 5 "):
        await _compared(running, "uk-tsm/2024/all/RP01@26")


async def test_a_submission_that_the_log_lacks_is_named(running: Running) -> None:
    named = Benchmark.named("uk-tsm/2024/all/RP01@26", "en")
    found = await reproduction.evidence(running.client, named)
    found = dataclasses.replace(found, lines=found.lines[:-1])
    with pytest.raises(Stop, match=r"NT-3214 .*u11"):
        await reproduction.reproduce(found, named, [], definitions.of("uk-tsm", "2024"), "en")


async def test_a_corrected_catalogue_makes_a_series_and_each_is_reproduced_by_its_own_file(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A corrected file raises its edition: its figures are known to be the newer ones.
    file = tmp_path / "2024.toml"
    text = (
        (definitions.FOLDER / "uk-tsm" / "2024.toml")
        .read_text()
        .replace("year = 2024\n", "year = 2024\nedition = 2\n", 1)
    )
    file.write_text(text)
    monkeypatch.setattr(definitions, "_brought", {})
    definitions.instead(file)
    try:
        page = await running.client.call(
            running.client.log.Reassess, log.ReassessRequest(scheme="uk-tsm", period="2024")
        )
        assert (page.announced, page.next_after_sequence) == (12, 0)
        await running.pipeline.pump()
        again = await running.client.call(
            running.client.log.Reassess, log.ReassessRequest(scheme="uk-tsm", period="2023")
        )
        assert again.announced == 0
        assert _differing(await _compared(running, "uk-tsm/2024/all/RP01@38", file=file)) == []
    finally:
        definitions._brought.clear()
        definitions.of.cache_clear()
    assert _differing(await _compared(running, "uk-tsm/2024/all/RP01@26")) == []
    with pytest.raises(Stop, match=r"NT-3211 .*uk-tsm/2024\.2#"):
        await _compared(running, "uk-tsm/2024/all/RP01@38")


@pytest.mark.parametrize(
    "id", ["", "uk-tsm/2024/all/RP01", "uk-tsm/2024/RP01@3", "uk-tsm/2024/all/RP01@x", "a/b/c/d@0"]
)
def test_an_id_that_is_none(id: str) -> None:
    with pytest.raises(Stop, match="NT-3212"):
        Benchmark.named(id, "en")


async def _said(running: Running, monkeypatch: pytest.MonkeyPatch, *words: str) -> tuple[int, str]:
    """What a command prints, and how it ends."""
    monkeypatch.setattr(installed, "read", lambda: running.here)
    ran = await asyncio.to_thread(CliRunner().invoke, main.app, ["reproduce", *words])
    return ran.exit_code, ran.stdout + (str(ran.exception) if ran.exception else "")


async def test_an_event_is_recomputed_by_its_id(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await running.send(_one(3, RP01_n=99, number=2))
    bench = running.pipeline.benches["benchmark"]
    told = await bench.service.database.in_thread(lambda: bench.outbox("benchmark-updated"))
    for event in told:
        named = await reproduction.of_event(running.client, event.id)
        message = event.message
        place = f"{message.scheme}/{message.period}/{message.peer_group}"  # type: ignore[union-attr]
        assert (f"{named.scheme}/{named.period}/{named.peer_group}", named.vintage, named.method_version) == (
            place,
            message.vintage,  # type: ignore[union-attr]
            message.method_version,  # type: ignore[union-attr]
        )
    code, said = await _said(running, monkeypatch, told[-1].id.upper(), "--json")
    assert code == 0
    records = [json.loads(line) for line in said.splitlines() if line.startswith("{")]  # others are the services'
    assert [r["key_figure"] for r in records] == list(told[-1].message.key_figures)  # type: ignore[union-attr]
    assert all(r["equal"] for r in records)
    moved = await bench.service.database.in_thread(lambda: bench.outbox("standing-changed"))
    assert "NT-3012" in (await _said(running, monkeypatch, moved[-1].id))[1]


async def test_what_a_release_shows_is_recomputed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with _pipeline(tmp_path, str(CATALOGUE)) as running:
        attributes = {"type": "A"}
        await running.client.register("haver", [UnitRow(u, u, u, attributes) for u in (f"u{n:02}" for n in range(20))])
        await running.pipeline.pump()
        await running.send(*(_garden(n, 105 + 7 * n * n) for n in range(12)))
        place = {"scheme": "haver", "period": "2024"}
        await running.client.call(running.client.releases.MakeRelease, release_api.MakeReleaseRequest(**place))
        await running.send(*(_garden(n, 100 + 3 * n) for n in range(8, 18)))  # live, and not released
        bench = running.pipeline.benches["benchmark"]
        told = await bench.service.database.in_thread(lambda: bench.outbox("benchmark-updated"))
        for id in (told[0].id, told[-1].id, "haver/2024/all/MEMBERS@33", "haver/2024/type=A/PUBLIC@43"):
            code, said = await _said(running, monkeypatch, id, "--lang", "da")
            assert code == 0, (id, said)
        compared = await _compared(running, "haver/2024/all/MEMBERS@43")
        assert (compared["units"].published, compared["reported"].published) == (12, 18)
        assert compared["median"].published == compared["median"].recomputed is not None


def _garden(n: int, water: int) -> submission.Submission:
    sent = submission.Submission(submission_id=f"s-{n}-{water}", organisation_id=f"u{n:02}", unit_id=f"u{n:02}")
    sent.scheme, sent.period_start, sent.period_end = "haver", "2024-01-01", "2024-12-31"
    for name, value in (("water", water), ("plots", 10)):
        sent.amounts.add(data_point=name, value=value)
    return sent
