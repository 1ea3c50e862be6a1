"""Histories and twins over gRPC: what is asked beyond one cell or one standing."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import grpc
from noegletal.v1 import benchmark_service_pb2 as api

from services.benchmark import publication, questions, series, twin_cells, twins
from services.benchmark.kinship import Kinship
from services.benchmark.period import Period
from services.benchmark.trend import Asked, trend
from services.benchmark.view import View
from services.chassis.rpc import Refusal


class Comparing:
    """A part of BenchmarkService, with its ways to read, to find periods, a caller's own unit and a view as of then."""

    def __init__(
        self,
        ask: Callable[[Callable[[Any], Any]], Awaitable[Any]],
        periods: Callable[[str, str], list[Period]],
        own: Callable[[View, str], int],
        view: Callable[[Any, Period, Any], View],
    ) -> None:
        self._ask, self._periods, self._own, self._view = ask, periods, own, view
        self._kinship = Kinship()

    async def trend(self, request: api.TrendRequest) -> Any:
        """Answer Trend."""
        return await self._ask(lambda connection: self._trend(connection, request))

    async def twins(self, request: api.ListTwinsRequest) -> Any:
        """Answer ListTwins."""
        return await self._ask(lambda connection: self._twins(connection, request))

    def _trend(self, connection: Any, request: api.TrendRequest) -> api.TrendResponse:
        if request.limits not in ("", "mean", "median"):
            raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="limits", value=request.limits[:32])
        if request.as_of.WhichOneof("point") == "vintage":
            raise Refusal("NT-3010", grpc.StatusCode.INVALID_ARGUMENT, vintage=str(request.as_of.vintage))
        periods = [p for p in self._periods(request.scheme, "") if p.monthly == request.months]
        if not periods:
            raise _unknown("months" if request.months else "years", "–")
        if not any(request.key_figure in period.state.figures for period in periods):
            raise _unknown(request.key_figure, ", ".join(periods[-1].state.figures))
        views = self._views(connection, periods, request)
        group = request.peer_group or publication.EVERYBODY
        if not any(view.expected(group) for _, view in views):
            raise _unknown(group, ", ".join(views[-1][0].groups(views[-1][1])) if views else "–")
        if request.unit_id:
            self._own(questions.newest(views, request.unit_id)[1], request.unit_id)
        limits: Literal["mean", "median"] = "median" if request.limits == "median" else "mean"
        asked = Asked(request.scheme, request.unit_id, request.key_figure, group, limits)
        return api.TrendResponse(trend=trend(asked, views))

    def _views(
        self, connection: Any, periods: list[Period], request: api.TrendRequest | api.ListTwinsRequest
    ) -> list[tuple[Period, View]]:
        """Each period as it was; without those that were not published yet, or lack the series that is asked for."""
        found, known, method = [], [], request.method_version
        for period in periods:
            try:
                view = self._view(connection, period, request)
            except Refusal as refused:
                if refused.code != "NT-3201":
                    raise
                known += period.state.methods
            else:
                found += [(period, view)] if view.vintage else []
        if method and not found:
            said = {"method": method[:64], "known": ", ".join(series.oldest_first(set(known))) or "–"}
            raise Refusal("NT-3201", grpc.StatusCode.NOT_FOUND, **said)
        return found

    def _twins(self, connection: Any, request: api.ListTwinsRequest) -> api.ListTwinsResponse:
        views = self._views(connection, self._periods(request.scheme, request.period), request)
        if not views:
            raise Refusal("NT-3002", grpc.StatusCode.NOT_FOUND, unit=request.unit_id, what=request.period or "–")
        period, view = questions.newest(views, request.unit_id)
        column = self._own(view, request.unit_id)
        if request.key_figure and request.key_figure not in period.state.figures:
            raise _unknown(request.key_figure, ", ".join(period.state.figures))
        if request.key_figure and not period.readings[period.state.figures.index(request.key_figure)].public:
            raise Refusal("NT-3302", grpc.StatusCode.FAILED_PRECONDITION, figure=request.key_figure)
        sets = self._kinship.sets(connection, period, view.vintage)
        if request.unit_id not in sets.units or not sets.units[request.unit_id].kind:
            shared = twins.matched_on(period.catalogue)
            raise Refusal("NT-3301", grpc.StatusCode.FAILED_PRECONDITION, unit=request.unit_id, attribute=shared)
        return twin_cells.answer(period, view, sets, request.unit_id, column, request.key_figure)


def _unknown(what: str, known: str) -> Refusal:
    return Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=what, known=known)
