"""Any interleaving, repetition and batching through both doors: one line per distinct submission, one receipt each."""

import itertools
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.ingest import plain, record, store, wire
from services.ingest.wire import Arrival
from tests.service.delivery import Bench
from tests.service.ingest.conftest import make_service, register, submission

SENT = [
    submission(),
    submission(comment="other content, same id"),
    submission(submission_id="s2"),
    submission(submission_id="s3", revision=7),
    submission(submission_id="s4", revision=2),
    submission(submission_id="s5", withdraw=True),
    submission(submission_id="s6", unit_id="L9"),
    submission(submission_id="a\x00b"),
    submission(submission_id="x" * 200),
    submission(submission_id="s7", unit_id="L2", period_start="2024-13-45"),
]
DELIVERY = st.tuples(st.integers(0, len(SENT) - 1), st.sampled_from(["topic", "topic named", "grpc", "grpc named"]))
HISTORY = st.lists(st.lists(DELIVERY, max_size=6), max_size=8)


def _as_sent(which: int, how: str) -> pb.Submission:
    message = pb.Submission()
    message.CopyFrom(SENT[which])
    message.organisation_id = "org-a" if how.endswith("named") else ""
    return message


def _take_in(bench: Bench, arrivals: list[Arrival]) -> list[pb.Receipt]:
    proofs = bench.service.transact(lambda tx: record.take_in(tx, arrivals), cause="test")
    return [wire.given(proof) for proof in proofs]


def _deliver(bench: Bench, batch: list[tuple[int, str]]) -> None:
    """One micro-batch a door, in the order in which the doors alternate."""
    for topic, some in itertools.groupby(batch, key=lambda d: d[1].startswith("topic")):
        messages = [_as_sent(*delivery) for delivery in some]
        if topic:
            bench.deliver("submissions", messages, topic="submissions-org-a")
            continue
        arrivals = [
            Arrival(m, m.SerializeToString(deterministic=True), "org-a", pb.DOOR_GRPC, "grpc") for m in messages
        ]
        _take_in(bench, arrivals)


def _receipts(bench: Bench, which: list[int]) -> list[pb.Receipt]:
    """What a repeat of each is answered, asked in one batch."""
    asked = [_as_sent(n, "grpc") for n in which]
    arrivals = [Arrival(m, m.SerializeToString(deterministic=True), "org-a", pb.DOOR_GRPC, "grpc") for m in asked]
    return _take_in(bench, arrivals)


@settings(max_examples=40, deadline=None)
@given(HISTORY, st.sampled_from([1, plain.FEW]))
def test_one_line_and_one_receipt_per_distinct_submission(history: list[list[tuple[int, str]]], few: int) -> None:
    """Be they read together, or too few for that."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(plain, "FEW", few):
        bench = Bench(make_service(Path(folder)))
        register(bench.service, "L1", "L2")
        for batch in history:
            _deliver(bench, batch)
        distinct = list(dict.fromkeys(which for batch in history for which, _ in batch))
        announced: list[Any] = [a.message for a in bench.outbox("submission-received")]

        assert [m.receipt.sequence for m in announced] == list(range(1, len(distinct) + 1))
        assert _receipts(bench, distinct) == [m.receipt for m in announced]
        assert len(bench.outbox("submission-received")) == len(distinct)
        assert len({m.receipt.receipt_id for m in announced}) == len(distinct)
        accepted = [m for m in announced if m.receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED]
        revisions = [m.receipt.revision for m in accepted]
        assert revisions == sorted(set(revisions))
        assert bench.service.database.read(store.first_broken_line) is None
        bench.close()
