"""Who takes part in the job: the bare loop, our two services, and peers, each as processes of their own."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.processes import Process, last_words, stop
from tests.performance import catalogue, watching
from tests.performance.children import LAST_LINES, Child, Ended
from tests.performance.job import Job
from tests.performance.options import IN, OUT, PASSED
from tests.performance.stage import OURS, Stage

DURABLE = "before emitting: SQLite, fsynced, one commit per micro-batch"


@dataclass
class Alone:
    """One process that reads `topic` and writes `out`: the bare loop, or a peer by its interpreter."""

    name: str
    module: str
    durable: str
    python: str = sys.executable
    topic: str = IN
    out: str = OUT
    readings: watching.Readings = watching.LEAN
    settings: dict[str, str] = field(default_factory=dict)
    child: Child | None = None

    def start(self, stage: Stage, folder: Path) -> None:
        """Start it."""
        told = ["--bootstrap", stage.bootstrap, "--folder", str(folder), "--topic", self.topic, "--out", self.out]
        command = [self.python, "-m", self.module, *told]
        self.child = Child(command, folder / "log", self.settings)
        self.child.start()

    def assert_alive(self) -> None:
        """Raises Ended."""
        assert self.child is not None
        self.child.assert_alive()

    def process_ids(self) -> Sequence[int]:
        """The one process."""
        return [self.child.process_id] if self.child else []

    def stop(self) -> None:
        """End it."""
        if self.child is not None:
            self.child.stop()


@dataclass
class InARow:
    """Processes of which each reads what the one before it writes."""

    name: str
    durable: str
    parts: Sequence[Alone]
    out: str = OUT
    readings: watching.Readings = watching.LEAN

    def start(self, stage: Stage, folder: Path) -> None:
        """Start them, each in a folder of its own."""
        for n, part in enumerate(self.parts, start=1):
            own = folder / str(n)
            own.mkdir()
            part.start(stage, own)

    def assert_alive(self) -> None:
        """Raises Ended."""
        for part in self.parts:
            part.assert_alive()

    def process_ids(self) -> Sequence[int]:
        """Theirs."""
        return [process_id for part in self.parts for process_id in part.process_ids()]

    def stop(self) -> None:
        """End them."""
        for part in self.parts:
            part.stop()


@dataclass
class OursTwo:
    """validate and benchmark as processes, each with its SQLite, from submission-received to benchmark-updated.

    `replicas` of each service; more than one share a PostgreSQL per service: `database`, where `{service}` stands for its name.
    """

    job: Job
    replicas: int = 1
    database: str = ""
    durable: str = "before emitting: SQLite, fsynced, one transaction per micro-batch in each service"
    out: str = OURS
    readings: watching.Readings = watching.OURS
    processes: list[Process] = field(default_factory=list)
    process: type[Process] = Process

    @property
    def name(self) -> str:
        """As it stands in the table."""
        return "ours" if self.replicas == 1 else f"ours, {self.replicas} of each"

    def start(self, stage: Stage, folder: Path) -> None:
        """Start both."""
        files = catalogue.write(self.job, folder / "catalogue")
        self.processes = []
        for service in ("validate", "benchmark"):
            for n in range(self.replicas):
                own = folder / f"{service}-{n}"
                own.mkdir(exist_ok=True)
                settings = {
                    "kafka": stage.bootstrap,
                    "catalogue": files,
                    "log_format": "console",
                    "log_level": "warning",
                    "key_wait_seconds": "0",
                    **({"standings": "false"} if service == "benchmark" else {}),
                }
                settings["database"] = self.database.format(service=service) or f"sqlite:///{own}/{service}.db"
                self.processes.append(self.process(service, settings, own))
        for process in self.processes:
            process.start()

    def assert_alive(self) -> None:
        """Raises Ended with the last words of the one that ended."""
        for process in self.processes:
            if process.guard is None or process.guard.poll() is not None:
                raise Ended(f"{process.name} ended: {last_words(process.log, LAST_LINES)}")

    def process_ids(self) -> Sequence[int]:
        """Of both."""
        return [process.process_id for process in self.processes]

    def stop(self) -> None:
        """End both."""
        stop(self.processes)


def raw() -> Alone:
    """The bare loop."""
    return Alone("raw limit", "tests.performance.raw_limit", DURABLE)


def raw_pair() -> InARow:
    """The bare loop in two processes, cut where ours are."""
    module = "tests.performance.raw_pair"
    parts = (Alone("passes on", module, DURABLE, out=PASSED), Alone("the rest", module, DURABLE, topic=PASSED))
    return InARow("raw limit in two processes", f"{DURABLE} in each", parts)
