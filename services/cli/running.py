"""What runs: `up` writes down addresses and keys for the other commands, in a file only its owner can read."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.kafka_jars import cache_folder
from services.cli.client import Addresses, Client, connect
from services.cli.definitions import bring
from services.cli.talk import Exit, Stop


@dataclass(frozen=True)
class Running:
    """An installation that runs. `http`: service -> where health and metrics are; `catalogue`: files of the user's own."""

    ingest: str
    benchmark: str
    notify: str
    kafka: str
    key: str
    http: dict[str, str]
    catalogue: str = ""

    @property
    def addresses(self) -> Addresses:
        """Where to call the services."""
        return Addresses(self.ingest, self.benchmark, self.notify)


def path() -> Path:
    """Where it is written down."""
    return cache_folder() / "up.json"


def write(running: Running) -> None:
    """Write it down for the other commands; the key in it is the operator's."""
    path().parent.mkdir(parents=True, exist_ok=True)
    partial = path().with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(running), file)
    partial.replace(path())


def forget() -> None:
    """It runs no more."""
    path().unlink(missing_ok=True)


def read() -> Running:
    """What runs; addresses and key of the environment go before the file.

    From here on, its user's own definitions are known. Raises Stop when nothing is known to run.
    """
    said = _said()
    missing = [name for name in ("ingest", "benchmark", "notify", "key") if name not in said]
    if missing:
        names = ", ".join(f"NOEGLETAL_{name.upper()}" for name in missing)
        raise Stop(f"NT-9202 nothing is known to run: start it with `noegletal up`, or set {names}", Exit.UNREACHABLE)
    bring(said.get("catalogue", ""))
    return Running(**{"kafka": "", "http": {}} | said)


@asynccontextmanager
async def connected(language: str = "en") -> AsyncIterator[Client]:
    """A client of what runs, with its key. Raises Stop when nothing is known to run."""
    known = read()
    async with connect(known.addresses, known.key, language) as client:
        yield client


def kafka() -> str:
    """Where the Kafka of what runs is. Raises Stop when nothing is known to run."""
    if found := str(_said().get("kafka", "")):
        return found
    raise Stop(
        "NT-9202 no Kafka is known: start one with `noegletal up`, name it with --kafka HOST:PORT, or set NOEGLETAL_KAFKA",
        Exit.UNREACHABLE,
    )


def bring_definitions() -> None:
    """Know the definitions of what runs, if anything does: for what can be answered without it."""
    bring(_said().get("catalogue", ""))


def _said() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path().read_text()) if path().exists() else {}
    for name in ("ingest", "benchmark", "notify", "kafka", "key", "catalogue"):
        if value := os.environ.get(f"NOEGLETAL_{name.upper()}"):
            said[name] = value
    return said
