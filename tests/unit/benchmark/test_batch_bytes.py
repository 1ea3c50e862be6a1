"""What is read of a batch without copying its matrices is what protobuf reads, whatever its bytes are."""

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from noegletal.v1 import observations_pb2 as dense

from services.benchmark import batch_bytes, wire
from tests.builders import observations

MATRICES = "numerators", "denominators", "absences"
WHOLE = observations({"a": [(1, 2), 3], "b": [(-5, 7), (8, 9)]}, figures=("x", "y")).SerializeToString(
    deterministic=True
)
CONTENTS = st.binary(max_size=200)


def holds(raw: bytes) -> bool:
    """Whether bytes are a batch; what is read of it is then what protobuf reads."""
    try:
        message = dense.ObservationsAccepted.FromString(raw)
    except DecodeError:
        with pytest.raises(DecodeError):
            batch_bytes.read(raw)
        assert wire.at_once([raw]) == [None]
        return False
    found = batch_bytes.read(raw)
    for name in MATRICES:
        assert bytes(getattr(found, name)) == getattr(message, name)
        setattr(found.rest, name, getattr(message, name))
    assert found.rest == message
    return True


def parts(raw: bytes) -> list[bytes]:
    """The fields of a message, each with its head."""
    fields = dense.ObservationsAccepted.FromString(raw).ListFields()
    return [dense.ObservationsAccepted(**{name.name: value}).SerializeToString() for name, value in fields]


def test_matrices_are_not_read_by_protobuf_where_they_stand_as_it_writes_them() -> None:
    assert holds(WHOLE)
    assert not any(getattr(batch_bytes.read(WHOLE).rest, name) for name in MATRICES)


def test_a_batch_of_nothing() -> None:
    assert holds(b"")
    assert holds(dense.ObservationsAccepted(scheme="dk-almen", receipt_ids=["r"]).SerializeToString())


@given(st.fixed_dictionaries(dict.fromkeys(MATRICES, CONTENTS)), st.lists(st.text(max_size=9), max_size=9))
def test_any_contents(contents: dict[str, bytes], names: list[str]) -> None:
    message = dense.ObservationsAccepted(key_figures=names, revisions=[1] * len(names), receipt_ids=names, **contents)
    assert holds(message.SerializeToString())


@given(st.data())
def test_any_order_of_fields_and_any_repeated(data: st.DataObject) -> None:
    fields = parts(WHOLE)
    again = data.draw(st.lists(st.sampled_from(fields), max_size=4))
    assert holds(b"".join(data.draw(st.permutations([*fields, *again]))))


@given(st.integers(0, len(WHOLE)), st.binary(max_size=4))
def test_cut_short_or_with_something_in_between(at: int, more: bytes) -> None:
    holds(WHOLE[:at])
    holds(WHOLE[:at] + more + WHOLE[at:])


@given(st.binary(max_size=60))
def test_any_bytes(raw: bytes) -> None:
    holds(raw)
