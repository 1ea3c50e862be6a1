"""Many records read together are read as each is alone: by its own headers, bytes and place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.chassis.event import Event, InvalidMessage, decode, read
from services.chassis.records import Record, Records

NAME = pb.UnitRegistered.DESCRIPTOR.full_name.encode()
GOOD = pb.UnitRegistered(profile=pb.Profile(unit_id="Ærø")).SerializeToString()
OURS = ("content-type", "ce_specversion", "ce_type", "ce_source", "ce_time", "ce_id", "ce_subject")
HEADERS = ("ce_type", "ce_id", "ce_time", "ce_source", "other")
VALUES = (None, b"", NAME, b"noegletal.v1.Submission", b"a-1", b"\xff", "Ærø".encode(), b"2026-03-01T00:00:00+00:00")
VALUE = st.sampled_from([*VALUES, b"2026-03-01"])
AS_OURS = st.one_of(st.just(OURS), st.permutations(OURS), st.lists(st.sampled_from(OURS), min_size=7, max_size=7))
RECORDS = st.lists(
    st.builds(
        Record,
        topic=st.sampled_from(["a", "b"]),
        partition=st.integers(0, 2),
        offset=st.integers(0, 2**62),
        key=st.none() | st.binary(max_size=3),
        value=st.sampled_from([GOOD, GOOD, b"", None, GOOD[:-1], b"\xff\xff"]),
        headers=st.lists(st.tuples(st.sampled_from(HEADERS), VALUE), max_size=8)
        | AS_OURS.flatmap(lambda names: st.tuples(*(st.tuples(st.just(name), VALUE) for name in names))),
    ),
    max_size=8,
)


def alone(record: Record) -> Event[pb.UnitRegistered] | str:
    """What a record says, or why it cannot be read."""
    own = dict(record.headers)
    if record.value is None:
        return "null-value"
    if own.get("ce_type") not in (None, b"", NAME):
        return "other-type"
    try:
        message = pb.UnitRegistered.FromString(record.value)
    except DecodeError:
        return "undecodable"
    place = record.topic, record.partition, record.offset
    return Event(message, record.value, said(own.get("ce_id")), time(own), *place, said(record.key))


def said(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "backslashreplace")


def time(own: dict[str, bytes | None]) -> datetime | None:
    try:
        found = datetime.fromisoformat(said(own.get("ce_time")))
    except ValueError:
        return None
    return found if found.tzinfo else None


@given(records=RECORDS)
def test_together_as_alone(records: Sequence[Record]) -> None:
    events, reasons = read(Records.of(records), pb.UnitRegistered)
    each = [alone(record) for record in records]
    assert [*events] == [one for one in each if isinstance(one, Event)]
    assert reasons == {n: one for n, one in enumerate(each) if isinstance(one, str)}


@given(records=RECORDS, data=st.data())
def test_what_was_read_already_is_taken_as_it_is(records: Sequence[Record], data: st.DataObject) -> None:
    contents: list[Any] = [data.draw(st.sampled_from([None, f"content {n}"])) for n in range(len(records))]
    events, reasons = read(Records.of(records), pb.UnitRegistered, contents)
    for n, (record, content) in enumerate(zip(records, contents, strict=True)):
        one = alone(record)
        if content is None or one in ("null-value", "other-type"):
            assert reasons.get(n) == (one if isinstance(one, str) else None)
        else:
            assert n not in reasons
    left = [content for n, content in enumerate(contents) if n not in reasons]
    assert [None if isinstance(e.message, pb.UnitRegistered) else e.message for e in events] == left
    assert [e.offset for e in events] == [r.offset for n, r in enumerate(records) if n not in reasons]


def test_headers_with_a_name_that_is_no_text_cost_no_record() -> None:
    record = Record("a", 0, 7, b"k", GOOD, [("\udcff", b""), ("ce_id", b"x")])
    assert Records.of([record])[0].headers == ()
    assert (decode(record, pb.UnitRegistered).offset, decode(record, pb.UnitRegistered).id) == (7, "x")


def test_one_record() -> None:
    record = Record("a", 0, 7, b"k", GOOD, [("ce_id", b"x")])
    assert decode(record, pb.UnitRegistered) == alone(record)
    with pytest.raises(InvalidMessage, match="undecodable"):
        decode(record._replace(value=b"\xff"), pb.UnitRegistered)
