"""Kafka Streams as a contestant, where a JDK can compile it."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy import kafka_jars
from tests.performance.children import Child
from tests.performance.contestants import Alone
from tests.performance.stage import Stage

SOURCE = Path(__file__).parent / "peers" / "StreamsJob.java"
STREAMS = "org.apache.kafka:kafka-streams:4.1.0"
DURABLE = "after emitting: state store and changelog, commits every second"
COMPILE_SECONDS = 120


class NoJava(Exception):
    """There is no JDK here, or it cannot compile the job."""


@dataclass
class Streams(Alone):
    """The compiled job as a process."""

    class_path: str = ""

    def start(self, stage: Stage, folder: Path) -> None:
        """Start it."""
        command = [self.python, "-Xmx1g", "-cp", self.class_path, "StreamsJob"]
        self.child = Child([*command, "--bootstrap", stage.bootstrap, "--folder", str(folder)], folder / "log", {})
        self.child.start()


def contestant() -> tuple[Alone, str]:
    """Compiled and ready. Raises NoJava."""
    compiler = shutil.which("javac")
    if compiler is None:
        raise NoJava("no JDK (javac) on the path")
    folder = kafka_jars.cache_folder() / "bench" / "kafka-streams"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        jars = os.pathsep.join(map(str, _jars(folder)))
        made = subprocess.run(
            [compiler, "-cp", jars, "-d", str(folder / "classes"), str(SOURCE)],
            capture_output=True,
            text=True,
            timeout=COMPILE_SECONDS,
            check=False,
        )
    except (OSError, RuntimeError, ValueError, subprocess.TimeoutExpired) as error:
        raise NoJava(f"{type(error).__name__}: {error}") from None
    if made.returncode:
        raise NoJava(made.stderr[-300:])
    java = str(Path(compiler).with_name("java"))
    path = os.pathsep.join([str(folder / "classes"), jars])
    return Streams("kafka-streams", "", DURABLE, python=java, class_path=path), STREAMS.split(":", 1)[1]


def _jars(folder: Path) -> list[Path]:
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.env import EnvironmentBuilder
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=folder / "maven", remote_repos={"central": MAVEN_CENTRAL_URL})
    return list(EnvironmentBuilder(context=context, cache_dir=folder).from_endpoint(STREAMS).all_jars)
