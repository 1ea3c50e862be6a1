"""What is said beside numbers, over gRPC: intervals, classes, flags, histories, twins; and the same as frames."""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import benchmark_service_pb2_grpc as api_grpc
from noegletal.v1 import statistics_pb2 as said
from noegletal.v1 import submission_pb2 as submission
from typer.testing import CliRunner

from services.benchmark.app import Settings, create_app
from services.cli import frames, main, running
from tests.builders import a_profile, observations
from tests.service.benchmark.test_reading import Running, _refused
from tests.service.delivery import Bench

YEARS = [str(year) for year in range(2017, 2025)]
PERIOD = {"scheme": "uk-tsm", "period": "2024"}
UNITS = [f"u{n:02}" for n in range(40)]


def _year(year: str, names: list[str]) -> Any:
    """Values rise with the unit and a little from year to year; in the last year u05 leaps to 99 of 100."""

    def value(unit: str) -> int:
        return 990 if (unit, year) == ("u05", "2024") else 300 + 10 * int(unit[1:]) + 2 * (int(year) % 3)

    message = observations({u: [(value(u), 1000)] * 8 for u in names})
    message.period = year
    return message


@pytest.fixture
async def sector(tmp_path: Path) -> AsyncIterator[Running]:
    settings = Settings(
        kafka="127.0.0.1:1", database=f"sqlite:///{tmp_path}/b.db", catalogue_year=2024, stop_grace_seconds=0.2
    )
    service = create_app(settings)
    await service.start()
    channel = grpc.aio.insecure_channel(service.grpc_address)
    made = Running(
        service, await service.database.in_thread(lambda: Bench(service)), api_grpc.BenchmarkServiceStub(channel)
    )
    for unit in UNITS:
        profile = a_profile(unit, dwellings=str(1000 + 25 * int(unit[1:])))
        await made.deliver(submission.UnitRegistered(profile=profile), "unit-registered")
    for year in YEARS:
        await made.deliver(_year(year, UNITS[:30] if year == "2024" else UNITS))
    yield made
    await channel.close()
    await service.stop()


