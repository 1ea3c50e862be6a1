"""What is read of plain submissions without protobuf is what protobuf reads, and so is the event; all else is left to it."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.ingest import received_wire, wire
from services.ingest.intake import Decision, Outcome
from services.ingest.log_line import EMPTY_CHAIN, Line
from services.ingest.plain import FEW, Plain, at_once, plain
from services.ingest.registration import Unit

NOW = datetime(2024, 4, 1, 12, 30, 0, 17, tzinfo=UTC)
UNIT = Unit("dk-almen", "afd-1", "org-a", "org-a", {"region": "Sjælland", "a": ""}, 3, NOW)
DECISIONS = [Decision(Outcome.ACCEPTED, 7, ""), Decision(Outcome.STALE, 0, "NT-1005")]
ORGANISATIONS = ["org-a", "", "org-b", "dlq", "ø"]


def submission(**changes: object) -> pb.Submission:
    """One that is plain."""
    usual = {
        "submission_id": "s:1",
        "organisation_id": "org-a",
        "unit_id": "afd-1",
        "scheme": "dk-almen",
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "revision": 3,
        "amounts": [pb.Amount(data_point="konto_114", value=-5), pb.Amount(data_point="areal", missing=1)],
        "comment": "a comment",
    }
    return pb.Submission(**(usual | changes))


def examined(raw: bytes, organisation: str, said: wire.Said | None = None) -> wire.Examined:
    """What is known of an arrival; protobuf's submission is used up where an event is made of it, so it is read each time."""
    return wire.examined(wire.Arrival(said or pb.Submission.FromString(raw), raw, organisation, pb.DOOR_TOPIC, "here"))


def events(some: Sequence[tuple[wire.Examined, Line]]) -> list[tuple[bytes, bytes]]:
    """Of submissions that were accepted together, each one's event and receipt."""
    accepted = received_wire.accepted([(one, line, UNIT) for one, line in some])
    return list(zip(accepted.events().each(), accepted.receipts().each(), strict=True))


def holds(raw: bytes, organisation: str = "org-a") -> bool:
    """Whether a submission is plain; what is made of it is then what is made of it by protobuf."""
    (found,) = plain([raw])
    if found is None:
        return False
    by_bytes, by_protobuf = examined(raw, organisation, found), examined(raw, organisation)
    assert by_bytes[1:-1] == by_protobuf[1:-1]  # all but the arrival and protobuf's amounts
    assert by_bytes.arrival._replace(submission=None) == by_protobuf.arrival._replace(submission=None)  # type: ignore[arg-type]
    for decision in DECISIONS:
        line = wire.line(by_bytes, decision, 300, "r" * 36, NOW, EMPTY_CHAIN)
        assert line == wire.line(examined(raw, organisation), decision, 300, "r" * 36, NOW, EMPTY_CHAIN)
        said = received_wire.received(examined(raw, organisation), line, UNIT)
        if by_bytes.fault is None and not line.code:
            assert events([(by_bytes, line)]) == [(said, received_wire.receipt_bytes(line))]
        elif isinstance(by_bytes.arrival.submission, Plain):
            assert received_wire.received(by_bytes, line, UNIT) == said
            said = received_wire.received(examined(raw, organisation), line, None)
            assert received_wire.received(by_bytes, line, None) == said
    return True


@pytest.mark.parametrize("organisation", ORGANISATIONS[:1] + ORGANISATIONS[2:])
@pytest.mark.parametrize("claimed", ORGANISATIONS)
def test_a_plain_submission_is_read(organisation: str, claimed: str) -> None:
    assert holds(submission(organisation_id=claimed).SerializeToString(), organisation) == (claimed != "ø")
    few = [submission().SerializeToString()] * (FEW - 1)
    assert at_once(few) == [None] * len(few)  # protobuf is asked
    assert all(at_once([*few, few[0]]))
    assert plain([]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"amounts": []},
        {"amounts": [pb.Amount(data_point="a", value=0)]},
        {"amounts": [pb.Amount(data_point=f"p{n}", value=2**n - 1) for n in range(62)]},
        {"amounts": [pb.Amount(data_point=f"p{n}", value=-(2**n)) for n in range(63)]},
        {"amounts": [pb.Amount(data_point=f"p{n}", value=1) for n in range(2000)]},
        {"amounts": [pb.Amount(data_point="a" * 2000, value=1), pb.Amount(data_point="b" * 2000, missing=200)]},
        {"withdraw": True, "comment": "", "source_system": "X 1"},
        {"revision": 0},
        {"revision": 1_000_000},
        {"submission_id": "x" * 128, "unit_id": "u" * 64, "period_start": "2024-12-01"},
    ],
)
def test_what_keeps_the_contract_is_plain(changes: dict[str, object]) -> None:
    assert holds(submission(**changes).SerializeToString())


