"""Planning, making and auditing releases over gRPC, by operators.

What a plan needs is read in the database thread; it is worked out beside it, so that nothing waits for it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import grpc
from noegletal.v1 import release_pb2 as pb
from noegletal.v1 import release_service_pb2 as api
from noegletal.v1 import release_service_pb2_grpc as grpc_api

from services.benchmark import release_wire, releasing, store
from services.benchmark.book import Book
from services.benchmark.disclosure.planning import Plan
from services.benchmark.head_store import Move
from services.benchmark.period import Period
from services.benchmark.released import Release
from services.benchmark.releasing import Draft
from services.benchmark.tick import Tick
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service


class ReleaseService(grpc_api.ReleaseServiceServicer):
    """noegletal.v1.ReleaseService."""

    def __init__(self, service: Service, book: Book, tick: Tick) -> None:
        self._service, self._book, self._tick = service, book, tick

    async def PlanRelease(self, request: Any, context: Any) -> Any:
        _operators_only()
        draft, made = await self._service.read(lambda connection: self._draft(connection, request))
        plan = await asyncio.to_thread(draft.plan)
        percent = await asyncio.to_thread(draft.final_percent)
        told = _told(request, made, plan)
        return api.PlanReleaseResponse(**told, final_percent=percent, calendar_releases=draft.releases)

    async def MakeRelease(self, request: Any, context: Any) -> Any:
        _operators_only()
        draft, made = await self._service.read(lambda connection: self._draft(connection, request))
        planned = draft.view.vintage + 1
        if request.vintage not in (0, planned):
            raise _moved_on(request.vintage, planned)
        plan = await asyncio.to_thread(draft.plan)
        told = _told(request, made, plan)
        now = await self._service.write(lambda tx: self._make(tx, request, plan, told["release"]))
        if now != planned:
            raise _moved_on(planned, now)
        return api.MakeReleaseResponse(**told)

    async def WithdrawCells(self, request: Any, context: Any) -> Any:
        _operators_only()
        await self._service.read(lambda connection: self._withdrawal(self._period(connection, request), request))
        made = await self._service.write(lambda tx: self._withdraw(tx, request))
        return api.WithdrawCellsResponse(withdrawal=made)

    async def AuditReleases(self, request: Any, context: Any) -> Any:
        _operators_only()
        (earlier, figures), drafts, kept = await self._service.read(lambda c: self._released(c, request))
        found = await asyncio.to_thread(releasing.audits, earlier, figures)
        sums = releasing.sums([one for one, _ in earlier])
        answer = api.AuditReleasesResponse(audits=release_wire.audits(found, sums))
        for draft, content in zip(drafts, kept, strict=True):
            made = draft if isinstance(draft, Release) else (await asyncio.to_thread(draft.plan)).release
            again = release_wire.decided(request.scheme, request.period, made)
            equal = again.SerializeToString(deterministic=True) == content
            answer.releases.add(number=again.number, kind=again.kind, equal=equal)
        return answer

    def _draft(self, connection: Any, request: Any) -> tuple[Draft, list[Release]]:
        """What is to be planned, and the releases there are."""
        period = self._period(connection, request)
        kind, today = release_wire.KINDS.get(request.kind), self._service.clock().date()
        try:
            draft = releasing.draft(connection, self._book, period, kind, today)
        except releasing.NotNow as reason:
            raise Refusal(reason.code, grpc.StatusCode.FAILED_PRECONDITION, **reason.parameters) from None
        return draft, period.state.releases[:]

    def _make(self, tx: Transaction, request: Any, plan: Plan, decided: pb.ReleaseDecided) -> int:
        """Enter a release into the ledger, unless that has moved on; returns the vintage a release now has.

        What came before it is published as it stood then.
        """
        period = self._period(tx.connection, request)
        self._tick.publish(tx, period)
        if period.state.vintage + 1 != plan.release.vintage:
            return period.state.vintage + 1
        self._enter(tx, period, plan.release, decided)
        return plan.release.vintage

    def _withdraw(self, tx: Transaction, request: Any) -> pb.ReleaseDecided:
        period = self._period(tx.connection, request)
        self._tick.publish(tx, period)
        made = self._withdrawal(period, request)
        decided = release_wire.decided(request.scheme, request.period, made)
        self._enter(tx, period, made, decided)
        return decided

    def _withdrawal(self, period: Period, request: Any) -> Release:
        today = self._service.clock().date()
        try:
            return releasing.withdrawal(period, request.key_figure, request.peer_group, request.reason, today)
        except releasing.NotNow as reason:
            raise Refusal(reason.code, grpc.StatusCode.FAILED_PRECONDITION, **reason.parameters) from None

    def _enter(self, tx: Transaction, period: Period, one: Release, decided: pb.ReleaseDecided) -> None:
        before = period.state.vintage
        period.state.release(one)
        store.append_release(tx, Move.of(period, before), decided.SerializeToString(deterministic=True))
        key = f"{period.scheme}/{period.name}"
        tx.announce(decided, key=key, id=deterministic_id("release", key, one.number))
        self._tick.publish(tx, period)

    def _released(self, connection: Any, request: Any) -> tuple[Any, list[Draft | Release], list[bytes]]:
        """What was released, how it is made again, and the bytes the ledger keeps."""
        period = self._period(connection, request)
        numbers = [one.number for one in period.state.releases]
        drafts = [releasing.drafted_again(connection, self._book, period, n) for n in numbers]
        so_far = releasing.released_so_far(connection, self._book, period)
        return so_far, drafts, store.releases(connection, period.scheme, period.name)

    def _period(self, connection: Any, request: Any) -> Period:
        self._book.renew(connection, [(request.scheme, request.period)])
        self._book.load(connection)
        period = self._book.periods.get((request.scheme, request.period))
        if period is None:
            known = ", ".join("/".join(key) for key in sorted(self._book.periods)) or "–"
            what = f"{request.scheme}/{request.period}"
            raise Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=what, known=known)
        return period


def _told(request: Any, made: Sequence[Release], plan: Plan) -> dict[str, Any]:
    sums = releasing.sums([*made, plan.release])
    return {
        "release": release_wire.decided(request.scheme, request.period, plan.release),
        "changed": release_wire.changed(plan.changed),
        "audits": release_wire.audits(plan.audits, sums),
    }


def _moved_on(planned: int, now: int) -> Refusal:
    return Refusal("NT-3104", grpc.StatusCode.FAILED_PRECONDITION, planned=str(planned), now=str(now))


def _operators_only() -> None:
    if not caller().is_operator:
        raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)
