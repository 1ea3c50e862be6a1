"""What nobody follows is read all the same: what is no message is set aside."""

from pathlib import Path

import pytest
from google.protobuf.message import Message
from noegletal.v1 import benchmark_pb2

from services.chassis import topics
from services.notify.kinds import Kind
from tests.builders import cloud_event
from tests.service.delivery import Delivered
from tests.service.notify import desk as desks


@pytest.mark.parametrize("followed", [False, True])
@pytest.mark.parametrize("message", [desks.assessed(), desks.landed()], ids=["assessed", "moved"])
def test_what_is_no_message_is_set_aside_whether_somebody_follows_or_not(
    tmp_path: Path, message: Message, followed: bool
) -> None:
    topic, desk = topics.of_message(type(message)).name, desks.Desk(tmp_path, wait=0)
    end = desk.follow(of="org-a" if followed else "org-b")
    whole = message.SerializeToString()
    headers = cloud_event(type(message), id="e", source="test", time=desk.service.clock(), subject="u")
    records = [Delivered(topic, 0, n, b"u", raw, headers) for n, raw in enumerate([whole, whole[:-1], whole])]
    applied = desk.bench.deliver(topic, records)

    assert list(applied.reasons.items()) == [((topic, 0, 1), "undecodable")]
    assert [one.value for one in desk.bench.outbox(f"{topic}-dlq")] == [whole[:-1]]
    assert len(desk.told(end)) == int(followed)
    desk.bench.close()


@pytest.mark.parametrize("followed", [False, True])
def test_a_benchmark_is_read_whole_where_somebody_follows_peer_groups(tmp_path: Path, followed: bool) -> None:
    desk = desks.Desk(tmp_path, wait=0)
    desk.follow(Kind.PEER_GROUP_CHANGED if followed else Kind.RECEIPT)
    message = benchmark_pb2.BenchmarkUpdated(scheme="s", period="2024", peer_group="all", units=[300], shown=b"\x00")
    message.key_figures.append("BS05")
    whole = message.SerializeToString(deterministic=True)
    torn = whole.replace(b"\xac\x02", b"\xac\x82")  # the number inside goes on beyond its field
    assert torn != whole
    headers = cloud_event(type(message), id="e", source="test", time=desk.service.clock(), subject="u")
    raws = [whole, whole[:-1], torn, whole]
    records = [Delivered("benchmark-updated", 0, n, b"u", raw, headers) for n, raw in enumerate(raws)]
    applied = desk.bench.deliver("benchmark-updated", records)

    aside = {offset: reason for (_, _, offset), reason in applied.reasons.items()}
    assert aside == dict.fromkeys([1, 2] if followed else [1], "undecodable")
    desk.bench.close()