@pytest.mark.parametrize(
    "changes",
    [
        {"amounts": [pb.Amount(data_point="a", unreadable="?")]},
        {"amounts": [pb.Amount(data_point="a")]},
        {"amounts": [pb.Amount(data_point="a", missing=0)]},
        {"amounts": [pb.Amount(data_point="a", missing=256)]},
        {"amounts": [pb.Amount(data_point="", value=1)]},
        {"amounts": [pb.Amount(data_point="a", value=1)] * 2},
        {"amounts": [pb.Amount(data_point="a", value=2**62)]},
        {"amounts": [pb.Amount(data_point="a\nb", value=1)]},
        {"amounts": [pb.Amount(data_point="a" * 2001, value=1)]},
        {"amounts": [pb.Amount(data_point=f"p{n}", value=1) for n in range(2001)]},
        {"confirmations": [pb.Confirmation(what="period", reason="yes")]},
        {"comment": "Ærø"},
        {"comment": "two\nlines"},
        {"comment": "x" * 2001},
        {"submission_id": ""},
        {"submission_id": "x" * 129},
        {"unit_id": "a b"},
        {"scheme": "DK"},
        {"period_end": "2024-13-01"},
        {"period_start": "2024-1-1"},
        {"revision": 1_000_001},
    ],
)
def test_what_may_be_wrong_is_left_to_protobuf(changes: dict[str, object]) -> None:
    assert not holds(submission(**changes).SerializeToString())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        submission().SerializeToString() + b"\xfa\x07\x02ab",  # a field of a later contract
        submission().SerializeToString() * 2,
        submission(revision=0).SerializeToString() + b"\x38\x02",  # not in order
        submission(revision=0, comment="", amounts=[]).SerializeToString() + b"\x38\x82\x00",  # longer than need be
        submission(comment="").SerializeToString() + b"\x50\x02",
        submission(comment="").SerializeToString() + b"\x5a\x00",
        submission(comment="").SerializeToString()[:-1],
        submission(amounts=[], comment="").SerializeToString() + b"\x42\x07\x10\x02\x0a\x03abc",
        submission(amounts=[], comment="").SerializeToString() + b"\x42\x09\x0a\x03abc\x10\x02\x18\x01",
    ],
)
def test_what_is_written_otherwise_is_left_to_protobuf(raw: bytes) -> None:
    assert not holds(raw)


AMOUNT = st.builds(
    lambda name, content: pb.Amount(data_point=name, **content),
    st.sampled_from(["a", "b", "c", "Æ", "konto_114", ""]),
    st.one_of(
        st.builds(lambda v: {"value": v}, st.integers(-(2**63), 2**63 - 1)),
        st.builds(lambda v: {"missing": v}, st.integers(0, 300)),
        st.just({"unreadable": "?"}),
    ),
)
SUBMISSION = st.builds(
    submission,
    submission_id=st.text("aø:\n", max_size=5),
    organisation_id=st.sampled_from(ORGANISATIONS),
    amounts=st.lists(AMOUNT, max_size=4),
    period_end=st.sampled_from(["2024-12-31", "2024-01-31", "", "2024"]),
    revision=st.integers(0, 2**21),
    withdraw=st.booleans(),
    comment=st.text(max_size=3),
)


@settings(deadline=None)
@given(st.lists(SUBMISSION, max_size=8), st.sampled_from(["org-a", "org-b"]))
def test_each_is_read_as_protobuf_reads_it_whatever_is_beside_it(sent: list[pb.Submission], organisation: str) -> None:
    raws = [one.SerializeToString() for one in sent]

    together, alone = plain(raws), [plain([raw])[0] for raw in raws]
    # But what it was taken apart with.
    assert [one and one[:-1] for one in together] == [one and one[:-1] for one in alone]
    for raw in raws:
        holds(raw, organisation)


@settings(deadline=None)
@given(st.lists(SUBMISSION, max_size=8), st.lists(SUBMISSION, max_size=3), st.data())
def test_some_are_announced_together_as_each_is_alone(
    sent: list[pb.Submission], more: list[pb.Submission], data: st.DataObject
) -> None:
    """Be they read in one go or in several, and whichever of them, in whatever order."""
    raws = [one.SerializeToString() for one in (*sent, *more)]
    read = [*plain(raws[: len(sent)]), *plain(raws[len(sent) :])]
    found = [(one, raw) for one, raw in zip(read, raws, strict=True) if one is not None]
    some = []
    for one, raw in data.draw(st.permutations(found)):
        known = examined(raw, one.claimed or "org-b", one)
        if known.fault is None and data.draw(st.booleans()):
            accepted = Decision(Outcome.ACCEPTED, len(some) + 1, "")
            some.append((known, wire.line(known, accepted, 2 ** len(some), "r" * 36, NOW, EMPTY_CHAIN)))

    assert events(some) == [event for one in some for event in events([one])]


@settings(deadline=None)
@given(st.integers(0, 200), st.binary(max_size=3), st.integers(0, 4))
def test_bytes_that_were_changed_are_plain_only_if_protobuf_reads_the_same(at: int, put: bytes, gone: int) -> None:
    raw = submission().SerializeToString()
    changed = raw[:at] + put + raw[at + gone :]

    try:
        pb.Submission.FromString(changed)
    except DecodeError:
        assert plain([changed]) == [None]
    else:
        holds(changed)
