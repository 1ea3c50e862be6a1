"""Dense batches read back byte by byte as the contract says: row-major, one row a key figure, little-endian."""

import struct

import pytest
from noegletal.v1 import observations_pb2 as pb_dense
from noegletal.v1 import submission_pb2 as pb

from services.validate import dense_wire, wire
from services.validate.assessing import assess
from services.validate.history import History
from services.validate.key_figures import Absence, Unreadable
from tests.builders import FIGURES, a_submission, a_submission_received


def _received(unit: str, **changes: object) -> pb.SubmissionReceived:
    return a_submission_received(a_submission(unit, **changes))  # type: ignore[arg-type]


def observations(items: list[wire.Assessed]) -> list[pb_dense.ObservationsAccepted]:
    return dense_wire.observations(None, [], enumerate(items))


def test_a_batch_byte_by_byte() -> None:
    away = _received("c", revision=7)
    away.submission.withdraw = True
    merged = _received("b", BS05_n=0, BS05_d=0, TP01_LCRA_d=None)
    merged.profile.attributes["region"] = "Merged during year"
    merged.profile.holder_id = "a"
    events = [_received("a", BS03_n=258), merged, away]

    (batch,) = observations([assess(e, None, History([])) for e in events])

    assert (batch.scheme, batch.period, tuple(batch.key_figures)) == ("uk-tsm", "2024", FIGURES)
    assert (list(batch.unit_ids), list(batch.revisions)) == (["a", "b", "c"], [1, 1, 7])
    assert [batch.organisations[i] for i in batch.organisation_index] == ["a", "b", "c"]
    assert [batch.holders[i] for i in batch.holder_index] == ["a", "a", "c"]
    assert list(batch.peer_group_count) == [5, 1, 5]
    assert [batch.peer_groups[i] for i in batch.peer_group_index][4:7] == [
        "org_type=LARP;size_band=<5,000",
        "all",
        "all",
    ]
    assert batch.withdrawn == b"\0\0\1"
    # BS03 of a: 258 > 100 is refused, so 0; b reports 90 of 100; c is gone
    assert batch.numerators[:24] == struct.pack("<3q", 0, 90, 0)
    assert batch.denominators[:24] == struct.pack("<3q", 0, 100, 0)
    assert batch.absences == bytes(
        [8, 0, 9, 0, 4, 9, *[0, 0, 9] * 5, 0, 1, 9]  # refused, undefined, absent, withdrawn
    )
    assert len(batch.numerators) == len(batch.denominators) == 8 * 3 * 8


def test_the_low_byte_comes_first() -> None:
    (batch,) = observations([assess(_received("a", BS03_n=258, BS03_d=259), None, History([]))])
    assert batch.numerators[:8] == bytes([2, 1, 0, 0, 0, 0, 0, 0])


def test_one_batch_for_each_scheme_period_and_rule_set_in_order_of_arrival() -> None:
    later = _received("b")
    later.submission.period_start, later.submission.period_end = "2024-04-01", "2025-03-31"
    items = [assess(e, 2024, History([])) for e in (_received("a"), later, _received("c"))]
    assert [(b.period, list(b.unit_ids)) for b in observations(items)] == [
        ("2024", ["a", "c"]),
        ("2025", ["b"]),
    ]


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        (pb.Amount(value=-3), -3),
        (pb.Amount(value=0), 0),
        (pb.Amount(missing=pb.MISSING_REASON_EXCLUDED), Absence.EXCLUDED),
        (pb.Amount(missing=pb.MISSING_REASON_NOT_REQUIRED), Absence.NOT_REQUIRED),
        (pb.Amount(missing=pb.MISSING_REASON_BLANK), Absence.BLANK),
        (pb.Amount(missing=pb.MISSING_REASON_UNSPECIFIED), Unreadable("missing reason 0")),
        (pb.Amount(unreadable="1.234,5"), Unreadable("1.234,5")),
        (pb.Amount(unreadable="x" * 65), Unreadable("x" * 64)),
        (pb.Amount(), Absence.BLANK),
    ],
)
def test_amounts(amount: pb.Amount, read: object) -> None:
    amount.data_point = "BS03.numerator"
    event = pb.SubmissionReceived(submission=pb.Submission(amounts=[amount]))
    assert wire.delivery(event).amounts == {"BS03.numerator": read}
