"""Reading benchmarks over gRPC. Questions are answered in the database thread, where the state is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC
from typing import Any, Literal, TypeVar

import grpc
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import benchmark_service_pb2_grpc as grpc_api

from services.benchmark import cells, publication, questions, records, store, tick, update_wire, watchers, wire
from services.benchmark.book import Book
from services.benchmark.comparing import Comparing
from services.benchmark.described import Described
from services.benchmark.explaining import Explainer
from services.benchmark.listing import Listing
from services.benchmark.period import Period
from services.benchmark.series import UnknownMethod, less_withdrawn
from services.benchmark.view import View
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service

T = TypeVar("T")
RECORDS_A_PAGE, MOST_RECORDS = 5000, 10_000
CELLS_A_PAGE, MOST_CELLS, STANDINGS_A_PAGE, MOST_STANDINGS = 500, 2000, 2000, 5000


class BenchmarkService(grpc_api.BenchmarkServiceServicer):
    """noegletal.v1.BenchmarkService."""

    def __init__(self, service: Service, book: Book, watching: watchers.Watchers) -> None:
        self._service, self._book, self._watching = service, book, watching
        self._listed_cells, self._listed_standings = Listing[pb.Cell](), Listing[api.PlacedStanding]()
        self._comparing = Comparing(self._ask, self._periods, self._own, self._view)
        self._explainer = Explainer(book, self._periods, self._own, self._vintage)

    async def GetBenchmark(self, request: Any, context: Any) -> Any:
        listed = api.ListBenchmarksRequest(
            scheme=request.scheme,
            period=request.period,
            peer_group=request.peer_group or publication.EVERYBODY,
            key_figure=request.key_figure,
            as_of=request.as_of,
            quantile_type=request.quantile_type,
            method_version=request.method_version,
        )
        found = await self._ask(lambda connection: self._cell(connection, listed))
        if len(found) != 1:
            what = f"{request.scheme}/{request.period}/{listed.peer_group}/{request.key_figure}"
            raise Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=what, known=self._known(request.scheme))
        return api.GetBenchmarkResponse(cell=found[0])

    async def ListBenchmarks(self, request: Any, context: Any) -> Any:
        first, size = _span(request, CELLS_A_PAGE, MOST_CELLS)
        page, more = await self._ask(lambda connection: self._cells(connection, request, first, size))
        return api.ListBenchmarksResponse(cells=page, next_page_token=str(first + size) if more else "")

    async def GetStanding(self, request: Any, context: Any) -> Any:
        found = await self._ask(lambda connection: self._standing(connection, request))
        return api.GetStandingResponse(standings=found)

    async def ListStandings(self, request: Any, context: Any) -> Any:
        if not caller().is_operator:
            raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)
        first, size = _span(request, STANDINGS_A_PAGE, MOST_STANDINGS)
        page, more = await self._ask(lambda connection: self._standings(connection, request, first, size))
        return api.ListStandingsResponse(standings=page, next_page_token=str(first + size) if more else "")

    async def Explain(self, request: Any, context: Any) -> Any:
        found = await self._ask(lambda connection: self._explainer.unit(connection, request))
        return api.ExplainResponse(explanation=found)

    async def ExplainCell(self, request: Any, context: Any) -> Any:
        found = await self._ask(lambda connection: self._explainer.cell(connection, request))
        return api.ExplainCellResponse(explanation=found)

    async def ExplainOrganisation(self, request: Any, context: Any) -> Any:
        found, following = await self._ask(lambda connection: self._explainer.organisation(connection, request))
        return api.ExplainOrganisationResponse(explanation=found, next_page_token=following)

    async def ListRecords(self, request: Any, context: Any) -> Any:
        if not caller().is_operator:
            raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)
        first, size = _span(request, RECORDS_A_PAGE, MOST_RECORDS)
        found, method = await self._ask(lambda connection: self._records(connection, request))
        following = str(first + size) if first + size < len(found) else ""
        page = found[first : first + size]
        return api.ListRecordsResponse(records=page, next_page_token=following, method_version=method)

    async def FindPublication(self, request: Any, context: Any) -> Any:
        if not caller().is_operator:
            raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)
        everything = await self._ask(self._publications)
        found = await asyncio.to_thread(tick.find, request.event_id, everything)
        if found is None:
            raise Refusal("NT-3012", grpc.StatusCode.NOT_FOUND, id=request.event_id[:64])
        return api.FindPublicationResponse(**found._asdict())

    async def Trend(self, request: Any, context: Any) -> Any:
        return await self._comparing.trend(request)

    async def ListTwins(self, request: Any, context: Any) -> Any:
        return await self._comparing.twins(request)

    async def WatchBenchmarks(self, request: Any, context: Any) -> AsyncIterator[Any]:
        try:
            seen = watchers.seen(request.resume_token)
        except watchers.BadToken:
            raise Refusal("NT-3004", grpc.StatusCode.INVALID_ARGUMENT) from None
        watcher = watchers.Watcher(request.scheme, request.period, request.peer_group, seen)
        opening = await self._ask(lambda connection: self._open(connection, watcher))
        try:
            for updates in opening:
                for update, token in zip(updates, watcher.tokens(updates), strict=True):
                    yield api.WatchBenchmarksResponse(
                        update=update, resume_token=token, snapshot=not request.resume_token
                    )
            while (following := await watcher.queue.get()) is not None:
                for update, token in zip(following, watcher.tokens(following), strict=True):
                    yield api.WatchBenchmarksResponse(update=update, resume_token=token)
        finally:
            self._watching.remove(watcher)
        raise Refusal("NT-3005", grpc.StatusCode.RESOURCE_EXHAUSTED)

    async def _ask(self, question: Callable[[Any], T]) -> T:
        def answer(connection: Any) -> T:
            self._book.load(connection)
            return question(connection)

        return await self._service.read(answer)

    def _open(self, connection: Any, watcher: watchers.Watcher) -> list[list[pb.BenchmarkUpdated]]:
        """What was published and not seen yet; from here on the watcher gets every publication."""
        opening = []
        for period in self._book.periods.values():
            since, view = watcher.seen.get(period.name, -1), period.published
            groups = [g for g in period.groups(view) if g in period.cells and period.group_vintage[g] > since]
            rows = tuple(range(len(view.figures)))
            everything = [publication.Updated(period.cells[g], rows) for g in groups]
            updates = update_wire.updates(period.scheme, period.name, view, everything)
            opening.append([u for u in (one.message() for one in updates) if watcher.wants(u)])
            watcher.opened[period.scheme, period.name] = view.vintage
        self._watching.add(watcher)
        return [updates for updates in opening if updates]

    def _cells(self, connection: Any, request: Any, first: int, size: int) -> tuple[list[pb.Cell], bool]:
        kind = _quantile_type(request.quantile_type)
        views = self._views(connection, request)
        asked = (_at(views), request.peer_group, request.key_figure, kind)
        return self._listed_cells.page(asked, lambda: _all_cells(views, request, kind), first, size)

    def _standing(self, connection: Any, request: Any) -> list[api.PlacedStanding]:
        found: list[api.PlacedStanding] = []
        for period in self._periods(request.scheme, request.period):
            view = self._view(connection, period, request)
            if not request.period and view.column(request.unit_id) is None:
                continue
            column = self._own(view, request.unit_id)
            asked = request.key_figure, request.peer_group
            before = self._before(connection, period, request)
            found += questions.standings(period, view, [column], *asked, before, flagged=True)
        if not found:
            what = "/".join(filter(None, (request.scheme, request.period, request.peer_group, request.key_figure)))
            raise Refusal("NT-3002", grpc.StatusCode.NOT_FOUND, unit=request.unit_id, what=what)
        return found

    def _standings(self, connection: Any, request: Any, first: int, size: int) -> tuple[list[api.PlacedStanding], bool]:
        views = self._views(connection, request)
        return self._listed_standings.page(_at(views), lambda: _all_standings(views), first, size)

    def _views(self, connection: Any, request: Any) -> list[tuple[Period, View]]:
        periods = self._periods(request.scheme, request.period)
        return [(period, self._view(connection, period, request)) for period in periods]

    def _records(self, connection: Any, request: Any) -> tuple[list[api.Record], str]:
        """The records of a vintage; or those a release shows, and the series it shows."""
        period, method = self._periods(request.scheme, request.period)[-1], ""
        vintage = request.vintage or store.published(connection, period.scheme, period.name)
        if request.release:
            made = {one.number: one for one in period.state.releases}
            if request.release not in made:
                known = ", ".join(map(str, made)) or "–"
                said = {"number": str(request.release), "period": f"{period.scheme}/{period.name}", "known": known}
                raise Refusal("NT-3013", grpc.StatusCode.NOT_FOUND, **said)
            vintage, method = made[request.release].vintage - 1, made[request.release].method_version
        return records.of(connection, period.scheme, period.name, vintage), method

    def _publications(self, connection: Any) -> list[records.Published]:
        periods = self._book.periods.values()
        return [one for period in periods for one in records.publications(connection, period)]

    def _cell(self, connection: Any, request: Any) -> list[pb.Cell]:
        """The one cell that is asked for, with its funnel; or none, or several."""
        found, _ = self._cells(connection, request, 0, 2)
        if len(found) == 1:
            (period,) = self._periods(request.scheme, request.period or found[0].period)
            described = Described(period, self._view(connection, period, request), None, flagged=False)
            found[0].funnel.CopyFrom(described.funnel(request.key_figure or found[0].key_figure, request.peer_group))
        return found

    def _before(self, connection: Any, period: Period, request: Any) -> View | None:
        """The period before one, as it was at the time asked for; None where a vintage was, which says nothing of it."""
        earlier = questions.earlier(self._periods(period.scheme, ""), period)
        if earlier is None or request.as_of.WhichOneof("point") == "vintage":
            return None
        return self._view(connection, earlier, request)

    def _periods(self, scheme: str, name: str) -> list[Period]:
        found = [p for key, p in sorted(self._book.periods.items()) if key[0] == scheme and name in ("", key[1])]
        if not found:
            what = f"{scheme}/{name}" if name else scheme
            raise Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=what, known=self._known(scheme))
        return found

    def _known(self, scheme: str) -> str:
        return ", ".join("/".join(key) for key in sorted(self._book.periods) if key[0] == scheme) or "–"

    def _own(self, view: View, unit_id: str) -> int:
        """The column of a unit that the caller may ask about. Another's unit is as unknown as one that is not there."""
        column = view.column(unit_id)
        if column is None or not (caller().is_operator or view.organisations[column] == caller().organisation_id):
            raise Refusal("NT-3002", grpc.StatusCode.NOT_FOUND, unit=unit_id, what="–")
        return column

    def _view(self, connection: Any, period: Period, request: Any) -> View:
        as_of, point = request.as_of, request.as_of.WhichOneof("point")
        if point == "vintage" and not request.period:
            raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="period", value="–")
        if point == "time":
            at = as_of.time.ToDatetime(UTC)
            vintage = store.published(connection, period.scheme, period.name, at)
        else:
            vintage = as_of.vintage if point == "vintage" else period.state.vintage
        return self._vintage(connection, period, vintage, request.method_version)

    def _vintage(self, connection: Any, period: Period, vintage: int, method_version: str) -> View:
        if vintage > period.state.vintage:
            newest = str(period.state.vintage)
            raise Refusal("NT-3003", grpc.StatusCode.OUT_OF_RANGE, vintage=str(vintage), newest=newest)
        try:
            then = self._book.view_at(connection, period, vintage, method_version)
            return less_withdrawn(then, period.state.releases)
        except UnknownMethod as unknown:
            said = {"method": method_version[:64], "known": ", ".join(unknown.known) or "–"}
            raise Refusal("NT-3201", grpc.StatusCode.NOT_FOUND, **said) from None


