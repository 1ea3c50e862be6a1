"""What Kafka's own tools must be able to read."""

import uuid

from deploy import local_kafka


def test_a_cluster_id_never_begins_with_a_dash_which_kafkas_tools_take_for_an_option(monkeypatch):
    drawn = iter([bytes([0xF8 | 3]) * 16, bytes(16)])  # the first is spelled -_v7…
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(bytes=next(drawn)))
    assert local_kafka.cluster_id() == "A" * 22
