"""`noegletal topics`: the map, and a Kafka that is as the map says."""

import secrets

from kafka.errors import KafkaError

from deploy import topics
from deploy.kafka_jars import LocalKafkaError
from deploy.local_kafka import AttachedKafka
from services.chassis.topics import entries
from services.cli import running
from services.cli.processes import unreachable
from services.cli.talk import Exit, Stop, Talk


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


def apply(kafka: str, talk: Talk) -> None:
    """Make a Kafka's topics be as the map says."""
    changed = topics.apply(_address(kafka))
    talk.data("\n".join(changed) or "nothing to change")


def organisation(organisation_id: str, kafka: str, talk: Talk) -> None:
    """Give an organisation its topic and a user that may write it, and nothing else."""
    password = secrets.token_urlsafe(24)
    try:
        topics.add_organisations(_address(kafka), {organisation_id: password})
    except KafkaError as error:
        raise Stop(f"the organisation could not be added: {type(error).__name__}: {error}", Exit.UNREACHABLE) from None
    talk.say("SASL_PLAINTEXT, SCRAM-SHA-512; the password is shown once:")
    talk.data(f"topic submissions-{organisation_id}\nuser {organisation_id}\npassword {password}")


def _address(kafka: str) -> str:
    address = kafka or running.read().kafka
    try:
        AttachedKafka(address).start()
    except LocalKafkaError as error:
        raise unreachable(error) from None
    return address
