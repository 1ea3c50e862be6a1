"""Cells that the law demands gone: blank at once, never another value, and shown again by a release that hides its changes alone."""

from pathlib import Path
from typing import Any

from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import release_pb2 as release
from noegletal.v1 import release_service_pb2 as api

from tests.service.benchmark.releases import PERIOD, Running, units
from tests.service.benchmark.test_release_commands import noegletal
from tests.service.benchmark.test_releases import _refused

REASON = "an order"


async def _withdraw(running: Running, figure: str = "MEMBERS", group: str = "all", reason: str = REASON) -> Any:
    request = api.WithdrawCellsRequest(**PERIOD, key_figure=figure, peer_group=group, reason=reason)
    return (await running.releases.WithdrawCells(request, **running.operator)).withdrawal


async def test_a_cell_goes_blank_at_once_and_comes_back_by_a_release_that_hides_its_changes(tmp_path: Path) -> None:
    running = await Running(tmp_path).start()
    await running.report(units(0, 12))
    await running.make()
    before, confidential = (await running.cells())["MEMBERS"], (await running.cells())["CONFIDENTIAL"]

    made = await _withdraw(running)

    assert (made.number, made.kind, made.vintage, made.reason) == (2, release.RELEASE_KIND_WITHDRAWAL, 14, REASON)
    assert [(d.key_figure, d.peer_group, d.outcome, d.median) for d in made.decisions] == [
        ("MEMBERS", "all", release.RELEASE_OUTCOME_WITHDRAWN, "")
    ]
    events = running.bench.outbox("release-decided")
    assert events[-1].value == made.SerializeToString(deterministic=True)
    told: Any = [a.message for a in running.bench.outbox("benchmark-updated") if a.key.endswith("/all")][-1]
    row = list(told.key_figures).index("MEMBERS")
    assert (told.vintage, told.suppressions[row], told.shown[row]) == (14, pb.SUPPRESSION_WITHDRAWN, 0)
    assert row in told.changed

    async def blank(vintage: int = 0) -> bool:
        cell = (await running.cells(**({"vintage": vintage} if vintage else {})))["MEMBERS"]
        numbers = cell.HasField("median") or cell.HasField("pooled") or cell.release_number or cell.units
        return cell.suppression == pb.SUPPRESSION_WITHDRAWN and not numbers

    assert await blank()
    assert await blank(vintage=13)  # what was published then is not shown for asking back
    assert (await running.cells())["CONFIDENTIAL"].median == confidential.median

    await running.report({"u03": 0}, revision=2, withdrawn=True)
    held = await running.make("REVISED")
    decisions = {(d.key_figure, d.peer_group): d.held_back for d in held.decisions}
    assert decisions["MEMBERS", "all"] == release.HELD_BACK_TOO_FEW_CHANGED  # whoever saw release 1 would learn u03
    assert await blank()

    await running.report(units(20, 23))
    await running.make("FINAL")
    after = (await running.cells())["MEMBERS"]
    assert (after.release_number, after.units, after.rounding_base) == (4, 14, before.rounding_base)
    assert await blank(vintage=13)

    cells = await running.cells()
    answer = await running.releases.AuditReleases(api.AuditReleasesRequest(**PERIOD), **running.operator)
    assert [(r.number, r.equal) for r in answer.releases] == [(n, True) for n in range(1, 5)]
    await running.stop()
    again = await Running(tmp_path).start()
    assert await again.cells() == cells
    await again.stop()


async def test_who_may_and_what_can_be_withdrawn(tmp_path: Path) -> None:
    running = await Running(tmp_path).start()
    await running.report(units(0, 12))
    asked = api.WithdrawCellsRequest(**PERIOD, key_figure="MEMBERS", reason=REASON)
    assert await _refused(running.releases.WithdrawCells(asked, **running.reader)) == "NT-1012"
    assert await _refused(_withdraw(running)) == "NT-3030"
    await running.make()
    assert await _refused(_withdraw(running, reason=" ")) == "NT-3031"
    assert await _refused(_withdraw(running, figure="PUBLIC")) == "NT-3030"
    await _withdraw(running)
    assert await _refused(_withdraw(running)) == "NT-3030"  # gone already

    code, out, _ = await noegletal(
        running, "withdraw", "--period", "2024", "--figure", "CONFIDENTIAL", "--reason", REASON, "--lang", "da"
    )
    assert (code, out) == (
        0,
        "haver 2024, frigivelse 3, fjernelse efter lovkrav, udgave 15, CONFIDENTIAL fra nu af blank: all, type=A, type=B\n",
    )
    code, _, err = await noegletal(
        running, "withdraw", "--period", "2024", "--figure", "CONFIDENTIAL", "--reason", REASON
    )
    assert (code, "NT-3030 CONFIDENTIAL/– shows no released number" in err) == (1, True)
    code, out, _ = await noegletal(running, "audit", "--period", "2024")
    assert (code, "release 2, removal by law: made again, the same to the byte" in out) == (0, True)
    await running.stop()
