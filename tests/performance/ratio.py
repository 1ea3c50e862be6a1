"""`make check`: what a submission costs ours in this process, as a multiple of the bare loop. Seconds long; no Kafka.

Processor time, the best of some rounds, so that a busy machine does not matter. Fails only when ours has become far slower than
the ratio that was recorded.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.performance import in_process, lean, loop, raw_limit
from tests.performance.job import Job

RECORDED = 14  # ours : bare loop when last looked at; lower it when ours becomes faster
FAR = 3.0  # how many times that before the check fails
JOB = Job(units=234, groups=2, periods=2, again=1)
ROUNDS, EACH = 3, 100


def main() -> int:
    """Print the ratio; 1 where it is far worse than recorded."""
    ours, bare = measured()
    ratio = ours / bare
    verdict = (
        ""
        if ratio <= RECORDED * FAR
        else f": more than {FAR:.0f} × the recorded {RECORDED:.0f}, see make bench PARTS=steps"
    )
    print(f"ours {ours * 1e6:.0f} µs a submission, bare loop {bare * 1e6:.1f} µs: ratio {ratio:.0f}{verdict}")
    return 1 if verdict else 0


def measured() -> tuple[float, float]:
    """Seconds a submission costs ours and the bare loop, the best of the rounds; the first warms both up."""
    with in_process.ours(JOB) as services, tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        engine, reader = raw_limit.RawLimit(Path(name), loop.Steps()), lean.Reader()
        ours, bare = [], []
        for n in range(ROUNDS):
            first = n * EACH
            records = services.records(first, first + EACH, row=True)
            ours.append(_timed(lambda records=records: _through(services, records)))  # type: ignore[misc]
            values = [value for _, value, _ in JOB.events(first, first + EACH)]
            bare.append(_timed(lambda values=values: _bare(engine, reader, values)))  # type: ignore[misc]
        engine.database.close()
    return min(ours[1:]) / EACH, min(bare[1:]) / EACH


def _through(services: in_process.Ours, records: list) -> None:
    services.assess(records)
    services.publish(services.observed())


def _bare(engine: raw_limit.RawLimit, reader: lean.Reader, values: list[bytes]) -> None:
    list(engine.apply(*reader.read(values), reader))
    engine.commit({0: 1})


def _timed(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
