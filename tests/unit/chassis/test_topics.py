"""The pattern of organisation topics takes every organisation and never their dead letters."""

import re

import pytest

from services.chassis import topics


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("submissions-00AA", True),
        ("submissions-a_b-c", True),
        ("submissions-dlqs", True),
        ("submissions-dlq", False),
        ("submissions-", False),
        ("other-submissions-a", False),
        ("submissions-a.b", False),
    ],
)
def test_pattern(name: str, ours: bool) -> None:
    assert bool(re.match(topics.entries()["submissions"].pattern, name)) is ours


def test_every_topic_knows_its_message() -> None:
    for name, topic in topics.entries().items():
        if not topic.pattern:
            assert topics.of_message(topic.message).name == name
