"""What is heard of an assessment or a standing is what its message says; of what is no message nothing is heard."""

import pytest
from google.protobuf.message import DecodeError, Message
from hypothesis import given
from hypothesis import strategies as st
from noegletal.v1 import assessment_pb2, benchmark_pb2, submission_pb2

from services.notify import heard
from services.notify.heard import Assessment, Standing
from tests.service.delivery import examples

ASSESSED = [*examples("submission-assessed").values()]
MOVED = [*examples("standing-changed").values()]


def said_of_an_assessment(raw: bytes) -> Assessment | None:
    try:
        one = assessment_pb2.SubmissionAssessed.FromString(raw)
    except DecodeError:
        return None
    return Assessment(
        organisation_id=one.receipt.organisation_id,
        unit_id=one.unit_id,
        scheme=one.scheme,
        period=one.period,
        revision=one.receipt.revision,
        verdict=one.verdict,
    )


def said_of_a_standing(raw: bytes) -> Standing | None:
    try:
        one = benchmark_pb2.StandingChanged.FromString(raw)
    except DecodeError:
        return None
    return Standing(organisation_id=one.organisation_id, own_submission=one.own_submission)


def damaged(data: st.DataObject, message: Message) -> bytes:
    raw = bytearray(message.SerializeToString(deterministic=True))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    return bytes(raw)


def test_whom_and_what_it_concerns() -> None:
    taken_in = submission_pb2.Receipt(organisation_id="o", revision=3)
    message = assessment_pb2.SubmissionAssessed(
        receipt=taken_in, unit_id="u", scheme="s", period="2024", verdict=assessment_pb2.SUBMISSION_VERDICT_REFUSED
    )
    assert heard.assessments([message.SerializeToString(), b"\xff"]) == [Assessment("o", "u", "s", "2024", 3, 2), None]
    moved = benchmark_pb2.StandingChanged(organisation_id="o", own_submission=True)
    assert heard.standings([moved.SerializeToString(), b"\xff"]) == [Standing("o", own_submission=True), None]


@given(data=st.data())
@pytest.mark.parametrize("message", ASSESSED)
def test_assessments_whole_and_damaged(message: Message, data: st.DataObject) -> None:
    raws = [damaged(data, message) for _ in range(3)]
    assert heard.assessments(raws) == [said_of_an_assessment(raw) for raw in raws]


@given(data=st.data())
@pytest.mark.parametrize("message", MOVED)
def test_standings_whole_and_damaged(message: Message, data: st.DataObject) -> None:
    raws = [damaged(data, message) for _ in range(3)]
    assert heard.standings(raws) == [said_of_a_standing(raw) for raw in raws]


def test_of_an_update_it_is_heard_whether_its_fields_follow_one_another_to_the_end() -> None:
    whole = benchmark_pb2.BenchmarkUpdated(scheme="s", period="2024").SerializeToString()
    assert [one is None for one in heard.updates([whole, whole[:-1], b"\xff", b""])] == [False, True, True, False]
