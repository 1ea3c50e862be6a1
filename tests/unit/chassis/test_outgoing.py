"""What a transaction announced comes out of its packed bytes as it went in."""

import itertools
from collections import Counter
from collections.abc import Iterator
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from services.chassis import outgoing as module
from services.chassis.outgoing import ID_BYTES, Outgoing, Packed, Run

BYTES = st.none() | st.binary(max_size=40)
HEADERS = st.lists(st.tuples(st.text(max_size=8), st.binary(max_size=8)), max_size=3)
KINDS = st.lists(st.tuples(st.text(max_size=8), HEADERS), min_size=1, max_size=3)


@given(KINDS, st.lists(st.tuples(st.integers(0, 2), BYTES, BYTES, BYTES, BYTES), min_size=1, max_size=8))
def test_packed_and_unpacked_is_the_same(
    kinds: list[tuple[str, list[tuple[str, bytes]]]], records: list[tuple]
) -> None:  # type: ignore[type-arg]
    outgoing = Outgoing(list(kinds), [[(kind % len(kinds), *rest) for kind, *rest in records]])

    ((count, content),) = outgoing.packed()
    found = Packed(content)

    assert count == len(found) == len(outgoing) == len(records)
    assert [*found.whole()] == [
        (
            kinds[kind % len(kinds)][0],
            key,
            value,
            [*kinds[kind % len(kinds)][1], *([] if id is None else [("ce_id", id), ("ce_subject", subject or b"")])],
        )
        for kind, key, value, id, subject in records
    ]
    assert found.by_topic() == Counter({topic: 0 for topic, _ in kinds}) + Counter(topic for topic, *_ in found.whole())


def test_a_record_has_its_kinds_headers_and_its_own() -> None:
    outgoing = Outgoing()
    event, dead = outgoing.kind("t", [("ce_type", b"T")]), outgoing.kind("t-dlq", [("dlq_reason", b"r")])
    outgoing.add([(event, b"k", b"v", b"id", b"s"), (dead, None, b"", None, None)])

    ((_, content),) = outgoing.packed()
    assert [*Packed(content).whole()] == [
        ("t", b"k", b"v", [("ce_type", b"T"), ("ce_id", b"id"), ("ce_subject", b"s")]),
        ("t-dlq", None, b"", [("dlq_reason", b"r")]),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from((b"", b"s/")),
            st.lists(st.tuples(st.binary(max_size=5), st.binary(max_size=40), st.booleans()), max_size=4),
        ),
        max_size=4,
    ),
    st.integers(1, 200),
)
def test_a_run_is_its_records(runs: list[tuple[bytes, list[tuple[bytes, bytes, bool]]]], most: int) -> None:
    """Whatever is announced together between what is announced one by one goes out as if nothing had been together, and nothing
    had been kept apart.
    """
    outgoing, one_by_one = Outgoing(), Outgoing()
    for each in (outgoing, one_by_one):
        for topic in "ab":
            each.kind(topic, [("ce_type", topic.encode())])
    for n, (within, run) in enumerate(runs):
        ids = [f"{n}-{k}".encode().ljust(ID_BYTES) for k in range(len(run))]
        ends = [*itertools.accumulate(len(value) for _, value, _ in run)]
        keys, values = [key for key, _, _ in run], b"".join(value for _, value, _ in run)
        outgoing.run(Run(0, keys, values, ends, b"".join(ids), within))
        one_by_one.add((0, key, value, id, within + key) for (key, value, _), id in zip(run, ids, strict=True))
        for each in (outgoing, one_by_one):
            each.add((1, key, None, b"x", b"") for key, _, also in run if also)

    assert len(outgoing) == len(one_by_one)
    assert [*outgoing.packed()] == [*one_by_one.packed()]
    together, apart = _kept(outgoing, 2**20), _kept(outgoing, most)
    assert len(together) == (len(outgoing) > 0)
    assert [*_records(together)] == [*_records(apart)] == [*_records(_kept(one_by_one, most))]
    for one in apart:
        values = [len(value or b"") for _, _, value, _ in one.whole()]
        assert sum(values) < 2 * most + max(values), "what is more is cut where it can be"


def _kept(outgoing: Outgoing, most: int) -> list[Packed]:
    with patch.object(module, "MOST_BYTES", most):
        kept = [(count, Packed(content)) for count, content in outgoing.packed()]
    assert [count for count, _ in kept] == [len(packed) for _, packed in kept]
    return [packed for _, packed in kept]


def _records(several: list[Packed]) -> Iterator[tuple[str, bytes | None, bytes | None, list[tuple[str, bytes]]]]:
    return itertools.chain.from_iterable(packed.whole() for packed in several)
