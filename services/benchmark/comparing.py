"""Histories and twins over gRPC: what is asked beyond one cell or one standing."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import grpc
from noegletal.v1 import benchmark_service_pb2 as api

from services.benchmark import publication, questions, twin_cells, twins
from services.benchmark.kinship import Kinship, NotFrozen
from services.benchmark.period import Period
from services.benchmark.state import View
from services.benchmark.trend import Asked, trend
from services.chassis.rpc import Refusal


class Comparing:
    """A part of BenchmarkService, with its ways to read, to write, to find periods and a caller's own unit."""

    def __init__(
        self,
        ask: Callable[[Callable[[Any], Any]], Awaitable[Any]],
        write: Callable[[Callable[[Any], Any]], Awaitable[Any]],
        periods: Callable[[str, str], list[Period]],
        own: Callable[[View, str], int],
    ) -> None:
        self._ask, self._write, self._periods, self._own = ask, write, periods, own
        self._kinship = Kinship()

    async def trend(self, request: api.TrendRequest) -> Any:
        """Answer Trend."""
        return await self._ask(lambda _: self._trend(request))

    async def twins(self, request: api.ListTwinsRequest) -> Any:
        """Answer ListTwins; the first to ask about a year freezes its scales."""
        try:
            return await self._ask(lambda connection: self._twins(connection, request))
        except NotFrozen as missing:
            period = missing.period
        await self._write(lambda tx: self._kinship.freeze(tx, period))
        return await self._ask(lambda connection: self._twins(connection, request))

    def _trend(self, request: api.TrendRequest) -> api.TrendResponse:
        if request.limits not in ("", "mean", "median"):
            raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="limits", value=request.limits[:32])
        periods = [p for p in self._periods(request.scheme, "") if p.monthly == request.months]
        if not periods:
            raise _unknown("months" if request.months else "years", "–")
        if not any(request.key_figure in period.state.figures for period in periods):
            raise _unknown(request.key_figure, ", ".join(periods[-1].state.figures))
        group = request.peer_group or publication.EVERYBODY
        if not any(period.view().expected(group) for period in periods):
            raise _unknown(group, ", ".join(periods[-1].groups(periods[-1].view())))
        if request.unit_id:
            self._own(questions.newest(periods, request.unit_id).view(), request.unit_id)
        limits: Literal["mean", "median"] = "median" if request.limits == "median" else "mean"
        asked = Asked(request.scheme, request.unit_id, request.key_figure, group, limits)
        return api.TrendResponse(trend=trend(asked, periods))

    def _twins(self, connection: Any, request: api.ListTwinsRequest) -> api.ListTwinsResponse:
        period = questions.newest(self._periods(request.scheme, request.period), request.unit_id)
        column = self._own(period.view(), request.unit_id)
        if request.key_figure and request.key_figure not in period.state.figures:
            raise _unknown(request.key_figure, ", ".join(period.state.figures))
        if request.key_figure and not period.readings[period.state.figures.index(request.key_figure)].public:
            raise Refusal("NT-3302", grpc.StatusCode.FAILED_PRECONDITION, figure=request.key_figure)
        sets = self._kinship.sets(connection, period)
        if request.unit_id not in sets.units or not sets.units[request.unit_id].kind:
            shared = twins.matched_on(period.catalogue)
            raise Refusal("NT-3301", grpc.StatusCode.FAILED_PRECONDITION, unit=request.unit_id, attribute=shared)
        return twin_cells.answer(period, sets, request.unit_id, column, request.key_figure)


def _unknown(what: str, known: str) -> Refusal:
    return Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=what, known=known)
