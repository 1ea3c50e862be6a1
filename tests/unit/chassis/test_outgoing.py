"""What a transaction announced comes out of its packed bytes as it went in."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.outgoing import Outgoing, unpacked

BYTES = st.none() | st.binary(max_size=40)
HEADERS = st.lists(st.tuples(st.text(max_size=8), st.binary(max_size=8)), max_size=3)
KINDS = st.lists(st.tuples(st.text(max_size=8), HEADERS), min_size=1, max_size=3)


@given(KINDS, st.lists(st.tuples(st.integers(0, 2), BYTES, BYTES, BYTES, BYTES), min_size=1, max_size=8))
def test_packed_and_unpacked_is_the_same(
    kinds: list[tuple[str, list[tuple[str, bytes]]]], records: list[tuple]
) -> None:  # type: ignore[type-arg]
    outgoing = Outgoing(list(kinds), [(kind % len(kinds), *rest) for kind, *rest in records])

    found = unpacked(outgoing.packed())

    assert found == outgoing
    assert list(found.whole()) == list(outgoing.whole())


def test_a_record_has_its_kinds_headers_and_its_own() -> None:
    outgoing = Outgoing()
    event, dead = outgoing.kind("t", [("ce_type", b"T")]), outgoing.kind("t-dlq", [("dlq_reason", b"r")])
    outgoing.records += [(event, b"k", b"v", b"id", b"s"), (dead, None, b"", None, None)]

    assert list(unpacked(outgoing.packed()).whole()) == [
        ("t", b"k", b"v", [("ce_type", b"T"), ("ce_id", b"id"), ("ce_subject", b"s")]),
        ("t-dlq", None, b"", [("dlq_reason", b"r")]),
    ]
