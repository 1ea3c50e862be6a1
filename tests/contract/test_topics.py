"""The map of topics agrees with the contracts, the code and the examples."""

import re
from pathlib import Path

import pytest
from google.protobuf import text_format

from services.chassis import topics

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "proto" / "examples"
HEADINGS = sorted(topics.entries())
SERVICES = ("ingest", "validate", "benchmark", "notify")


def _kebab(message: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", message).lower()


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_topic_is_named_after_its_message(heading: str) -> None:
    topic = topics.entries()[heading]
    expected = _kebab(topic.message.DESCRIPTOR.name)
    assert heading == (expected + "s" if topic.pattern else expected)


@pytest.mark.parametrize("heading", HEADINGS)
def test_dead_letters_stand_beside_their_topic(heading: str) -> None:
    assert topics.entries()[heading].dead_letter == f"{heading}-dlq"


@pytest.mark.parametrize("heading", HEADINGS)
def test_every_topic_has_commented_examples_that_decode(heading: str) -> None:
    files = sorted((EXAMPLES / heading).glob("*.txtpb"))
    assert {"minimal", "typical"} <= {f.stem for f in files}
    message = topics.entries()[heading].message
    for file in files:
        text = file.read_text()
        decoded = text_format.Parse(text, message())
        assert decoded.SerializeToString(), f"{file.name} says nothing"
        assert f"# proto-message: {message.DESCRIPTOR.full_name}" in text
        assert len([line for line in text.splitlines() if line.lstrip().startswith("#")]) >= 3, f"{file.name}: say why"


def test_no_example_without_a_topic() -> None:
    assert sorted(p.name for p in EXAMPLES.iterdir()) == HEADINGS


@pytest.mark.parametrize("service", SERVICES)
def test_what_a_service_subscribes_to_is_what_the_map_says(service: str) -> None:
    text = (ROOT / "services" / service / "app.py").read_text()
    in_code = set(re.findall(r'\.batches\("([a-z-]+)"[,)]', text))
    in_code |= {"access-granted"} if "keys_from_topic()" in text else set()
    assert in_code == {h for h, topic in topics.entries().items() if service in topic.consumers}


@pytest.mark.parametrize("heading", [h for h in HEADINGS if not topics.entries()[h].pattern])
def test_the_producer_of_the_map_makes_the_message(heading: str) -> None:
    topic = topics.entries()[heading]
    name = topic.message.DESCRIPTOR.name
    makers = {
        service
        for service in SERVICES
        for file in (ROOT / "services" / service).rglob("*.py")
        if re.search(rf"\b{name}\(", file.read_text())
    }
    assert topic.producer in makers | {"ingest" if name == "AccessGranted" else ""}


def test_every_limit_leaves_room_for_the_dead_letter_headers() -> None:
    for heading, entry in topics.entries().items():
        assert entry.message.DESCRIPTOR.full_name.startswith("noegletal.v1."), heading
