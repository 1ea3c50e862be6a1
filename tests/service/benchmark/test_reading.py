"""Benchmarks read over gRPC: now, as of a vintage or a time, by whoever may; and watched."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import benchmark_service_pb2_grpc as api_grpc
from noegletal.v1 import submission_pb2 as submission

from services.benchmark import watchers
from services.benchmark.app import Settings, create_app
from services.chassis import access
from services.chassis.service import Service
from tests.builders import FIGURES, GROUPS, observations
from tests.service.delivery import Bench

PERIOD = {"scheme": "uk-tsm", "period": "2024"}


@dataclass
class Running:
    """A running benchmark, somebody's stub of it, and a way to deliver."""

    service: Service
    bench: Bench
    stub: Any

    async def deliver(self, message: Any, heading: str = "observations-accepted") -> None:
        await self.service.database.in_thread(lambda: self.bench.deliver(heading, [message]))

    async def key(self, organisation: str = "", role: int = submission.ROLE_SUBMITTER) -> dict[str, Any]:
        """Call arguments of a fresh key."""
        key_id, key, kept = access.new_key()
        granted = submission.AccessGranted(key_id=key_id, secret_sha256=kept, organisation_id=organisation)
        granted.role = role  # type: ignore[assignment]
        await self.deliver(granted, "access-granted")
        return {"metadata": [("authorization", f"Bearer {key}")], "timeout": 20}


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    settings = Settings(
        kafka="127.0.0.1:1", database=f"sqlite:///{tmp_path}/b.db", catalogue_year=2024, stop_grace_seconds=0.2
    )
    service = create_app(settings)
    await service.start()
    channel = grpc.aio.insecure_channel(service.grpc_address)
    bench = await service.database.in_thread(lambda: Bench(service))
    made = Running(service, bench, api_grpc.BenchmarkServiceStub(channel))
    await made.deliver(_twelve(1))
    await made.deliver(_twelve(2, shift=3, names=range(4)))
    yield made
    await channel.close()
    await service.stop()


def _twelve(revision: int, *, shift: int = 0, names: range = range(12), period: str = "2024") -> Any:
    message = observations({f"u{i:02}": [(70 + i + shift, 100)] * 8 for i in names}, revision=revision)
    message.period = period
    return message


async def _refused(call: Any) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status = rpc_status.from_call(caught.value)  # type: ignore[arg-type]
    assert status is not None
    info = error_details_pb2.ErrorInfo()
    assert any(detail.Is(info.DESCRIPTOR) and detail.Unpack(info) for detail in status.details)
    return caught.value.code(), info.reason


def _published(running: Running, vintage: int, group: str = "all") -> pb.BenchmarkUpdated:
    told = [a.message for a in running.bench.outbox("benchmark-updated")]
    return next(m for m in told if (m.peer_group, m.vintage) == (group, vintage))  # type: ignore[union-attr, return-value]


async def test_a_cell_is_the_one_published_now_and_as_of_a_vintage_or_time(running: Running) -> None:
    reader = await running.key(role=submission.ROLE_READER)
    between = running.service.clock()
    await running.deliver(_twelve(3, shift=9, names=range(2)))

    async def median(**as_of: Any) -> tuple[int, float, str]:
        request = api.GetBenchmarkRequest(**PERIOD, key_figure="RP01", as_of=api.AsOf(**as_of))
        cell = (await running.stub.GetBenchmark(request, **reader)).cell
        return cell.vintage, cell.median, cell.numerator_sum

    for vintage, asked in ((18, {}), (16, {"vintage": 16}), (12, {"vintage": 12}), (16, {"time": between})):
        published = _published(running, vintage)
        row = list(published.key_figures).index("RP01")
        assert await median(**asked) == (vintage, published.statistics[6 * row + 3], published.numerator_sums[row])
    assert (await median(vintage=14))[0] == 14  # in the middle of a batch


