"""Watches benchmarks over gRPC: what there is, then every change; goes on after the last one when started again."""

import os
from pathlib import Path

import grpc
from noegletal.v1.benchmark_service_pb2 import WatchBenchmarksRequest
from noegletal.v1.benchmark_service_pb2_grpc import BenchmarkServiceStub

EVENTS = int(os.environ.get("EVENTS", "0"))  # end after so many updates; 0: never
token = Path(os.environ.get("KEPT", "watch_consumer.token"))
request = WatchBenchmarksRequest(
    scheme=os.environ.get("SCHEME", "uk-tsm"),
    peer_group=os.environ.get("PEER_GROUP", "all"),
    resume_token=token.read_text() if token.exists() else "",
)
with grpc.insecure_channel(os.environ["NOEGLETAL_BENCHMARK"]) as channel:
    key = [("authorization", f"Bearer {os.environ['NOEGLETAL_KEY']}")]
    for number, answer in enumerate(BenchmarkServiceStub(channel).WatchBenchmarks(request, metadata=key), 1):
        update, what = answer.update, "snapshot" if answer.snapshot else "change"
        place = f"{update.scheme}/{update.period}/{update.peer_group} vintage {update.vintage}"
        print(f"{what} {place}: {update.reported} of {update.expected}", flush=True)
        token.write_text(answer.resume_token)  # after what came of the update is kept
        if number == EVENTS:
            break
