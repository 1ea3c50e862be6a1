"""A record as a person and a program see it, whatever it holds."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from google.protobuf import json_format
from noegletal.v1 import benchmark_pb2, notification_pb2

from services.cli.topic_lines import as_line, as_object

UPDATED = benchmark_pb2.BenchmarkUpdated(
    scheme="s", period="2024", vintage=7, reported=3, expected=4, key_figures=["A", "B"], changed=[1]
)
SENT = notification_pb2.NotificationSent(
    organisation_id="o", kind=1, channel=1, attempt=2, outcome=2, detail="HTTP 503", endpoint_id="ep"
)


@dataclass
class Record:
    topic: str
    value: bytes | None
    key: bytes | None = b"s/2024/all"
    headers: list[tuple[str, bytes | None]] = field(default_factory=lambda: [("ce_id", b"e-1"), ("more", b"x")])
    partition: int = 1
    offset: int = 5
    timestamp: int = 1_700_000_000_000


@pytest.mark.parametrize(
    ("record", "language", "said"),
    [
        (
            Record("benchmark-updated", UPDATED.SerializeToString()),
            "en",
            "s/2024/all vintage 7: 3 of 4 reported; changed B [e-1]",
        ),
        (
            Record("benchmark-updated", UPDATED.SerializeToString()),
            "da",
            "s/2024/all udgave 7: 3 af 4 har indberettet; ændret B [e-1]",
        ),
        (
            Record("notification-sent", SENT.SerializeToString()),
            "da",
            "receipt til o (webhook), forsøg 2: failed HTTP 503 [e-1]",
        ),
        (Record("benchmark-updated", b"\xff"), "da", "kan ikke læses (undecodable), 1 byte"),
        (Record("benchmark-updated", None), "en", "cannot be read (null-value), 0 bytes"),
        (Record("elsewhere", b"12"), "en", "cannot be read (unknown-topic), 2 bytes"),
        (Record("submissions-o", b"", key=b"a\x1b[2Jb\n"), "en", "a�[2Jb� [e-1]"),
    ],
)
def test_lines(record: Record, language: str, said: str) -> None:
    line = as_line(record, language)
    assert line.endswith(f"{record.topic} 1@5 {said}")


def test_an_object_gives_the_message_back() -> None:
    said = as_object(Record("benchmark-updated", UPDATED.SerializeToString()))
    assert json_format.ParseDict(said.pop("message"), benchmark_pb2.BenchmarkUpdated()) == UPDATED
    place: dict[str, Any] = {"topic": "benchmark-updated", "partition": 1, "offset": 5, "key": "s/2024/all"}
    assert said == {**place, "ce_id": "e-1", "ce_type": None, "ce_time": None, "headers": {"more": "x"}}


def test_dead_letters_are_read_as_their_topic_and_what_cannot_be_read_keeps_its_bytes() -> None:
    assert as_object(Record("benchmark-updated-dlq", UPDATED.SerializeToString()))["message"]["vintage"] == "7"
    said = as_object(Record("benchmark-updated-dlq", b"\xff"))
    assert (said["message"], said["unreadable"], said["value_base64"]) == (None, "undecodable", "/w==")