async def test_the_other_view_is_type_7(running: Running) -> None:
    reader = await running.key(role=submission.ROLE_READER)
    cells = []
    for kind in (0, 7, 8):
        request = api.GetBenchmarkRequest(**PERIOD, key_figure="RP01", quantile_type=kind)
        cells.append((await running.stub.GetBenchmark(request, **reader)).cell)
    assert [c.quantile_type for c in cells] == [8, 7, 8]
    # u00-u03 were corrected; sorted: 73 74 74 75 75 76 76 77 78 79 80 81. At 0.25, type 7: 1 + 11/4 = rank 3.75;
    # type 8: (37 * 5 + 20) / 60 = rank 3 25/60.
    assert cells[1].q1 == 0.7475
    assert cells[0].q1 == cells[2].q1 == float(Fraction(74, 100) + Fraction(25, 60) / 100)


async def test_lists_are_paged_in_ladder_and_catalogue_order(running: Running) -> None:
    reader = await running.key(role=submission.ROLE_READER)
    found, token = [], ""
    while True:
        request = api.ListBenchmarksRequest(**PERIOD, page_size=7, page_token=token)
        page = await running.stub.ListBenchmarks(request, **reader)
        found += [(c.peer_group, c.key_figure) for c in page.cells]
        token = page.next_page_token
        if not token:
            break
    assert found == [(g, f) for g in GROUPS for f in FIGURES]


async def test_a_unit_is_its_organisations_business(running: Running) -> None:
    own, other = await running.key("u03"), await running.key("u04")
    operator = await running.key(role=submission.ROLE_OPERATOR)
    request = api.GetStandingRequest(**PERIOD, unit_id="u03", key_figure="RP01", peer_group="all")
    explain = api.ExplainRequest(**PERIOD, unit_id="u03", key_figure="RP01")
    standing = (await running.stub.GetStanding(request, **own)).standings[0].standing
    assert (await running.stub.GetStanding(request, **operator)).standings[0].standing == standing
    explained = (await running.stub.Explain(explain, **own)).explanation
    assert explained.after == standing
    assert (explained.vintage_before, explained.vintage_after) == (12, 16)
    for call, asked in ((running.stub.GetStanding, request), (running.stub.Explain, explain)):
        assert await _refused(call(asked, **other)) == (grpc.StatusCode.NOT_FOUND, "NT-3002")
    everything = api.ListStandingsRequest(**PERIOD)
    assert (await _refused(running.stub.ListStandings(everything, **own)))[0] == grpc.StatusCode.PERMISSION_DENIED
    assert len((await running.stub.ListStandings(everything, **operator)).standings) == 12 * 8 * 5


async def test_without_a_period_those_of_the_unit_are_meant(running: Running) -> None:
    await running.deliver(_twelve(1, names=range(3, 9), period="2025"))
    await running.deliver(_twelve(1, names=range(6, 9), period="2026"))
    key = await running.key("u03")
    explained = (
        await running.stub.Explain(api.ExplainRequest(scheme="uk-tsm", unit_id="u03", key_figure="RP01"), **key)
    ).explanation
    assert explained.period == "2025"
    request = api.GetStandingRequest(scheme="uk-tsm", unit_id="u03", key_figure="RP01", peer_group="all")
    assert [s.period for s in (await running.stub.GetStanding(request, **key)).standings] == ["2024", "2025"]
    unknown = api.GetStandingRequest(scheme="uk-tsm", unit_id="nobody")
    assert await _refused(running.stub.GetStanding(unknown, **key)) == (grpc.StatusCode.NOT_FOUND, "NT-3002")


async def test_an_explanation_backwards_undoes_the_one_forwards(running: Running) -> None:
    key = await running.key("u03")

    async def change(before: int, after: int) -> list[int]:
        asked = {"unit_id": "u03", "key_figure": "RP01", "peer_group": "all"}
        request = api.ExplainRequest(**PERIOD, **asked, vintage_before=before, vintage_after=after)
        said = (await running.stub.Explain(request, **key)).explanation
        assert sum(p.position for p in said.parts) == said.after.position - said.before.position
        return [said.before.position, said.after.position]

    for a, b in ((12, 16), (9, 12), (4, 16)):  # u03 is the fourth record, u09 to u11 come in the middle of a batch
        assert await change(a, b) == (await change(b, a))[::-1]


