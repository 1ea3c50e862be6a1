"""An organisation's own topic: identity is the topic, everything readable is kept, repeats get what they had."""

from collections.abc import Sequence
from typing import Any

import pytest
from noegletal.v1 import submission_pb2 as pb

from services.ingest import store
from tests.service.delivery import Announced, Bench, Delivered, examples
from tests.service.ingest.conftest import register, submission

TOPIC = "submissions-org-a"


def _deliver(bench: Bench, *messages: Any, topic: str = TOPIC) -> Any:
    return bench.deliver("submissions", messages, topic=topic)


def _log(bench: Bench) -> Sequence[Any]:
    chosen = store.submission_log.select().order_by(store.submission_log.c.sequence)
    return bench.service.database.read(lambda c: c.execute(chosen).all())


def _received(bench: Bench) -> list[pb.SubmissionReceived]:
    return [a.message for a in bench.outbox("submission-received") if isinstance(a.message, pb.SubmissionReceived)]


def _outcomes(bench: Bench) -> list[tuple[str, int]]:
    return [
        (pb.ReceiptOutcome.Name(m.receipt.outcome).removeprefix("RECEIPT_OUTCOME_"), m.receipt.revision)
        for m in _received(bench)
    ]


@pytest.mark.parametrize("name", sorted(examples("submissions")))
def test_every_example_delivered_twice_is_one_line_and_one_event(bench: Bench, name: str) -> None:
    message = examples("submissions")[name]
    assert isinstance(message, pb.Submission)
    topic = f"submissions-{message.organisation_id or 'org-a'}"
    register(bench.service, message.unit_id, organisation=topic.removeprefix("submissions-"))

    _deliver(bench, message, topic=topic)
    once = bench.outbox()
    _deliver(bench, message, topic=topic)

    assert (len(_log(bench)), bench.outbox()) == (1, once)


def test_what_is_announced_is_the_submission_with_receipt_and_profile(bench: Bench) -> None:
    raw = submission().SerializeToString()

    _deliver(bench, submission())

    (event,), (line,), (announced,) = _received(bench), _log(bench), bench.outbox("submission-received")
    assert event.submission == submission(organisation_id="org-a", revision=1, amounts=[])
    assert (event.row.data_points, event.row.values) == ("BS03.numerator", (3783).to_bytes(8, "little"))
    assert (event.receipt.sequence, event.receipt.door, event.receipt.code) == (1, pb.DOOR_TOPIC, "")
    assert (bytes(line.raw), bytes(line.sha256)) == (raw, event.receipt.sha256)
    assert line.source == "topic submissions-org-a/0/0"
    assert (event.profile.unit_id, event.profile.version, dict(event.profile.attributes)) == (
        "L1",
        1,
        {"region": "London"},
    )
    assert (announced.key, announced.id) == ("L1", event.receipt.receipt_id)


def test_repeats_in_a_batch_and_across_batches_change_nothing(bench: Bench) -> None:
    other = submission(submission_id="s2", unit_id="L2")

    _deliver(bench, submission(), other, submission())
    once = bench.outbox()
    _deliver(bench, other, submission())

    assert _outcomes(bench) == [("ACCEPTED", 1), ("ACCEPTED", 1)]
    assert bench.outbox() == once


def test_naming_ones_own_organisation_is_the_same_content(bench: Bench) -> None:
    _deliver(bench, submission())
    _deliver(bench, submission(organisation_id="org-a"))

    assert len(_log(bench)) == 1


def test_revisions_of_a_month_are_counted_by_the_month(bench: Bench) -> None:
    june = {"period_start": "2024-06-01", "period_end": "2024-06-30"}
    asked: list[tuple[dict[str, Any], tuple[str, int]]] = [
        ({}, ("ACCEPTED", 1)),
        (june, ("ACCEPTED", 1)),
        (june | {"period_start": "2024-07-01", "period_end": "2024-07-31"}, ("ACCEPTED", 1)),
        (june | {"revision": 4}, ("ACCEPTED", 4)),
        (june, ("ACCEPTED", 5)),
        (june | {"period_end": "2024-06-29"}, ("ACCEPTED", 2)),  # no month: a part of 2024
        (june | {"revision": 5}, ("STALE", 0)),
    ]
    everything = [submission(submission_id=f"s{n}", **changes) for n, (changes, _) in enumerate(asked)]
    _deliver(bench, *everything[:3])
    for one in everything[3:]:
        _deliver(bench, one)
    assert _outcomes(bench) == [expected for _, expected in asked]


def test_revisions_are_given_per_unit_and_reporting_year(bench: Bench) -> None:
    asked: list[tuple[dict[str, Any], tuple[str, int]]] = [
        ({}, ("ACCEPTED", 1)),
        ({"revision": 5}, ("ACCEPTED", 5)),
        ({"revision": 5}, ("STALE", 0)),
        ({"revision": 2}, ("STALE", 0)),
        ({}, ("ACCEPTED", 6)),
        ({"withdraw": True}, ("ACCEPTED", 7)),
        ({"period_end": "2024-06-30"}, ("ACCEPTED", 8)),
        ({"period_end": "2025-03-31"}, ("ACCEPTED", 1)),
        ({"unit_id": "L2"}, ("ACCEPTED", 1)),
        ({"unit_id": "L9"}, ("UNKNOWN_UNIT", 0)),
    ]
    everything = [submission(submission_id=f"s{n}", **changes) for n, (changes, _) in enumerate(asked)]

    _deliver(bench, *everything[:4])
    for one in everything[4:]:
        _deliver(bench, one)

    assert _outcomes(bench) == [expected for _, expected in asked]


