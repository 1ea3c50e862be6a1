"""Benchmarks as pandas frames, for notebooks and scripts: a client of a running installation, one row a number's home.

    from services.cli.frames import Frames

    with Frames.connect(scheme="uk-tsm") as noegletal:
        medians = noegletal.benchmarks(period="2024", group="all").set_index("key_figure")["median"]
        print(medians.round(3))
        print(noegletal.trend("RP01", group="all")[["period", "value", "signals"]])

Whole numbers that may be missing are nullable (Int64); everything else that is missing is NaN or None, never 0.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import grpc
import pandas as pd
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import benchmark_service_pb2_grpc as grpc_api

from services.cli import flat, points, running
from services.cli.client import SECONDS, refused

AsOf = int | str | datetime  # a vintage of the period, or a time; 0 for now
WHOLE = ("quartile",)  # columns of whole numbers that may be missing


class Frames:
    """One scheme's benchmarks. `address` is where benchmark listens for gRPC, `key` opens it; a context manager."""

    def __init__(self, address: str, key: str, scheme: str) -> None:
        self._scheme, self._metadata = scheme, [("authorization", f"Bearer {key}")]
        self._channel = grpc.insecure_channel(address)
        self._stub: Any = grpc_api.BenchmarkServiceStub(self._channel)

    @classmethod
    def connect(cls, scheme: str = "uk-tsm") -> "Frames":
        """The installation that runs here: NOEGLETAL_BENCHMARK and NOEGLETAL_KEY, else what `noegletal up` wrote down."""
        known = running.read()
        return cls(known.benchmark, known.key, scheme)

    def benchmarks(self, period: str = "", group: str = "", figure: str = "", as_of: AsOf = 0) -> pd.DataFrame:
        """Cells; empty: every period, peer group or key figure. `as_of`: a vintage of the period or a time, 0 for now."""
        asked: dict[str, Any] = {"period": period, "peer_group": group, "key_figure": figure}
        request = api.ListBenchmarksRequest(scheme=self._scheme, **asked, as_of=points.as_of(as_of))
        return _frame(map(flat.cell, self._pages(self._stub.ListBenchmarks, request, "cells")))

    def standings(
        self, unit: str = "", period: str = "", figure: str = "", group: str = "", as_of: AsOf = 0
    ) -> pd.DataFrame:
        """Standings of one unit, with its class and flags; without a unit those of all, which operators may read."""
        if not unit:
            listed = api.ListStandingsRequest(scheme=self._scheme, period=period, as_of=points.as_of(as_of))
            everybody = _frame(map(flat.standing, self._pages(self._stub.ListStandings, listed, "standings")))
            chosen = (("key_figure", figure), ("peer_group", group))
            for column, value in chosen:
                everybody = everybody[everybody[column] == value] if value else everybody
            return everybody
        asked: dict[str, Any] = {"period": period, "key_figure": figure, "peer_group": group}
        request = api.GetStandingRequest(scheme=self._scheme, unit_id=unit, **asked, as_of=points.as_of(as_of))
        return _frame(map(flat.standing, self._call(self._stub.GetStanding, request).standings))

    def trend(
        self,
        figure: str,
        unit: str = "",
        group: str = "all",
        limits: str = "mean",
        *,
        months: bool = False,
        as_of: AsOf = 0,
    ) -> pd.DataFrame:
        """The history of a unit, or of a peer group's median: a row a year, or a month, with limits of chance from eight.

        as_of   a time: each period as it was published then
        """
        asked: dict[str, Any] = {"key_figure": figure, "unit_id": unit, "peer_group": group}
        asked |= {"limits": limits, "months": months, "as_of": points.as_of(as_of)}
        return _frame(flat.trend(self._call(self._stub.Trend, api.TrendRequest(scheme=self._scheme, **asked)).trend))

    def twins(self, unit: str, period: str = "", as_of: AsOf = 0) -> pd.DataFrame:
        """The units most like a unit, the nearest first, and what makes the distance."""
        request = api.ListTwinsRequest(scheme=self._scheme, unit_id=unit, period=period, as_of=points.as_of(as_of))
        return _frame(flat.twins(self._call(self._stub.ListTwins, request)))

    def watch(self, period: str = "", group: str = "", resume: str = "") -> Iterator[pd.DataFrame]:
        """A frame a publication, for ever: what there is, then every change. `attrs["resume_token"]` goes on after it."""
        request = api.WatchBenchmarksRequest(scheme=self._scheme, period=period, peer_group=group, resume_token=resume)
        stream = self._stub.WatchBenchmarks(request, metadata=self._metadata)
        try:
            for answer in stream:
                frame = _frame(flat.update(answer.update))
                frame.attrs |= {"resume_token": answer.resume_token, "snapshot": answer.snapshot}
                yield frame
        except grpc.RpcError as error:
            raise refused(error) from None
        finally:
            stream.cancel()

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def __enter__(self) -> "Frames":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _call(self, method: Any, request: Any) -> Any:
        """One call with a deadline. Raises Stop with the refusal's words."""
        try:
            return method(request, metadata=self._metadata, timeout=SECONDS)
        except grpc.RpcError as error:
            raise refused(error) from None

    def _pages(self, method: Any, request: Any, field: str) -> Iterator[Any]:
        while True:
            answer = self._call(method, request)
            yield from getattr(answer, field)
            if not answer.next_page_token:
                return
            request.page_token = answer.next_page_token


def _frame(rows: Iterable[flat.Row]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    for name in WHOLE:
        if name in frame:
            frame[name] = frame[name].astype("Int64")
    return frame
