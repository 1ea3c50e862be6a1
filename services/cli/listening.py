"""`noegletal listen` and `noegletal replay`: events to stdout, and consumer groups that are to read again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from services.chassis.event import text
from services.cli.processes import SERVICES
from services.cli.talk import Exit, Stop, Talk, coded
from services.cli.topic_lines import as_line, as_object
from services.cli.topic_reading import Place, Start, address, reading

__all__ = ["Start", "What", "listen", "replay", "reset"]
SAYS = {
    "listen": {"da": "lytter på {} ({}); Ctrl-C slutter", "en": "listening to {} ({}); Ctrl-C ends"},
    "ended": {"da": "{} hændelser", "en": "{} events"},
    "short": {
        "da": "{} hændelser; ikke nået til ende inden for {:.0f} s – giv mere tid med --seconds",
        "en": "{} events; the end was not reached within {:.0f} s - allow more with --seconds",
    },
    "stands": {"da": "{} {}: gruppe {} står ved {}", "en": "{} {}: group {} stands at {}"},
    "again": {
        "da": "lad en gruppe læse igen: stop den, og kør den samme kommando med --reset-group GRUPPE",
        "en": "to let a group read again: stop it, and run the same command with --reset-group GROUP",
    },
    "dry": {"da": "intet er ændret", "en": "nothing was changed"},
    "reset": {"da": "{} {}: {} -> {}", "en": "{} {}: {} -> {}"},
}


@dataclass(frozen=True)
class What:
    """What is to be read: topics, from where, which key (empty: every one), how many (0: all), how long (0: for ever)."""

    topics: tuple[str, ...]
    start: Start
    key: str
    limit: int
    seconds: float


def listen(what: What, kafka: str, talk: Talk, language: str) -> None:
    """Print events as they come, until the limit, the time, or Ctrl-C. Raises Stop."""
    bootstrap = address(kafka, language)
    with reading(bootstrap, what.topics, what.start, language) as found:
        talk.say(SAYS["listen"][language].format(", ".join(what.topics), bootstrap))
        said = _print(found.records(what.seconds or None), what, talk, language)
    talk.say(SAYS["ended"][language].format(said))


def replay(what: What, group: str, kafka: str, talk: Talk, language: str) -> None:
    """Print what was there since the start, and end. Raises Stop where the end was not reached in time."""
    bootstrap = address(kafka, language)
    with reading(bootstrap, what.topics, what.start, language) as found:
        if group:
            for partition, offset in _committed(bootstrap, group, found.begins).items():
                talk.say(SAYS["stands"][language].format(partition.topic, partition.partition, group, _said(offset)))
        said = _print(found.records(what.seconds, to_the_end=True), what, talk, language)
        if not (what.limit and said >= what.limit) and not found.at_end():
            raise Stop(SAYS["short"][language].format(said, what.seconds), Exit.TIMED_OUT)
    talk.say(SAYS["ended"][language].format(said))
    talk.say(SAYS["again"][language])


def reset(what: What, group: str, kafka: str, talk: Talk, language: str, *, dry_run: bool) -> None:
    """Let a group read from the start again. Raises Stop for a service's own (NT-9220) and one that is reading (NT-9221)."""
    if group in SERVICES:
        raise Stop(coded("NT-9220", language, group=group), Exit.NOT_ALLOWED)
    bootstrap = address(kafka, language)
    with reading(bootstrap, what.topics, what.start, language) as found:
        to = found.begins
    before = _committed(bootstrap, group, to)
    admin = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        members = len(admin.describe_groups([group])[group]["members"])
        if members:
            raise Stop(coded("NT-9221", language, group=group[:80], count=str(members)), Exit.FINDINGS)
        if not dry_run:
            answers = admin.reset_group_offsets(group, dict(to))
            if faults := [a["error"] for a in answers.values() if getattr(a["error"], "errno", 0)]:
                raise Stop(f"NT-9204 {group}: {faults[0].__name__}", Exit.FINDINGS)
    except KafkaError as error:
        raise Stop(f"NT-9204 {group}: {type(error).__name__}", Exit.UNREACHABLE) from None
    finally:
        admin.close()
    for partition, offset in to.items():
        if talk.as_json:
            place = {"topic": partition.topic, "partition": partition.partition}
            talk.record(place | {"group": group, "before": before[partition], "after": offset, "dry_run": dry_run})
        else:
            said = (partition.topic, partition.partition, _said(before[partition]), offset)
            talk.data(SAYS["reset"][language].format(*said))
    if dry_run:
        talk.say(SAYS["dry"][language])


def _print(records: Iterable[Any], what: What, talk: Talk, language: str) -> int:
    said = 0
    for record in records:
        if what.key and text(record.key or b"") != what.key:
            continue
        if talk.as_json:
            talk.record(as_object(record))
        else:
            talk.data(as_line(record, language))
        said += 1
        if said == what.limit:
            break
    return said


def _committed(bootstrap: str, group: str, partitions: Place) -> dict[TopicPartition, int | None]:
    """Where a group goes on in each partition; None where it never was."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap.split(","), group_id=group, enable_auto_commit=False)
    try:
        return {partition: consumer.committed(partition) for partition in partitions}
    finally:
        consumer.close()


def _said(offset: int | None) -> str:
    return "–" if offset is None else str(offset)
