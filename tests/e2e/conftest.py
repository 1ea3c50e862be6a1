"""A broker of its own for each test that asks for one."""

from collections.abc import Iterator

import pytest

from deploy import topics
from deploy.local_kafka import LocalKafka


@pytest.fixture
def kafka() -> Iterator[LocalKafka]:
    """With the topics of the map."""
    with LocalKafka() as started:
        topics.apply(started.bootstrap)
        yield started
