"""The topics as an AsyncAPI 3 document, from proto/topics.toml and the contracts: `python -m deploy.asyncapi --write`.

It names no outside file. Records are protobuf bytes; the schemas describe the same messages as protobuf JSON has them.
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from google.protobuf import text_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict

from deploy.payload_schemas import PROTO, comments_of, described
from services.chassis.topics import MAP, Topic, entries

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = Path(__file__).with_name("asyncapi.json")
CONTENT_TYPE = "application/protobuf"
NUMBER = {"oneOf": [{"type": "number"}, {"type": "string", "enum": ["NaN", "Infinity", "-Infinity"]}]}
SHAPES: dict[int, dict[str, Any]] = {
    FieldDescriptor.CPPTYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptor.CPPTYPE_UINT64: {"type": "string", "format": "uint64"},
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptor.CPPTYPE_UINT32: {"type": "integer", "format": "uint32"},
    FieldDescriptor.CPPTYPE_DOUBLE: NUMBER,
    FieldDescriptor.CPPTYPE_FLOAT: NUMBER,
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
}
TIMESTAMP = "google.protobuf.Timestamp"
HEADERS = {
    "ce_specversion": "1.0: CloudEvents.",
    "content-type": "How the value is written.",
    "ce_id": "Id of the event, the same however often it comes: what repeats are known by.",
    "ce_type": "Full name of the protobuf message.",
    "ce_source": "The service that wrote it.",
    "ce_time": "When it happened, RFC 3339.",
    "ce_subject": "What it is about.",
}
DEAD_LETTER_HEADERS = ("dlq_reason", "dlq_topic", "dlq_partition", "dlq_offset")
LISTS = ("cleanup.policy",)


def document() -> dict[str, Any]:
    """The whole document."""
    content, comments = tomllib.loads(MAP.read_text()), _comments()
    every = {**content["topic"], **content["pattern"]}
    schemas: dict[str, Any] = {}
    channels, messages, operations = {}, {}, {}
    for name, topic in entries().items():
        entry, message = every[name], topic.message.DESCRIPTOR
        _describe(message, schemas, comments)
        messages[message.name] = _message(topic, entry)
        channels[name] = _channel(name, topic, entry)
        action = "receive" if topic.pattern else "send"
        operations[f"{action}{message.name}"] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{message.name}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Nøgletal",
            "version": "v1",
            "description": "Benchmarks for social housing, as events on Kafka. Values are protobuf bytes with CloudEvents binary "
            "headers. Delivery is at least once: keep your offset, and know repeats by ce_id. Batches are compressed, with "
            "lz4 unless NOEGLETAL_COMPRESSION says otherwise: librdkafka and Java's client read that by themselves, others with "
            "a library for it.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def _channel(name: str, topic: Topic, entry: dict[str, Any]) -> dict[str, Any]:
    settings = {k: _setting(k, v) for k, v in entry.get("config", {}).items()}
    said: dict[str, Any] = {
        "address": entry["name"] if topic.pattern else name,
        "description": entry["purpose"],
        "messages": {topic.message.DESCRIPTOR.name: {"$ref": f"#/components/messages/{topic.message.DESCRIPTOR.name}"}},
        "bindings": {
            "kafka": {"partitions": entry["partitions"], "topicConfiguration": settings, "bindingVersion": "0.5.0"}
        },
        "x-producer": topic.producer,
        "x-consumers": list(topic.consumers),
        "x-dead-letters": {"address": topic.dead_letter, "headers": list(DEAD_LETTER_HEADERS)},
    }
    if topic.pattern:
        said["parameters"] = {"organisation": {"description": "The organisation that may write here."}}
    return said


def _setting(name: str, value: str) -> Any:
    return [value] if name in LISTS else int(value) if re.fullmatch(r"-?\d+", value) else value


def _message(topic: Topic, entry: dict[str, Any]) -> dict[str, Any]:
    descriptor = topic.message.DESCRIPTOR
    example = text_format.Parse((ROOT / entry["examples"] / "typical.txtpb").read_text(), topic.message())
    headers: dict[str, Any] = {n: {"type": "string", "description": d} for n, d in HEADERS.items()}
    said = {"ce_type": descriptor.full_name, "ce_specversion": "1.0", "content-type": CONTENT_TYPE}
    headers |= {name: headers[name] | {"const": value} for name, value in said.items()}
    return {
        "name": descriptor.full_name,
        "contentType": CONTENT_TYPE,
        "headers": {"type": "object", "properties": headers},
        "payload": {"$ref": f"#/components/schemas/{descriptor.full_name}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": entry["key"]}, "bindingVersion": "0.5.0"}},
        "examples": [{"name": "typical", "payload": _sorted(MessageToDict(example, preserving_proto_field_name=True))}],
        "x-protobuf-file": f"proto/{descriptor.file.name}",
    }


def _sorted(content: dict[str, Any]) -> Any:
    """The same in one order: a protobuf map has none."""
    return json.loads(json.dumps(content, sort_keys=True))


def _describe(message: Any, schemas: dict[str, Any], comments: dict[str, str]) -> None:
    """Add a message and every message in it."""
    if message.full_name in schemas:
        return
    schema: dict[str, Any] = {"type": "object"}
    schemas[message.full_name] = schema
    if said := comments.get(message.full_name):
        schema["description"] = said
    schema["properties"] = {}
    for field in message.fields:
        shape = _field(field, schemas, comments)
        said = comments.get(f"{message.full_name}.{field.name}")
        about = {"description": said} if said else {}
        # what stands beside a $ref is not read
        shape = {"allOf": [shape], **about} if "$ref" in shape and about else {**shape, **about}
        schema["properties"][field.name] = {**shape, "x-protobuf-number": field.number}


def _field(field: FieldDescriptor, schemas: dict[str, Any], comments: dict[str, str]) -> dict[str, Any]:
    inner = field.message_type
    if inner is not None and inner.GetOptions().map_entry:
        return {"type": "object", "additionalProperties": _one(inner.fields_by_name["value"], schemas, comments)}
    one = _one(field, schemas, comments)
    return {"type": "array", "items": one} if field.is_repeated else one


def _one(field: FieldDescriptor, schemas: dict[str, Any], comments: dict[str, str]) -> dict[str, Any]:
    """One value of a field; a message it holds is added to the schemas."""
    if field.message_type is None:
        return _shape(field)
    if field.message_type.full_name == TIMESTAMP:
        return {"type": "string", "format": "date-time"}
    _describe(field.message_type, schemas, comments)
    return {"$ref": f"#/components/schemas/{field.message_type.full_name}"}


def _shape(field: FieldDescriptor) -> dict[str, Any]:
    """A value that is no message, as protobuf JSON has it: 64 bits as text, bytes in base64, NaN in words."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    if field.enum_type is not None:
        return {"type": "string", "enum": [v.name for v in field.enum_type.values]}
    return SHAPES.get(field.cpp_type, {"type": "string"})


