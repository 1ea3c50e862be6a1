"""Planning, making and auditing releases over gRPC, by operators."""

from typing import Any

import grpc
from noegletal.v1 import release_pb2 as pb
from noegletal.v1 import release_service_pb2 as api
from noegletal.v1 import release_service_pb2_grpc as grpc_api

from services.benchmark import release_wire, releasing, store
from services.benchmark.book import Book, Period
from services.benchmark.disclosure.planning import Plan
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

        def answer(connection: Any) -> api.PlanReleaseResponse:
            period = self._period(connection, request)
            plan = self._plan(connection, period, request)
            return api.PlanReleaseResponse(**_told(period, plan))

        return await self._service.read(answer)

    async def MakeRelease(self, request: Any, context: Any) -> Any:
        _operators_only()
        return await self._service.write(lambda tx: self._make(tx, request))

    async def AuditReleases(self, request: Any, context: Any) -> Any:
        _operators_only()
        return await self._service.read(lambda connection: self._audit(connection, request))

    def _make(self, tx: Transaction, request: Any) -> api.MakeReleaseResponse:
        period = self._period(tx.connection, request)
        plan = self._plan(tx.connection, period, request)
        if request.vintage not in (0, plan.release.vintage):
            moved = {"planned": str(request.vintage), "now": str(plan.release.vintage)}
            raise Refusal("NT-3104", grpc.StatusCode.FAILED_PRECONDITION, **moved)
        told = _told(period, plan)
        self._tick.publish(tx)  # what came before the release is published as it stood then
        store.append_release(
            tx, period.scheme, period.name, plan.release.vintage, told["release"].SerializeToString(deterministic=True)
        )
        period.state.release(plan.release)
        key = f"{period.scheme}/{period.name}"
        tx.announce(told["release"], key=key, id=deterministic_id("release", key, plan.release.number))
        self._tick.publish(tx)
        return api.MakeReleaseResponse(**told)

    def _audit(self, connection: Any, request: Any) -> api.AuditReleasesResponse:
        period = self._period(connection, request)
        found = releasing.audits(connection, self._book, period)
        answer = api.AuditReleasesResponse(audits=release_wire.audits(found, releasing.sums(period.state.releases)))
        for entry in store.releases(connection, period.scheme, period.name):
            kept = pb.ReleaseDecided.FromString(entry)
            again = releasing.made_again(connection, self._book, period, kept.number)
            made = release_wire.decided(period.scheme, period.name, again).SerializeToString(deterministic=True)
            answer.releases.add(number=kept.number, kind=kept.kind, equal=made == entry)
        return answer

    def _plan(self, connection: Any, period: Period, request: Any) -> Plan:
        kind, today = release_wire.KINDS.get(request.kind), self._service.clock().date()
        try:
            return releasing.plan(connection, self._book, period, kind, today)
        except releasing.NotNow as reason:
            raise Refusal(reason.code, grpc.StatusCode.FAILED_PRECONDITION, **reason.parameters) from None

    def _period(self, connection: Any, request: Any) -> Period:
        self._book.load(connection)
        period = self._book.periods.get((request.scheme, request.period))
        if period is None:
            known = ", ".join("/".join(key) for key in sorted(self._book.periods)) or "–"
            what = f"{request.scheme}/{request.period}"
            raise Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=what, known=known)
        return period


def _told(period: Period, plan: Plan) -> dict[str, Any]:
    sums = releasing.sums([*period.state.releases, plan.release])
    return {
        "release": release_wire.decided(period.scheme, period.name, plan.release),
        "changed": release_wire.changed(plan.changed),
        "audits": release_wire.audits(plan.audits, sums),
    }


def _operators_only() -> None:
    if not caller().is_operator:
        raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)