async def test_a_cell_says_how_sure_it_is_and_where_it_will_end(sector: Running) -> None:
    reader = await sector.key(role=submission.ROLE_READER)
    cell = (await sector.stub.GetBenchmark(api.GetBenchmarkRequest(**PERIOD, key_figure="RP01"), **reader)).cell
    assert (cell.units, cell.expected, cell.awaited) == (30, 40, 40)
    intervals = {i.twentieths: i for i in cell.intervals}
    assert sorted(intervals) == [2, 5, 10, 15, 18]
    # thirty values: the median lies between the tenth and the twenty-first. u05 left its place, so ranks above 5 are one unit on.
    assert (intervals[10].lower, intervals[10].upper, intervals[10].coverage_e4) == (0.404, 0.514, 9572)
    final = {i.twentieths: i for i in cell.final_intervals}
    assert intervals[10].lower < final[10].lower < cell.median < final[10].upper < intervals[10].upper
    assert cell.funnel.absence == said.FUNNEL_ABSENCE_UNSPECIFIED
    assert cell.funnel.target == cell.pooled
    assert cell.funnel.between > 0
    update = [a.message for a in sector.bench.outbox("benchmark-updated") if a.message.period == "2024"][-1]  # type: ignore[union-attr]
    places = [p for p in update.interval_places if p // 10 == list(update.key_figures).index("RP01")]  # type: ignore[union-attr]
    assert [p % 10 for p in places] == list(range(10))


async def test_a_standing_says_its_class_its_level_and_what_stands_apart(sector: Running) -> None:
    own = await sector.key("u05")
    request = api.GetStandingRequest(**PERIOD, unit_id="u05", key_figure="RP01")
    found = (await sector.stub.GetStanding(request, **own)).standings
    assert [s.is_shown for s in found] == [False] * 4 + [True]
    assert [(s.level, s.levels) for s in found] == [(5, 5), (4, 5), (3, 5), (2, 5), (1, 5)]
    shown = found[-1]
    assert shown.class_text["da"] == "blandt den fjerdedel, der ligger højest"
    assert said.FLAG_ROSE in shown.flags
    assert said.FLAG_FUNNEL_HIGH_2 in shown.flags or said.FLAG_FUNNEL_HIGH_3 in shown.flags
    assert said.FLAG_ABOVE_FENCE in shown.flags
    assert list(shown.not_computable) == []
    at_vintage = api.GetStandingRequest(**PERIOD, unit_id="u05", key_figure="RP01", as_of=api.AsOf(vintage=70))
    earlier = (await sector.stub.GetStanding(at_vintage, **own)).standings[-1]
    assert said.LOOK_CHANGE in earlier.not_computable


async def test_a_history_of_eight_years_has_limits(sector: Running) -> None:
    own, other = await sector.key("u05"), await sector.key("u06")
    asked = {"scheme": "uk-tsm", "key_figure": "RP01"}
    history = (await sector.stub.Trend(api.TrendRequest(**asked, unit_id="u05"), **own)).trend
    assert [p.period for p in history.points] == YEARS
    assert [p.value for p in history.points][-1] == 0.99
    assert list(history.points[-1].flags) == [said.FLAG_ROSE]
    assert [p.change_computable for p in history.points] == [False] + [True] * 7
    assert history.HasField("centre")
    assert said.SIGNAL_OUTSIDE in history.points[-1].signals
    median = (await sector.stub.Trend(api.TrendRequest(**asked, limits="median"), **other)).trend
    assert [p.value for p in median.points] == [p.median for p in median.points]
    for request, code in (
        (api.TrendRequest(**asked, unit_id="u05"), "NT-3002"),
        (api.TrendRequest(**asked, limits="mode"), "NT-3006"),
        (api.TrendRequest(scheme="uk-tsm", key_figure="XX"), "NT-3001"),
        (api.TrendRequest(**asked, peer_group="region=Nowhere"), "NT-3001"),
    ):
        assert (await _refused(sector.stub.Trend(request, **other)))[1] == code


async def test_a_history_as_of_a_time_is_each_year_as_it_was_published_then(sector: Running) -> None:
    own, asked = await sector.key("u05"), {"scheme": "uk-tsm", "key_figure": "RP01"}
    requests = [api.TrendRequest(**asked, unit_id=unit) for unit in ("u05", "")]  # type: ignore[arg-type]
    before = [(await sector.stub.Trend(request, **own)).trend for request in requests]
    assert {p.method_version for history in before for p in history.points} == {"test+statistics-1"}
    at = sector.service.clock()
    again = observations({u: [(700, 1000)] * 8 for u in UNITS}, revision=2)
    again.method_version, again.period = "uk-tsm/2024.2#abc+rules-2", "2020"
    next_year = _year("2025", UNITS)
    for message in (again, next_year):
        await sector.deliver(message)
    for request, stood in zip(requests, before, strict=True):
        now = (await sector.stub.Trend(request, **own)).trend
        assert [p.period for p in now.points] == [*YEARS, "2025"]
        assert now.points[3].value == 0.7
        request.as_of.time.FromDatetime(at)
        assert (await sector.stub.Trend(request, **own)).trend == stood

    newer = api.TrendRequest(**asked, method_version="uk-tsm/2024.2#abc+rules-2+statistics-1")  # type: ignore[arg-type]
    assert [p.period for p in (await sector.stub.Trend(newer, **own)).trend.points] == ["2020"]
    early = api.TrendRequest(**asked, as_of=requests[0].as_of)  # type: ignore[arg-type]
    early.as_of.time.FromDatetime(datetime(2000, 1, 1))
    for request, code in (
        (early, "NT-3001"),
        (api.TrendRequest(**asked, as_of=api.AsOf(vintage=3)), "NT-3010"),  # type: ignore[arg-type]
        (api.TrendRequest(**asked, method_version="none"), "NT-3201"),  # type: ignore[arg-type]
    ):
        assert (await _refused(sector.stub.Trend(request, **own)))[1] == code


async def test_twins_are_the_nearest_and_say_why(sector: Running) -> None:
    own, other = await sector.key("u05"), await sector.key("u06")
    request = api.ListTwinsRequest(scheme="uk-tsm", unit_id="u05", key_figure="RP01")
    answer = await sector.stub.ListTwins(request, **own)
    assert [t.unit_id for t in answer.twins][:5] == ["u04", "u06", "u03", "u07", "u02"]
    assert (len(answer.twins), answer.matched_on, answer.matched_value, answer.scales_year) == (
        30,
        "org_type",
        "LARP",
        "2023",
    )
    assert [(p.attribute, p.share_e4) for p in answer.twins[0].parts if p.share_e4] == [("dwellings", 10_000)]
    (cell,), (standing,) = answer.cells, answer.standings
    assert (cell.peer_group, cell.expected, standing.standing.units) == ("twins", 31, 30)
    assert await _refused(sector.stub.ListTwins(request, **other)) == (grpc.StatusCode.NOT_FOUND, "NT-3002")

    # Forty units, 1000, 1025, … 1975 dwellings when 2024 began: 25 * 20 1/6 between the quartiles, one attribute of three.
    assert answer.twins[0].parts[-1] == said.TwinPart(attribute="dwellings", apart_e6=49_586, share_e4=10_000)
    newcomer = a_profile("zz", dwellings="1126")
    await sector.deliver(submission.UnitRegistered(profile=newcomer), "unit-registered")
    again = await sector.stub.ListTwins(request, **own)
    assert [t.unit_id for t in again.twins][:2] == ["zz", "u04"]
    assert {t.unit_id: t.distance_e6 for t in again.twins}["u04"] == answer.twins[
        0
    ].distance_e6  # the scales are frozen
    then = api.ListTwinsRequest(**PERIOD, unit_id="u05", key_figure="RP01", as_of=api.AsOf(vintage=answer.vintage))
    assert await sector.stub.ListTwins(then, **own) == answer
    lone = api.ListTwinsRequest(scheme="uk-tsm", unit_id="u05", as_of=api.AsOf(vintage=answer.vintage))
    assert (await _refused(sector.stub.ListTwins(lone, **own)))[1] == "NT-3006"

    await sector.deliver(submission.UnitRegistered(profile=a_profile("u05", version=2, org_type="")), "unit-registered")
    assert await _refused(sector.stub.ListTwins(request, **own)) == (grpc.StatusCode.FAILED_PRECONDITION, "NT-3301")


async def _installed(sector: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    call = await sector.key(role=submission.ROLE_OPERATOR)
    key = call["metadata"][0][1].removeprefix("Bearer ")
    here = running.Running("127.0.0.1:1", sector.service.grpc_address, "127.0.0.1:1", "", key, {})
    monkeypatch.setattr(running, "read", lambda: here)


async def test_frames(sector: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await _installed(sector, monkeypatch)

    def read() -> None:
        with frames.Frames.connect(scheme="uk-tsm") as noegletal:
            cells = noegletal.benchmarks(period="2024", group="all").set_index("key_figure")
            assert cells.loc["RP01", "median_coverage"] == 0.9572
            assert cells["numerator_sum"].sum() == 8 * (30 * 304 + 10 * 435 - 354 + 990)
            standings = noegletal.standings("u05", period="2024", figure="RP01")
            assert standings["is_shown"].tolist() == [False] * 4 + [True]
            assert len(noegletal.standings(period="2024", figure="RP01", group="all")) == 30
            assert noegletal.trend("RP01", unit="u05")["signals"].iloc[-1] == "outside"
            assert noegletal.trend("RP01", as_of=sector.service.clock())["period"].tolist() == YEARS
            assert noegletal.twins("u05")["unit_id"].iloc[0] == "u04"
            first = next(noegletal.watch(period="2024", group="all"))
            assert first.attrs["snapshot"]
            assert first["median"].tolist() == cells["median"].tolist()

    await asyncio.to_thread(read)


async def test_the_example_of_the_module_runs(
    sector: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await _installed(sector, monkeypatch)
    example = "\n".join(line[4:] for line in (frames.__doc__ or "").splitlines() if line.startswith("    "))
    assert len(example.split("\n")) >= 5
    await asyncio.to_thread(exec, example, {})
    assert re.search(r"RP01\s+0\.459", capsys.readouterr().out)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
async def test_the_commands_in_every_format(sector: Running, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    await _installed(sector, monkeypatch)
    commands = (
        ["trend", "RP01", "--unit", "u05"],
        ["trend", "RP01", "--lang", "da"],
        ["trend", "RP01", "--as-of", "2999-01-01"],
        ["peers", "u05", "--lang", "da", "--period", "2024", "--as-of", "70"],
        ["benchmarks", "--period", "2024"],
        ["explain", "u05", "RP01", "--period", "2024", "--from", "50"],
    )
    for command in commands:
        ran = await asyncio.to_thread(CliRunner().invoke, main.app, [*command, "--format", form])
        assert ran.exit_code == 0, (command, ran.output, ran.exception)
        if form == "csv":
            rows = list(csv.DictReader(io.StringIO(ran.stdout)))
            assert rows
            assert all(None not in row.values() and "None" not in row.values() for row in rows)
        assert "u04" in ran.stdout or command[0] != "peers"
    refused = await asyncio.to_thread(CliRunner().invoke, main.app, ["trend", "RP01", "--format", "xml"])
    assert refused.exception is not None
