"""Releases through the service: planned, made, audited and read; what is protected never shows anything live."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import explanation_pb2 as out
from noegletal.v1 import release_pb2 as release
from noegletal.v1 import release_service_pb2 as release_api

from tests.builders import observations
from tests.service.benchmark.releases import PERIOD, Running, units


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    made = await Running(tmp_path).start()
    yield made
    await made.stop()


async def _refused(call: Any) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    status = rpc_status.from_call(caught.value)  # type: ignore[arg-type]
    assert status is not None
    info = error_details_pb2.ErrorInfo()
    assert any(detail.Is(info.DESCRIPTOR) and detail.Unpack(info) for detail in status.details)
    return info.reason


async def test_the_same_cell_under_each_publicity_class(running: Running) -> None:
    await running.report(units(0, 12))
    before = await running.cells()
    assert before["PUBLIC"].median == 105.5
    for figure in ("MEMBERS", "CONFIDENTIAL"):
        cell = before[figure]
        assert cell.suppression == pb.SUPPRESSION_NOT_RELEASED
        assert not cell.HasField("median")
        assert (cell.units, cell.holders, cell.numerator_sum, len(cell.absences)) == (0, 0, "", 0)

    made = await running.make()

    after = await running.cells()
    assert (made.number, made.kind, made.vintage) == (1, release.RELEASE_KIND_PROVISIONAL, 13)
    assert after["PUBLIC"].release_number == 0
    for figure in ("MEMBERS", "CONFIDENTIAL"):
        cell = after[figure]
        assert (cell.release_number, cell.release_kind, cell.rounding_base) == (1, made.kind, "0.5")
        assert (cell.q1, cell.median, cell.q3, cell.pooled) == (102.5, 105.5, 108.5, 105.5)
        assert (cell.units, cell.holders, cell.numerator_sum, cell.vintage) == (12, 12, "", 13)
        assert not cell.HasField("p10")
    assert (await running.cells(vintage=12))["MEMBERS"] == before["MEMBERS"]


async def test_a_release_is_an_event_and_is_published(running: Running) -> None:
    await running.report(units(0, 12))
    made = await running.make()
    events = running.bench.outbox("release-decided")
    assert [(e.key, e.value) for e in events] == [("haver/2024", made.SerializeToString(deterministic=True))]
    told = [a.message for a in running.bench.outbox("benchmark-updated")][-1]
    assert list(told.release_numbers) == [0, 1, 1] or told.peer_group != "all"  # type: ignore[union-attr]
    assert told.vintage == made.vintage  # type: ignore[union-attr]


async def test_nothing_live_shows_until_the_next_release(running: Running) -> None:
    # Whatever one organisation sends, corrects or withdraws changes its own position and nothing else that is protected.
    await running.report(units(0, 12))
    await running.make()
    other, own = await running.key("u05"), await running.key("u00")

    async def protected() -> list[bytes]:
        seen: list[Any] = []
        for group in ("all", "type=A", "type=B"):
            seen += [c for c in (await running.cells(group)).values() if c.key_figure != "PUBLIC"]
        for cell in seen:
            cell.ClearField("vintage")
            cell.ClearField("reported")  # coverage is of the group, which public figures share
            cell.ClearField("expected")
        request = api.GetStandingRequest(**PERIOD, unit_id="u05")
        places = (await running.benchmarks.GetStanding(request, **other)).standings
        seen += [p.standing for p in places if p.key_figure != "PUBLIC"]
        history = api.TrendRequest(scheme="haver", key_figure="MEMBERS")
        (point,) = (await running.benchmarks.Trend(history, **other)).trend.points
        assert (point.release_number, point.units, point.value, point.awaited) == (1, 12, point.median, 0)
        point.ClearField("vintage")
        seen.append(point)
        return [one.SerializeToString(deterministic=True) for one in seen]

    async def bands() -> set[tuple[int, int, int, int, int]]:
        request = api.GetStandingRequest(**PERIOD, unit_id="u00", key_figure="MEMBERS", peer_group="all")
        places = (await running.benchmarks.GetStanding(request, **own)).standings
        assert {(s.standing.position, s.standing.units, s.standing.percentile_e4) for s in places} == {(0, 0, 0)}
        return {
            (s.standing.release_number, s.standing.band_lower_percent, s.standing.band_upper_percent) for s in places
        }

    before, rng, places, told = await protected(), random.Random(3), set(), await _told(running)
    for revision in range(2, 20):
        withdrawn = revision % 5 == 0
        await running.report({"u00": rng.randrange(1000, 1110)}, revision=revision, withdrawn=withdrawn)
        assert await protected() == before
        said, told = told, await _told(running)
        assert {unit for unit, _, _ in told[len(said) :]} <= {"u00"}  # what others are told does not move either
        if not withdrawn:
            here = await bands()
            places |= here
            assert {band for _, name, band in told[len(said) :] if name == "MEMBERS"} == here
    assert places == {(1, 0, 25), (1, 25, 50), (1, 50, 75), (1, 75, 100)}


async def _told(running: Running) -> list[tuple[str, str, tuple[int, int, int]]]:
    """What StandingChanged said of protected figures: unit, figure, release and band."""
    found = []
    for one in running.bench.outbox("standing-changed"):
        for e in one.message.explanations:  # type: ignore[union-attr]
            if e.key_figure != "PUBLIC":
                after = e.after
                assert (after.position, after.units, after.percentile_e4, after.mid_rank, len(e.parts)) == (
                    0,
                    0,
                    0,
                    0,
                    0,
                )
                band = (after.release_number, after.band_lower_percent, after.band_upper_percent)
                found.append((e.unit_id, e.key_figure, band))
    return found


async def test_a_release_tells_every_unit_its_band_once(running: Running) -> None:
    await running.report(units(0, 12))
    assert not await _told(running)
    await running.make()
    first = await _told(running)
    assert sorted({u for u, _, _ in first}) == sorted(units(0, 12))
    assert [band for u, name, band in first if (u, name) == ("u00", "MEMBERS")] == [(1, 0, 25)]
    await running.report({f"u{n}": 900 for n in range(20, 40)})  # they all lie below; who is told of it is who reported
    said = await _told(running)
    assert {u for u, _, _ in said[len(first) :]} == {f"u{n}" for n in range(20, 40)}
    await running.make()
    last = (await _told(running))[len(said) :]
    assert {(u, name) for u, name, _ in last} > {("u00", "MEMBERS"), ("u00", "CONFIDENTIAL")}
    assert not {u for u, _, _ in last} & {"u11"}  # above all before and after: nothing to tell
    event = [a.message for a in running.bench.outbox("standing-changed") if a.key == "u00"][-1]
    (text,) = [e.text for e in event.explanations if e.key_figure == "MEMBERS"]  # type: ignore[union-attr]
    assert text["da"].endswith(
        ": fra medianen op til øvre kvartil i de frigivne tal for gruppen »B« (før: under nedre kvartil, hele sektoren)."
    )
    assert text["en"].endswith(
        "from the median up to the upper quartile in the released figures for the group “B” (before: below the lower quartile, "
        "the whole sector)."
    )


async def test_a_revision_with_three_newcomers_shows_the_release_before(running: Running) -> None:
    await running.report(units(0, 12))
    await running.make()
    before = (await running.cells())["MEMBERS"]
    await running.report(units(12, 15))
    made = await running.make()
    held = {d.held_back for d in made.decisions if d.peer_group == "all"}
    assert held == {release.HELD_BACK_TOO_FEW_CHANGED}
    after = (await running.cells())["MEMBERS"]
    assert (after.release_number, after.median, after.units) == (1, before.median, 12)


async def test_a_protected_cell_is_explained_between_its_releases_without_causes(running: Running) -> None:
    async def explained(group: str = "all", **vintages: int) -> out.CellExplanation:
        asked = PERIOD | {"key_figure": "MEMBERS", "peer_group": group}
        request = api.ExplainCellRequest(**asked, **vintages)  # type: ignore[arg-type]
        return (await running.benchmarks.ExplainCell(request, **running.reader)).explanation  # type: ignore[no-any-return]

    await running.report(units(0, 12))
    said = await explained()
    assert (said.suppression, said.release_after, len(said.changes)) == (pb.SUPPRESSION_NOT_RELEASED, 0, 0)
    first = await running.make()
    said = await explained()
    assert (said.release_before, said.release_after, len(said.changes)) == (0, 1, 0)
    await running.report(units(12, 20))
    live = await explained()
    assert (live.vintage_after, live.release_after, live.changes) == (first.vintage + 8, 1, said.changes)
    second = await running.make()

    said = await explained()
    assert (said.vintage_before, said.vintage_after) == (first.vintage, second.vintage)
    assert (said.release_before, said.release_after, said.units_before, said.units_after) == (1, 2, 12, 20)
    cells = [(await running.cells(vintage=one.vintage))["MEMBERS"] for one in (first, second)]
    names = ("median", "pooled", "q1", "q3")
    for name, change in zip(names, said.changes, strict=True):
        assert [change.before_e9, change.after_e9] == [round(getattr(cell, name) * 10**9) for cell in cells]
        assert not change.parts
    assert said.changes[0].text["da"] == (
        "Vand pr. have: medianen steg 4,0 m³ pr. have (105,5 → 109,5) fra frigivelse 1 til 2, 12 → 20 enheder. "
        "Årsagerne vises ikke, for tallet er ikke offentligt."
    )
    await running.report({"u00": 3000, "u01": 2000}, revision=2)  # live: nothing of it is told
    assert (await explained()).changes == said.changes
    still = await explained(vintage_before=second.vintage)
    assert (still.release_before, still.release_after) == (2, 2)
    assert still.changes[0].text["en"].endswith(": the median is still 109.5 m³ per plot: still release 2.")
    back = await explained(vintage_before=second.vintage, vintage_after=first.vintage)
    assert (back.changes[0].before_e9, back.changes[0].after_e9) == (109_500_000_000, 105_500_000_000)


async def test_releases_replay_to_the_same_bytes_also_after_a_restart(tmp_path: Path) -> None:
    running = await Running(tmp_path).start()
    await running.report(units(0, 12))
    await running.make()
    await running.report(units(12, 20))
    await running.report({"u03": 900, "u04": 901, "u05": 902, "u06": 903}, revision=2)
    await running.make("FINAL")
    cells, events = await running.cells(), [e.value for e in running.bench.outbox("release-decided")]
    await running.stop()

    again = await Running(tmp_path).start()
    assert await again.cells() == cells
    answer = await again.releases.AuditReleases(release_api.AuditReleasesRequest(**PERIOD), **again.operator)
    assert [(r.number, r.equal) for r in answer.releases] == [(1, True), (2, True)]
    assert {a.key_figure: (a.sums, len(a.disclosed)) for a in answer.audits}.keys() == {"MEMBERS", "CONFIDENTIAL"}
    assert all(not a.disclosed for a in answer.audits)
    await again.stop()

    (tmp_path / "other").mkdir()
    other = await Running(tmp_path / "other").start()
    for unit in sorted(units(0, 12), reverse=True):  # one by one, in another order
        await other.report({unit: units(0, 12)[unit]})
    await other.make()
    await other.report({"u03": 900, "u04": 901, "u05": 902, "u06": 903}, revision=2)
    await other.report(units(12, 20))
    await other.make("FINAL")
    assert [e.value for e in other.bench.outbox("release-decided")] == events
    await other.stop()


async def test_what_is_refused_says_why(running: Running) -> None:
    await running.report(units(0, 12))
    await running.report(units(0, 12), period="2999")
    await running.report(units(0, 12))
    plan = release_api.PlanReleaseRequest(**PERIOD)
    assert await _refused(running.releases.PlanRelease(plan, **running.reader)) == "NT-1012"
    assert await _refused(running.make(period="1999")) == "NT-3001"
    assert await _refused(running.make(period="2999")) == "NT-3101"
    assert await _refused(running.make(vintage=12)) == "NT-3104"
    planned = (await running.releases.PlanRelease(plan, **running.operator)).release
    made = await running.make(vintage=planned.vintage)
    assert made == planned
    assert await _refused(running.make("PROVISIONAL")) == "NT-3102"


async def test_the_calendar_ends_with_its_final_release_also_for_planning(running: Running) -> None:
    await running.report(units(0, 12))
    for kind in ("PROVISIONAL", "REVISED", "FINAL"):
        await running.make(kind)
    plan = release_api.PlanReleaseRequest(**PERIOD)
    assert await _refused(running.releases.PlanRelease(plan, **running.operator)) == "NT-3102"
    for kind in ("UNSPECIFIED", "PROVISIONAL", "FINAL", "WITHDRAWAL"):
        assert await _refused(running.make(kind)) == "NT-3102"


async def test_a_scheme_without_protected_figures_has_nothing_to_release(running: Running) -> None:
    message = observations({"u00": [(1, 2)] * 8})
    await running.service.database.in_thread(lambda: running.bench.deliver("observations-accepted", [message]))
    assert await _refused(running.make(scheme="uk-tsm")) == "NT-3103"
