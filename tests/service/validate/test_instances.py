"""Instances of validate that take partitions from each other, or fail, say what one says that remembers nothing."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.chassis import messaging, offsets
from services.chassis.event import Event, decode
from services.chassis.outbox import Transaction
from services.validate import store
from services.validate.app import Settings, create_app
from tests.service.delivery import Bench, Delivered
from tests.unit.validate.sectors import BASES, SCHEME, fill

PATIENT = settings(deadline=None, max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
TOPIC, PARTITIONS, UNITS = "submission-received", 2, ("u0", "u1")
ACCOUNT = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "year": st.sampled_from((2023, 2024)),
        "like": st.sampled_from((2023, 2024)),
        "withdraw": st.sampled_from((False, False, True)),
        "merged": st.sampled_from(("", "", "", "u0", "u1")),
    }
)
BATCH = st.fixed_dictionaries(
    {
        "accounts": st.lists(ACCOUNT, min_size=1, max_size=3),
        "instance": st.integers(0, 1),
        "fails": st.sampled_from(("not", "not", "once", "for good")),
    }
)


class Lost(Exception):
    """The transaction fails at its end."""


def submission(number: int, unit: str, year: int, like: int, withdraw: bool, merged: str) -> pb.SubmissionReceived:
    """A year's account, its amounts those of another year where asked: told apart from a year that was not."""
    sent = pb.Submission(submission_id=f"s{number}", unit_id=unit, scheme=SCHEME, withdraw=withdraw)
    sent.period_start, sent.period_end = f"{year}-01-01", f"{year}-12-31"
    receipt = pb.Receipt(
        receipt_id=f"r{number}", organisation_id="o", revision=number + 1, outcome=pb.RECEIPT_OUTCOME_ACCEPTED
    )
    profile = pb.Profile(unit_id=unit, organisation_id="o", holder_id="h")
    profile.attributes["merged_from"] = merged
    event = pb.SubmissionReceived(submission=sent, receipt=receipt, profile=profile)
    amounts = [(name, int(column[int(unit[1:])])) for name, column in BASES[like].items()]
    fill(event, amounts, as_row=True)
    return event


def in_partitions(batches: Sequence[Any]) -> list[list[Delivered]]:
    """Each unit in its partition, the offsets of each partition without a gap."""
    following, number, found = [0] * PARTITIONS, 0, list[list[Delivered]]()
    for batch in batches:
        found.append([])
        for account in batch["accounts"]:
            event, partition = submission(number, **account), int(account["unit"][1:]) % PARTITIONS
            place = TOPIC, partition, following[partition]
            found[-1].append(Delivered(*place, account["unit"].encode(), event.SerializeToString()))
            following[partition], number = following[partition] + 1, number + 1
    return found


def lose(bench: Bench, records: Sequence[Delivered]) -> None:
    """A batch whose transaction fails when everything is assessed."""
    _, handler = bench.service.handlers[TOPIC]

    def work(tx: Transaction) -> None:
        handler([decode(record, pb.SubmissionReceived) for record in records], tx)
        raise Lost

    with pytest.raises(Lost):
        bench.service.transact(work, cause="batch")


def set_aside(bench: Bench, records: Sequence[Delivered]) -> None:
    """What the consumer does with records that fail for good."""

    def reject(events: Sequence[Event[Any]], tx: Transaction) -> None:
        for event in events:
            tx.reject(event, "bug")

    def work(tx: Transaction) -> None:
        known = offsets.read(tx.connection, {(r.topic, r.partition) for r in records})
        messaging.apply(records, bench.service.handlers[TOPIC][0], reject, tx, known)

    bench.service.transact(work, cause="batch")


def told(bench: Bench) -> object:
    """Everything that was announced, and everything that is kept."""
    stands = bench.service.database.read(lambda c: store.standing_of(c, UNITS))
    kept = sorted(([*one[:10], dict(one.amounts)] for one in stands), key=str)
    return [(a.topic, a.key, a.id, a.value) for a in bench.outbox()], kept


def account(**said: Any) -> dict[str, Any]:
    """u0's of 2023, but for what is said."""
    return {"unit": "u0", "year": 2023, "like": 2023, "withdraw": False, "merged": ""} | said


def batch(instance: int, *accounts: dict[str, Any], fails: str = "not") -> dict[str, Any]:
    """A batch of an instance."""
    return {"accounts": accounts, "instance": instance, "fails": fails}


GONE, LIKE_BEFORE = account(withdraw=True), account(year=2024)


@PATIENT
@given(st.lists(BATCH, min_size=2, max_size=7))
@example([batch(0, account()), batch(1, GONE), batch(0, LIKE_BEFORE)])
@example([batch(0, account()), batch(0, GONE, fails="for good"), batch(0, LIKE_BEFORE)])
@example([batch(0, account()), batch(0, GONE, fails="once"), batch(0, LIKE_BEFORE)])
@example(
    [
        batch(0, account(unit="u1")),
        batch(1, account()),
        batch(1, GONE),
        batch(0, LIKE_BEFORE | {"unit": "u1", "merged": "u0"}),
    ]
)
@example(
    [
        batch(0, account(unit="u1", year=2024)),
        batch(0, account(unit="u1", year=2024, merged="u0")),
        batch(1, account()),
        batch(0, LIKE_BEFORE | {"unit": "u1", "merged": "u0"}),
    ]
)
def test_whoever_assesses_a_batch_says_the_same(batches: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as name:
        alone, *several = (_bench(Path(name), database) for database in ("alone", "shared", "shared"))
        for batch, records in zip(batches, in_partitions(batches), strict=True):
            bench = several[batch["instance"]]
            for forget in alone.service._rollbacks:
                forget()
            if batch["fails"] != "not":
                lose(bench, records)
            for one in (alone, bench):
                set_aside(one, records) if batch["fails"] == "for good" else one.deliver(TOPIC, records)
        assert told(several[0]) == told(alone)
        for bench in (alone, *several):
            bench.close()


def _bench(folder: Path, name: str) -> Bench:
    return Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{folder}/{name}.db")))
