"""Topics as the map says: created, kept and bound to the organisations that may write them."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
    NewTopic,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

MAP = Path(__file__).resolve().parents[1] / "proto" / "topics.toml"
DEAD_LETTER_DAYS = 90
ALONE = 1  # partitions of a topic where each service has one instance: what a commit announces is one append, not one in each
AT_ONCE = 200


def planned(path: Path = MAP, most: int | None = None) -> dict[str, tuple[int, dict[str, str]]]:
    """Every topic of the map and its dead letters: name -> partitions and settings. Patterns give only dead letters.

    most   partitions that a topic has at most; absent: as the map says
    """
    content = tomllib.loads(path.read_text())
    wanted: dict[str, tuple[int, dict[str, str]]] = {}
    for name, entry in content["topic"].items():
        partitions = entry["partitions"]
        wanted[name] = (partitions if most is None else min(partitions, most), dict(entry.get("config", {})))
    for entry in [*content["topic"].values(), *content["pattern"].values()]:
        wanted[entry["dead_letter"]] = (1, _dead_letter(entry))
    return wanted


def apply(bootstrap: str, path: Path = MAP, most: int | None = None) -> list[str]:
    """Make the topics be as the map says: missing ones are created, settings set, partitions added. Returns what changed.

    most   as above; a topic that has more keeps them
    """
    admin, wanted = KafkaAdminClient(bootstrap_servers=bootstrap.split(",")), planned(path, most)
    try:
        return _create(admin, wanted) + _adjust(admin, wanted)
    finally:
        admin.close()


def add_organisations(bootstrap: str, passwords: Mapping[str, str], path: Path = MAP) -> list[str]:
    """Give organisations a topic of their own, that nobody else may write: organisation -> password of its Kafka user.

    The user is named like the organisation and may write that one topic, nothing else. Returns the topics created.
    """
    pattern = tomllib.loads(path.read_text())["pattern"]["submissions"]
    names = {organisation: pattern["name"].format(organisation=organisation) for organisation in passwords}
    admin = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        created = _create(admin, dict.fromkeys(names.values(), (pattern["partitions"], pattern["config"])))
        for some in _chunks(passwords.items()):
            admin.alter_user_scram_credentials(
                [UserScramCredentialUpsertion(user, ScramMechanism.SCRAM_SHA_512, password) for user, password in some]
            )
            admin.create_acls([_may_write(user, names[user]) for user, _ in some])
        return created
    finally:
        admin.close()


def _may_write(user: str, topic: str) -> ACL:
    # LITERAL: a prefix would also open every topic whose name begins like this one.
    return ACL(
        f"User:{user}", "*", ACLOperation.WRITE, ACLPermissionType.ALLOW, ResourcePattern(ResourceType.TOPIC, topic)
    )


def _create(admin: KafkaAdminClient, wanted: Mapping[str, tuple[int, Mapping[str, str]]]) -> list[str]:
    there = set(admin.list_topics())
    missing = [name for name in wanted if name not in there]
    for some in _chunks(missing):
        admin.create_topics([NewTopic(name, wanted[name][0], -1, topic_configs=dict(wanted[name][1])) for name in some])
        admin.wait_for_topics(some)
    return missing


def _adjust(admin: KafkaAdminClient, wanted: Mapping[str, tuple[int, Mapping[str, str]]]) -> list[str]:
    """Bring the topics that were there before up to the map."""
    resources = [
        ConfigResource(ConfigResourceType.TOPIC, name, dict(settings))
        for name, (_, settings) in wanted.items()
        if settings
    ]
    admin.alter_configs(resources)
    partitions = {t["name"]: len(t["partitions"]) for t in admin.describe_topics(list(wanted))}
    grown = {name: count for name, (count, _) in wanted.items() if count > partitions[name]}
    if grown:
        admin.create_partitions(grown)
    return [f"{name}: {partitions[name]} -> {count} partitions" for name, count in grown.items()]


def _dead_letter(entry: Mapping[str, Any]) -> dict[str, str]:
    """Dead letters are kept 90 days and take a record of any size their topic takes, with the headers that say why."""
    room = int(entry.get("config", {}).get("max.message.bytes", 1_048_588)) + 65_536
    return {"retention.ms": str(DEAD_LETTER_DAYS * 24 * 3600 * 1000), "max.message.bytes": str(room)}


def _chunks(items: Iterable[Any]) -> list[list[Any]]:
    everything = list(items)
    return [everything[n : n + AT_ONCE] for n in range(0, len(everything), AT_ONCE)]
