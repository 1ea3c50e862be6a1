"""One broker process of the local Kafka: its settings, its guard, its beginning and its end."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy import kafka_jars

HOST = "127.0.0.1"
STOP_SECONDS = 8.0
PORTS = range(20_000, 32_768)  # below the ones a Linux gives to connections
TEMPLATE = Path(__file__).with_name("local_kafka.properties")
LOGGING = f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties')}"
JVM = (
    "-Xmx512m",
    "-Xms128m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Xshare:auto",
    "-Djava.awt.headless=true",
)


@dataclass
class Broker:
    """One broker process: its folder, its ports, its guard."""

    number: int
    folder: Path
    internal: int
    client: int
    controller: int
    guard: subprocess.Popen[str] | None = None
    process_id: int = 0

    @property
    def log(self) -> Path:
        """What the broker says on stderr."""
        return self.folder / "broker.log"

    def launch(self, jars: str) -> None:
        """Start it under a guard. `jars` is the class path."""
        properties = str(self.folder / "server.properties")
        command = [kafka_jars.java(), *JVM, LOGGING, "-cp", jars, "kafka.Kafka", properties]
        with self.log.open("a") as log:
            self.guard = subprocess.Popen(
                [sys.executable, "-m", "deploy.guard", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                cwd=Path(__file__).resolve().parents[1],
            )
        assert self.guard.stdout is not None
        self.process_id = int(self.guard.stdout.readline())

    def end(self, *, at_once: bool = False) -> None:
        """Let go of the guard, which ends the broker, or kill it `at_once`; wait until both are gone."""
        if self.guard is None:
            return
        assert self.guard.stdin is not None
        assert self.guard.stdout is not None
        if at_once:
            os.kill(self.process_id, signal.SIGKILL)
        self.guard.stdin.close()
        try:
            self.guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.kill(self.process_id, signal.SIGKILL)
            self.guard.wait(STOP_SECONDS)
        self.guard.stdout.close()
        self.guard, self.process_id = None, 0


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now, outside those that the system gives to whoever connects."""
    held: list[socket.socket] = []
    while len(held) < count:
        with contextlib.suppress(OSError):  # somebody has it
            held.append(socket.create_server((HOST, random.choice(PORTS))))  # noqa: S311 - nothing secret
    ports = [s.getsockname()[1] for s in held]
    for one in held:
        one.close()
    return ports


def settings(broker: Broker, brokers: list[Broker]) -> str:
    """The server.properties of one broker: the committed template with its numbers filled in."""
    replicas = min(3, len(brokers))
    return TEMPLATE.read_text().format(
        number=broker.number,
        host=HOST,
        internal=broker.internal,
        client=broker.client,
        controller=broker.controller,
        voters=",".join(f"{b.number}@{HOST}:{b.controller}" for b in brokers),
        records=broker.folder / "records",
        replicas=replicas,
        in_sync=max(1, replicas - 1),
    )


def listens(port: int, host: str = HOST, patience: float = 0.5) -> bool:
    """Whether anybody answers at a port."""
    try:
        with socket.create_connection((host, port), timeout=patience):
            return True
    except OSError:
        return False
