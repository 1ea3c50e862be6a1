"""The four services as processes of this one: started together, waited for, ended without orphans."""

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.kafka_jars import LocalKafkaError
from services.cli.client import Addresses
from services.cli.talk import Exit, Stop

ROOT = Path(__file__).resolve().parents[2]
DOOR = "ingest"
SERVICES = (DOOR, "validate", "benchmark", "notify")
BEHIND = "5"  # how much the services behind the door give way to it where there is more to do than processors can
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
LAST_LINES = 20


@dataclass
class Process:
    """One service under its guard. `addresses` is empty until it listens."""

    name: str
    settings: Mapping[str, str]
    folder: Path
    guard: "subprocess.Popen[str] | None" = None
    process_id: int = 0
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        """What the service says."""
        return self.folder / f"{self.name}.log"

    @property
    def _addresses_file(self) -> Path:
        return self.folder / f"{self.name}.addresses"

    def start(self) -> None:
        """Start it. It ends when this process does, however that happens."""
        self._addresses_file.unlink(missing_ok=True)
        self.addresses = {}
        ours = {name: value for name, value in os.environ.items() if not name.startswith("NOEGLETAL_")}
        told = {f"NOEGLETAL_{name.upper()}": value for name, value in self.settings.items()}
        environment = ours | told | {"NOEGLETAL_ADDRESSES_FILE": str(self._addresses_file)}
        with self.log.open("a") as log:
            self.guard = subprocess.Popen(
                [sys.executable, "-m", "deploy.guard", sys.executable, "-m", f"services.{self.name}.app"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
                cwd=ROOT,
                start_new_session=True,
            )
        assert self.guard.stdout is not None
        self.process_id = int(self.guard.stdout.readline())

    def ready(self) -> bool:
        """Whether it can do its work. Raises Stop with its last lines when it has ended."""
        if self.guard is None or self.guard.poll() is not None:
            last = last_words(self.log, LAST_LINES)
            raise Stop(f"NT-9203 {self.name} ended; its last lines in {self.log}:\n{last}", Exit.UNREACHABLE)
        if not self.addresses and self._addresses_file.exists():
            self.addresses = json.loads(self._addresses_file.read_text())
        return bool(self.addresses) and status(self.addresses["http"], "/readyz")[0] == 200

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.process_id, signal.SIGKILL)
        self._await_end()

    def stop(self) -> None:
        """Ask it to end, then make it. May be called twice."""
        if self.guard is not None:
            assert self.guard.stdin is not None
            self.guard.stdin.close()
            self._await_end()

    def _await_end(self) -> None:
        if self.guard is None:
            return
        try:
            self.guard.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.kill(self.process_id, signal.SIGKILL)
            self.guard.wait(STOP_SECONDS)
        for stream in (self.guard.stdin, self.guard.stdout):
            if stream is not None:
                stream.close()
        self.guard = None


class Installation:
    """The services as processes on one Kafka, with their databases in one folder."""

    def __init__(self, folder: Path, kafka: str, *, operator: Mapping[str, str], **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shared = {"kafka": kafka, "log_format": "console", "nice": BEHIND}
        own = {
            DOOR: dict(operator) | {"nice": "0"} | _only(settings, "catalogue"),
            "validate": _only(settings, "catalogue", "catalogue_year", "fences"),
            "benchmark": _only(settings, "catalogue", "catalogue_year", "snapshot_every"),
            "notify": {
                "log_channel_dir": str(folder / "notifications"),
                "secrets_key_file": str(folder / "secrets.key"),
                "mail_outbox_dir": str(folder / "outbox"),
            }
            | _of_mail()
            | _only(settings, "catalogue", "allow_private_addresses", "allow_http"),
        }
        self.processes = {
            name: Process(name, shared | {"database": f"sqlite:///{folder / name}.db"} | own[name], folder)
            for name in SERVICES
        }

    def start(self) -> None:
        """Start every service at once."""
        for process in self.processes.values():
            process.start()

    async def await_ready(self) -> None:
        """Wait until every service can do its work. Raises Stop when one has ended or takes too long."""
        deadline = time.monotonic() + READY_SECONDS
        while not all(process.ready() for process in self.processes.values()):
            if time.monotonic() > deadline:
                late = ", ".join(p.name for p in self.processes.values() if not p.ready())
                raise Stop(f"NT-9204 {late} not ready within {READY_SECONDS:.0f} s", Exit.TIMED_OUT)
            await asyncio.sleep(0.05)

    @property
    def addresses(self) -> Addresses:
        """Where to call them. Raises Stop while one of them is not listening yet."""
        away = [name for name, process in self.processes.items() if not process.addresses]
        if away:
            raise Stop(f"NT-9202 {', '.join(away)} not listening yet", Exit.UNREACHABLE)
        listening = {name: process.addresses["grpc"] for name, process in self.processes.items()}
        return Addresses(listening["ingest"], listening["benchmark"], listening["notify"])

    def stop(self) -> None:
        """End every service. May be called twice."""
        stop(list(self.processes.values()))


def stop(processes: Sequence[Process]) -> None:
    """End processes, all at once. May be called twice."""
    for process in processes:
        if process.guard is not None:
            process.guard.terminate()
    for process in processes:
        process.stop()


def last_words(log: Path, most: int) -> str:
    """The last lines of a log, so many at most."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-most:])


def status(address: str, path: str) -> tuple[int, str]:
    """What a service's HTTP side answers: status and body; 0 where nobody answers."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def _of_mail() -> dict[str, str]:
    """What our own environment says of mail: which server, under which name."""
    prefixes = ("NOEGLETAL_SMTP_", "NOEGLETAL_MAIL_")
    named = {name: value for name, value in os.environ.items() if name.startswith(prefixes)}
    return {name.removeprefix("NOEGLETAL_").lower(): value for name, value in named.items()}


def _only(settings: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: settings[name] for name in names if settings.get(name)}


def unreachable(error: LocalKafkaError) -> Stop:
    """A Kafka that cannot be had as the end of a command."""
    return Stop(str(error), Exit.UNREACHABLE)