def _comments() -> dict[str, str]:
    """What the contracts say of messages and fields: full name -> comment before it and behind it."""
    files = sorted(str(file.relative_to(PROTO)) for file in (PROTO / "noegletal").rglob("*.proto"))
    said: dict[str, str] = {}
    for file in described(files).file:
        comments = comments_of(file)
        for n, message in enumerate(file.message_type):
            said |= _of(f"{file.package}.{message.name}", message, (4, n), comments)
    return said


def _of(name: str, message: Any, path: tuple[int, ...], comments: Mapping[tuple[int, ...], str]) -> dict[str, str]:
    """What is said of a message, its fields and the messages in it."""
    said = {name: comments.get(path, "")}
    said |= {f"{name}.{field.name}": comments.get((*path, 2, m), "") for m, field in enumerate(message.field)}
    for k, inner in enumerate(message.nested_type):
        said |= _of(f"{name}.{inner.name}", inner, (*path, 3, k), comments)
    return said


def main() -> int:
    """Write the document, or say whether the committed one is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write deploy/asyncapi.json instead of comparing it")
    if parser.parse_args().write:
        DOCUMENT.write_text(text())
        return 0
    if not DOCUMENT.exists() or DOCUMENT.read_text() != text():
        print("deploy/asyncapi.json is stale; run python -m deploy.asyncapi --write", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