async def test_questions_that_cannot_be_answered_say_why(running: Running) -> None:
    key = await running.key("u03")
    stub = running.stub
    cell = {"key_figure": "RP01"}
    for call, code in (
        (stub.GetBenchmark(api.GetBenchmarkRequest(**PERIOD, key_figure="XX"), **key), "NT-3001"),
        (stub.GetBenchmark(api.GetBenchmarkRequest(**PERIOD, **cell, peer_group="type=none"), **key), "NT-3001"),
        (stub.GetBenchmark(api.GetBenchmarkRequest(**PERIOD, **cell, as_of=api.AsOf(vintage=99)), **key), "NT-3003"),
        (stub.GetBenchmark(api.GetBenchmarkRequest(**PERIOD, **cell, quantile_type=6), **key), "NT-3006"),
        (stub.ListBenchmarks(api.ListBenchmarksRequest(scheme="uk-tsm", as_of=api.AsOf(vintage=3)), **key), "NT-3006"),
        (stub.ListBenchmarks(api.ListBenchmarksRequest(**PERIOD, page_token="no"), **key), "NT-3006"),
        (stub.GetStanding(api.GetStandingRequest(**PERIOD, unit_id="u03", key_figure="XX"), **key), "NT-3002"),
        (stub.Explain(api.ExplainRequest(**PERIOD, unit_id="u03", key_figure="XX"), **key), "NT-3001"),
        (stub.WatchBenchmarks(api.WatchBenchmarksRequest(**PERIOD, resume_token="no"), **key).read(), "NT-3004"),
    ):
        assert (await _refused(call))[1] == code


async def test_a_watch_begins_with_what_there_is_and_resumes_after_what_was_seen(running: Running) -> None:
    reader = await running.key(role=submission.ROLE_READER)
    watch = running.stub.WatchBenchmarks(api.WatchBenchmarksRequest(**PERIOD, peer_group="all"), **reader)
    opening = await watch.read()
    assert (opening.update.vintage, opening.snapshot) == (16, True)
    await running.deliver(_twelve(3, shift=5, names=range(1)))
    following = await watch.read()
    assert (following.update, following.snapshot) == (_published(running, 17), False)
    watch.cancel()

    await running.deliver(_twelve(4, shift=6, names=range(1)))
    resumed = api.WatchBenchmarksRequest(**PERIOD, peer_group="all", resume_token=following.resume_token)
    watch = running.stub.WatchBenchmarks(resumed, **reader)
    missed = await watch.read()
    assert (missed.update.vintage, missed.snapshot) == (18, False)
    watch.cancel()


async def test_a_publication_already_in_the_opening_is_not_handed_on_again(running: Running) -> None:
    watcher = watchers.Watcher("uk-tsm", "", "", {}, opened={("uk-tsm", "2024"): 16})
    watcher.offer([_published(running, 16)])
    assert watcher.queue.empty()
    await running.deliver(_twelve(3, shift=5, names=range(1)))
    watcher.offer([_published(running, 17)])
    assert watcher.queue.qsize() == 1


async def test_who_reads_too_slowly_is_ended_and_told_so(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher = watchers.Watcher("uk-tsm", "", "", {})
    update = _published(running, 16)
    for _ in range(watchers.WAITING + 5):
        watcher.offer([update])
    handed = [watcher.queue.get_nowait() for _ in range(watcher.queue.qsize())]
    assert handed[-1] is None
    assert len(handed) == watchers.WAITING

    ended: asyncio.Queue[Any] = asyncio.Queue()
    ended.put_nowait(None)
    made = watchers.Watcher
    monkeypatch.setattr(watchers, "Watcher", lambda *a: made(*a, queue=ended))
    reader = await running.key(role=submission.ROLE_READER)
    watch = running.stub.WatchBenchmarks(api.WatchBenchmarksRequest(**PERIOD, peer_group="none"), **reader)
    assert await _refused(watch.read()) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "NT-3005")
