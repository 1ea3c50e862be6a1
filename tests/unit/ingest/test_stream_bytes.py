"""A stream's messages as bytes say what protobuf says of them, in and out; what is not plain is left to it."""

from collections.abc import Iterator
from unittest import mock

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.catalogue import codes
from services.ingest import plain, rpc, stream_bytes
from services.ingest.plain import Plain
from services.ingest.wire import Proof
from tests.unit.ingest.test_plain import SUBMISSION, submission


@pytest.fixture(autouse=True, scope="module")
def none_are_too_few() -> Iterator[None]:
    with mock.patch.object(plain, "FEW", 1):
        yield


STALE = {"submission": "s", "unit": "u", "revision": "1"}


def request(sent: list[pb.Submission]) -> bytes:
    return api.SubmitStreamRequest(submission=sent[0], more=sent[1:]).SerializeToString()


def by_protobuf(raw: bytes) -> list[tuple[str, bytes]]:
    """The organisation named in each submission, and its bytes."""
    read = api.SubmitStreamRequest.FromString(raw)
    each = [read.submission, *read.more]
    return [(one.organisation_id, one.SerializeToString(deterministic=True)) for one in each]


def by_bytes(raw: bytes) -> list[tuple[str, bytes]]:
    return [
        (said.claimed if isinstance(said, Plain) else said.organisation_id, one) for said, one in rpc.submissions(raw)
    ]


def is_plain(raw: bytes) -> bool:
    return all(isinstance(said, Plain) for said, _ in rpc.submissions(raw))


@pytest.mark.parametrize("many", [1, 3, 4, 100])
@pytest.mark.parametrize("organisation", ["", "org-b"])
def test_many_plain_submissions_are_read_without_protobuf(many: int, organisation: str) -> None:
    amounts = [pb.Amount(data_point=f"p{n}", value=n) for n in range(30)]
    raw = request(
        [submission(submission_id=f"s{n}", organisation_id=organisation, amounts=amounts) for n in range(many)]
    )

    assert by_bytes(raw) == by_protobuf(raw)
    assert is_plain(raw)


def test_protobuf_reads_the_one_that_is_not_plain() -> None:
    raw = request([submission(comment="Ærø" if n == 3 else "") for n in range(6)])

    assert by_bytes(raw) == by_protobuf(raw)
    assert not is_plain(raw)
    assert [isinstance(said, Plain) for said, _ in rpc.submissions(raw)] == [n != 3 for n in range(6)]


FOUR = request([submission()] * 4)
PART = FOUR[: len(FOUR) // 4 + 1]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        FOUR + b"\x12\x00",
        FOUR + FOUR,  # the first twice: the later one is merged into it
        FOUR[1:2].join([b"\x12", FOUR[2:]]),  # no first one
        FOUR + b"\xfa\x07\x02ab",  # a field of a later contract
        FOUR + b"\x12\x80\x80\x80\x00",  # a length longer than it need be
        FOUR.replace(FOUR[:2], FOUR[:1] + bytes([FOUR[1] | 128, 0]), 1),
    ],
)
def test_what_is_written_otherwise_is_what_protobuf_says(raw: bytes) -> None:
    assert by_bytes(raw) == by_protobuf(raw)


@pytest.mark.parametrize("raw", [FOUR[:-1], FOUR + b"\x12", FOUR + b"\x12\xff\xff\xff\xff\x7f", b"\x0a\x02\x0a\xff"])
def test_what_is_no_message_is_refused_as_protobuf_does(raw: bytes) -> None:
    with pytest.raises(DecodeError):
        rpc.submissions(raw)


@settings(deadline=None)
@given(st.lists(SUBMISSION, min_size=1, max_size=7), st.integers(0, 400), st.binary(max_size=2), st.integers(0, 3))
def test_bytes_that_were_changed_are_read_as_protobuf_reads_them(
    sent: list[pb.Submission], at: int, put: bytes, gone: int
) -> None:
    raw = request(sent)
    for one in (raw, raw[:at] + put + raw[at + gone :]):
        try:
            expected = by_protobuf(one)
        except DecodeError:
            with pytest.raises(DecodeError):
                rpc.submissions(one)
        else:
            assert by_bytes(one) == expected


def test_an_answer_has_a_receipt_for_each_and_words_for_a_refusal() -> None:
    accepted = pb.Receipt(receipt_id="r" * 36, submission_id="s", sequence=300, outcome=pb.RECEIPT_OUTCOME_ACCEPTED)
    stale = pb.Receipt(receipt_id="q", outcome=pb.RECEIPT_OUTCOME_STALE, code="NT-1005", parameters=STALE)
    words = codes.words("NT-1005", STALE)
    refused = api.SubmitStreamResponse(receipt=stale, message_da=words["da"], message_en=words["en"])
    taken = api.SubmitStreamResponse(receipt=accepted)

    for receipts, said in (([accepted], [taken]), ([stale, accepted, stale], [refused, taken, refused])):
        answer = stream_bytes.together(rpc._answer(Proof(one.code, one.SerializeToString())) for one in receipts)
        read = api.SubmitStreamResponse.FromString(answer)
        assert [
            api.SubmitStreamResponse(receipt=one.receipt, message_da=one.message_da, message_en=one.message_en)
            for one in (read, *read.more)
        ] == said
