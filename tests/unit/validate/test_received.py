"""What is read of plain messages without protobuf is what protobuf reads; everything else is left to it."""

from collections.abc import Callable

import pytest
from google.protobuf.message import DecodeError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.validate import received, wire
from tests.unit.validate.sectors import in_row, submissions

TEXT = st.text(max_size=6)


def a_message(**receipt: object) -> pb.SubmissionReceived:
    """One that is plain."""
    sent = pb.Submission(submission_id="s", organisation_id="o", unit_id="Ærø-1", scheme="dk-almen", revision=3)
    sent.period_start, sent.period_end = "2024-01-01", "2024-12-31"
    message = pb.SubmissionReceived(submission=sent)
    given_to = pb.Receipt(
        receipt_id="r", organisation_id="o", sha256=b"\xff" * 32, sequence=2**40, revision=3, outcome=1
    )
    message.receipt.MergeFrom(given_to)
    message.receipt.received_at.seconds, message.receipt.received_at.nanos = 1_700_000_000, 5
    message.receipt.MergeFrom(pb.Receipt(**receipt))  # type: ignore[arg-type]
    message.profile.MergeFrom(pb.Profile(unit_id="Ærø-1", holder_id="h", attributes={"region": "Sjælland", "a": ""}))
    message.row.MergeFrom(pb.AmountRow(data_points="konto_114\nareal", values=bytes(16), missing=b"\0\1"))
    return message


def what_it_says(one: received.Received) -> tuple[object, ...]:
    return *one[:8], dict(one.profile.attributes), one.profile.predecessors, one.accepted, wire.row(one.whole())


def holds(raw: bytes) -> bool:
    """Whether a message is plain; what is read of it is then what protobuf reads."""
    (found,) = received.plain([raw])
    if found is None:
        return False
    message = pb.SubmissionReceived.FromString(raw)  # raises where it is none
    assert wire.sound(message.row)
    assert not message.submission.confirmations
    assert what_it_says(found) == what_it_says(received.of(message))
    assert found.row == wire.row(message)
    assert found.whole() == message
    return True


def test_a_plain_message_is_read() -> None:
    assert holds(a_message().SerializeToString(deterministic=True))
    assert received.plain([]) == []
    assert received.at_once([a_message().SerializeToString()]) == [None]  # protobuf is asked


def test_each_has_its_own_list_of_data_points() -> None:
    raws = []
    for names in ("a\nb", "a\nb", "c\nd", "c", "c\nd", "", "a\nb"):
        message = a_message()
        message.row.data_points = names
        raws.append(message.SerializeToString(deterministic=True))
    found = received.plain(raws)
    assert [one and one.row and one.row[0] for one in found] == ["a\nb", "a\nb", "c\nd", None, "c\nd", None, "a\nb"]


def withdrawn(message: pb.SubmissionReceived) -> None:
    message.submission.withdraw = True


def confirmed(message: pb.SubmissionReceived) -> None:
    message.submission.confirmations.add(what="period", reason="ja")


def with_amounts(message: pb.SubmissionReceived) -> None:
    message.submission.amounts.add(data_point="konto_114", value=1)


def without_row(message: pb.SubmissionReceived) -> None:
    message.ClearField("row")


def without_profile(message: pb.SubmissionReceived) -> None:
    message.ClearField("profile")


def without_unit(message: pb.SubmissionReceived) -> None:
    message.submission.ClearField("unit_id")


def refused(message: pb.SubmissionReceived) -> None:
    message.receipt.outcome = pb.RECEIPT_OUTCOME_STALE


def explained(message: pb.SubmissionReceived) -> None:
    message.receipt.parameters["a"] = "b"


def short(message: pb.SubmissionReceived) -> None:
    message.row.values = bytes(15)


def long_missing(message: pb.SubmissionReceived) -> None:
    message.row.missing = bytes(3)


def before_1970(message: pb.SubmissionReceived) -> None:
    message.receipt.received_at.seconds = -1


@pytest.mark.parametrize(
    "change",
    [
        *(withdrawn, confirmed, with_amounts, without_row, without_profile, without_unit, refused, explained, short),
        *(long_missing, before_1970),
    ],
)
def test_of_others_protobuf_is_asked(change: Callable[[pb.SubmissionReceived], None]) -> None:
    message = a_message()
    change(message)
    plain, other = (m.SerializeToString(deterministic=True) for m in (a_message(), message))
    assert not holds(other)
    assert [one is not None for one in received.plain([plain, other, plain])] == [True, False, True]


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
        assert received.plain([cut]) == [None]
        first, second, third = received.plain([cut, rest, raw])
        assert (first, second if size else None) == (None, None)
        assert third is not None


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
    assert [one is not None for one in received.plain([lengthened(raw, length), raw])] == [False, True]


@pytest.mark.parametrize(("sequence", "is_plain"), [(2**63 - 1, True), (2**63, False), (2**64 - 1, False)])
def test_a_place_in_the_log_may_have_64_bits(sequence: int, is_plain: bool) -> None:
    assert holds(a_message(sequence=sequence).SerializeToString(deterministic=True)) is is_plain


@pytest.mark.parametrize("size", [0, 1, 126, 127, 128, 129, 16_300, 2**14 - 2, 2**14 - 1, 2**14, 2**16])
def test_names_of_any_length(size: int) -> None:
    message = a_message(receipt_id="r" * size)
    message.submission.unit_id = "æ" * (size // 2 + 1)
    message.submission.scheme = message.profile.holder_id = "h" * size
    raws = [m.SerializeToString(deterministic=True) for m in (a_message(), message, a_message())]
    assert all(received.plain(raws)[::2])
    assert holds(raws[1]) is (size < 2**14 - 50)


@settings(max_examples=100, deadline=None)
@given(kinds=st.lists(st.integers(0, 4), max_size=12), noise=st.binary(max_size=40), names=st.lists(TEXT, min_size=12))
def test_plain_ones_and_others_in_turn(kinds: list[int], noise: bytes, names: list[str]) -> None:
    """Each is read as it would be alone."""
    raws = []
    for kind, name in zip(kinds, names, strict=False):
        message = a_message(receipt_id=name)
        message.row.data_points = f"{name}\nb" if "\n" not in name else "a\nb"
        if kind == 1:
            message.submission.withdraw = True
        if kind == 2:
            message.row.values = bytes(8)
        raw = message.SerializeToString(deterministic=True)
        raws.append({3: noise, 4: raw + noise}.get(kind, raw))
    assert [one and what_it_says(one) for one in received.plain(raws)] == [
        one and what_it_says(one) for (one,) in map(received.plain, ([raw] for raw in raws))
    ]


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
