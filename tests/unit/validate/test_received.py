"""What arrives is read as columns: what is plain without protobuf, what can be made plain after it; the rest is left to it."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.validate import received, wire
from tests.unit.validate.arrivals import a_message, holds, plain, read, row, what_it_says

TEXT = st.text(max_size=6)


def test_a_plain_message_is_read() -> None:
    assert holds(a_message().SerializeToString(deterministic=True))
    assert [*read([])] == []


def test_each_has_its_own_list_of_data_points_and_its_own_account() -> None:
    raws = []
    for n, names in enumerate(("a\nb", "a\nb", "c\nd", "c", "c\nd", "", "a\nb")):
        message = a_message()
        message.row.data_points = names
        message.submission.scheme = f"scheme {n // 3}"
        raws.append(message.SerializeToString(deterministic=True))
    sent = read(raws)
    there = [n for n, is_plain in enumerate(plain(raws)) if is_plain]
    assert [row(sent, n)[0] for n in there] == ["a\nb", "a\nb", "c\nd", "c\nd", "a\nb"]
    assert [what_it_says(sent, n)[2] for n in there] == [
        (f"scheme {n // 3}", "2024-01-01", "2024-12-31") for n in there
    ]


def test_what_was_met_keeps_its_number_until_there_is_no_more_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received, "MOST_UNITS", 2)
    reader, raws = received.Reader(), []
    for unit in "abc":
        message = a_message()
        message.submission.unit_id = unit
        raws.append(message.SerializeToString(deterministic=True))
    first, again, anew = reader(raws[:1]), reader(raws), reader(raws[2:])
    assert first.known.units is again.known.units is not anew.known.units
    assert first.known.profiles is anew.known.profiles
    assert [again.unit_id(n) for n in range(3)] == ["a", "b", "c"]
    assert (anew.unit_id(0), anew.units.tolist()) == ("c", [0])


def withdrawn(message: pb.SubmissionReceived) -> None:
    message.submission.withdraw = True


def confirmed(message: pb.SubmissionReceived) -> None:
    message.submission.confirmations.add(what="period", reason="ja")


def with_amounts(message: pb.SubmissionReceived) -> None:
    message.submission.amounts.add(data_point="konto_114", value=1)


def with_amounts_only(message: pb.SubmissionReceived) -> None:
    with_amounts(message)
    message.ClearField("row")


def twice_said(message: pb.SubmissionReceived) -> None:
    with_amounts_only(message)
    with_amounts(message)


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
    good, other = (m.SerializeToString(deterministic=True) for m in (a_message(), message))
    assert not holds(other)
    assert plain([good, other, good]) == [True, False, True]
    assert [*read([good, other, good])] == [0, 1, 2]


@pytest.mark.parametrize("change", [confirmed, with_amounts_only, twice_said])
def test_others_are_made_plain_where_they_can_be(change: Callable[[pb.SubmissionReceived], None]) -> None:
    """They go into the columns, and the message stays."""
    message = a_message()
    change(message)
    sent = read([message.SerializeToString(deterministic=True)])
    assert row(sent, 0) == wire.row(message)
    assert sent.messages == {0: message}


def test_what_has_no_place_in_a_row_is_assessed_by_itself() -> None:
    message = a_message()
    message.ClearField("row")
    message.submission.amounts.add(data_point="konto_114", unreadable="ca. 7")
    sent = read([message.SerializeToString(deterministic=True)])
    assert sent.lists.tolist() == [received.NO_LIST]
    assert sent[0] == message


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
    together = read(raws)
    for n, raw in enumerate(raws):
        (alone,) = [*(sent := read([raw]))]
        assert ([*together][n] is None) == (alone is None)
        if alone is not None:
            assert what_it_says(together, n) == what_it_says(sent, 0)
            assert together[n] == sent[0]
            assert (together.lists[n] == received.NO_LIST) == (sent.lists[0] == received.NO_LIST)
            if sent.lists[0] != received.NO_LIST:
                assert row(together, n) == row(sent, 0)