def test_an_id_used_for_other_content_is_a_conflict_and_the_first_stands(bench: Bench) -> None:
    _deliver(bench, submission())
    _deliver(bench, submission(comment="other"), submission(comment="third"), submission())
    _deliver(bench, submission(comment="other"))

    assert _outcomes(bench) == [("ACCEPTED", 1), ("CONFLICT", 0), ("CONFLICT", 0)]
    assert len({m.receipt.receipt_id for m in _received(bench)}) == 3


def test_the_same_id_of_another_organisation_is_another_submission(bench: Bench) -> None:
    register(bench.service, "B1", organisation="org-b")

    _deliver(bench, submission())
    _deliver(bench, submission(unit_id="B1"), topic="submissions-org-b")
    _deliver(bench, submission(submission_id="s2"), topic="submissions-org-b")

    assert _outcomes(bench) == [("ACCEPTED", 1), ("ACCEPTED", 1), ("UNKNOWN_UNIT", 0)]
    assert not _received(bench)[2].HasField("profile")


@pytest.mark.parametrize(
    "changes",
    [
        {"submission_id": ""},
        {"submission_id": "a\x00b"},
        {"submission_id": "x" * 200},
        {"unit_id": "u" * 300_000, "submission_id": "y" * 300_000, "scheme": "s" * 300_000},
        {"comment": "c" * 900_000},
        {"period_start": "2024-13-45"},
        {"revision": 2**32 - 1},
        {"amounts": [pb.Amount(data_point=f"d{n}", value=1) for n in range(2001)]},
        {"amounts": [pb.Amount(data_point="d" * 1000, value=n) for n in range(1500)]},
    ],
)
def test_the_malformed_is_kept_whole_and_announced_short_once(bench: Bench, changes: dict[str, Any]) -> None:
    bad = submission(**changes)

    _deliver(bench, bad, submission(submission_id="good"))
    once = bench.outbox()
    _deliver(bench, bad)

    assert _outcomes(bench) == [("MALFORMED", 0), ("ACCEPTED", 1)]
    assert bench.outbox() == once
    assert bytes(_log(bench)[0].raw) == bad.SerializeToString(deterministic=True)
    assert len(once[0].value or b"") + len(once[0].key) < 8192
    assert _received(bench)[0].receipt.code == "NT-1008"


def test_a_malformed_id_does_not_use_up_a_good_one(bench: Bench) -> None:
    _deliver(bench, submission(submission_id="x" * 200))
    _deliver(bench, submission(submission_id="x" * 128))

    assert _outcomes(bench) == [("MALFORMED", 0), ("ACCEPTED", 1)]


def test_a_forged_organisation_is_set_aside_kept_and_not_announced(bench: Bench) -> None:
    forged = submission(organisation_id="org-b")

    first = _deliver(bench, forged)
    _deliver(bench, forged, submission())

    (dead, again), lines = bench.outbox("submissions-dlq"), _log(bench)
    assert list(first.reasons.values()) == ["forged-organisation"]
    assert (dead.value, dead.headers["dlq_reason"]) == (forged.SerializeToString(), b"forged-organisation")
    assert again.headers["dlq_offset"] == b"1"
    assert [(r.organisation_id, r.code, r.outcome) for r in lines] == [("org-a", "NT-1009", 5), ("org-a", "", 1)]
    assert _outcomes(bench) == [("ACCEPTED", 1)]


def test_nobody_is_stopped_by_what_cannot_be_read(bench: Bench) -> None:
    good = submission()
    records = [
        Delivered(TOPIC, 0, 0, None, None),
        Delivered(TOPIC, 0, 1, b"\xff", b"\xff\xff no protobuf"),
        Delivered(TOPIC, 0, 2, b"\xff\x00", good.SerializeToString(), [("trace", b"\xff\xfe"), ("empty", None)]),
    ]

    applied = _deliver(bench, *records)

    assert list(applied.reasons.values()) == ["null-value", "undecodable"]
    assert _outcomes(bench) == [("ACCEPTED", 1)]
    dead: list[Announced] = bench.outbox("submissions-dlq")
    assert [d.value for d in dead] == [None, b"\xff\xff no protobuf"]


def test_two_periods_that_end_in_one_year_share_their_revisions(bench: Bench) -> None:
    """A correction of the dates is the next revision: both would fill the same place in the benchmark."""
    register(bench.service, "00AA")
    periods = {
        "calendar": ("2024-01-01", "2024-12-31"),
        "corrected": ("2023-04-01", "2024-03-31"),
        "next-year": ("2024-04-01", "2025-03-31"),
    }
    sent = [submission(unit_id="00AA", submission_id=i, period_start=a, period_end=b) for i, (a, b) in periods.items()]

    _deliver(bench, *sent[:1])
    _deliver(bench, *sent[1:])

    given = {m.receipt.submission_id: m.receipt.revision for m in _received(bench)}
    assert given == {"calendar": 1, "corrected": 2, "next-year": 1}
