"""Ours in this process without Kafka: validate and benchmark on their SQLite, submissions in, publications out."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.benchmark import app as benchmark
from services.catalogue import definitions
from services.chassis import logs
from services.validate import app as validate
from tests.performance import catalogue
from tests.performance.job import Job
from tests.service.delivery import Bench, Delivered

RECEIVED, OBSERVED, UPDATED = "submission-received", "observations-accepted", "benchmark-updated"


class Ours:
    """Both services on a bench each; validate's announcements are carried over by hand."""

    def __init__(self, job: Job, folder: Path) -> None:
        files = catalogue.write(job, folder / "catalogue")
        self.job, self._offset, self._carried = job, 0, 0
        self.validate = Bench(validate.create_app(validate.Settings(**_settings(folder, "validate", files))))
        self.benchmark = Bench(benchmark.create_app(benchmark.Settings(**_settings(folder, "benchmark", files))))

    def records(self, first: int, last: int, *, row: bool) -> list[Delivered]:
        """Submissions of the job as Kafka would hand them out."""
        made = []
        for key, value, headers in self.job.events(first, last, row=row):
            made.append(Delivered(RECEIVED, 0, self._offset, key, value, headers))
            self._offset += 1
        return made

    def assess(self, records: Sequence[Delivered]) -> None:
        """One micro-batch through validate."""
        self.validate.deliver(RECEIVED, records)

    def observed(self) -> list[Delivered]:
        """What validate has announced for benchmark since it was last asked."""
        announced = self.validate.outbox(OBSERVED)
        fresh = announced[self._carried :]
        self._carried = len(announced)
        return [
            Delivered(OBSERVED, 0, self._carried - len(fresh) + n, a.key.encode(), a.value, list(a.headers.items()))
            for n, a in enumerate(fresh)
        ]

    def publish(self, records: Sequence[Delivered]) -> None:
        """One micro-batch through benchmark, published with it."""
        self.benchmark.deliver(OBSERVED, records)

    def close(self) -> None:
        """Release both."""
        self.validate.close()
        self.benchmark.close()


@contextmanager
def ours(job: Job) -> Iterator[Ours]:
    """Both, made and released; this process knows the definitions it knew before."""
    logs.configure("console", "error")
    known = dict(definitions._brought)
    with tempfile.TemporaryDirectory(prefix="noegletal-bench-") as name:
        made = Ours(job, Path(name))
        try:
            yield made
        finally:
            made.close()
            definitions._brought.clear()
            definitions._brought.update(known)
            definitions.of.cache_clear()


def _settings(folder: Path, service: str, files: str) -> dict[str, str]:
    return {"kafka": "unused", "database": f"sqlite:///{folder / service}.db", "catalogue": files}