def _quantile_type(asked: int) -> Literal[7, 8]:
    if asked in (0, 8):
        return 8
    if asked == 7:
        return 7
    raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="quantile_type", value=str(asked))


def _span(request: Any, usual: int, most: int) -> tuple[int, int]:
    """Where a page begins, and how long it may be."""
    if request.page_token and not request.page_token.isdecimal():
        raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="page_token", value=request.page_token[:32])
    return int(request.page_token or 0), min(request.page_size or usual, most)


def _at(views: Sequence[tuple[Period, View]]) -> tuple[tuple[str, str, int, str, int], ...]:
    """Which periods are looked at, at which vintage, in which series, and by how many releases and withdrawals."""
    return tuple((p.scheme, p.name, v.vintage, v.method_version, len(v.releases)) for p, v in views)


def _all_cells(views: Sequence[tuple[Period, View]], request: Any, kind: Literal[7, 8]) -> Iterator[pb.Cell]:
    for period, view in views:
        shown = period.shown(view)
        for group in [request.peer_group] if request.peer_group else shown.groups:
            computed = cells.of_group(view, group, period.readings, kind, shown.of(group).members)
            for one in computed.cells if computed.expected else ():
                if request.key_figure in ("", one.key_figure):
                    scale = period.catalogue.scale(one.key_figure)
                    yield wire.cell(period.scheme, period.name, view, computed, one, scale=scale, quantile_type=kind)


def _all_standings(views: Sequence[tuple[Period, View]]) -> Iterator[api.PlacedStanding]:
    for period, view in views:
        columns = sorted(range(len(view.unit_ids)), key=lambda column: view.unit_ids[column])
        yield from questions.standings(period, view, columns, "", "")
