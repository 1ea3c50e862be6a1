"""JSON Schemas of what webhooks say, from proto/noegletal/v1/webhook.proto: descriptions are its comments."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2

PROTO = Path(__file__).resolve().parents[1] / "proto"
SOURCE = "noegletal/v1/webhook.proto"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = 1  # of the payloads
ENDING = "Payload"
Field = descriptor_pb2.FieldDescriptorProto
PLAIN: Mapping[int, dict[str, Any]] = {
    Field.TYPE_STRING: {"type": "string"},
    Field.TYPE_BOOL: {"type": "boolean"},
    Field.TYPE_UINT32: {"type": "integer", "minimum": 0},
    Field.TYPE_UINT64: {"type": "integer", "minimum": 0},
    Field.TYPE_SINT32: {"type": "integer"},
    Field.TYPE_SINT64: {"type": "integer"},
}
TIMESTAMP = {"type": "string", "format": "date-time"}


def write(target: Path) -> None:
    """Write one file per type of payload below `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (target / f"{name}.v{VERSION}.json").write_text(text, encoding="utf-8")


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each type of payload, such as noegletal.receipt."""
    file = described([SOURCE]).file[0]
    comments = comments_of(file)
    messages = {m.name: (n, m) for n, m in enumerate(file.message_type)}
    found = {}
    for name in messages:
        if name.endswith(ENDING):
            kind = "noegletal." + re.sub(r"(?<!^)(?=[A-Z])", "-", name.removesuffix(ENDING)).lower()
            schema = _message(name, messages, comments)
            schema["properties"]["type"] |= {"const": kind}
            schema["properties"]["version"] |= {"const": VERSION}
            found[kind] = {
                "$schema": DIALECT,
                "$id": f"urn:noegletal:payload:{kind}:v{VERSION}",
                "title": kind,
            } | schema
    return found


def _message(name: str, messages: Any, comments: Mapping[tuple[int, ...], str]) -> dict[str, Any]:
    """An object. Every field is there unless it is optional; a field that is not named here is one of a newer edition."""
    number, message = messages[name]
    properties = {}
    for n, field in enumerate(message.field):
        properties[field.name] = _field(field, messages, comments)
        if said := comments.get((4, number, 2, n)):
            properties[field.name] |= {"description": said}
    required = [f.name for f in message.field if not f.proto3_optional]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    return schema | ({"description": comments[4, number]} if comments.get((4, number)) else {})


def _field(field: Any, messages: Any, comments: Mapping[tuple[int, ...], str]) -> dict[str, Any]:
    if field.type_name == ".google.protobuf.Timestamp":
        one = dict(TIMESTAMP)
    elif field.type == Field.TYPE_MESSAGE:
        one = _message(field.type_name.rpartition(".")[2], messages, comments)
    else:
        one = dict(PLAIN[field.type])
    return {"type": "array", "items": one} if field.label == Field.LABEL_REPEATED else one


def comments_of(file: descriptor_pb2.FileDescriptorProto) -> dict[tuple[int, ...], str]:
    """What a described file says of its parts: path -> the comment before it and the one behind it, in one line."""
    return {
        tuple(at.path): " ".join(f"{at.leading_comments} {at.trailing_comments}".split())
        for at in file.source_code_info.location
    }


def described(files: Sequence[str]) -> descriptor_pb2.FileDescriptorSet:
    """Files of the contracts, named below proto/, as protoc describes them: with their comments."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "described"
        command = [sys.executable, "-m", "grpc_tools.protoc", f"--proto_path={PROTO}", "--include_source_info"]
        subprocess.run([*command, f"--descriptor_set_out={out}", *files], check=True, cwd=PROTO)
        return descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())
