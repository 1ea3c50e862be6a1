"""The template door: the workbook an organisation fills in for a period."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from noegletal.v1 import submission_service_pb2 as api

from services.chassis.rpc import caller
from services.chassis.service import Service
from services.ingest import file_store, file_wire, template
from services.ingest.asked_rpc import day, definitions_of, language, pieces, wrong


class TemplateMethods:
    """GetTemplate of noegletal.v1.SubmissionService."""

    _service: Service
    _turns: asyncio.Semaphore

    async def GetTemplate(self, request: Any, context: Any) -> AsyncIterator[Any]:
        organisation = caller().acting_for(request.organisation_id)
        language(request.language)
        start, end = (day(request, field) for field in ("period_start", "period_end"))
        if end < start:
            raise wrong(
                "period_end", request.period_end, "Slutdatoen ligger før startdatoen.", "It ends before it begins."
            )
        catalogue = definitions_of(request.scheme, request.period_end[:4])
        units = await self._service.read(lambda c: file_store.units_of(c, request.scheme, organisation))
        newest = await self._service.read(lambda c: file_store.newest(c, request.scheme, units))
        year = str(end.year - 1)
        before = {u: file_wire.amounts(bytes(line.raw)) for (u, y), line in newest.items() if y == year}
        listed = [(unit_id, attributes) for unit_id, (_, attributes) in units.items()]
        async with self._turns:
            made = await asyncio.to_thread(
                template.make, catalogue, organisation, start, end, listed, before, request.language
            )
        for piece in pieces(made):
            yield api.GetTemplateResponse(piece=piece)
