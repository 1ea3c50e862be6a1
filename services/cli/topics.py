"""`noegletal topics`: the map, and a Kafka that is as the map says."""

import secrets
import sys

from kafka.errors import KafkaError

from deploy import topics
from deploy.asyncapi import DOCUMENT
from services.chassis.topics import entries
from services.cli.talk import Exit, Stop, Talk
from services.cli.topic_reading import address


def show(talk: Talk) -> None:
    """List the map."""
    rows = []
    for name, topic in entries().items():
        message = topic.message.DESCRIPTOR.full_name
        if talk.as_json:
            said = {"topic": name, "message": message, "producer": topic.producer, "consumers": list(topic.consumers)}
            talk.record(said | {"dead_letter": topic.dead_letter})
        rows.append([name, message, topic.producer, ", ".join(topic.consumers) or "whoever subscribes"])
    if not talk.as_json:
        talk.table("", ["topic", "message", "producer", "consumers"], rows)


def asyncapi() -> None:
    """The AsyncAPI document of the topics, as it is."""
    sys.stdout.write(DOCUMENT.read_text())


def apply(kafka: str, talk: Talk) -> None:
    """Make a Kafka's topics be as the map says."""
    changed = topics.apply(address(kafka))
    talk.data("\n".join(changed) or "nothing to change")


def organisation(organisation_id: str, kafka: str, talk: Talk) -> None:
    """Give an organisation its topic and a user that may write it, and nothing else."""
    password = secrets.token_urlsafe(24)
    try:
        topics.add_organisations(address(kafka), {organisation_id: password})
    except KafkaError as error:
        raise Stop(f"the organisation could not be added: {type(error).__name__}: {error}", Exit.UNREACHABLE) from None
    talk.say("SASL_PLAINTEXT, SCRAM-SHA-512; the password is shown once:")
    talk.data(f"topic submissions-{organisation_id}\nuser {organisation_id}\npassword {password}")
