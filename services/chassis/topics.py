"""The map of topics, read from proto/topics.toml, and the message class each topic carries."""

import functools
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from noegletal.v1 import assessment_pb2, benchmark_pb2, notification_pb2, observations_pb2, release_pb2, submission_pb2

MAP = Path(__file__).resolve().parents[2] / "proto" / "topics.toml"
CONTRACTS = (submission_pb2, assessment_pb2, observations_pb2, benchmark_pb2, release_pb2, notification_pb2)


@dataclass(frozen=True)
class Topic:
    """One entry of the map. `pattern` is set where every organisation has a topic of its own.

    at_once   what a service has to read many values of the topic together: what each says, None where protobuf is to be asked
    """

    name: str
    message: type[Message]
    producer: str
    consumers: tuple[str, ...]
    dead_letter: str
    pattern: str = ""
    at_once: Callable[[Sequence[bytes]], Iterable[Any]] | None = field(default=None, compare=False)

    @property
    def subscribed(self) -> str:
        """What a consumer asks for: the name, or the pattern without its exception, which Kafka's client cannot read."""
        return re.sub(r"\(\?!.*?\)", "", self.pattern) or self.name


@functools.cache
def entries(path: Path = MAP) -> dict[str, Topic]:
    """Every topic and pattern of the map by its heading."""
    content = tomllib.loads(path.read_text())
    plain = {name: _topic(name, entry, "") for name, entry in content["topic"].items()}
    return plain | {
        name: _topic(name, entry, _pattern(entry["name"], entry["dead_letter"]))
        for name, entry in content["pattern"].items()
    }


def of_message(message: type[Message]) -> Topic:
    """The topic a message travels on. Raises LookupError for one that travels on none."""
    return _of_name(message.DESCRIPTOR.full_name)


@functools.cache
def _of_name(full_name: str) -> Topic:
    for topic in entries().values():
        if topic.message.DESCRIPTOR.full_name == full_name and not topic.pattern:
            return topic
    raise LookupError(f"{full_name} travels on no topic of proto/topics.toml")


def _topic(name: str, entry: dict[str, object], pattern: str) -> Topic:
    short = str(entry["message"]).removeprefix("noegletal.v1.")
    message = next(getattr(module, short) for module in CONTRACTS if hasattr(module, short))
    consumers = entry["consumers"]
    assert isinstance(consumers, list)
    return Topic(name, message, str(entry["producer"]), tuple(consumers), str(entry["dead_letter"]), pattern)


def _pattern(template: str, dead_letter: str) -> str:
    """A regular expression for the names of a template; the template's dead letters are not among them."""
    prefix, _, _ = template.partition("{")
    not_dead = f"(?!{re.escape(dead_letter.removeprefix(prefix))}$)"
    return f"^{re.escape(prefix)}{not_dead}[A-Za-z0-9_-]+$".replace("\\-", "-")
