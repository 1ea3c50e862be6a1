"""A local Kafka that is Kafka: a real broker, or three, from Python packages, on loopback, gone when its owner is gone.

`python -m deploy.local_kafka [--data DIR] [--brokers 3]` keeps one in the foreground and prints its addresses.
"""

import argparse
import base64
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from deploy import kafka_jars, topics
from deploy.broker import HOST, JVM, Broker, free_ports, listens, settings
from deploy.kafka_jars import LocalKafkaError

READY_SECONDS = 60.0
TRIES = 5  # starts, each on other ports


class PortTaken(LocalKafkaError):
    """Somebody took a port that was free."""


def cluster_id() -> str:
    """A new cluster id, as Kafka makes its own: never one that begins with a dash, which Kafka's tools read as an option."""
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made


class LocalKafka:
    """A Kafka of this process. `data` keeps its records from one start to the next; without it they go at the end.

    `bootstrap` is for services (plaintext, loopback, may do everything); `client_bootstrap` is for organisations (SASL
    SCRAM-SHA-512, each allowed what its ACLs say). Use it as a context manager, or call `start` and `stop`.
    """

    def __init__(
        self, *, data: Path | None = None, brokers: int = 1, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._say, self._count, self._kept = say, brokers, data
        self._folder = data or Path()
        self.brokers: list[Broker] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def bootstrap(self) -> str:
        """Addresses for services."""
        return ",".join(f"{HOST}:{b.internal}" for b in self.brokers)

    @property
    def client_bootstrap(self) -> str:
        """Addresses for organisations."""
        return ",".join(f"{HOST}:{b.client}" for b in self.brokers)

    def start(self) -> None:
        """Start and wait until every broker answers. Raises LocalKafkaError with the broker's last words."""
        jars = os.pathsep.join(map(str, kafka_jars.class_path()))
        for left in reversed(range(TRIES)):
            try:
                self._begin(jars)
                return
            except PortTaken:
                if not left:
                    raise

    def _begin(self, jars: str) -> None:
        """Start on free ports. Raises PortTaken where another process was quicker."""
        self._folder = self._kept or Path(tempfile.mkdtemp(prefix="noegletal-kafka-"))
        ports = free_ports(3 * self._count)
        self.brokers = [
            Broker(n + 1, self._folder / f"broker-{n + 1}", ports[3 * n], ports[3 * n + 1], ports[3 * n + 2])
            for n in range(self._count)
        ]
        with contextlib.ExitStack() as undo:
            undo.callback(self.stop)
            self._format(jars)
            for broker in self.brokers:
                broker.launch(jars)
            self._await_ready()
            undo.pop_all()

    def stop(self) -> None:
        """End every broker, at once if it does not end by itself; a temporary folder goes too. May be called twice."""
        for broker in self.brokers:
            if broker.guard is not None:
                broker.guard.terminate()
        for broker in self.brokers:
            broker.end()
        if self._kept is None and self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """End every broker as a power cut would: SIGKILL. `restart` brings them back with their records."""
        for broker in self.brokers:
            broker.end(at_once=True)

    def restart(self) -> None:
        """Start the brokers again on the same ports and records, and wait until they answer."""
        jars = os.pathsep.join(map(str, kafka_jars.class_path()))
        for broker in self.brokers:
            if broker.guard is None:
                broker.launch(jars)
        self._await_ready()

    def _format(self, jars: str) -> None:
        """Write each broker's settings; format a folder that holds no records yet."""
        cluster = cluster_id()
        for broker in self.brokers:
            broker.folder.mkdir(parents=True, exist_ok=True)
            properties = broker.folder / "server.properties"
            properties.write_text(settings(broker, self.brokers))
            if not (broker.folder / "records" / "meta.properties").exists():
                command = [
                    kafka_jars.java(),
                    *JVM,
                    "-cp",
                    jars,
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    cluster,
                    "-c",
                    str(properties),
                ]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    raise LocalKafkaError(
                        f"NT-9103 {broker.folder} could not be formatted for Kafka: {(done.stdout + done.stderr)[-800:]}"
                    )

    def _await_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        for broker in self.brokers:
            while not listens(broker.internal):
                self._assert_alive(broker, deadline)
        while not self._all_registered():
            for broker in self.brokers:
                self._assert_alive(broker, deadline)

    def _all_registered(self) -> bool:
        try:
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap.split(","), request_timeout_ms=5_000)
        except KafkaError:
            return False
        try:
            found = admin.describe_cluster()
            return found["cluster_id"] == self._cluster() and len(found["brokers"]) == len(self.brokers)
        except KafkaError:
            return False
        finally:
            admin.close()

    def _cluster(self) -> str:
        """The id that the records were formatted with: whoever else answers at a port has another."""
        written = (self.brokers[0].folder / "records" / "meta.properties").read_text()
        return next(line for line in written.splitlines() if line.startswith("cluster.id")).partition("=")[2]

    def _assert_alive(self, broker: Broker, deadline: float) -> None:
        ended = broker.guard is None or broker.guard.poll() is not None
        if ended or time.monotonic() > deadline:
            what = "ended" if ended else f"did not answer within {READY_SECONDS:.0f} s"
            last = "\n".join(broker.log.read_text(errors="replace").splitlines()[-20:])
            kind = PortTaken if ended and "Address already in use" in last else LocalKafkaError
            raise kind(f"NT-9104 Kafka broker {broker.number} {what}; its last words in {broker.log}:\n{last}")
        threading.Event().wait(0.02)


class AttachedKafka:
    """A Kafka that runs already. Same use as LocalKafka; `stop` leaves it as it is."""

    def __init__(self, address: str, client_address: str = "") -> None:
        self.bootstrap, self.client_bootstrap = address, client_address or address

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Assure that it answers. Raises LocalKafkaError when it does not."""
        for one in self.bootstrap.split(","):
            host, _, port = one.rpartition(":")
            if port.isdigit() and listens(int(port), host, patience=3):
                return
        raise LocalKafkaError(
            f"NT-9105 no Kafka answers at {self.bootstrap}. Is it running, and is the address HOST:PORT of a listener?"
        )

    def stop(self) -> None:
        """Nothing: it is not ours."""


def main() -> int:
    """Keep a Kafka in the foreground until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the records here; default: a temporary folder")
    parser.add_argument("--brokers", type=int, default=1, choices=(1, 3))
    options = parser.parse_args()
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with LocalKafka(data=options.data, brokers=options.brokers) as kafka:
            topics.apply(kafka.bootstrap)
            print(f"bootstrap {kafka.bootstrap}\nclient {kafka.client_bootstrap}", flush=True)
            while not stopping.wait(0.5):
                pass
    except LocalKafkaError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
