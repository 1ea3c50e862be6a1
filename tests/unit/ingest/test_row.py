"""Amounts travel as one row where each is a value or a missing reason; else they travel one by one."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.ingest import received_wire, wire

BLANK, EXCLUDED = pb.MISSING_REASON_BLANK, pb.MISSING_REASON_EXCLUDED
INT64 = st.integers(-(2**63), 2**63 - 1)


def _submission(*amounts: dict[str, object]) -> pb.Submission:
    return pb.Submission(amounts=[pb.Amount(**a) for a in amounts])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amounts", "missing"),
    [
        ([{"data_point": "a", "value": 5}, {"data_point": "b", "value": -7}], b""),
        ([{"data_point": "a", "value": 0}, {"data_point": "b", "value": 1}], b""),
        ([{"data_point": "a", "missing": BLANK}, {"data_point": "b", "missing": EXCLUDED}], bytes([BLANK, EXCLUDED])),
        ([{"data_point": "a", "value": 0}, {"data_point": "b", "missing": BLANK}], bytes([0, BLANK])),
    ],
)
def test_a_row_says_what_the_amounts_said(amounts: list[dict[str, object]], missing: bytes) -> None:
    row = received_wire.row(wire.Amounts.of(_submission(*amounts)))

    assert row is not None
    assert (row.data_points, row.missing) == ("a\nb", missing)
    assert list(struct.unpack("<2q", row.values)) == [a.get("value", 0) for a in amounts]


@pytest.mark.parametrize(
    "amounts",
    [
        [],
        [{"data_point": "a", "unreadable": "12x"}],
        [{"data_point": "a", "unreadable": ""}],
        [{"data_point": "a"}],
        [{"data_point": "a", "missing": pb.MISSING_REASON_UNSPECIFIED}],
        [{"data_point": "a", "missing": 256}],
        [{"data_point": "a", "missing": -1}],
        [{"data_point": "a", "value": 1}, {"data_point": "a", "value": 1}],
        [{"data_point": "a\nb", "value": 1}],
        [{"data_point": "", "value": 1}],
    ],
)
def test_what_no_row_can_say_is_left_as_it_came(amounts: list[dict[str, object]]) -> None:
    assert received_wire.row(wire.Amounts.of(_submission(*amounts))) is None


@given(st.dictionaries(st.text("abc_æ.", min_size=1), INT64 | st.sampled_from([BLANK, EXCLUDED]).map(str), min_size=1))
def test_nothing_is_lost_in_a_row(said: dict[str, int | str]) -> None:
    sent = _submission(
        *(
            {"data_point": n, "value": v} if isinstance(v, int) else {"data_point": n, "missing": int(v)}
            for n, v in said.items()
        )
    )
    row = received_wire.row(wire.Amounts.of(sent))

    assert row is not None
    names, values = row.data_points.split("\n"), struct.unpack(f"<{len(said)}q", row.values)
    kinds = row.missing or bytes(len(said))
    assert dict(zip(names, (str(k) if k else v for k, v in zip(kinds, values, strict=True)), strict=True)) == said
