"""Kafka Streams as a contestant, where a JDK can compile it."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy import kafka_jars
from tests.performance.contestants import Alone
from tests.performance.stage import Stage

SOURCE = Path(__file__).parent / "peers" / "StreamsJob.java"
DURABLE = "after emitting: state stores and changelog, at least once"


class NoJava(Exception):
    """There is no JDK here, or it cannot compile the job."""


def contestant() -> tuple[Alone, str]:
    """Compile and be ready. Raises NoJava."""
    raise NoJava("no JDK" if shutil.which("javac") is None else "not written yet")
