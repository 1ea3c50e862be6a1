"""The gRPC door to the log of record: reading it, and letting what is in it be assessed again. Operators only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import grpc
import sqlalchemy as sa
from noegletal.v1 import log_service_pb2 as api
from noegletal.v1 import log_service_pb2_grpc as api_grpc
from noegletal.v1 import submission_pb2 as pb

from services.chassis.outbox import Transaction
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.ingest import received_wire, store, wire
from services.ingest.intake import FORGED, Outcome
from services.ingest.registration import Unit

LINES_A_PAGE, MOST_LINES, PAGE_BYTES = 500, 1000, 1024 * 1024
PROFILES_A_PAGE, MOST_PROFILES = 1000, 2000
AT_ONCE = 1000  # lines looked at for one answer


class LogService(api_grpc.LogServiceServicer):
    """noegletal.v1.LogService."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ReadLog(self, request: Any, context: Any) -> Any:
        _operators_only()
        size = min(request.page_size or LINES_A_PAGE, MOST_LINES)

        def read(connection: sa.Connection) -> Any:
            rows = store.lines_after(connection, request.after_sequence, size, request.scheme)
            page, weight = [], 0
            for row, unit in with_units(connection, rows):
                page.append(_line(row, unit))
                weight += len(row.raw)
                if weight >= PAGE_BYTES:
                    break
            more = len(page) < len(rows) or len(rows) == size
            return api.ReadLogResponse(
                lines=page, next_after_sequence=page[-1].receipt.sequence if more and page else 0
            )

        return await self._service.read(read)

    async def ReadProfiles(self, request: Any, context: Any) -> Any:
        _operators_only()
        size = min(request.page_size or PROFILES_A_PAGE, MOST_PROFILES)
        first = int(request.page_token) if request.page_token.isdecimal() else 0
        units = await self._service.read(lambda c: store.profiles(c, request.scheme))
        following = str(first + size) if first + size < len(units) else ""
        page = [wire.profile(unit) for unit in units[first : first + size]]
        return api.ReadProfilesResponse(profiles=page, next_page_token=following)

    async def Reassess(self, request: Any, context: Any) -> Any:
        _operators_only()
        if self._service.outbox_full:
            raise Refusal("NT-1010", grpc.StatusCode.RESOURCE_EXHAUSTED)
        return await self._service.write(lambda tx: announce_again(tx, request))


def announce_again(tx: Transaction, request: Any) -> Any:
    """Announce the accepted lines of a stretch of the log once more, under the ids they had."""
    rows = store.lines_after(tx.connection, request.after_sequence, AT_ONCE, request.scheme)
    announced = 0
    for row, unit in with_units(tx.connection, rows):
        if row.outcome == Outcome.ACCEPTED and request.period in ("", row.period_end[:4]):
            arrival = wire.Arrival(
                pb.Submission.FromString(row.raw), row.raw, row.organisation_id, row.door, row.source
            )
            event = received_wire.received(wire.examined(arrival), row, unit)
            tx.announce_raw(received_wire.RECEIVED, event, key=row.unit_id, id=row.receipt_id)
            announced += 1
    more = rows[-1].sequence if len(rows) == AT_ONCE else 0
    return api.ReassessResponse(announced=announced, next_after_sequence=more)


def with_units(connection: sa.Connection, rows: Sequence[Any]) -> list[tuple[Any, Unit | None]]:
    """Lines of the log, each with the unit as it was registered when the line was written; None where it was not its sender's."""
    known: dict[tuple[str, str], list[Unit]] = {}
    for unit in store.profiles(connection, "", [row.unit_id for row in rows]):
        known.setdefault((unit.scheme, unit.unit_id), []).append(unit)
    return [(row, _then(row, known.get((row.scheme, row.unit_id), []))) for row in rows]


def _then(row: Any, versions: Sequence[Unit]) -> Unit | None:
    came = datetime.fromisoformat(row.received_at)
    earlier = [unit for unit in versions if unit.valid_from <= came]
    return earlier[-1] if earlier and earlier[-1].organisation_id == row.organisation_id else None


def _line(row: Any, unit: Unit | None) -> api.LogLine:
    line = api.LogLine(raw=row.raw, receipt=wire.receipt(row))
    if unit is not None and row.code != FORGED:
        line.profile.CopyFrom(wire.profile(unit))
    return line


def _operators_only() -> None:
    if not caller().is_operator:
        raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)
