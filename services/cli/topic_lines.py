"""A record of a topic as one JSON object, and as one line for people."""

import base64
import re
from datetime import UTC, datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from noegletal.v1 import benchmark_pb2, notification_pb2

from services.chassis.event import InvalidMessage, decode, text
from services.chassis.topics import Topic, entries

WORDS = {
    "da": {
        "updated": "udgave {}: {} af {} har indberettet; ændret {}",
        "sent": "{} til {} ({}), forsøg {}: {} {}",
        "unreadable": "kan ikke læses ({}), {} byte",
    },
    "en": {
        "updated": "vintage {}: {} of {} reported; changed {}",
        "sent": "{} to {} ({}), attempt {}: {} {}",
        "unreadable": "cannot be read ({}), {} bytes",
    },
}


def of_topic(name: str) -> Topic | None:
    """The entry of the map that a topic belongs to: its own, its organisation's door, or of its dead letters."""
    for topic in entries().values():
        if name in (topic.name, topic.dead_letter) or (topic.pattern and re.match(topic.pattern, name)):
            return topic
    return None


def message(record: Any) -> tuple[Message | None, str]:
    """What a record carries, else None and why it cannot be read."""
    topic = of_topic(record.topic)
    if topic is None:
        return None, "unknown-topic"
    try:
        return decode(record, topic.message).message, ""
    except InvalidMessage as error:
        return None, error.reason


def as_object(record: Any) -> dict[str, Any]:
    """A record as a JSON object: where it stands, its key and headers, and its message as protobuf JSON.

    `message` is null where the record cannot be read; then `unreadable` says why and `value_base64` has its bytes.
    """
    content, fault = message(record)
    headers = {name: text(value or b"") for name, value in record.headers}
    known = {name: headers.get(name) for name in ("ce_id", "ce_type", "ce_time")}
    said = {"topic": record.topic, "partition": record.partition, "offset": record.offset, **known}
    said["key"] = None if record.key is None else text(record.key)
    said["headers"] = {name: value for name, value in headers.items() if name not in known}
    said["message"] = None if content is None else MessageToDict(content, preserving_proto_field_name=True)
    if content is None:
        said |= {"unreadable": fault, "value_base64": base64.b64encode(record.value or b"").decode()}
    return said


def as_line(record: Any, language: str) -> str:
    """A record as a line: time of this machine, topic, place, and what it says."""
    at = datetime.fromtimestamp(record.timestamp / 1000, UTC).astimezone().strftime("%H:%M:%S")
    said = "".join(
        c if c.isprintable() else "\ufffd" for c in _said(record, language)
    )  # a sender's text steers no terminal
    return f"{at} {record.topic} {record.partition}@{record.offset} {said}"


def _said(record: Any, language: str) -> str:
    content, fault = message(record)
    words = WORDS[language]
    if content is None:
        return words["unreadable"].format(fault, len(record.value or b""))
    key, event = text(record.key or b""), text(dict(record.headers).get("ce_id") or b"")
    if isinstance(content, benchmark_pb2.BenchmarkUpdated):
        changed = ", ".join(content.key_figures[n] for n in content.changed) or "–"
        key += " " + words["updated"].format(content.vintage, content.reported, content.expected, changed)
    if isinstance(content, notification_pb2.NotificationSent):
        kind = _name(notification_pb2.NotificationKind.Name(content.kind), "NOTIFICATION_KIND_")
        channel = _name(notification_pb2.Channel.Name(content.channel), "CHANNEL_")
        outcome = _name(notification_pb2.DeliveryOutcome.Name(content.outcome), "DELIVERY_OUTCOME_")
        said = (kind, content.organisation_id, channel, content.attempt, outcome, content.detail)
        key = words["sent"].format(*said)
    return f"{key} [{event or '–'}]"


def _name(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).lower().replace("_", "-")
