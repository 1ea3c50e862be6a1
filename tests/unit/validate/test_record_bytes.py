"""What is read of plain messages without protobuf is what protobuf reads; damage and lies about lengths are not followed."""

import pytest
from google.protobuf.message import DecodeError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from tests.unit.validate.arrivals import a_message, holds, plain
from tests.unit.validate.sectors import in_row, submissions

TEXT = st.text(max_size=6)


@pytest.mark.parametrize(
    "text", [b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe0\x9f\x80", b"\xf0\x8f\x80\x80"]
)
def test_what_is_no_text_is_not_plain(text: bytes) -> None:
    raw = a_message(submission_id="x" * len(text)).SerializeToString(deterministic=True)
    assert holds(raw)
    with pytest.raises(DecodeError):
        pb.SubmissionReceived.FromString(raw.replace(b"x" * len(text), text))
    assert not holds(raw.replace(b"x" * len(text), text))


@pytest.mark.parametrize(
    "swap", [(b"Sj\xc3\xa6lland", b"Sj\xc3\xc3lland"), (b"konto_114", b"konto\xff114"), (b"\x9a\x06", b"\x92\x06")]
)
def test_damage_is_not_read(swap: tuple[bytes, bytes]) -> None:
    holds(a_message().SerializeToString(deterministic=True).replace(*swap))


@settings(max_examples=500)
@given(data=st.data())
def test_changed_bytes_are_read_as_protobuf_reads_them_or_not_at_all(data: st.DataObject) -> None:
    raw = bytearray(a_message().SerializeToString(deterministic=True))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        put = data.draw(st.binary(max_size=2))
        raw[at : at + data.draw(st.integers(0, 2))] = put
    holds(bytes(raw))


def test_wherever_it_ends_nothing_behind_it_is_read() -> None:
    """Each beginning of a message, with what would go on behind it, and with nothing."""
    raw = a_message().SerializeToString(deterministic=True)
    for size in range(len(raw)):
        cut, rest = raw[:size], raw[size:]
        assert plain([cut]) == [False]
        first, second, third = plain([cut, rest, raw])
        assert (first, second if size else False) == (False, False)
        assert third


def lengthened(raw: bytes, length: bytes) -> bytes:
    """The unit's profile says that it is so long."""
    at = raw.rindex(a_message().profile.SerializeToString(deterministic=True))
    return raw[: at - 1] + length + raw[at:]


@pytest.mark.parametrize(
    "length",
    [
        *(
            b"\xff" * 8 + b"\x7f",
            b"\xff" * 9 + b"\x01",
            b"\xff" * 10,
            b"\x80" * 9,
            b"\x80\x00",
            b"\xff\xff\xff\xff\x07",
        ),
        *(b"\xff\xff\xff\xff\x0f", b"\x7f", b"\x80\x80\x80\x80\x80\x80\x80\x80\x40"),
    ],
)
def test_lengths_that_lie_are_not_followed(length: bytes) -> None:
    raw = a_message().SerializeToString(deterministic=True)
    assert plain([lengthened(raw, length), raw]) == [False, True]


@pytest.mark.parametrize(("sequence", "is_plain"), [(2**63 - 1, True), (2**63, False), (2**64 - 1, False)])
def test_a_place_in_the_log_may_have_64_bits(sequence: int, is_plain: bool) -> None:
    assert holds(a_message(sequence=sequence).SerializeToString(deterministic=True)) is is_plain


@pytest.mark.parametrize("size", [0, 1, 126, 127, 128, 129, 16_300, 2**14 - 2, 2**14 - 1, 2**14, 2**16])
def test_names_of_any_length(size: int) -> None:
    message = a_message(receipt_id="r" * size)
    message.submission.unit_id = "æ" * (size // 2 + 1)
    message.submission.scheme = message.profile.holder_id = "h" * size
    raws = [m.SerializeToString(deterministic=True) for m in (a_message(), message, a_message())]
    assert all(plain(raws)[::2])
    assert holds(raws[1]) is (size < 2**14 - 50)


@given(
    texts=st.tuples(*[TEXT] * 9),
    numbers=st.tuples(*[st.integers(0, 2**31 - 1)] * 5),
    attributes=st.dictionaries(TEXT, TEXT),
)
def test_any_texts_and_numbers(texts: tuple[str, ...], numbers: tuple[int, ...], attributes: dict[str, str]) -> None:
    message = a_message()
    sent, receipt, profile = message.submission, message.receipt, message.profile
    (sent.submission_id, sent.organisation_id, sent.unit_id, sent.scheme, sent.comment) = texts[:5]
    (receipt.receipt_id, receipt.organisation_id, receipt.submission_id, profile.holder_id) = texts[5:]
    (sent.revision, receipt.revision, receipt.sequence, receipt.received_at.nanos, profile.version) = numbers
    profile.ClearField("attributes")
    profile.attributes.update(attributes)
    assert holds(message.SerializeToString(deterministic=True)) is bool(texts[2])


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(events=submissions())
def test_a_sector(events: list[pb.SubmissionReceived]) -> None:
    for event in events:
        holds(event.SerializeToString(deterministic=True))
        if not event.HasField("row"):
            in_row(event)
        holds(event.SerializeToString(deterministic=True))
