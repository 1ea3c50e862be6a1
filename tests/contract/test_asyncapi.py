"""The AsyncAPI document is the generated one, tells of every topic, and needs no other file."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from deploy import asyncapi
from services.chassis import topics

DOCUMENT = json.loads(asyncapi.DOCUMENT.read_text())
MAP = tomllib.loads(topics.MAP.read_text())
ENTRIES = {**MAP["topic"], **MAP["pattern"]}


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _resolved(reference: str) -> Any:
    found = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_committed_document_is_the_generated_one() -> None:
    assert asyncapi.DOCUMENT.read_text() == asyncapi.text(), "run python -m deploy.asyncapi --write"


def test_every_reference_is_within_and_leads_somewhere() -> None:
    found = list(_references(DOCUMENT))
    assert found
    assert [r for r in found if not r.startswith("#/")] == []
    assert all(_resolved(r) for r in found)


def test_every_topic_is_a_channel_and_nothing_else_is() -> None:
    assert sorted(DOCUMENT["channels"]) == sorted(topics.entries())


@pytest.mark.parametrize("heading", sorted(topics.entries()))
def test_a_channel_says_message_key_and_headers(heading: str) -> None:
    channel, topic = DOCUMENT["channels"][heading], topics.entries()[heading]
    descriptor = topic.message.DESCRIPTOR
    assert channel["address"] == ENTRIES[heading].get("name", heading)
    message = _resolved(channel["messages"][descriptor.name]["$ref"])
    assert (message["name"], message["contentType"]) == (descriptor.full_name, "application/protobuf")
    assert message["bindings"]["kafka"]["key"]["description"] == ENTRIES[heading]["key"]
    assert {"ce_id", "ce_type", "ce_source", "ce_time", "ce_subject"} <= set(message["headers"]["properties"])
    schema = _resolved(message["payload"]["$ref"])
    assert {n: p["x-protobuf-number"] for n, p in schema["properties"].items()} == {
        f.name: f.number for f in descriptor.fields
    }
    assert channel["x-dead-letters"]["address"] == topic.dead_letter


def test_fields_carry_the_words_of_the_contracts() -> None:
    fields = DOCUMENT["components"]["schemas"]["noegletal.v1.BenchmarkUpdated"]["properties"]
    assert fields["key_figures"]["description"] == "F"
    assert "Hyndman-Fan type" in fields["quantile_type"]["description"]
    assert fields["vintage"] == {"type": "string", "format": "uint64", "x-protobuf-number": 4}
